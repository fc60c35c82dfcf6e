"""Measures of how a learner talks: plain counts of what is really known.

Nothing here judges. Length is in running words, range in different base forms; pace is
by the clock, and so holds reading, thinking and typing; fillers are whole words of
`content/fillers.toml`; and the language is told sentence by sentence.
"""

import re
import tomllib
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import NamedTuple

from conversations.estimating import WINDOW, in_a_row
from conversations.feedback.language import identify
from lingo.text import sentences
from vocabulary import lexicon

FILLERS = Path(__file__).resolve().parent.parent / "content" / "fillers.toml"
# The least seconds that a message takes to write, and the most before one is away.
LEAST, MOST = 1, 300
# From so many messages on there is a trend: of the first third to the last.
TRENDING = 6


@dataclass(frozen=True)
class Measured:
    """What was measured of one message, or of several together.

    `lemmas` are those of sentences in the target language, in order; `timed_words` were
    written in `seconds`, both 0 where no time is known.
    """

    words: int = 0
    target_words: int = 0
    lemmas: list[str] = field(default_factory=list)
    fillers: Counter = field(default_factory=Counter)
    timed_words: int = 0
    seconds: float = 0

    @property
    def different_words(self):
        return len(set(self.lemmas))

    @property
    def lexical_range(self):
        """Return the moving-average type–token ratio, None below WINDOW words.

        The share of different words among WINDOW running ones, on the average of all
        such windows: unlike the plain ratio it doesn't fall with the text's length.
        Covington & McFall 2010, “Cutting the Gordian Knot: The Moving-Average
        Type–Token Ratio (MATTR)”; here of base forms, so that endings add nothing.
        """
        if len(self.lemmas) < WINDOW:
            return None
        return in_a_row(self.lemmas) / WINDOW

    @property
    def words_per_minute(self):
        return 60 * self.timed_words / self.seconds if self.seconds else None

    @property
    def target_share(self):
        """Return the share (0–1) of words in sentences in the target language."""
        return self.target_words / self.words if self.words else None

    @property
    def filler_count(self):
        return self.fillers.total()

    @property
    def fillers_by_count(self):
        """Return (filler, how often), the most frequent first."""
        return self.fillers.most_common()


class Trend(NamedTuple):
    """What a figure was in the first third of the messages, and in the last."""

    first: float
    last: float

    @property
    def direction(self):
        """Return "up" or "down" for a change by a tenth or more, else "level"."""
        if abs(self.last - self.first) < self.first / 10:
            return "level"
        return "up" if self.last > self.first else "down"


def measure(text, language, seconds=None):
    """Return what one message measures; `seconds` from the tutor's to it, if known.

    A time out of the range from LEAST to MOST says nothing, and is left out.
    """
    words = target_words = 0
    lemmas = []
    for sentence in sentences(text):
        tokens = lexicon.tokens(sentence, language)
        words += len(tokens)
        if identify(sentence, language) == language:
            target_words += len(tokens)
            lemmas += [lexicon.lemma(token.text, language) for token in tokens]
    is_timed = seconds is not None and LEAST <= seconds <= MOST and words
    return Measured(
        words,
        target_words,
        lemmas,
        Counter(fillers_in(text, language)),
        words if is_timed else 0,
        seconds if is_timed else 0,
    )


def together(measured):
    """Return the `Measured` of several messages."""
    return Measured(
        sum(one.words for one in measured),
        sum(one.target_words for one in measured),
        [lemma for one in measured for lemma in one.lemmas],
        sum((one.fillers for one in measured), Counter()),
        sum(one.timed_words for one in measured),
        sum(one.seconds for one in measured),
    )


def trends(measured):
    """Return the `Trend`s of length and pace by name, as far as there are any."""
    third = len(measured) // 3
    if len(measured) < TRENDING:
        return {}
    first, last = together(measured[:third]), together(measured[-third:])
    found = {"words": Trend(first.words / third, last.words / third)}
    paces = (first.words_per_minute, last.words_per_minute)
    if None not in paces:
        found["words_per_minute"] = Trend(*paces)
    return found


def fillers_in(text, language):
    """Return the fillers in the text as the file has them, in order."""
    plain = unicodedata.normalize("NFC", text).replace("’", "'")
    found = _fillers(language).findall(plain)
    written = {one.casefold(): one for one in filler_words()[language]}
    return [written[" ".join(one.split()).casefold()] for one in found]


@cache
def filler_words():
    """Return the fillers by language."""
    return tomllib.loads(FILLERS.read_text(encoding="utf-8"))


@cache
def _fillers(language):
    longest_first = sorted(filler_words()[language], key=len, reverse=True)
    words = "|".join(re.escape(one).replace(r"\ ", r"\s+") for one in longest_first)
    return re.compile(rf"(?<![\w'-])(?:{words})(?![\w'-])", re.IGNORECASE)
