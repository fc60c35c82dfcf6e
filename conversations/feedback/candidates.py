"""Corrections before they are saved: plain values, no database.

A source of corrections gives `Candidate`s; so does `TutorReply.corrections`. What a
language model says of a text is a `Proposal`, until `located` has found it there.
"""

from typing import NamedTuple

from conversations.feedback.categories import Category, Priority


class Writing(NamedTuple):
    """What is to be corrected: a text in the target language, and who wrote it.

    `level` is one of `lingo.languages.Level`, or empty.
    """

    text: str
    language: str
    native_language: str
    level: str = ""


class Candidate(NamedTuple):
    """One minimal edit of a learner's message.

    `start` and `end` are offsets in the message's content (NFC), in code points, and
    `original` is what stands between them: empty where something is to be inserted.
    `corrected` is what should stand there: empty where it is to be left out. `reason`
    is in the learner's native language. `source` names who found it;
    `confidence` a share of 1.
    """

    start: int
    end: int
    original: str
    corrected: str
    category: Category
    priority: Priority
    reason: str
    source: str
    confidence: float


class Proposal(NamedTuple):
    """A correction as a language model gives it: not yet known to be one.

    `original` is what is wrong, word by word as it stands in the learner's text, and
    `corrected` what it becomes; both may have words around the edit that stay. Where
    `original` is there more than once, `start` (an offset, which may be off by a few
    characters) or `context` (a longer part of the text around it) tells which is meant.
    """

    original: str
    corrected: str
    category: str
    reason: str
    priority: str = "important"
    confidence: float = 0.7
    start: int | None = None
    context: str = ""
