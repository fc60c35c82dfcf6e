"""The server's entry. The lexicon loads beside the first requests, not within them."""

import os
import threading

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lingo.settings")

application = get_wsgi_application()


def warm_up():
    from vocabulary import lexicon

    lexicon.warm_up()


threading.Thread(target=warm_up, name="warm-up", daemon=True).start()
