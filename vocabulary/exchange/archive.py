"""Lingo's own JSON: a learner's words with their memory and the log of reviews.

    {"format": "lingo-vocabulary", "version": 1,
     "items": [{language, lemma, word, …, memory: {…}, reviews: [{…}]}],
     "marks": [{language, lemma, mark}]}

Written out, deleted and read in again, it is the same to the byte.
"""

import json
from datetime import date, datetime
from typing import Annotated, Any, Literal, NamedTuple

from django.db.models import Prefetch
from pydantic import AfterValidator, Field, ValidationError, model_validator

from lingo.shapes import Count, LanguageCode, Moment, Part, Storable, problems
from lingo.text import storable
from vocabulary.errors import UnreadableFile
from vocabulary.managers import WORD_LENGTH, clean_word, searchable
from vocabulary.models import Review, VocabularyItem, WordMark
from vocabulary.scheduling import Memory

BATCH = 500
FORMAT, VERSION = "lingo-vocabulary", 1

Word = Annotated[str, Field(max_length=WORD_LENGTH), AfterValidator(clean_word)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Share = Annotated[Number, Field(ge=0, le=1)]
SmallCount = Annotated[int, Field(ge=0, le=32_767, strict=True)]

Text100 = Annotated[Storable, Field(max_length=100)]
Text200 = Annotated[Storable, Field(max_length=200)]
# Pages show it as a link: other schemes could run a script.
WebAddress = Annotated[
    str,
    Field(max_length=2000, pattern="^([Hh][Tt][Tt][Pp][Ss]?://|$)"),
    AfterValidator(storable),
]


class ArchivedMemory(Part):
    """What FSRS knows of a word; stability in days."""

    state: Literal[1, 2, 3]
    step: SmallCount | None
    stability: Annotated[Number, Field(gt=0)] | None
    difficulty: Annotated[Number, Field(ge=1, le=10)] | None
    due: Moment
    last_review: Moment | None

    @model_validator(mode="after")
    def _is_whole(self):
        learned = (self.stability, self.difficulty, self.last_review)
        if len({value is None for value in learned}) > 1:
            raise ValueError(
                "stability, difficulty and last_review come with the first review."
            )
        return self

    def as_memory(self):
        return Memory(**dict(self))


class ArchivedReview(Part):
    """One review; `before` and `after` are the memory that it found and left."""

    client_id: Annotated[Text100, Field(min_length=1)]
    kind: Review.Kind
    rating: Literal[1, 2, 3, 4]
    before: ArchivedMemory
    after: ArchivedMemory
    desired_retention: Annotated[Number, Field(gt=0, lt=1)]
    predicted: Share | None
    duration_ms: Count | None
    study_seconds: SmallCount
    evidence: Storable
    source_id: Text100
    reviewed_at: Moment
    reviewed_on: date
    undone_at: Moment | None

    def columns(self):
        """Return the columns of the `Review`, but for learner and item."""
        return {
            **dict(self),
            "before": self.before.as_memory().as_json(),
            "after": self.after.as_memory().as_json(),
        }


class ArchivedItem(Part):
    """A word with all that is known of it, and every review of it."""

    language: LanguageCode
    lemma: Word
    word: Word
    translation: Text200
    definition: Storable
    phonetic: Text200
    example: Storable
    source: VocabularyItem.Source
    source_id: Text100
    source_url: WebAddress
    difficulty_level: Annotated[int, Field(ge=1, le=10, strict=True)]
    frequency: Number | None
    introduced_at: Moment
    introduced_on: date
    progress_recorded_at: Moment | None
    is_suspended: bool
    times_correct: Count
    times_incorrect: Count
    lapses: Count
    memory: ArchivedMemory
    reviews: list[ArchivedReview]

    @model_validator(mode="after")
    def _is_reviewed_once_by_a_conversation(self):
        sources = [one.source_id for one in self.reviews if one.kind != "card"]
        if len(sources) > len(set(sources)):
            raise ValueError("Two reviews are of the same conversation.")
        return self

    def columns(self):
        """Return the columns of the `VocabularyItem`, but for the learner; and those
        of its `Review`s."""
        columns = dict(self)
        reviews = [review.columns() for review in columns.pop("reviews")]
        memory = columns.pop("memory").as_memory()
        search_text = searchable(self.word, self.lemma, self.translation)
        return {**columns, **memory._asdict(), "search_text": search_text}, reviews


class ArchivedMark(Part):
    language: LanguageCode
    lemma: Word
    mark: WordMark.Mark

    def columns(self):
        """Return the columns of the `WordMark`, but for the learner."""
        return dict(self)


class _Envelope(Part):
    """What must be right for anything in it to be read."""

    format: Literal["lingo-vocabulary"]
    version: Literal[1]
    items: list[Any]
    marks: list[Any] = []


class VocabularyArchive(_Envelope):
    """A learner's words with their memory, their log of reviews, and marked words."""

    items: list[ArchivedItem]
    marks: list[ArchivedMark] = []


class Archive(NamedTuple):
    """What was read: columns of items with their number, of marks, and what is wrong.

    `items` are (number, (columns, columns of each review)), `refused` (number, reason).
    """

    items: list[tuple[int, tuple[dict, list[dict]]]]
    marks: list[tuple[int, dict]]
    refused: list[tuple[int, str]]


ITEM = [name for name in ArchivedItem.model_fields if name not in ("memory", "reviews")]
REVIEW = list(ArchivedReview.model_fields)
MARK = list(ArchivedMark.model_fields)


def write(items, reviews, marks, file):
    """Write the words to the binary file, one a line.

    The items are never all in memory; one query more for the reviews of each 500.
    """
    file.write(f'{{"format": "{FORMAT}", "version": {VERSION}, "items": ['.encode())
    found = items.prefetch_related(Prefetch("reviews", reviews))
    _write_lines(file, map(item_as_json, found.iterator(chunk_size=BATCH)))
    file.write(b'],\n"marks": [')
    found = marks.iterator(chunk_size=BATCH)
    _write_lines(file, ({name: getattr(mark, name) for name in MARK} for mark in found))
    file.write(b"]}\n")


def _write_lines(file, values):
    for number, value in enumerate(values):
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        file.write(f"{',' if number else ''}\n{text}".encode())


def item_as_json(item):
    """Return the item with its reviews as values of `ArchivedItem`, ready for JSON."""
    return {
        **_as_json(item, ITEM),
        "memory": item.memory.as_json(),
        "reviews": [review_as_json(review) for review in item.reviews.all()],
    }


def review_as_json(review):
    # PostgreSQL keeps no order of keys.
    memories = {
        name: Memory.from_json(getattr(review, name)).as_json()
        for name in ("before", "after")
    }
    return _as_json(review, REVIEW) | memories


def _as_json(row, names):
    values = {name: getattr(row, name) for name in names}
    return {
        name: value.isoformat() if isinstance(value, date | datetime) else value
        for name, value in values.items()
    }


def read(data):
    """Return the `Archive` of bytes, or of JSON parsed already.

    An item or mark that is wrong is refused, with its number in the list. Raises
    UnreadableFile where it is no archive.
    """
    if isinstance(data, bytes):
        try:
            data = json.loads(data.decode("utf-8-sig"))
        except (ValueError, RecursionError) as error:
            raise UnreadableFile("This is no JSON, or a damaged file.") from error
    try:
        envelope = _Envelope.model_validate(data)
    except ValidationError as error:
        found = problems(error, whole="archive")
        raise UnreadableFile(
            f"This is no vocabulary of Lingo’s (“format”: “{FORMAT}”, “version”: "
            f"{VERSION}).",
            found,
        ) from None
    refused = []
    items = list(_checked(ArchivedItem, envelope.items, refused, ""))
    marks = list(_checked(ArchivedMark, envelope.marks, refused, "Marked words: "))
    return Archive(items, marks, refused)


def _checked(shape, values, refused, prefix):
    """Yield (number, columns) of each right value, and note each wrong one."""
    for number, value in enumerate(values, start=1):
        try:
            yield number, shape.model_validate(value).columns()
        except ValidationError as error:
            path, why = next(iter(problems(error, whole="item").items()))
            refused.append((number, f"{prefix}{path}: {why}"))
