from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from progress.models import LearningProgress, StudyDay
from tests.factories import introduce
from vocabulary import managers, reviewing
from vocabulary.adding import add_word, remove_word, remove_words
from vocabulary.managers import NewWord
from vocabulary.models import Review, VocabularyItem
from vocabulary.reviewing import review

Stage = VocabularyItem.Stage


def test_a_new_word_is_due_at_once_and_has_no_memory_yet(learner):
    item = introduce(learner, "casa")[0]

    assert item in VocabularyItem.objects.for_learner(learner).due()
    assert item.is_due
    assert (item.state, item.step) == (VocabularyItem.State.LEARNING, 0)
    assert (item.stability, item.difficulty, item.last_review) == (None, None, None)


def test_a_suspended_word_is_not_due(learner):
    introduce(learner, "casa")
    VocabularyItem.objects.update(is_suspended=True)

    assert not VocabularyItem.objects.due()
    assert not VocabularyItem.objects.get().is_due


def test_due_words_come_longest_overdue_first(learner):
    introduce(learner, "casa", "pan", "vino")
    now = timezone.now()
    for lemma, days in (("casa", 1), ("pan", 3), ("vino", -1)):
        VocabularyItem.objects.filter(lemma=lemma).update(
            due=now - timedelta(days=days)
        )

    assert [str(item) for item in VocabularyItem.objects.due()] == ["pan", "casa"]


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("es", ["casa", "Casa", "CASAS", "casas"]),
        ("es", ["café", "cafe\u0301", "Cafés"]),
        ("fr", ["cheval", "chevaux", "CHEVAL"]),
        ("de", ["Haus", "Häuser", "haus"]),
    ],
)
def test_one_lemma_is_one_item_however_it_is_written(learner, language, forms):
    for form in forms:
        introduce(learner, form, language=language)
    introduce(learner, *forms, language=language)

    assert VocabularyItem.objects.count() == 1


def test_languages_keep_their_own_words(learner):
    introduce(learner, "casa")
    introduce(learner, "casa", language="it")

    assert VocabularyItem.objects.count() == 2


def test_only_what_was_new_is_returned(learner):
    introduce(learner, "casa")

    assert [item.lemma for item in introduce(learner, "casa", "pan")] == ["pan"]


def test_a_thousand_words_take_a_constant_number_of_statements(
    learner, django_assert_max_num_queries
):
    introduce(learner, "casa")
    letters = "bcdfghjklm"
    words = [f"x{a}a{b}e{c}i" for a in letters for b in letters for c in letters][:500]

    with django_assert_max_num_queries(20):  # SQLite takes so many values a statement
        assert len(introduce(learner, *words)) == 500


def test_very_many_words_come_in_batches(learner, monkeypatch):
    monkeypatch.setattr(managers, "BATCH", 2)
    introduce(learner, "casa", "vino")

    new = introduce(learner, "pan", "casa", "sal", "vino", "mesa")

    assert [item.lemma for item in new] == ["mesa", "pan", "sal"]
    assert VocabularyItem.objects.count() == 5


def test_no_words_are_no_statement(learner, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert introduce(learner) == []


def test_a_word_keeps_how_it_was_met(learner):
    word = NewWord("casas", "house", "Dos casas.")

    item = introduce(learner, word, source="conversation", source_id="talk-1")[0]

    assert (item.lemma, item.word) == ("casa", "casas")
    assert (item.translation, item.example) == ("house", "Dos casas.")
    mine = VocabularyItem.objects.for_learner(learner)
    assert list(mine.introduced_in("talk-1")) == [item]


def test_difficulty_comes_from_the_level_where_the_word_is_unknown(learner):
    levels = {
        "beginner": 2,
        "elementary": 3,
        "intermediate": 5,
        "upper-intermediate": 7,
        "advanced": 8,
        "proficient": 9,
        "": 5,
    }

    for number, (level, difficulty) in enumerate(levels.items()):
        word = "xyqz" + "abcdefg"[number]
        item = introduce(learner, word, level=level)[0]
        assert (item.frequency, item.difficulty_level) == (None, difficulty)


@pytest.mark.parametrize("wrong", ["", "  ", "123", "…", "x" * 101, "a\x00b"])
def test_what_is_no_word_is_refused(learner, wrong):
    with pytest.raises(ValueError, match=r"word|stored"):
        introduce(learner, "casa", wrong)

    assert not VocabularyItem.objects.exists()


def test_a_word_added_by_hand_counts_at_once(learner):
    item, is_new = add_word(learner, "es", " casas ", translation="house")

    assert is_new
    assert (item.lemma, item.translation, item.source) == ("casa", "house", "learner")
    assert StudyDay.objects.get().words == 1
    assert LearningProgress.objects.get().words_learned == 1


def test_adding_a_word_again_changes_nothing(learner):
    first, _ = add_word(learner, "es", "casa", translation="house")

    again, is_new = add_word(learner, "es", "Casas", translation="home")

    assert (again, is_new, again.translation) == (first, False, "house")
    assert StudyDay.objects.get().words == 1


def test_removing_a_word_takes_back_what_it_counted(learner):
    item, _ = add_word(learner, "es", "casa")

    remove_word(item)

    assert not VocabularyItem.objects.exists()
    assert StudyDay.objects.get().words == 0
    assert LearningProgress.objects.get().words_learned == 0


def test_removing_a_word_takes_back_its_reviews_and_their_time(learner):
    item, _ = add_word(learner, "es", "casa")
    other, _ = add_word(learner, "es", "mesa")
    start = timezone.now() - timedelta(days=3)
    for seconds, word in enumerate([other, item, item, other]):
        at = start + timedelta(seconds=20 * seconds)
        reviewing.review(word, 3, client_id=f"{seconds}", at=at)
    reviewing.undo(Review.objects.get(client_id="2"))

    remove_word(item)

    day = StudyDay.objects.get(date=learner.local_date(start))
    assert (day.reviews, day.study_seconds) == (2, 20)
    assert LearningProgress.objects.get().study_seconds == 20
    assert Review.objects.count() == 2


def test_removing_a_word_twice_takes_back_once(learner):
    add_word(learner, "es", "pan")
    item, _ = add_word(learner, "es", "casa")
    again = VocabularyItem.objects.get(pk=item.pk)

    remove_word(item)
    remove_word(again)

    assert StudyDay.objects.get().words == 1


def test_a_word_not_counted_as_learned_takes_nothing_back(learner):
    add_word(learner, "es", "pan")
    item = introduce(learner, "casa")[0]
    StudyDay.objects.record(learner, "es", item.introduced_on, words=1)

    remove_word(item)

    assert LearningProgress.objects.get().words_learned == 1


def test_several_words_are_removed_at_once(learner, stranger):
    mine = [add_word(learner, "es", word)[0] for word in ("casa", "pan", "vino")]
    mine.append(add_word(learner, "fr", "pain")[0])
    theirs, _ = add_word(stranger, "es", "casa")
    for item in (*mine, theirs):
        review(item, 3, client_id=item.lemma)

    done = remove_words(learner, [mine[0].pk, mine[3].pk, theirs.pk, 2**60])

    assert done == 2
    assert [str(item) for item in VocabularyItem.objects.all()] == [
        "pan",
        "vino",
        "casa",
    ]
    days = StudyDay.objects.for_learner(learner)
    tallies = days.values_list("language", "words", "reviews")
    assert list(tallies) == [("es", 2, 2), ("fr", 0, 0)]
    assert remove_words(learner, [mine[0].pk]) == 0
    assert StudyDay.objects.for_learner(stranger).totals()["reviews"] == 1


def test_removing_takes_the_same_statements_for_any_number_in_a_batch(learner):
    def statements(count):
        words = [f"zq{n}k" for n in range(count)]
        items = [add_word(learner, "es", word)[0] for word in words]
        for item in items:
            review(item, 3, client_id=f"{item.pk}")
        with CaptureQueriesContext(connection) as found:
            assert remove_words(learner, [item.pk for item in items]) == count
        return len(found)

    assert statements(60) == statements(1)


def test_very_many_words_are_removed_in_batches(learner, monkeypatch):
    monkeypatch.setattr(managers, "BATCH", 2)
    pks = [add_word(learner, "es", f"zq{n}k")[0].pk for n in range(5)]

    assert remove_words(learner, pks) == 5
    assert StudyDay.objects.get().words == 0


STAGES = {
    "new": {},
    "in its first steps": {"state": 1, "stability": 3},
    "young": {"state": 2, "stability": 20.9},
    "old": {"state": 2, "stability": 21},
    "forgotten": {"state": 3, "stability": 30},
    "suspended new": {"is_suspended": True},
    "suspended old": {"state": 2, "stability": 99, "is_suspended": True},
    "leech": {"state": 3, "stability": 1, "lapses": 8},
}


@pytest.fixture
def all_stages(learner):
    """Words of every kind, each with what it is as its translation."""
    for number, (name, fields) in enumerate(STAGES.items()):
        item = introduce(learner, NewWord(f"zq{number}k", name))[0]
        if "stability" in fields:
            fields = {**fields, "difficulty": 5, "last_review": timezone.now()}
        VocabularyItem.objects.filter(pk=item.pk).update(**fields)


@pytest.mark.parametrize(
    ("stage", "names"),
    [
        (Stage.NEW, ["new"]),
        (Stage.LEARNING, ["in its first steps", "young"]),
        (Stage.KNOWN, ["old"]),
        (Stage.RELEARNING, ["forgotten", "leech"]),
        (Stage.SUSPENDED, ["suspended new", "suspended old"]),
        (Stage.LEECH, ["leech"]),
    ],
)
def test_words_are_found_by_how_far_they_have_come(all_stages, stage, names):
    found = VocabularyItem.objects.in_stage(stage).order_by("pk")

    assert [item.translation for item in found] == names
    if stage != Stage.LEECH:
        assert {item.stage for item in found} == {stage}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("cafe", ["café"]),
        ("CAFÉ", ["café"]),
        ("cafe\u0301", ["café"]),
        ("coffee", ["café"]),
        ("ano", ["mañana", "años"]),
        ("AÑO", ["mañana", "años"]),
        ("a%", []),
        ("_", []),
        ("x" * 10_000, []),
    ],
)
def test_words_are_found_without_accents_and_case(learner, text, words):
    introduce(learner, NewWord("mañana", "tomorrow, piano"))
    introduce(learner, NewWord("años", "years"))
    introduce(learner, NewWord("café", "Coffee"))

    found = VocabularyItem.objects.for_learner(learner).matching(text).order_by("pk")

    assert [item.word for item in found] == words


def test_a_revised_word_is_found_by_its_new_translation(learner):
    item = introduce(learner, NewWord("casa", "house"))[0]

    VocabularyItem.objects.revise(item, translation="Heim")

    assert list(VocabularyItem.objects.matching("heim")) == [item]
    assert not VocabularyItem.objects.matching("house")


@pytest.mark.parametrize(
    "wrong",
    [
        {"difficulty_level": 0},
        {"difficulty_level": 11},
        {"state": 4},
        {"stability": 0},
        {"lemma": ""},
        {"word": ""},
        {"times_correct": -1},
    ],
)
def test_the_database_refuses_wrong_items(learner, wrong):
    introduce(learner, "casa")

    with pytest.raises(IntegrityError), transaction.atomic():
        VocabularyItem.objects.update(**wrong)


def test_a_learner_has_one_item_per_lemma(learner):
    item = introduce(learner, "casa")[0]
    item.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        item.save(force_insert=True)
