"""The server's entry. Slow libraries load beside the first requests, not in them."""

import os
import threading

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lingo.settings")

application = get_wsgi_application()


def warm_up():
    from conversations.feedback import spelling
    from conversations.tutors import provider
    from vocabulary import lexicon

    lexicon.warm_up()
    provider.warm_up()
    spelling.warm_up()


threading.Thread(target=warm_up, name="warm-up", daemon=True).start()
