"""The serving process is killed in the middle of turns: no acknowledged one is lost."""

import os
import threading
import time
import urllib.error
from collections import Counter
from http.client import HTTPException
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

from tests.serving import PATIENCE, Server

TALKERS = 4
# How many turns are acknowledged before the first kill, and before the second.
ACKNOWLEDGED = (15, 40)


@pytest.fixture
def database_url(tmp_path):
    """The address of a database of the kind that the suite runs on, dropped after."""
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith("postgres"):
        yield f"sqlite:///{tmp_path}/lingo.sqlite3"
        return
    name = f"lingo_crash_{os.getpid()}"
    with psycopg.connect(given, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield urlsplit(given)._replace(path=f"/{name}").geturl()
        drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
        admin.execute(drop.format(sql.Identifier(name)))


@pytest.fixture
def server(database_url, tmp_path):
    server = Server(database_url, tmp_path)
    server.start()
    yield server
    server.kill()


class Talk:
    """Clients that take turns in two conversations, and note what was acknowledged."""

    conversations = ("market", "station")

    def __init__(self, server):
        self.server = server
        self.acknowledged = []
        self.unsure = []
        self.refused = []

    def send(self, client_id, conversation_id):
        return self.server.post(
            f"conversations/{conversation_id}/turns/",
            client_id=client_id,
            content=f"Quisiera un café, por favor: {client_id}",
        )

    def go_on(self, talker):
        """Take turns until the server is gone."""
        for number in range(10_000):
            turn = (
                f"{self.server.port}-{talker}-{number}",
                self.conversations[talker % 2],
            )
            try:
                answer = self.send(*turn)
            except urllib.error.HTTPError as error:
                self.refused.append((error.code, error.read()))
                error.close()
                return
            except (OSError, HTTPException):
                self.unsure.append(turn)
                return
            self.acknowledged.append((turn[1], answer))

    def until_killed(self, acknowledged):
        """Have the server killed once that many turns are acknowledged."""
        talkers = [
            threading.Thread(target=self.go_on, args=[talker])
            for talker in range(TALKERS)
        ]
        for talker in talkers:
            talker.start()
        deadline = time.monotonic() + PATIENCE
        while len(self.acknowledged) < acknowledged and time.monotonic() < deadline:
            time.sleep(0.001)
        self.server.kill()
        for talker in talkers:
            talker.join()
        assert self.refused == []
        assert len(self.acknowledged) >= acknowledged

    def assert_whole(self):
        """Check what is kept against what was acknowledged, and against its figures."""
        turns = 0
        for conversation_id in self.conversations:
            address = f"conversations/{conversation_id}/"
            kept = self.server.get_all(f"{address}messages/")
            for of, answer in self.acknowledged:
                if of == conversation_id:
                    assert answer["message"] in kept
                    assert answer["reply"] in kept
            places = [said["position"] for said in kept]
            assert sorted(places) == [*range(1, len(kept) + 1)]
            figures = self.server.get(address)
            assert figures["message_count"] == len(kept)
            assert figures["total_tokens"] == sum(said["token_count"] for said in kept)
            answered = Counter(said["in_reply_to"] for said in kept)
            del answered[None]
            assert set(answered.values()) <= {1}
            turns += answered.total()
        days = self.server.get_all("progress/study-days/")
        assert sum(day["turns"] for day in days) == turns

    def unanswered(self):
        kept = [
            said
            for conversation_id in self.conversations
            for said in self.server.get_all(
                f"conversations/{conversation_id}/messages/"
            )
        ]
        asked = sum(said["role"] == "user" for said in kept)
        return asked - sum(said["in_reply_to"] is not None for said in kept)


def test_killed_server_keeps_every_acknowledged_turn(server):
    server.sign_in()
    talk = Talk(server)
    for conversation_id in talk.conversations:
        server.post("conversations/", conversation_id=conversation_id, language="es")

    for acknowledged in ACKNOWLEDGED:
        talk.until_killed(acknowledged)
        server.start()
        talk.assert_whole()

    # Whoever got no answer sends the same again, and gets it.
    for turn in talk.unsure:
        answer = talk.send(*turn)
        assert answer["message"]["client_id"] == turn[0]
        assert answer["reply"]["role"] == "assistant"
        talk.acknowledged.append((turn[1], answer))
    talk.assert_whole()
    assert talk.unanswered() == 0
    said = [answer["message"]["client_id"] for _, answer in talk.acknowledged]
    assert len(said) == len(set(said))
