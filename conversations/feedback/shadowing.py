"""A sentence said after the tutor, compared with what was recognised, word by word.

It tells which words a browser recognised (or a learner typed), and nothing of how they
sounded: a browser that knows the language guesses, and mishears.
"""

import re
import unicodedata
from enum import StrEnum
from typing import NamedTuple

from lingo.text import fold

# Words as they sound apart: "l'eau" and "porte-clés" are two.
_WORD = re.compile(r"(?:[^\W_][\u0300-\u036f]*)+")


class Kind(StrEnum):
    MATCHED = "matched"
    MISSING = "missing"
    EXTRA = "extra"


class Piece(NamedTuple):
    """A word of the sentence, or an extra one; `lead` is what stands before it."""

    kind: Kind
    word: str
    lead: str


class Compared(NamedTuple):
    """The sentence in `Piece`s with the extra words between, and what ends it."""

    pieces: list[Piece]
    tail: str

    def count(self, kind):
        return sum(piece.kind == kind for piece in self.pieces)

    @property
    def matched(self):
        return self.count(Kind.MATCHED)

    @property
    def missing(self):
        return [one.word for one in self.pieces if one.kind == Kind.MISSING]

    @property
    def extra(self):
        return [one.word for one in self.pieces if one.kind == Kind.EXTRA]

    @property
    def expected(self):
        """How many words the sentence has."""
        return self.matched + len(self.missing)


def compare(sentence, said):
    """Return how `said` compares with the sentence, as `Compared`.

    Case, accents, apostrophes and punctuation don't matter. As many words as possible
    match in the order of the sentence (a longest common subsequence, by Wagner &
    Fischer 1974, “The String-to-String Correction Problem”); of equal ways the earliest
    words match. The time is the product of both lengths, in words.
    """
    wanted, heard = _words(sentence), _words(said)
    longest = _longest(
        [fold(word[0]) for word in wanted], [fold(word[0]) for word in heard]
    )
    pieces, end, here, there = [], 0, 0, 0
    while here < len(wanted) or there < len(heard):
        is_same = (
            here < len(wanted)
            and there < len(heard)
            and fold(wanted[here][0]) == fold(heard[there][0])
        )
        skips_extra = there < len(heard) and (
            here == len(wanted) or longest[here][there + 1] > longest[here + 1][there]
        )
        if not is_same and skips_extra:
            pieces.append(Piece(Kind.EXTRA, heard[there][0], " "))
            there += 1
            continue
        word = wanted[here]
        kind = Kind.MATCHED if is_same else Kind.MISSING
        pieces.append(Piece(kind, word[0], sentence[end : word.start()]))
        end, here, there = word.end(), here + 1, there + is_same
    return Compared(pieces, sentence[end:])


def _words(text):
    return list(_WORD.finditer(unicodedata.normalize("NFC", text)))


def _longest(wanted, heard):
    """Return how many words match at most from each place of both on."""
    longest = [[0] * (len(heard) + 1) for _ in range(len(wanted) + 1)]
    for here in range(len(wanted) - 1, -1, -1):
        for there in range(len(heard) - 1, -1, -1):
            longest[here][there] = (
                1 + longest[here + 1][there + 1]
                if wanted[here] == heard[there]
                else max(longest[here + 1][there], longest[here][there + 1])
            )
    return longest
