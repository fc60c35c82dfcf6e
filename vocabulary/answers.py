"""A typed answer beside the right one: forgiving, and exact about what differs."""

from difflib import SequenceMatcher
from enum import StrEnum
from typing import NamedTuple

from lingo.text import fold

# What may stand around a word without being part of it.
AROUND = ' .,;:!?¡¿…"“”„«»()'


class Verdict(StrEnum):
    SAME = "same"
    CASE = "case"
    ACCENTS = "accents"
    OTHER = "other"


class Piece(NamedTuple):
    """A part of an answer, and whether the other answer has it too."""

    text: str
    is_same: bool


class Answer(NamedTuple):
    """What was typed beside `right`, the accepted answer nearest to it."""

    typed: str
    right: str
    verdict: Verdict

    @property
    def is_right(self):
        """Whether it is the word, however its accents and case are written."""
        return self.verdict != Verdict.OTHER

    def suggests_again(self, minds_accents):
        """Whether it counts as forgotten, as far as a comparison can say that."""
        return not self.is_right or (minds_accents and self.verdict == Verdict.ACCENTS)

    @property
    def pieces(self):
        """The right answer in `Piece`s; what was typed otherwise is not the same."""
        return self._pieces(self.right, 3, 4)

    @property
    def typed_pieces(self):
        """What was typed, in `Piece`s."""
        return self._pieces(self.typed, 1, 2)

    def _pieces(self, text, start, end):
        compared = SequenceMatcher(None, self.typed, self.right, autojunk=False)
        pieces = [
            Piece(text[code[start] : code[end]], code[0] == "equal")
            for code in compared.get_opcodes()
        ]
        return [piece for piece in pieces if piece.text]


def judge(typed, accepted):
    """Return the `Answer` of a text that has something in it, by the accepted ones.

    Accents and case make no wrong answer of a right one, but are told. Neither spaces
    nor punctuation around it matter, nor which apostrophe is used.
    """
    typed = _plain(typed)
    verdicts = [(_verdict(typed, _plain(right)), right) for right in accepted]
    order = list(Verdict)
    # Of the wrong ones, the nearest.
    verdict, right = min(
        verdicts, key=lambda one: (order.index(one[0]), -_likeness(typed, one[1]))
    )
    return Answer(typed, _plain(right), verdict)


def _plain(text):
    return " ".join(text.replace("’", "'").split()).strip(AROUND)


def _verdict(typed, right):
    if typed == right:
        return Verdict.SAME
    if typed.casefold() == right.casefold():
        return Verdict.CASE
    return Verdict.ACCENTS if fold(typed) == fold(right) else Verdict.OTHER


def _likeness(typed, right):
    return SequenceMatcher(None, typed, right, autojunk=False).ratio()
