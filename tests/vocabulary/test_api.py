from datetime import timedelta

import pytest
from django.utils import timezone

from progress.models import LearningProgress, StudyDay
from tests.factories import introduce
from vocabulary.models import VocabularyItem

LIST = "/api/v1/vocabulary/"


def test_a_word_is_added_once(api):
    data = {"language": "es", "word": "casas", "translation": "house", "example": "!"}

    first = api.post(LIST, data)
    again = api.post(LIST, {**data, "word": "CASA", "translation": "home"})

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json()["lemma"] == "casa"
    assert first.json()["translation"] == "house"
    assert first.json()["is_due"] is True
    assert StudyDay.objects.get().words == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"word": ""}, "word"),
        ({"word": "123"}, "word"),
        ({"word": "x" * 101}, "word"),
        ({"word": "a\x00"}, "word"),
        ({"language": "xx"}, "language"),
        ({"level": "hard"}, "level"),
        ({"translation": "x" * 201}, "translation"),
        ({"stability": 5}, "stability"),
    ],
)
def test_a_wrong_word_is_refused(api, changes, field):
    answer = api.post(LIST, {"language": "es", "word": "casa", **changes})

    assert answer.status_code == 400
    assert field in answer.json()["errors"]
    assert not VocabularyItem.objects.exists()


def test_what_is_known_of_a_word_can_be_changed(api):
    item = introduce(api.learner, "casa")[0]

    answer = api.patch(f"{LIST}{item.pk}/", {"translation": "house"})

    assert answer.json()["translation"] == "house"
    assert api.get(f"{LIST}{item.pk}/").json() == answer.json()


@pytest.mark.parametrize(
    "field", ["lemma", "word", "due", "stability", "times_correct"]
)
def test_memory_is_not_taken_from_a_caller(api, field):
    item = introduce(api.learner, "casa")[0]

    answer = api.patch(f"{LIST}{item.pk}/", {field: 9})

    assert answer.status_code == 400
    assert field in answer.json()["errors"]


def test_a_word_is_deleted_with_what_it_counted(api):
    made = api.post(LIST, {"language": "es", "word": "casa"}).json()

    assert api.delete(f"{LIST}{made['id']}/").status_code == 204

    assert StudyDay.objects.get().words == 0
    assert LearningProgress.objects.get().words_learned == 0


@pytest.mark.parametrize("method", ["get", "patch", "put", "delete"])
def test_a_stranger_finds_nothing(stranger_api, learner, method):
    item = introduce(learner, "casa")[0]

    assert getattr(stranger_api, method)(f"{LIST}{item.pk}/").status_code == 404
    assert stranger_api.get(LIST).json()["results"] == []


def test_words_are_filtered_searched_and_ordered(api):
    introduce(api.learner, "casa", "pan")
    introduce(api.learner, "maison", language="fr", level="proficient")
    mine = VocabularyItem.objects.for_learner(api.learner)
    mine.filter(lemma="pan").update(
        due=timezone.now() + timedelta(days=3), translation="bread", is_suspended=True
    )

    def lemmas(**query):
        return sorted(one["lemma"] for one in api.get(LIST, query).json()["results"])

    assert lemmas(language="fr") == ["maison"]
    assert lemmas(due="true", language="es") == ["casa"]
    assert lemmas(due="false") == ["pan"]
    assert lemmas(is_suspended="true") == ["pan"]
    assert lemmas(search="BRE") == ["pan"]
    assert lemmas(difficulty_level_min=7) == ["maison"]
    assert lemmas(state=1, source="learner") == ["casa", "maison", "pan"]
    ordered = api.get(LIST, {"ordering": "-lemma"}).json()["results"]
    assert ordered[0]["lemma"] == "pan"


@pytest.mark.parametrize("count", [1, 50])
def test_the_list_takes_the_same_queries_for_any_number(
    api, count, django_assert_num_queries
):
    letters = "bcdfghjklmnpqrst"
    words = [f"x{a}o{b}a" for a in letters for b in letters][:count]
    introduce(api.learner, *words)

    with django_assert_num_queries(1):
        assert len(api.get(LIST).json()["results"]) == count


def test_a_key_that_is_none_is_not_found(api):
    assert api.get(f"{LIST}{'9' * 18}/").status_code == 404
    assert api.get(f"{LIST}{'9' * 30}/").status_code == 404
