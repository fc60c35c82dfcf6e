"""Bringing words in from a file: read, looked at, and saved whole or not at all.

A word that the learner has already stays as it is, so that importing again is harmless.
"""

from collections import defaultdict
from typing import NamedTuple

from django.utils import timezone

from lingo import languages
from lingo.text import storable
from lingo.writing import first_wins
from vocabulary import counting, glossary, lexicon
from vocabulary.errors import UnreadableFile, UploadNotFound
from vocabulary.exchange import anki_packages, archive, csv_files
from vocabulary.exchange.archive import Archive
from vocabulary.exchange.tables import MEANINGS, guess
from vocabulary.managers import NewWord, clean_word, columns_of_new, searchable
from vocabulary.models import Review, VocabularyItem, VocabularyUpload, WordMark

BATCH = 500
# How many words a preview shows.
SHOWN = 20
# How many refused rows the outcome of an upload remembers.
REMEMBERED = 1000
LENGTHS = {"translation": 200, "definition": 2000, "example": 2000, "phonetic": 200}


class Entry(NamedTuple):
    """A word that can come in: columns of an item, and of its reviews."""

    line: int
    item: dict
    reviews: list[dict] = []

    @property
    def language_name(self):
        return languages.LANGUAGES[self.item["language"]].name

    @property
    def key(self):
        return self.item["language"], self.item["lemma"]

    @property
    def keys(self):
        """The keys under which the learner may have it already.

        An archive may say another base form than the lexicon does by now.
        """
        language = self.item["language"]
        return {self.key, (language, lexicon.lemma(self.item["word"], language))}


class Refused(NamedTuple):
    """A row that can't come in; its line in a text file, else its number."""

    line: int
    reason: str


class Found(NamedTuple):
    """What a file brings: entries, refused rows, and columns of marked words."""

    entries: list[Entry]
    refused: list[Refused]
    marks: list[dict] = []


class Preview(NamedTuple):
    """What importing would do: counts, and the first words as (entry, is_new)."""

    new: int
    known: int
    refused: list[Refused]
    shown: list[tuple[Entry, bool]]


def read(data, *, name="", has_header=None):
    """Return the `Table` or the `Archive` that a file holds.

    `data` is its bytes, or an archive's JSON parsed already; what it is shows in its
    first bytes and its name. Raises UnreadableFile.
    """
    if isinstance(data, dict):
        return archive.read(data)
    if not data.strip():
        raise UnreadableFile("This file is empty.")
    ending = name.rpartition(".")[2].casefold()
    if data.startswith(b"PK") or ending in ("apkg", "colpkg", "zip"):
        return anki_packages.read(data)
    if data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{" or ending == "json":
        return archive.read(data)
    return csv_files.read(data, has_header)


def found_in(learner, source, *, language="", meanings=None):
    """Return as `Found` what is in a `Table` or an `Archive`.

    `language` is for rows that name none; `meanings` says for each column of a table
    what it is ("" for nothing), and None leaves it to the columns' names.
    """
    if isinstance(source, Archive):
        return Found(
            [Entry(number, *columns) for number, columns in source.items],
            [Refused(*one) for one in source.refused],
            [columns for _, columns in source.marks],
        )
    if meanings is None:
        meanings = guess(source.columns)
    now = timezone.now()
    introduced = {"at": now, "date": learner.local_date(now)}
    found = Found([], [])
    for line, cells in source.rows:
        texts = dict(zip(meanings, cells, strict=False))
        try:
            found.entries.append(Entry(line, _columns(texts, language, introduced)))
        except ValueError as error:
            found.refused.append(Refused(line, str(error)))
    _translate([entry.item for entry in found.entries], learner.native_language)
    return found


def _translate(items, native_language):
    """Give items, as columns, that have no translation the glossary's, if it has one.

    One statement for each 500 of a language.
    """
    bare = defaultdict(list)
    for item in items:
        if not item["translation"]:
            bare[item["language"]].append(item)
    for language, without in bare.items():
        for batch in _batches(without):
            words = [item["word"] for item in batch]
            found = glossary.translations(language, words, native_language)
            for item in batch:
                item["translation"] = found.get(item["word"], "")
                item["search_text"] = searchable(
                    item["word"], item["lemma"], item["translation"]
                )


def _columns(texts, language, introduced):
    """Return the columns of an item from a row's texts. Raises ValueError."""
    if name := texts.get("language", ""):
        language = languages.resolve(name)
        if language is None:
            raise ValueError(f"Lingo doesn’t teach “{name[:50]}”.")
    if not language:
        raise ValueError("It isn’t said which language this word is of.")
    word = clean_word(texts.get("word", "").replace("\n", " "))
    rest = {name: storable(texts.get(name, "")) for name in LENGTHS}
    for name, most in LENGTHS.items():
        if len(rest[name]) > most:
            raise ValueError(f"{MEANINGS[name]}: at most {most} characters.")
    return columns_of_new(
        language,
        lexicon.lemma(word, language),
        NewWord(word, rest["translation"], rest["example"]),
        **introduced,
        source=VocabularyItem.Source.IMPORT,
        definition=rest["definition"],
        phonetic=rest["phonetic"],
        progress_recorded_at=introduced["at"],
    )


def preview(learner, found):
    """Return the `Preview` of bringing in what was found; nothing is saved."""
    new = _new(learner, found.entries)
    lines = {entry.line for entry in new}
    return Preview(
        new=len(new),
        known=len(found.entries) - len(new),
        refused=found.refused,
        shown=[(entry, entry.line in lines) for entry in found.entries[:SHOWN]],
    )


def bring_in(learner, found):
    """Save every word found that the learner doesn't have; return how many.

    All of them or none. They count as words of their day and as words learned. Safe to
    repeat.
    """
    return first_wins(lambda: _save(learner, found))


def bring_in_upload(upload, found):
    """Do so with what was found in an upload, once; return the upload with its outcome.

    Raises UploadNotFound where it is gone.
    """

    def write():
        mine = VocabularyUpload.objects.for_learner(upload.learner_id)
        locked = mine.filter(pk=upload.pk).defer("content").select_for_update().first()
        if locked is None:
            raise UploadNotFound
        if locked.outcome is None:
            new = _save(upload.learner, found)
            locked.outcome = {
                "new": new,
                "known": len(found.entries) - new,
                "refused": len(found.refused),
                "reasons": found.refused[:REMEMBERED],
            }
            mine.filter(pk=upload.pk).update(outcome=locked.outcome, content=b"")
        return locked

    return first_wins(write)


def _save(learner, found):
    """Save what is new in the caller's transaction; return how many words."""
    new = _new(learner, found.entries)
    items, reviews = [], []
    for batch in _batches(new):
        made = VocabularyItem.objects.bulk_create(
            VocabularyItem(learner=learner, **entry.item) for entry in batch
        )
        items += made
        reviews += _save_reviews(learner, zip(made, batch, strict=True))
    for marks in _batches(found.marks):
        WordMark.objects.bulk_create(
            [WordMark(learner=learner, **mark) for mark in marks], ignore_conflicts=True
        )
    standing = [review for review in reviews if review.undone_at is None]
    counting.record(learner, items, standing, at=timezone.now())
    return len(new)


def _new(learner, entries):
    """Return the entries whose words the learner doesn't have, each word once.

    They are in one order everywhere, so that two imports never wait for each other.
    One statement for each 500.
    """
    mine = VocabularyItem.objects.for_learner(learner)
    taken = set()
    for batch in _batches(entries):
        keys = set().union(*(entry.keys for entry in batch))
        found = mine.filter(
            language__in={language for language, _ in keys},
            lemma__in={lemma for _, lemma in keys},
        )
        taken.update(found.values_list("language", "lemma"))
    new = {}
    for entry in entries:
        if not entry.keys & taken:
            new.setdefault(entry.key, entry)
    return [entry for _, entry in sorted(new.items())]


def _save_reviews(learner, pairs):
    """Save new items' reviews, but those whose client_id is there; return them."""
    made = {
        review["client_id"]: Review(learner=learner, item=item, **review)
        for item, entry in pairs
        for review in entry.reviews
    }
    mine = Review.objects.for_learner(learner)
    saved = []
    for ids in _batches(list(made)):
        there = set(mine.filter(client_id__in=ids).values_list("client_id", flat=True))
        saved += Review.objects.bulk_create(
            made[one] for one in ids if one not in there
        )
    return saved


def _batches(rows):
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))
