"""The same turn in the same tables, in hand-written SQL: one transaction, no ORM."""

import json
import sqlite3
from datetime import UTC, datetime
from decimal import Decimal

import psycopg
from django.db import connection

from tests.benchmarks.material import (
    ANSWER,
    COST,
    SAID,
    TOKENS,
    new_conversation,
    words_of,
)


def connect():
    """Return a connection with the durability that Lingo's has."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        opened = sqlite3.connect(settings["NAME"], isolation_level=None, timeout=20)
        opened.executescript(settings["OPTIONS"]["init_command"])
        return opened
    return psycopg.connect(
        dbname=settings["NAME"],
        user=settings["USER"],
        password=settings["PASSWORD"],
        host=settings["HOST"],
        port=settings["PORT"],
        autocommit=True,
    )


class ByHand:
    """One conversation, saved and loaded through sqlite3 or psycopg."""

    name = "SQL by hand"

    def __init__(self, size):
        self.conversation = new_conversation(size)
        self.is_sqlite = connection.vendor == "sqlite"
        self.db = connect()
        self.turn = 0
        self.save_turn()

    def run(self, sql, *values):
        sql = sql.replace("%s", "?") if self.is_sqlite else sql
        return self.db.execute(sql, values)

    def insert(self, table, **row):
        names, marks = ", ".join(row), ", ".join(["%s"] * len(row))
        sql = f"INSERT INTO {table} ({names}) VALUES ({marks}) RETURNING id"
        return self.run(sql, *row.values()).fetchone()[0]

    def save_turn(self):
        """Save both messages, the totals, the words that are new and the study day."""
        self.turn += 1
        conversation, words, now = (
            self.conversation,
            words_of(self.turn),
            datetime.now(UTC),
        )
        learner, today = conversation.learner_id, now.date().isoformat()
        self.run("BEGIN IMMEDIATE" if self.is_sqlite else "BEGIN")
        position, tokens, cost = self.run(
            "SELECT message_count, total_tokens, total_cost"
            " FROM conversations_conversation WHERE learner_id = %s AND id = %s"
            + ("" if self.is_sqlite else " FOR UPDATE"),
            learner,
            conversation.pk,
        ).fetchone()
        message = {
            "learner_id": learner,
            "conversation_id": conversation.pk,
            "language": "es",
            "parts": "[]",
            "cue": "",
            "glosses": "[]",
            "estimated_cost": str(COST),
            "processing_time_ms": 7,
            "created_at": now.isoformat(" "),
            "study_seconds": 2,
            "study_date": today,
        }
        asked = self.insert(
            "conversations_conversationmessage",
            position=position + 1,
            role="user",
            content=SAID,
            client_id=f"{conversation.pk}-{self.turn}",
            token_count=0,
            vocabulary="[]",
            **message,
        )
        known = self.run(
            "SELECT lemma FROM vocabulary_vocabularyitem WHERE learner_id = %s"
            " AND language = 'es' AND lemma IN (%s, %s, %s)",
            learner,
            *words,
        ).fetchall()
        new = set(words) - {lemma for (lemma,) in known}
        self.insert(
            "conversations_conversationmessage",
            position=position + 2,
            role="assistant",
            content=ANSWER,
            in_reply_to_id=asked,
            token_count=TOKENS,
            vocabulary=json.dumps([{"word": word} for word in new]),
            **message,
        )
        self.run(
            "UPDATE conversations_conversation SET message_count = %s,"
            " total_tokens = %s, total_cost = %s, last_message_at = %s"
            " WHERE learner_id = %s AND id = %s",
            position + 2,
            tokens + TOKENS,
            str(Decimal(str(cost)) + COST),
            now.isoformat(" "),
            learner,
            conversation.pk,
        )
        for word in sorted(new):
            self.insert(
                "vocabulary_vocabularyitem",
                learner_id=learner,
                language="es",
                lemma=word,
                word=word,
                translation="",
                definition="",
                phonetic="",
                example=ANSWER,
                source="conversation",
                source_id=conversation.conversation_id,
                source_url="",
                difficulty_level=2,
                introduced_at=now.isoformat(" "),
                introduced_on=today,
                state=1,
                step=0,
                due=now.isoformat(" "),
                is_suspended=False,
                times_correct=0,
                times_incorrect=0,
                lapses=0,
                search_text=word,
            )
        self.run(
            "INSERT INTO progress_studyday"
            " (learner_id, language, date, turns, reviews, words, conversations,"
            " study_seconds) VALUES (%s, 'es', %s, 1, 0, %s, 0, 4)"
            " ON CONFLICT (learner_id, date, language) DO UPDATE SET"
            " turns = progress_studyday.turns + 1,"
            " words = progress_studyday.words + excluded.words,"
            " study_seconds = progress_studyday.study_seconds + 4",
            learner,
            today,
            len(new),
        )
        self.run("COMMIT")

    def load_last(self):
        return self._load("LIMIT 50")

    def load_all(self):
        return self._load("")

    def _load(self, limit):
        rows = self.run(
            "SELECT role, content, said.language, created_at, token_count,"
            " estimated_cost, processing_time_ms"
            " FROM conversations_conversation talk"
            " JOIN conversations_conversationmessage said"
            " ON said.learner_id = talk.learner_id AND said.conversation_id = talk.id"
            " WHERE talk.learner_id = %s AND talk.conversation_id = %s"
            f" ORDER BY position DESC {limit}",
            self.conversation.learner_id,
            self.conversation.conversation_id,
        )
        names = ("role", "content", "language", "timestamp", "tokens", "cost", "ms")
        return [dict(zip(names, row, strict=True)) for row in rows][::-1]
