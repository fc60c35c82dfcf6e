"""Which scenario to play next: at most three, each with its reason."""

from datetime import timedelta

import pytest
from django.utils import timezone

from conversations.models import Conversation, ScenarioRun
from conversations.recommending import recommend
from tests.factories import introduce, learned, scene

NOW = timezone.now()


def reasons(found):
    return {one.scenario.slug: one.reason for one in found}


def test_where_there_is_nothing_nothing_is_recommended(learner):
    assert recommend(learner, "es", "beginner") == []


def test_the_words_that_are_due_come_first(learner):
    learned(learner, "mesa", "silla", "gato", due=NOW)
    learned(learner, "perro", due=NOW + timedelta(days=9))
    scene("easy")
    scene("one", words=["gato", "perro"])
    scene("two", level="advanced", words=["mesas", "sillas", "perro"])

    first, *_ = recommend(learner, "es", "beginner")

    assert first.scenario.slug == "two"
    assert first.reason == "2 words that you should review occur in it:"
    assert first.words == ("mesas", "sillas")


def test_of_many_due_words_some_are_named_as_examples(learner):
    words = ["gato", "mesa", "silla", "perro"]
    learned(learner, *words, due=NOW)
    scene("one", words=words)

    (found,) = recommend(learner, "es", "beginner")

    assert found.reason == "4 words that you should review occur in it, such as:"
    assert found.words == ("gato", "mesa", "silla")


def test_one_due_word_is_told_as_one(learner):
    introduce(learner, "gato")
    scene("one", words=["gato"])

    (found,) = recommend(learner, "es", "beginner")

    assert found.reason == "A word that you should review occurs in it:"


def test_the_same_category_is_taken_up(learner):
    played = scene("played", category="restaurant")
    scene("far", category="restaurant", level="advanced")
    scene("near", category="restaurant", level="elementary")
    scene("other", level="beginner")

    found = reasons(recommend(learner, "es", "beginner", after=played))

    assert found == {
        "near": "It is about restaurant too.",
        "other": "It is at your level.",
    }


@pytest.mark.parametrize(
    ("level", "reason"),
    [
        ("elementary", "It is at your level."),
        ("intermediate", "The next level up."),
        ("beginner", "A little below your level."),
        ("advanced", "One of the nearest to your level."),
    ],
)
def test_the_level_is_told(learner, level, reason):
    scene("one", level=level)

    assert reasons(recommend(learner, "es", "elementary")) == {"one": reason}


def test_of_two_as_near_the_easier_is_chosen(learner):
    scene("harder", level="intermediate")
    scene("easier", level="beginner")

    assert list(reasons(recommend(learner, "es", "elementary"))) == ["easier"]


def test_what_is_finished_in_this_language_is_left_out(learner):
    scenario = scene("one")
    conversation, _ = Conversation.objects.begin(
        learner, language="es", scenario=scenario
    )
    ScenarioRun.objects.filter(learner=learner, conversation=conversation).update(
        phase=None, finished_at=NOW
    )

    assert recommend(learner, "es", "beginner") == []
    assert len(recommend(learner, "fr", "beginner")) == 1


def test_what_cannot_be_played_is_left_out(learner, stranger):
    scene("in-french", language="fr")
    scene("told-in-german", native_language="de")
    scene("own-theirs", owner=stranger)
    scene("old", is_current=False)
    mine = scene("own-mine", owner=learner, language="es", native_language="de")

    assert [one.scenario for one in recommend(learner, "es", "beginner")] == [mine]


def test_at_most_three_each_once(learner):
    introduce(learner, "gato")
    played = scene("played")
    for at in range(9):
        scene(f"scene-{at}", words=["gato"])

    found = recommend(learner, "es", "beginner", after=played)

    assert len(reasons(found)) == len(found) == 3


@pytest.mark.parametrize("count", [1, 50])
def test_it_takes_two_queries(learner, count, django_assert_num_queries):
    introduce(learner, *(f"palabra{at}" for at in range(count)))
    for at in range(count):
        scene(f"scene-{at}", words=[f"palabra{at}"])

    with django_assert_num_queries(2):
        assert recommend(learner, "es", "beginner")
