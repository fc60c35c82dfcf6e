"""Why the sources that have no rules correct something, in the learner's language."""

from functools import cache
from pathlib import Path

from lingo.content import Table, Text, read

FILE = Path(__file__).resolve().parent.parent / "content" / "reasons.toml"


class Reasons(Table):
    spelling: Text
    accents: Text
    masculine: Text
    feminine: Text
    neuter: Text
    plural: Text


@cache
def reasons():
    """Return the `Reasons`. Raises MalformedContent."""
    return read(FILE, Reasons)


def reason(name, native_language, word):
    """Return the reason of that name about a word, in the native language."""
    return getattr(reasons(), name)[native_language].format(word=word)
