"""LanguageTool, over real HTTP on loopback; whatever it does, talk goes on."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest

from conversations import tutors
from conversations.feedback import correcting, language_tool
from conversations.feedback.candidates import Writing
from tests.factories import ConversationFactory

TEXT = "😀 She go home. He dont know."
WRITING = Writing(TEXT, "en", "de")


def match(text, value, category="GRAMMAR", message="Stimmt nicht überein."):
    offset = len(TEXT[: TEXT.index(text)].encode("utf-16-le")) // 2
    return {
        "offset": offset,
        "length": len(text),
        "message": message,
        "replacements": [{"value": value}, {"value": "other"}] if value else [],
        "rule": {"id": "R", "category": {"id": category}},
    }


@pytest.fixture
def server(settings):
    """A LanguageTool server: `server.answer` is what it gives, `asked` what it got."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            served.asked.append((self.path, parse_qs(body)))
            served.release.wait(5)
            self.send_response(served.status)
            self.end_headers()
            self.wfile.write(served.answer)

        def log_message(self, *args):
            pass

    served = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served.asked, served.status, served.answer = [], 200, b'{"matches": []}'
    served.release = threading.Event()
    served.release.set()
    thread = threading.Thread(target=served.serve_forever)
    thread.start()
    settings.LANGUAGETOOL_URL = f"http://127.0.0.1:{served.server_port}/"
    yield served
    served.release.set()
    served.shutdown()
    thread.join()
    served.server_close()


def find():
    return language_tool.LanguageToolSource().find(WRITING)


def test_it_is_asked_for_the_text_and_its_matches_are_candidates(server):
    matches = [match("go", "goes"), match("dont", "don't", "TYPOS", "Apostroph")]
    server.answer = json.dumps({"matches": matches}).encode()

    first, second = find()

    assert server.asked == [
        (
            "/v2/check",
            {"text": [TEXT], "language": ["en-US"], "motherTongue": ["de"]},
        )
    ]
    assert (first.start, first.original, first.corrected) == (6, "go", "goes")
    assert (first.category, first.priority) == ("agreement", "important")
    assert first.reason == "Stimmt nicht überein."
    assert (second.original, second.corrected) == ("dont", "don't")
    assert (second.category, second.priority) == ("spelling", "minor")
    assert second.source == "languagetool"


def test_it_is_one_of_the_sources(server):
    server.answer = json.dumps({"matches": [match("go", "goes")]}).encode()

    found = correcting.corrections(WRITING)

    assert "goes" in [one.corrected for one in found]


def test_style_and_what_has_no_other_wording_is_left_out(server):
    matches = [match("go", "goes", "STYLE"), match("go", ""), match("go", "go")]
    server.answer = json.dumps({"matches": matches}).encode()

    assert find() == []


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"<html>",
        b"[]",
        b"{}",
        b'{"matches": [{}]}',
        b'{"matches": 5}',
        b"\xff\xfe",
        b'{"matches": [{"offset": 1, "length": "x", "message": "m",'
        b' "replacements": [{"value": "y"}], "rule": {"category": {"id": "TYPOS"}}}]}',
    ],
)
def test_nonsense_is_logged_and_ignored(server, answer, caplog):
    server.answer = answer

    assert find() == []
    assert "languagetool_failed" in caplog.text


def test_an_error_of_the_server_is_logged_and_ignored(server, caplog):
    server.status = 500

    assert find() == []
    assert "languagetool_failed" in caplog.text


def test_a_slow_server_is_not_waited_for(server, monkeypatch, caplog):
    monkeypatch.setattr(language_tool, "TIMEOUT", 0.1)
    server.release.clear()
    started = time.monotonic()

    assert find() == []

    assert time.monotonic() - started < 3
    assert "languagetool_failed" in caplog.text


def test_after_a_failure_it_is_left_alone_for_a_while(server, monkeypatch):
    source = language_tool.LanguageToolSource()
    server.answer = b"<html>"
    for _ in range(3):
        assert source.find(WRITING) == []
    assert len(server.asked) == 1

    server.answer = json.dumps({"matches": [match("go", "goes")]}).encode()
    later = time.monotonic() + language_tool.PAUSE + 1
    monkeypatch.setattr(language_tool.time, "monotonic", lambda: later)
    assert len(source.find(WRITING)) == 1


def test_a_server_that_is_not_there_is_ignored(server, settings, caplog):
    settings.LANGUAGETOOL_URL = "http://127.0.0.1:1"

    assert find() == []
    assert "languagetool_failed" in caplog.text


def test_without_one_nothing_is_asked(server, settings):
    settings.LANGUAGETOOL_URL = ""

    assert find() == []
    assert server.asked == []


def test_a_tutor_that_asks_it_does_not_answer_at_once(server, settings, db):
    conversation = ConversationFactory()
    assert not tutors.tutor_of(conversation).answers_at_once
    settings.LANGUAGETOOL_URL = ""
    assert tutors.tutor_of(conversation).answers_at_once
