"""Edits of a text: cut to what really changes, and put in."""

import re

# A word, a run of space, or any other sign.
_PIECES = re.compile(r"[^\W_]+|\s+|.", re.DOTALL)
_APOSTROPHES = {"'", "’"}


def minimal(text, start, end, corrected):
    """Return `(start, end, corrected)` of the same edit without the words that stay.

    Whole words at its ends go; None where nothing is left.

    >>> minimal("Yo soy de acuerdo", 0, 17, "Yo estoy de acuerdo")
    (3, 6, 'estoy')
    """
    old, new = _PIECES.findall(text[start:end]), _PIECES.findall(corrected)
    while old and new and _is_same(old[0], new[0]):
        start += len(old.pop(0))
        new.pop(0)
    while old and new and _is_same(old[-1], new[-1]):
        end -= len(old.pop())
        new.pop()
    return (start, end, "".join(new)) if old or new else None


def _is_same(old, new):
    """Whether two pieces are the same, however space and apostrophe are set."""
    is_space = old.isspace() and new.isspace()
    return old == new or is_space or {old, new} == _APOSTROPHES


def put_in(text, edits):
    """Return `text` with the edits `(start, end, corrected)` made; none overlap."""
    for start, end, corrected in sorted(edits, reverse=True):
        text = text[:start] + corrected + text[end:]
    return text


def like(original, corrected):
    """Return `corrected` with the capitals of `original`: none, the first, or all.

    A single letter at the beginning is no reason for all: “A apple”.
    """
    if original.isupper() and sum(map(str.isalpha, original)) > 1:
        return corrected.upper()
    if original[:1].isupper():
        return corrected[:1].upper() + corrected[1:]
    return corrected
