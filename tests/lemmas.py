"""How many base forms of the hand-checked lists Lingo gets right.

`python -m tests.lemmas` prints the table that the README shows.
"""

import sys
from pathlib import Path
from typing import NamedTuple

from lingo.languages import LANGUAGES
from vocabulary import lexicon

LISTS = Path(__file__).resolve().parent / "vocabulary" / "lemmas"
DRAWN = "# Drawn"


class Pair(NamedTuple):
    form: str
    base: str
    is_drawn: bool


def pairs(language):
    """Return the hand-checked pairs of a language, in their order."""
    found, is_drawn = [], False
    for line in (LISTS / f"{language}.tsv").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            is_drawn = line == DRAWN
        else:
            found.append(Pair(*line.split("\t"), is_drawn))
    return found


def wrong(language):
    """Return the pairs whose base form Lingo gets wrong, each with what it gets."""
    looked_up = [(pair, lexicon.lemma(pair.form, language)) for pair in pairs(language)]
    return [(pair, base) for pair, base in looked_up if base != pair.base]


def accuracy(language, is_drawn):
    """Return how many base forms are right, in percent, and of how many."""
    count = sum(pair.is_drawn == is_drawn for pair in pairs(language))
    missed = sum(pair.is_drawn == is_drawn for pair, _ in wrong(language))
    return 100 * (count - missed) / count, count


def table():
    """Return the accuracies as a table in Markdown."""
    rows = ["| Language | Chosen words | Drawn words |", "|---|---|---|"]
    for code, language in LANGUAGES.items():
        measured = [accuracy(code, is_drawn) for is_drawn in (False, True)]
        cells = [f"{percent:.1f} % of {count}" for percent, count in measured]
        rows.append(f"| {language.name} | {' | '.join(cells)} |")
    return "\n".join(rows)


if __name__ == "__main__":
    sys.stdout.write(table() + "\n")
