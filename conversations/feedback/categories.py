"""What a correction may be of, and how much it matters: the words of the whole site.

Rules of common errors, the tutors' corrections and grammar charts share the categories.
Their names in all six languages are in conversations/content/categories.toml.
"""

from functools import cache
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, RootModel

from lingo.content import Text, read
from lingo.text import fold

NAMES = Path(__file__).resolve().parent.parent / "content" / "categories.toml"
Category = Literal[
    "agreement",
    "article",
    "aspect",
    "auxiliary",
    "capitals",
    "case",
    "comparison",
    "conjunction",
    "contraction",
    "determiner",
    "gender",
    "mood",
    "negation",
    "number",
    "preposition",
    "pronoun",
    "punctuation",
    "spelling",
    "tense",
    "verb-choice",
    "verb-form",
    "word-choice",
    "word-order",
]
# From what hinders understanding to what would be better style, in this order.
Priority = Literal["critical", "important", "minor", "suggestion"]

CATEGORIES = [
    (name, name.replace("-", " ").capitalize()) for name in get_args(Category)
]
PRIORITIES = [(name, name.capitalize()) for name in get_args(Priority)]


def _of_each(names):
    missing = set(get_args(Category)) - set(names)
    if missing:
        raise ValueError(f"no name of {', '.join(sorted(missing))}")
    return names


class Names(RootModel):
    """What each category is called, by language."""

    root: Annotated[dict[Category, Text], AfterValidator(_of_each)]


@cache
def names():
    """Return the names of the categories as texts. Raises MalformedContent."""
    return read(NAMES, Names).root


def choices_in(language):
    """Return the categories with their names in a language, in the order of those."""
    named = [(name, texts[language]) for name, texts in names().items()]
    return sorted(named, key=lambda one: fold(one[1]))
