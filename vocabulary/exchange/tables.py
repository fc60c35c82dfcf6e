"""A file of words as a table, and what its columns may mean."""

from typing import NamedTuple

from lingo import languages

# What a column can be, as columns of a vocabulary item; and what it is called.
MEANINGS = {
    "word": "Word",
    "translation": "Translation",
    "definition": "Definition",
    "example": "Example sentence",
    "phonetic": "Sound",
    "language": "Language",
}
# Other names by which a column is known: those of Anki's own and common note types.
ALIASES = {
    "front": "word",
    "expression": "word",
    "term": "word",
    "vocabulary": "word",
    "back": "translation",
    "meaning": "translation",
    "sentence": "example",
    "example sentence": "example",
    "context": "example",
    "ipa": "phonetic",
    "pronunciation": "phonetic",
    "sound": "phonetic",
    "deck’s language": "language",
}
# Columns of other programs that are none of a word's texts.
NO_TEXT = {"guid", "note type", "tags", "audio", "image", "picture"}
# The column that says which language a note's deck is named after.
DECK = "Deck’s language"
MOST_COLUMNS = 100
# The most rows that a table may have.
MOST_ROWS = 100_000


class Row(NamedTuple):
    """One word: its line in a text file, else its number; and its texts."""

    line: int
    cells: list[str]


class Table(NamedTuple):
    """The rows of a file under the names of its columns.

    `has_header` says whether the first line was taken for these names; it is None where
    the names don't come from a line.
    """

    columns: list[str]
    rows: list[Row]
    has_header: bool | None = None


def meaning(name):
    """Return what a column of this name is, or ""."""
    key = _key(name)
    return key if key in MEANINGS else ALIASES.get(key, "")


def _key(name):
    return " ".join(name.replace("_", " ").split()).casefold()


def guess(columns):
    """Return for each column what it seems to be, "" for nothing; each at most once.

    Where no column is the word, the first of unknown name is, and the next of them
    the translation.
    """
    guessed = []
    for name in columns:
        found = meaning(name)
        guessed.append("" if found in guessed else found)
    if "word" not in guessed:
        free = [
            at
            for at, name in enumerate(columns)
            if not guessed[at] and _key(name) not in NO_TEXT
        ]
        missing = [one for one in ("word", "translation") if one not in guessed]
        for at, found in zip(free, missing, strict=False):
            guessed[at] = found
    return guessed


def check(meanings):
    """Raise ValueError where the columns can't mean this: one is the word."""
    if "word" not in meanings:
        raise ValueError("Say which column is the word.")
    for name, label in MEANINGS.items():
        if list(meanings).count(name) > 1:
            raise ValueError(f"Two columns are the same: {label}.")


def deck_language(name):
    """Return the language that a deck is named after ("Lingo::Spanish"), or ""."""
    found = (languages.resolve(part) for part in reversed(name.split("::")))
    return next(filter(None, found), "")
