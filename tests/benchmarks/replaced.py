"""The algorithm that Lingo replaces, with SQLAlchemy and tables of its own.

Given the whole history: select the conversation, count its messages, add the rest one
by one, count again, commit. In a second session the metadata; in a third the progress,
with one select per word.
"""

import uuid
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache

from django.db import connection
from sqlalchemy import JSON, ForeignKey, Numeric, String, create_engine, event, insert
from sqlalchemy.engine import URL
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    mapped_column,
    relationship,
)

from tests.benchmarks.material import history, words_of


class Base(DeclarativeBase):
    type_annotation_map = {dict: JSON, Decimal: Numeric(12, 6)}


class Talk(Base):
    __tablename__ = "replaced_conversations"
    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(100), unique=True)
    user_id: Mapped[int | None] = mapped_column(index=True)
    language: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(255), default="")
    context_data: Mapped[dict] = mapped_column(default=dict)
    message_count: Mapped[int] = mapped_column(default=0)
    total_tokens: Mapped[int] = mapped_column(default=0)
    total_cost: Mapped[Decimal] = mapped_column(default=0)
    started_at: Mapped[datetime]
    last_message_at: Mapped[datetime]
    messages: Mapped[list["Said"]] = relationship(order_by="Said.id")


class Said(Base):
    __tablename__ = "replaced_messages"
    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey(Talk.id), index=True)
    role: Mapped[str] = mapped_column(String(20))
    content: Mapped[str]
    language: Mapped[str] = mapped_column(String(10))
    token_count: Mapped[int] = mapped_column(default=0)
    estimated_cost: Mapped[Decimal] = mapped_column(default=0)
    processing_time_ms: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]


class Word(Base):
    __tablename__ = "replaced_vocabulary"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(index=True)
    word: Mapped[str] = mapped_column(String(255), index=True)
    language: Mapped[str] = mapped_column(String(10))
    difficulty_level: Mapped[int]
    times_studied: Mapped[int] = mapped_column(default=0)
    first_learned: Mapped[datetime]


class Skill(Base):
    __tablename__ = "replaced_progress"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(index=True)
    language: Mapped[str] = mapped_column(String(10))
    skill_type: Mapped[str] = mapped_column(String(50))
    sessions_completed: Mapped[int] = mapped_column(default=0)
    words_learned: Mapped[int] = mapped_column(default=0)
    last_activity: Mapped[datetime]


def make_engine():
    """Return an engine on Django's database, with the same durability."""
    settings = connection.settings_dict
    if connection.vendor == "postgresql":
        url = URL.create(
            "postgresql+psycopg",
            settings["USER"],
            settings["PASSWORD"] or None,
            settings["HOST"],
            settings["PORT"] or None,
            settings["NAME"],
        )
        return create_engine(url)
    engine = create_engine(f"sqlite:///{settings['NAME']}")

    @event.listens_for(engine, "connect")
    def set_pragmas(opened, record):
        opened.executescript(settings["OPTIONS"]["init_command"])

    return engine


@cache
def engine():
    """Return the engine, with the tables made."""
    made = make_engine()
    Base.metadata.create_all(made)
    return made


class Replaced:
    """One conversation of one user, saved and loaded as the replaced system did."""

    name = "replaced"

    def __init__(self, size):
        self.conversation_id = str(uuid.uuid4())
        self.history = history(size)
        self.turn = 0
        now = datetime.now(UTC)
        with Session(engine()) as session:
            talk = Talk(
                conversation_id=self.conversation_id,
                language="es",
                started_at=now,
                last_message_at=now,
            )
            session.add(talk)
            session.flush()
            talk.user_id = self.user_id = talk.id
            session.add_all(
                Skill(
                    user_id=self.user_id,
                    language="es",
                    skill_type=skill,
                    last_activity=now,
                )
                for skill in ("conversation", "vocabulary")
            )
            session.execute(
                insert(Said),
                [{"conversation_id": talk.id, **said} for said in self.history],
            )
            session.commit()
        self.save_turn()

    def save_turn(self):
        self.turn += 1
        self.history += history(2)
        self._save_messages()
        self._save_metadata()
        self._save_progress(words_of(self.turn))

    def statements(self):
        """Return how many statements a turn takes."""
        sent = []

        def note(connection, cursor, statement, *more):
            sent.append(statement)

        event.listen(engine(), "before_cursor_execute", note)
        self.save_turn()
        event.remove(engine(), "before_cursor_execute", note)
        return len(sent)

    def _save_messages(self):
        with Session(engine()) as session:
            talk = self._talk(session)
            saved = session.query(Said).filter_by(conversation_id=talk.id).count()
            for said in self.history[saved:]:
                session.add(Said(conversation_id=talk.id, **said))
            talk.last_message_at = datetime.now(UTC)
            talk.message_count = (
                session.query(Said).filter_by(conversation_id=talk.id).count()
            )
            session.commit()

    def _talk(self, session):
        mine = session.query(Talk).filter_by(conversation_id=self.conversation_id)
        return mine.one()

    def _save_metadata(self):
        with Session(engine()) as session:
            talk = self._talk(session)
            for said in self.history[-2:]:
                talk.total_tokens += said["token_count"]
                talk.total_cost += said["estimated_cost"]
            talk.context_data = {"current_topic": "cafe"}
            session.commit()

    def _save_progress(self, words):
        now = datetime.now(UTC)
        with Session(engine()) as session:
            talking, vocabulary = (
                session.query(Skill)
                .filter_by(user_id=self.user_id, language="es", skill_type=skill)
                .one()
                for skill in ("conversation", "vocabulary")
            )
            talking.sessions_completed += 1
            talking.last_activity = vocabulary.last_activity = now
            for word in words:
                mine = session.query(Word).filter_by(
                    user_id=self.user_id, language="es", word=word
                )
                item = mine.first()
                if item is None:
                    item = Word(
                        user_id=self.user_id,
                        language="es",
                        word=word,
                        difficulty_level=2,
                        times_studied=0,
                        first_learned=now,
                    )
                    session.add(item)
                    vocabulary.words_learned += 1
                item.times_studied += 1
            session.commit()

    def load_last(self):
        return self.load_all()[-50:]

    def load_all(self):
        with Session(engine()) as session:
            return [
                {
                    "role": said.role,
                    "content": said.content,
                    "language": said.language,
                    "timestamp": said.created_at.isoformat(),
                    "metadata": {
                        "token_count": said.token_count,
                        "estimated_cost": float(said.estimated_cost),
                        "processing_time_ms": said.processing_time_ms,
                    },
                }
                for said in self._talk(session).messages
            ]
