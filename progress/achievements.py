"""The catalogue of achievements: what its file must hold, and reading it.

The format is described in progress/content/README.md.
"""

from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from lingo.content import Slug, Table, Text, read

FILE = Path(__file__).resolve().parent / "content" / "achievements.toml"

# In the order in which they are shown, with their headings.
CATEGORIES = {
    "conversation": "Conversation",
    "vocabulary": "Vocabulary",
    "mastery": "Mastery",
    "streak": "Days and time",
    "scenario": "Scenarios",
    "exploration": "Exploration",
}
# What can be measured, with the name of one and of several.
MEASURES = {
    "turns": ("turn", "turns"),
    "conversations": ("conversation", "conversations"),
    "words": ("word", "words"),
    "words-used": ("word used", "words used"),
    "reviews": ("review", "reviews"),
    "words-known": ("word", "words"),
    "right-in-row": ("review in a row", "reviews in a row"),
    "days-in-row": ("day in a row", "days in a row"),
    "study-days": ("day", "days"),
    "minutes": ("minute", "minutes"),
    "scenarios": ("scenario", "scenarios"),
    "scenario-runs": ("scenario", "scenarios"),
    "objectives": ("objective", "objectives"),
    "languages": ("language", "languages"),
    "topics": ("topic", "topics"),
    "focuses": ("focus", "focuses"),
}
RARITIES = ("common", "uncommon", "rare", "epic")


def _one_of(names):
    def check(name):
        if name not in names:
            raise ValueError(f"“{name}” is none of: {', '.join(names)}")
        return name

    return AfterValidator(check)


class Achievement(Table):
    """What is awarded once `measure` has come to `at_least`."""

    slug: Slug
    category: Annotated[str, _one_of(CATEGORIES)]
    measure: Annotated[str, _one_of(MEASURES)]
    at_least: int = Field(ge=1, le=1_000_000)
    points: int = Field(ge=1, le=1_000)
    rarity: Annotated[str, _one_of(RARITIES)]
    title: Text
    description: Text

    @property
    def unit(self):
        """What `at_least` counts, in words."""
        one, several = MEASURES[self.measure]
        return one if self.at_least == 1 else several


class Catalogue(Table):
    achievement: list[Achievement] = Field(min_length=1)

    @model_validator(mode="after")
    def _has_no_double(self):
        for names in ("slug",), ("measure", "at_least"):
            seen = set()
            for one in self.achievement:
                key = tuple(getattr(one, name) for name in names)
                if key in seen:
                    raise ValueError(f"“{one.slug}” is there twice ({names[0]})")
                seen.add(key)
        return self


@cache
def catalogue():
    """Return the achievements by slug, as the file orders them.

    Raises MalformedContent.
    """
    return {one.slug: one for one in read(FILE, Catalogue).achievement}
