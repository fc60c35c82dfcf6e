"""Whether what a language model says of a text are corrections of that text.

A model may rewrite instead of correct, quote what isn't there, or invent a category.
What is no minimal edit, found in the learner's own words, is dropped and counted.
"""

import re
from typing import NamedTuple, get_args

from conversations.feedback import correcting
from conversations.feedback.candidates import Candidate
from conversations.feedback.categories import Category, Priority
from conversations.feedback.edits import minimal
from lingo.text import sentence_spans, storable

# An edit that changes more than so many words, or this share of the sentence's words
# where those are more than two, rewrites.
MOST_WORDS, MOST_SHARE = 6, 0.6
# The longest reason that is kept, in characters.
REASON_LENGTH = 500

_WORD = re.compile(r"\w+")


class Located(NamedTuple):
    """The `Candidate`s that stand in the text, in order, and how many were dropped."""

    candidates: list[Candidate]
    dropped: int


def located(proposals, writing, source="model"):
    """Return the `Located` ones of `proposals` for a `Writing`.

    Dropped is what isn't in the text, is there more than once without saying which is
    meant, changes nothing or too much, goes beyond a sentence, is in a paragraph of
    another language, overlaps one that was more certain, or has an unknown category or
    priority, no reason, or a confidence that is no share of 1.
    """
    found = [_locate(proposal, writing, source) for proposal in proposals]
    spans = correcting.target_passages(writing)
    kept = correcting.merged(
        candidate
        for candidate in found
        if candidate
        and any(
            start <= candidate.start and candidate.end <= end for start, end in spans
        )
    )
    return Located(kept, len(found) - len(kept))


def _locate(proposal, writing, source):
    """Return the proposal as a `Candidate`, or None."""
    try:
        original = storable(proposal.original)
        corrected = storable(proposal.corrected)
        reason = storable(proposal.reason).strip()
    except ValueError:
        return None
    is_known = proposal.category in get_args(Category)
    is_known = is_known and proposal.priority in get_args(Priority)
    if not (is_known and 0 <= proposal.confidence <= 1):
        return None
    if not 0 < len(reason) <= REASON_LENGTH:
        return None
    at = _place(original, proposal, writing.text)
    edit = at is not None and minimal(writing.text, at, at + len(original), corrected)
    if not edit or not _is_small(*edit, writing.text):
        return None
    start, end, corrected = edit
    return Candidate(
        start,
        end,
        writing.text[start:end],
        corrected,
        proposal.category,
        proposal.priority,
        reason,
        source,
        proposal.confidence,
    )


def _place(original, proposal, text):
    """Return where `original` stands in the text as whole words, or None."""
    places = _places(original, text)
    if proposal.context:
        context = storable(proposal.context)
        around = [(at, at + len(context)) for at in _places(context, text)]
        places = [
            at
            for at in places
            if any(start <= at and at + len(original) <= end for start, end in around)
        ]
    if proposal.start is not None:
        return min(places, key=lambda at: abs(at - proposal.start), default=None)
    return places[0] if len(places) == 1 else None


def _places(part, text):
    if not part.strip():
        return []
    pattern = rf"(?<!\w){re.escape(part)}(?!\w)"
    return [match.start() for match in re.finditer(pattern, text)]


def _is_small(start, end, corrected, text):
    """Whether the edit changes few words of one sentence."""
    original = text[start:end]
    if "\n" in original or "\n" in corrected or re.search(r"[.!?…]\s", original):
        return False
    words = max(len(_WORD.findall(part)) for part in (original, corrected))
    sentence = next(
        (
            text[first:last]
            for first, last in sentence_spans(text)
            if first <= start and end <= last
        ),
        original,
    )
    whole = len(_WORD.findall(sentence))
    return words <= MOST_WORDS and (words <= 2 or words <= MOST_SHARE * whole)
