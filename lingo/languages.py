"""The languages that Lingo teaches, and the levels it teaches them at."""

from typing import NamedTuple

from django.db.models import TextChoices


class Language(NamedTuple):
    """One language: ISO 639-1 code, English name, name for itself, ISO 639-3 code."""

    code: str
    name: str
    native_name: str
    long_code: str


LANGUAGES = {
    language.code: language
    for language in (
        Language("en", "English", "English", "eng"),
        Language("es", "Spanish", "Español", "spa"),
        Language("fr", "French", "Français", "fra"),
        Language("de", "German", "Deutsch", "deu"),
        Language("it", "Italian", "Italiano", "ita"),
        Language("pt", "Portuguese", "Português", "por"),
    )
}

CHOICES = [(language.code, language.name) for language in LANGUAGES.values()]


class Level(TextChoices):
    """How far a learner has come; the CEFR level each roughly stands for."""

    BEGINNER = "beginner", "Beginner (A1)"
    ELEMENTARY = "elementary", "Elementary (A2)"
    INTERMEDIATE = "intermediate", "Intermediate (B1)"
    UPPER_INTERMEDIATE = "upper-intermediate", "Upper intermediate (B2)"
    ADVANCED = "advanced", "Advanced (C1)"
    PROFICIENT = "proficient", "Proficient (C2)"


def other_than(native):
    """Return the code of the first language that isn't this native one."""
    return next(code for code in LANGUAGES if code != native)


def in_language(texts, code):
    """Return the text of a table by language code, in another language if need be."""
    return texts.get(code) or texts.get("en") or next(iter(texts.values()))


def resolve(name):
    """Return the code of a language given by code, locale or name, or None.

    >>> resolve("es"), resolve("pt-BR"), resolve("deu"), resolve("Deutsch"), resolve("")
    ('es', 'pt', 'de', 'de', None)
    """
    key = name.strip().casefold()
    for language in LANGUAGES.values():
        names = (
            language.code,
            language.long_code,
            language.name.casefold(),
            language.native_name.casefold(),
        )
        if key in names or key.replace("_", "-").split("-")[0] == language.code:
            return language.code
    return None
