"""The same turn in the same tables, in hand-written SQL: one transaction, no ORM."""

import json
import sqlite3
from datetime import UTC, datetime

import psycopg
from django.db import connection


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
    """Saves and loads through sqlite3 or psycopg."""

    name = "by hand"

    def __init__(self):
        self.db = connect()
        self.is_sqlite = connection.vendor == "sqlite"

    def run(self, sql, *values):
        sql = sql.replace("%s", "?") if self.is_sqlite else sql
        return self.db.execute(sql, values)

    def insert(self, table, **row):
        names, marks = ", ".join(row), ", ".join(["%s"] * len(row))
        sql = f"INSERT INTO {table} ({names}) VALUES ({marks}) RETURNING id"
        return self.run(sql, *row.values()).fetchone()[0]

    def save_turn(self, conversation, said, reply, words):
        """Save both messages, the totals, the words that are new and the study day."""
        now = datetime.now(UTC)
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
            "estimated_cost": "0.000345",
            "processing_time_ms": 7,
            "created_at": now.isoformat(" "),
            "study_seconds": 2,
            "study_date": today,
        }
        asked = self.insert(
            "conversations_conversationmessage",
            position=position + 1,
            role="user",
            content=said,
            client_id=f"by-hand-{conversation.pk}-{position}",
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
            content=reply,
            in_reply_to_id=asked,
            token_count=12,
            vocabulary=json.dumps([{"word": word} for word in new]),
            **message,
        )
        self.run(
            "UPDATE conversations_conversation SET message_count = %s,"
            " total_tokens = %s, total_cost = %s, last_message_at = %s"
            " WHERE learner_id = %s AND id = %s",
            position + 2,
            tokens + 12,
            float(cost) + 0.000345,
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
                example=reply,
                source="conversation",
                source_id=conversation.conversation_id,
                difficulty_level=2,
                introduced_at=now.isoformat(" "),
                introduced_on=today,
                state=1,
                step=0,
                due=now.isoformat(" "),
                is_suspended=False,
                times_correct=0,
                times_incorrect=0,
            )
        self.run(
            "INSERT INTO progress_studyday"
            " (learner_id, language, date, turns, reviews, words, study_seconds)"
            " VALUES (%s, 'es', %s, 1, 0, %s, 4)"
            " ON CONFLICT (learner_id, date, language) DO UPDATE SET"
            " turns = progress_studyday.turns + 1,"
            " words = progress_studyday.words + excluded.words,"
            " study_seconds = progress_studyday.study_seconds + 4",
            learner,
            today,
            len(new),
        )
        self.run("COMMIT")

    def load(self, conversation, count=None):
        """Return the last `count` messages, or all, as plain values in order."""
        rows = self.run(
            "SELECT role, content, language, created_at, token_count,"
            " estimated_cost, processing_time_ms"
            " FROM conversations_conversationmessage"
            " WHERE learner_id = %s AND conversation_id = %s ORDER BY position DESC"
            + (f" LIMIT {count}" if count else ""),
            conversation.learner_id,
            conversation.pk,
        )
        names = ("role", "content", "language", "timestamp", "tokens", "cost", "ms")
        return [dict(zip(names, row, strict=True)) for row in rows][::-1]
