import importlib
import threading

from conversations.feedback import spelling
from vocabulary import lexicon


def test_the_server_warms_up_beside_its_first_requests(monkeypatch):
    warmed = [threading.Event(), threading.Event()]
    for module, event in zip((lexicon, spelling), warmed, strict=True):
        monkeypatch.setattr(module, "warm_up", event.set)

    wsgi = importlib.reload(importlib.import_module("lingo.wsgi"))

    assert callable(wsgi.application)
    assert all(event.wait(5) for event in warmed)


def test_an_asynchronous_server_finds_its_entry():
    assert callable(importlib.import_module("lingo.asgi").application)
