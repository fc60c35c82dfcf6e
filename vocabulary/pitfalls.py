"""Where spelling misleads: letters of a word that learners often say wrong.

`content/pitfalls.toml` has them by target language, each with a reason in all six
native languages; it is checked when it is read.
"""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

from lingo.languages import LANGUAGES

PITFALLS = Path(__file__).resolve().parent / "content" / "pitfalls.toml"
KEYS = {"letters", "pattern", "example", *LANGUAGES}


class Piece(NamedTuple):
    """A part of a word, and whether it is the letters that are meant."""

    text: str
    is_marked: bool


class Pitfall(NamedTuple):
    """Letters that mislead: the word in pieces, why, and another word with them."""

    letters: str
    pieces: list[Piece]
    reason: str
    example: str


def pitfalls_in(word, language, native_language):
    """Return the `Pitfall`s of the word in the order of the file, often none."""
    found = []
    for entry in _entries()[language]:
        pieces = _pieces(word, entry["pattern"])
        if any(piece.is_marked for piece in pieces):
            reason = entry[native_language]
            found.append(Pitfall(entry["letters"], pieces, reason, entry["example"]))
    return found


def _pieces(word, pattern):
    """Return the word cut around what the pattern finds; joined they are the word."""
    pieces, end = [], 0
    for match in pattern.finditer(word):
        pieces += [Piece(word[end : match.start()], False), Piece(match[0], True)]
        end = match.end()
    pieces.append(Piece(word[end:], False))
    return [piece for piece in pieces if piece.text]


@cache
def _entries():
    return read(PITFALLS.read_text(encoding="utf-8"))


def read(text):
    """Return the entries by language, their patterns compiled.

    Raises ValueError, which names the entry, where something is missing, unknown or
    empty, or where the example doesn't have the letters.
    """
    tables = tomllib.loads(text)
    if tables.keys() != LANGUAGES.keys():
        raise ValueError(f"Pitfalls are needed of exactly {', '.join(LANGUAGES)}.")
    return {
        code: [_checked(entry, code) for entry in entries]
        for code, entries in tables.items()
    }


def _checked(entry, code):
    name = f"[[{code}]] {entry.get('letters', '')}".strip()
    if entry.keys() != KEYS:
        wrong = ", ".join(sorted(entry.keys() ^ KEYS))
        raise ValueError(f"{name}: missing or unknown: {wrong}")
    empty = [key for key, text in entry.items() if not str(text).strip()]
    if empty:
        raise ValueError(f"{name}: empty: {', '.join(empty)}")
    try:
        pattern = re.compile(entry["pattern"], re.IGNORECASE)
    except re.error as error:
        raise ValueError(f"{name}: {error}") from error
    if not any(piece.is_marked for piece in _pieces(entry["example"], pattern)):
        raise ValueError(f"{name}: “{entry['example']}” does not have the letters.")
    return {**entry, "pattern": pattern}
