"""Lingo's own JSON: everything of a learner's words, and the same again."""

import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from progress.models import LearningProgress, StudyDay
from tests.exchanging import brought, exported
from tests.factories import LearnerFactory, introduce
from vocabulary import memories
from vocabulary.adding import add_word, remove_word
from vocabulary.errors import UnreadableFile
from vocabulary.exchange import archive
from vocabulary.managers import NewWord
from vocabulary.models import Review, VocabularyItem, WordMark
from vocabulary.reviewing import review, undo


@pytest.fixture
def full(learner):
    """A learner with words of every kind: reviewed, undone, forgotten, suspended."""
    now = timezone.now() - timedelta(days=30)
    casa, _ = add_word(learner, "es", "casas", translation="house", example="¡Sí!")
    for day, rating in enumerate((3, 3, 1, 4)):
        at = now + timedelta(days=3 * day)
        review(casa, rating, client_id=f"casa-{day}", at=at, duration_ms=900)
    talk = {"kind": Review.Kind.CONVERSATION, "source_id": "talk-1", "evidence": "Él."}
    done, _ = review(casa, 3, client_id="talk", at=now + timedelta(days=20), **talk)
    undo(done)
    introduce(learner, NewWord("pan", "bread"), "día", source="conversation")
    introduce(learner, "maison", language="fr", source_url="https://example.org/é")
    VocabularyItem.objects.filter(lemma="pan").update(is_suspended=True)
    for language, words in (("es", 2), ("fr", 1)):
        StudyDay.objects.record(learner, language, learner.local_date(), words=words)
    WordMark.objects.create(learner=learner, language="es", lemma="ya", mark="known")
    WordMark.objects.create(learner=learner, language="fr", lemma="ah", mark="ignored")
    return learner


def test_after_deleting_all_it_imports_identically(full):
    before = exported(full, "json")
    for item in VocabularyItem.objects.for_learner(full):
        item.learner = full
        remove_word(item)
    WordMark.objects.all().delete()

    assert brought(full, before) == (4, [])

    assert exported(full, "json") == before
    assert memories.rebuild() == (4, 0)


def test_another_account_gets_the_same(full):
    before = exported(full, "json")
    other = LearnerFactory()

    assert brought(other, before) == (4, [])
    assert brought(other, before) == (0, [])

    assert exported(other, "json") == before
    assert memories.rebuild() == (8, 0)
    for item in VocabularyItem.objects.for_learner(other):
        mine = VocabularyItem.objects.for_learner(full).get(lemma=item.lemma)
        assert item.search_text == mine.search_text


def test_words_count_on_their_own_days_and_are_taken_back_from_there(full):
    data = json.loads(exported(full, "json"))
    for number, item in enumerate(data["items"]):
        item["introduced_on"] = f"2025-01-0{1 + number // 2}"
    other = LearnerFactory()
    brought(other, json.dumps(data).encode())

    days = StudyDay.objects.for_learner(other)
    worded = days.filter(words__gt=0)
    assert sorted(worded.values_list("date__day", "language", "words")) == [
        (1, "es", 2),
        (2, "es", 1),
        (2, "fr", 1),
    ]
    learned = LearningProgress.objects.for_learner(other).get()
    assert (learned.language, learned.words_learned) == ("es", 1)
    standing = Review.objects.for_learner(other).standing()
    assert 0 < standing.count() == days.totals()["reviews"]
    for item in VocabularyItem.objects.for_learner(other):
        remove_word(item)
    assert set(days.totals().values()) == {0}


def test_a_word_that_is_there_stays_as_it_is(full):
    data = exported(full, "json")
    other = LearnerFactory()
    mine = introduce(other, NewWord("casa", "home"))[0]
    review(mine, 2, client_id="mine")
    kept = VocabularyItem.objects.for_learner(other).values().get()

    assert brought(other, data) == (3, [])

    assert VocabularyItem.objects.filter(pk=mine.pk).values().get() == kept
    assert list(mine.reviews.values_list("client_id", flat=True)) == ["mine"]


def test_a_mark_that_is_there_stays_as_it_is(full):
    other = LearnerFactory()
    WordMark.objects.create(learner=other, language="es", lemma="ya", mark="ignored")

    brought(other, exported(full, "json"))

    marks = WordMark.objects.filter(learner=other).order_by("language")
    assert list(marks.values_list("lemma", "mark")) == [
        ("ya", "ignored"),
        ("ah", "ignored"),
    ]


def test_a_review_that_is_there_is_not_there_twice(full):
    other = LearnerFactory()
    mine = introduce(other, "mesa")[0]
    review(mine, 3, client_id="casa-0")

    assert brought(other, exported(full, "json")) == (4, [])

    reviews = Review.objects.for_learner(other)
    assert reviews.count() == 5
    assert reviews.get(client_id="casa-0").item == mine


def test_a_word_under_another_base_form_is_there_already(full):
    data = json.loads(exported(full, "json"))
    item = next(one for one in data["items"] if one["lemma"] == "casa")
    item["lemma"] = "CASA"

    assert brought(full, json.dumps(data).encode()) == (0, [])


def test_one_language_comes_with_its_own_marks(full):
    data = json.loads(exported(full, "json", "fr"))
    assert [item["lemma"] for item in data["items"]] == ["maison"]
    assert data["marks"] == [{"language": "fr", "lemma": "ah", "mark": "ignored"}]


def test_an_archive_of_nothing_is_one(learner):
    data = exported(learner, "json")
    assert json.loads(data) == {
        "format": "lingo-vocabulary",
        "version": 1,
        "items": [],
        "marks": [],
    }
    assert brought(learner, data) == (0, [])


@pytest.mark.parametrize("count", [1, 50])
def test_writing_takes_the_same_queries_for_any_number(
    learner, count, django_assert_num_queries
):
    for n, item in enumerate(introduce(learner, *(f"zq{n}k" for n in range(count)))):
        review(item, 3, client_id=str(n))
    with django_assert_num_queries(3):  # items, their reviews, marks
        exported(learner, "json")


def changed(full, path, value):
    """Return an export in which what `path` leads to in its first item is changed."""
    data = json.loads(exported(full, "json"))
    part = data["items"][0]
    *steps, last = path
    for step in steps:
        part = part[step]
    part[last] = value
    return json.dumps(data).encode()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["lemma"], ""),
        (["lemma"], "x" * 101),
        (["word"], "123"),
        (["word"], "a\x00"),
        (["translation"], "x" * 201),
        (["example"], "\ud800"),
        (["language"], "xx"),
        (["source"], "nowhere"),
        (["source_url"], "javascript:alert(1)"),
        (["source_url"], f"https://example.org/{'x' * 2000}"),
        (["difficulty_level"], 11),
        (["difficulty_level"], 10**400),
        (["introduced_at"], "yesterday"),
        (["introduced_at"], "0001-01-01T00:00:00Z"),
        (["times_correct"], -1),
        (["times_correct"], 2**31),
        (["frequency"], "often"),
        (["memory", "state"], 4),
        (["memory", "stability"], 0),
        (["memory", "stability"], None),
        (["memory", "difficulty"], 11),
        (["memory", "due"], None),
        (["reviews"], {}),
        (["reviews", 0, "rating"], 5),
        (["reviews", 0, "kind"], "dream"),
        (["reviews", 0, "client_id"], ""),
        (["reviews", 0, "predicted"], 2),
        (["reviews", 0, "study_seconds"], 40_000),
        (["reviews", 0, "desired_retention"], 1),
        (["reviews", 0, "before"], {}),
        (["more"], 1),
    ],
)
def test_a_wrong_item_is_refused_and_the_others_come_in(full, path, value):
    data = changed(full, path, value)
    other = LearnerFactory()

    new, refused = brought(other, data)

    assert (new, [number for number, _ in refused]) == (3, [1])
    assert refused[0][1].startswith(str(path[0]))


def test_two_reviews_of_one_conversation_are_refused(full):
    data = json.loads(exported(full, "json"))
    for one in data["items"][0]["reviews"]:
        one |= {"kind": "conversation", "source_id": "talk-1"}

    new, refused = brought(LearnerFactory(), json.dumps(data).encode())

    assert new == 3
    assert "same conversation" in refused[0][1]


def test_an_item_or_a_mark_that_is_no_object_is_refused(learner):
    data = {
        "format": "lingo-vocabulary",
        "version": 1,
        "items": ["casa"],
        "marks": [5, {"language": "es", "lemma": "ya", "mark": "liked"}],
    }
    new, refused = brought(learner, data)
    assert new == 0
    assert [number for number, _ in refused] == [1, 1, 2]
    assert refused[2][1].startswith("Marked words: mark")


@pytest.mark.parametrize(
    ("data", "part"),
    [
        ({}, "format"),
        ({"format": "lingo-vocabulary", "version": 2, "items": []}, "version"),
        ({"format": "lingo-vocabulary", "version": 1}, "items"),
        ({"format": "lingo-vocabulary", "version": 1, "items": 1}, "items"),
        ({"format": "other", "version": 1, "items": []}, "format"),
        ({"format": "lingo-vocabulary", "version": 1, "items": [], "x": 1}, "x"),
        ([], "archive"),
    ],
)
def test_what_is_no_archive_says_where(data, part):
    with pytest.raises(UnreadableFile, match="no vocabulary of Lingo’s") as caught:
        archive.read(json.dumps(data).encode())
    assert part in caught.value.problems


@pytest.mark.parametrize(
    "data", [b"{", b'{"a": "\xff"}', b"[" * 100_000, b'{"a": ' + b"9" * 5000 + b"}"]
)
def test_what_is_no_json_is_refused(data):
    with pytest.raises(UnreadableFile, match="no JSON"):
        archive.read(data)


def test_numbers_that_are_none_are_refused(full):
    for number in (b"NaN", b"Infinity", b"1e999"):
        found = rb'"frequency":[^,]*'
        data = re.sub(found, b'"frequency":' + number, exported(full, "json"))
        new, refused = brought(LearnerFactory(), data)
        assert (new, len(refused)) == (0, 4)
