"""A turn whose reply is shown as it is written: server-sent events.

The turn runs in a thread of its own, to its end, whether anybody still listens or not:
who closes the page finds the reply there later.
"""

import json
import queue
import threading

import structlog
from django.db import connection
from django.http import StreamingHttpResponse

from conversations.errors import ConversationError, TutorFailed
from lingo.writing import release_connection

log = structlog.get_logger(__name__)

# Seconds of silence after which a line says that the connection still stands.
SILENCE = 10


def run(act):
    """Run `act(on_draft)` in a thread; yield its drafts, then None once it is done.

    Of drafts that come faster than they are taken, only the last is yielded; "" stands
    for silence. Returns the ConversationError that `act` raised, or None.
    """
    drafts, errors = queue.SimpleQueue(), []

    def work():
        try:
            act(drafts.put)
        except ConversationError as error:
            errors.append(error)
        except Exception:
            log.exception("turn_failed")
            errors.append(TutorFailed(None))
        finally:
            connection.close()
            drafts.put(None)

    threading.Thread(target=work, name="turn").start()
    draft = ""
    while draft is not None:
        try:
            draft = drafts.get(timeout=SILENCE)
        except queue.Empty:
            yield ""
            continue
        while draft is not None and not drafts.empty():
            draft = drafts.get()
        if draft is not None:
            yield draft
    return errors[0] if errors else None


def respond(act, finish):
    """Return the response that streams the drafts of `act`, and then `finish(error)`.

    `act` is as in `run`; `finish` gives the HTML of what the turn changed. While the
    tutor thinks, the response holds no connection to the database.
    """

    def events():
        release_connection()
        acting = run(act)
        while True:
            try:
                draft = next(acting)
            except StopIteration as done:
                yield _event("turn", html=finish(done.value))
                return
            yield _event("draft", text=draft) if draft else ": the tutor thinks\n\n"

    return StreamingHttpResponse(
        events(),
        content_type="text/event-stream",
        headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"},
    )


def _event(name, **data):
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"
