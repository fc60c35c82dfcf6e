import importlib
import threading

from vocabulary import lexicon


def test_the_server_warms_the_lexicon_beside_its_first_requests(monkeypatch):
    warmed = threading.Event()
    monkeypatch.setattr(lexicon, "warm_up", warmed.set)

    wsgi = importlib.reload(importlib.import_module("lingo.wsgi"))

    assert callable(wsgi.application)
    assert warmed.wait(5)


def test_an_asynchronous_server_finds_its_entry():
    assert callable(importlib.import_module("lingo.asgi").application)
