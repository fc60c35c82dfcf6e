"""What is to be corrected in a learner's text: every source asked, one answer.

A new `Source` is a file with one class and a place in SOURCES. A wrong correction is
worse than a missed one.
"""

import re
from typing import Protocol, get_args

from conversations.feedback.agreement import AgreementSource
from conversations.feedback.categories import Priority
from conversations.feedback.language import identify
from conversations.feedback.language_tool import LanguageToolSource
from conversations.feedback.rules import RuleSource
from conversations.feedback.spelling import SpellingSource


class Source(Protocol):
    """Who finds corrections: its `name` is kept with them, its `label` is shown."""

    name: str
    label: str

    def find(self, writing):
        """Return the `Candidate`s in a `Writing` that is all in the target language."""


SOURCES: list[Source] = [
    RuleSource(),
    AgreementSource(),
    SpellingSource(),
    LanguageToolSource(),
]
# Who finds corrections: a tutor's language model too.
FINDERS = [*((one.name, one.label) for one in SOURCES), ("model", "Language model")]
# The most corrections that one message gets: the most certain ones.
MOST = 40
RANKS = {priority: rank for rank, priority in enumerate(get_args(Priority))}

_PARAGRAPH = re.compile(r"[^\n]+")


def corrections(writing, sources=SOURCES):
    """Return the `Candidate`s in a `Writing` in order: none overlap, at most MOST.

    Only what is in the target language is looked at. It may take the network's time.
    """
    found = []
    for start, end in target_passages(writing):
        passage = writing._replace(text=writing.text[start:end])
        for source in sources:
            found += [
                candidate._replace(
                    start=start + candidate.start, end=start + candidate.end
                )
                for candidate in source.find(passage)
            ]
    return merged(found)


def target_passages(writing):
    """Return where what is in the target language begins and ends.

    Each paragraph is told apart; those in a row are one passage.
    """
    found: list[tuple[int, int]] = []
    for match in _PARAGRAPH.finditer(writing.text):
        if identify(match[0], writing.language) != writing.language:
            continue
        start, end = match.span()
        if found and writing.text[found[-1][1] : start].isspace():
            start, _ = found.pop()
        found.append((start, end))
    return found


def merged(candidates):
    """Return those of `candidates` that don't overlap, in the text's order.

    Of two that do, the more certain stays; of two as certain, the one that matters
    more, and then the shorter.
    """

    def rank(one):
        return (-one.confidence, RANKS[one.priority], one.end - one.start, one.start)

    kept = []
    for candidate in sorted(candidates, key=rank):
        if len(kept) < MOST and not any(_overlap(candidate, other) for other in kept):
            kept.append(candidate)
    return sorted(kept, key=lambda one: one.start)


def _overlap(one, other):
    """Whether two edits touch the same text; to insert at an edge is to touch it."""
    if one.start == one.end or other.start == other.end:
        return one.start <= other.end and other.start <= one.end
    return one.start < other.end and other.start < one.end
