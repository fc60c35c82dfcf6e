"""What a tutor is asked, and what it answers: plain values, no database."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from conversations.feedback.candidates import Candidate
from conversations.tutors.content import Prompt
from vocabulary.managers import NewWord


class Usage(NamedTuple):
    """What a reply took: provider's tokens, US dollars, milliseconds."""

    tokens: int = 0
    cost: Decimal = Decimal(0)
    processing_time_ms: int = 0


class Said(NamedTuple):
    """One earlier message: its role, content and cue."""

    role: str
    content: str
    cue: str


@dataclass(frozen=True)
class RunPhase:
    """One phase of a scenario: its key, and its prompts by their objectives' keys."""

    pk: int
    slug: str
    prompts: dict[int, tuple[str, Prompt]]


@dataclass(frozen=True)
class Run:
    """How far a conversation has come in its scenario."""

    pk: int
    slug: str
    phases: list[RunPhase]
    phase: int | None
    met: set[int]
    closing: dict
    words: list[dict]
    # The only language that the scenario is told in; "" for the learner's own.
    native_language: str = ""

    @property
    def is_finished(self):
        return self.phase is None


@dataclass(frozen=True)
class TutorRequest:
    """All that a tutor needs to know for its next line; `content` None: it opens.

    `turn` is how many turns there were before; `due_words` are lemmas that the learner
    should find occasion to use; `now` is the learner's local time; `remembered` what is
    kept in mind of the conversation; `meanings` and `sayings` translate words that
    `content` asks for, from the target and from the native language.
    """

    content: str | None
    language: str
    native_language: str
    level: str
    topic: str = ""
    turn: int = 0
    history: list[Said] = field(default_factory=list)
    run: Run | None = None
    due_words: list[str] = field(default_factory=list)
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    remembered: dict = field(default_factory=dict)
    meanings: dict[str, str] = field(default_factory=dict)
    sayings: dict[str, str] = field(default_factory=dict)
    # The conversation and the message themselves, for a tutor that keeps books.
    conversation: Any = None
    said: Any = None


class NoReply(Exception):
    """The tutor has none; says why in a sentence for the learner."""


class Tutor(ABC):
    """Whoever replies. What pages need to know of one, it says itself.

    `is_remote`: what learners write leaves the site, and `TutorCall`s show what did.
    `asks_for_any_word`: not only for words of its content.
    """

    is_remote = asks_for_any_word = False

    @property
    @abstractmethod
    def kind(self):
        """What it is, in words that go on from "You talk with a"."""

    @property
    @abstractmethod
    def label(self):
        """What it is called where one chooses."""

    @property
    @abstractmethod
    def about(self):
        """What one should know of it, by native language."""

    @property
    def is_offered(self):
        """Whether a new conversation can have it."""
        return True

    @property
    def answers_at_once(self):
        """Whether it takes no time worth waiting for."""
        return False

    @abstractmethod
    def reply(self, request, on_draft=None):
        """Return the `TutorReply` to a `TutorRequest`. Raises NoReply.

        `on_draft` is called with the reply's text as it grows, by one that is slow.
        """


@dataclass
class TutorReply:
    """A tutor's next line, and what it brings.

    `parts` are [language, text] paragraphs where `content` has more than one language;
    `objectives_met` are objectives' keys; `phase` the key of the phase that the run is
    in afterwards, None when it is finished or there is none; `named` are those of the
    due words that its help gave away; `remembered` is what it learned to keep in mind;
    `glosses` are words that it explains without introducing them:
    [{word, lemma, translation}]; `corrections` are of the learner's message, as
    `feedback.correcting.corrections` or `feedback.located.located` gives them.
    """

    content: str
    parts: list = field(default_factory=list)
    cue: str = ""
    vocabulary: list[NewWord] = field(default_factory=list)
    glosses: list[dict] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    corrections: list[Candidate] = field(default_factory=list)
    objectives_met: list[int] = field(default_factory=list)
    run: Run | None = None
    phase: int | None = None
    remembered: dict = field(default_factory=dict)
    usage: Usage = field(default_factory=Usage)
