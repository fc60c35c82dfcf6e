from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from progress.models import LearningProgress, StudyDay
from tests.factories import introduce
from vocabulary import reviewing
from vocabulary.adding import add_word, remove_word
from vocabulary.managers import NewWord
from vocabulary.models import Review, VocabularyItem


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
