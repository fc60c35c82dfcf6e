"""Taking words out: one file, in one of three formats."""

import tempfile
from typing import BinaryIO, NamedTuple

from django.db import models

from lingo.languages import LANGUAGES
from vocabulary.exchange import anki_packages, archive, csv_files
from vocabulary.models import Review, VocabularyItem, WordMark

# Files larger than this wait on disk.
IN_MEMORY = 2**20


class Format(models.TextChoices):
    CSV = "csv", "CSV"
    ANKI = "apkg", "Anki package"
    JSON = "json", "JSON"


MEDIA_TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    # As Anki registers it.
    Format.ANKI: "application/x-apkg",
    Format.JSON: "application/json",
}


class Export(NamedTuple):
    """A file, open at its beginning."""

    file: BinaryIO
    name: str
    media_type: str


def export(learner, wanted, language=""):
    """Return the learner's words of a language, or all, as an `Export`.

    The file is made before any of it is sent: who takes it slowly holds up no query.
    """
    items = VocabularyItem.objects.for_learner(learner).order_by("language", "lemma")
    marks = WordMark.objects.filter(learner=learner).order_by("language", "lemma")
    if language:
        items, marks = items.filter(language=language), marks.filter(language=language)
    file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115
    if wanted == Format.JSON:
        archive.write(items, Review.objects.for_learner(learner), marks, file)
    elif wanted == Format.ANKI:
        anki_packages.write(items, file)
    else:
        csv_files.write(items, file)
    file.seek(0)
    about = LANGUAGES[language].name.lower() if language else "vocabulary"
    name = f"lingo-{about}-{learner.local_date()}.{wanted}"
    return Export(file, name, MEDIA_TYPES[wanted])
