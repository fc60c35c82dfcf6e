"""Patterns of what is said, word by word; content/README.md describes the format.

They are compared with words as they sound: without case, accents and apostrophes.
"""

import itertools
import re
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, Field

from lingo.content import in_all_languages
from lingo.text import fold

# A text of more words than this has no pattern looked for in it.
LONGEST = 25

Pattern = Annotated[str, Field(min_length=1, max_length=1000)]
PatternText = Annotated[dict[str, Pattern], AfterValidator(in_all_languages)]
Patterns = Annotated[dict[str, list[Pattern]], AfterValidator(in_all_languages)]

_PIECES = re.compile(r"[\[\]()|…]|@\w+|[^\s\[\]()|…@]+")
_SIGNS = {
    "[": "(?:",
    "(": "(?:",
    "]": ")?",
    ")": ")",
    "|": "|",
    "…": r"(?P<word>(?: \S+){1,8}?)",
}
_WORDS = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


class Words(NamedTuple):
    """The words of a text: as they are compared, and where they are in it."""

    text: str
    keys: str
    spans: list[tuple[int, int]]

    @classmethod
    def of(cls, text):
        """Return the words of `text`, or None where there are none or too many."""
        found = list(itertools.islice(_WORDS.finditer(text), LONGEST + 1))
        if not 0 < len(found) <= LONGEST:
            return None
        keys = "".join(f" {_key(word[0])}" for word in found)
        return cls(text, keys, [word.span() for word in found])

    def written(self, match, name):
        """Return a named group of a match of `keys` as it was written, or ""."""
        if not match.groupdict().get(name):
            return ""
        first, last = (self.keys[:end].count(" ") for end in match.span(name))
        return self.text[self.spans[first][0] : self.spans[last - 1][1]]


def expression(pattern, names):
    """Return the pattern as a regular expression over `Words.keys`.

    `names` has the patterns for which @names stand. Raises KeyError on an unknown one.
    """
    made = []
    for piece in _PIECES.findall(pattern):
        if piece in _SIGNS:
            made.append(_SIGNS[piece])
        elif piece.startswith("@"):
            made.append(f"(?:{expression(names[piece[1:]], names)})")
        else:
            made += (f" {re.escape(_key(word))}" for word in _WORDS.findall(piece))
    return "".join(made)


def _key(word):
    return fold(word).replace("'", "").replace(" ", "")
