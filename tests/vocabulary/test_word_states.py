"""Which words of a text a learner knows, is learning, has not met, or ignores."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from lingo.languages import LANGUAGES
from tests.factories import introduce
from vocabulary import lexicon, word_states
from vocabulary.adding import add_word
from vocabulary.models import VocabularyItem, WordMark
from vocabulary.reviewing import review
from vocabulary.word_states import State

EASY = 4
Mark = WordMark.Mark


def states(learner, text, language="es"):
    """Return (word, state) for each word of the text."""
    words = word_states.words(text, language)
    found = word_states.standings(learner, language, {word.lemma for word in words})
    return [(word.text, word_states.state_of(word, found)) for word in words]


def share(learner, text, language="es"):
    words = word_states.words(text, language)
    found = word_states.standings(learner, language, {word.lemma for word in words})
    return word_states.known_share(words, found)


def mark(learner, lemma, mark, language="es"):
    WordMark.objects.put(learner, language, lemma, mark)


def learn_well(item):
    """Review the item until FSRS trusts the memory for months."""
    at = timezone.now()
    for number in range(4):
        review(item, EASY, client_id=f"{item.pk}-{number}", at=at)
        item.refresh_from_db()
        at = item.due + timedelta(seconds=1)


def test_words_keep_their_place_in_the_text():
    text = "¿Dos cafés, por favor?"
    words = word_states.words(text, "es")
    assert [text[word.start : word.end] for word in words] == [
        "Dos",
        "cafés",
        "por",
        "favor",
    ]
    assert words[1].lemma == "café"


def test_numbers_and_endless_runs_of_letters_are_no_words():
    found = word_states.words(f"25 {'a' * 101} {'b' * 100} 1.000 x2", "es")
    assert [word.text for word in found] == ["b" * 100, "x2"]


def test_a_word_without_anything_is_new(learner):
    assert states(learner, "mesa") == [("mesa", State.NEW)]


def test_a_function_word_counts_as_known(learner):
    assert states(learner, "La con") == [("La", State.KNOWN), ("con", State.KNOWN)]


def test_an_item_in_any_form_is_being_learned(learner):
    introduce(learner, "mesa")
    assert states(learner, "Mesas") == [("Mesas", State.LEARNING)]


def test_a_function_word_that_is_learned_is_being_learned(learner):
    introduce(learner, "con")
    assert states(learner, "con") == [("con", State.LEARNING)]


def test_an_item_in_review_is_known_from_three_weeks_of_stability(learner):
    item = introduce(learner, "mesa")[0]
    learn_well(item)
    item.refresh_from_db()
    assert item.stability > VocabularyItem.KNOWN_DAYS
    assert states(learner, "mesa") == [("mesa", State.KNOWN)]


@pytest.mark.parametrize(
    ("stability", "state"), [(20.9, State.LEARNING), (21, State.KNOWN)]
)
def test_the_three_weeks_are_exact(learner, stability, state):
    item = introduce(learner, "mesa")[0]
    learn_well(item)
    VocabularyItem.objects.filter(pk=item.pk).update(stability=stability)
    assert states(learner, "mesa") == [("mesa", state)]


def test_a_word_forgotten_is_being_learned_again(learner):
    item = introduce(learner, "mesa")[0]
    learn_well(item)
    item.refresh_from_db()
    review(item, 1, client_id="forgotten", at=item.due)
    assert states(learner, "mesa") == [("mesa", State.LEARNING)]


def test_a_suspended_item_is_ignored(learner):
    item = introduce(learner, "mesa")[0]
    VocabularyItem.objects.revise(item, is_suspended=True)
    assert states(learner, "mesa") == [("mesa", State.IGNORED)]


@pytest.mark.parametrize("given", Mark)
def test_a_mark_says_more_than_an_item(learner, given):
    introduce(learner, "mesa")
    mark(learner, "mesa", given)
    found = word_states.standings(learner, "es", ["mesa"])["mesa"]
    assert found.state == given
    assert found.item is not None
    assert found.is_marked


def test_a_mark_can_be_changed_and_taken_away(learner):
    mark(learner, "mesa", Mark.KNOWN)
    mark(learner, "mesa", Mark.IGNORED)
    assert states(learner, "mesa") == [("mesa", State.IGNORED)]
    assert str(learner.word_marks.get()) == "mesa: ignored"
    for _ in range(2):
        WordMark.objects.forget(learner, "es", "mesa")
    assert states(learner, "mesa") == [("mesa", State.NEW)]


def test_a_lemma_has_one_mark(learner):
    mark(learner, "mesa", Mark.KNOWN)
    with pytest.raises(IntegrityError):
        WordMark.objects.create(
            learner=learner, language="es", lemma="mesa", mark=Mark.IGNORED
        )


def test_adding_a_word_takes_its_mark_away(learner):
    mark(learner, "mesa", Mark.IGNORED)
    add_word(learner, "es", "Mesas")
    assert states(learner, "mesa") == [("mesa", State.LEARNING)]


def test_nothing_of_a_stranger_or_of_another_language_counts(learner, stranger):
    introduce(stranger, "mesa")
    mark(stranger, "silla", Mark.KNOWN)
    introduce(learner, "mesa", language="pt")
    mark(learner, "silla", Mark.KNOWN, language="pt")
    assert dict(states(learner, "mesa silla")) == {
        "mesa": State.NEW,
        "silla": State.NEW,
    }


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "the tables"),
        ("es", "las mesas"),
        ("fr", "les tables"),
        ("de", "die Tische"),
        ("it", "le tavole"),
        ("pt", "as mesas"),
    ],
)
def test_every_language_tells_function_words_new_ones_and_own_ones_apart(
    learner, language, text
):
    assert language in LANGUAGES
    assert [state for _, state in states(learner, text, language)] == [
        State.KNOWN,
        State.NEW,
    ]
    introduce(learner, text.split()[1], language=language)
    assert states(learner, text, language)[1][1] == State.LEARNING


@pytest.mark.parametrize("count", [1, 500])
def test_any_number_of_words_takes_two_queries(
    learner, count, django_assert_num_queries
):
    with django_assert_num_queries(2):  # items, marks
        word_states.standings(learner, "es", [f"zq{n}k" for n in range(count)])


def test_more_words_than_a_query_can_name_are_told_apart_too(learner):
    first, last = introduce(learner, "aaa", "zzz")
    lemmas = [f"m{n}" for n in range(word_states.BATCH)]
    found = word_states.standings(learner, "es", ["aaa", "zzz", *lemmas])
    assert {one.item for one in found.values()} == {first.pk, last.pk}


def test_the_share_is_of_running_words_that_carry_meaning(learner):
    mark(learner, "mesa", Mark.KNOWN)
    introduce(learner, "silla")
    text = "La mesa y la mesa, 2 sillas, el gato."
    assert share(learner, text) == 0.5  # mesa, mesa; silla, gato


def test_ignored_words_are_left_out_of_the_share(learner):
    mark(learner, "mesa", Mark.KNOWN)
    mark(learner, "gato", Mark.IGNORED)
    assert share(learner, "mesa gato") == 1


@pytest.mark.parametrize("text", ["", "25", "con la", "👍 !"])
def test_without_words_that_carry_meaning_there_is_no_share(learner, text):
    assert share(learner, text) is None


def test_one_lemma_is_one_state_for_all_its_forms(learner):
    mark(learner, lexicon.lemma("comer", "es"), Mark.KNOWN)
    assert {state for _, state in states(learner, "como comió comemos")} == {
        State.KNOWN
    }
