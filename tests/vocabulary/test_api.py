import json
from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from progress.models import LearningProgress, StudyDay
from tests.factories import PASSWORD, introduce
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


def test_a_browser_extension_adds_a_word_with_nothing_but_a_token(learner):
    signed_in = {"username": learner.username, "password": PASSWORD}
    token = APIClient().post("/api/v1/auth/login/", signed_in).json()["token"]
    page = "https://example.org/menú?q=café#tapas"
    met = {
        "language": "es",
        "word": "tapas",
        "example": "Comimos tapas en el bar.",
        "source_url": page,
    }

    extension = APIClient(
        HTTP_AUTHORIZATION=f"Token {token}",
        HTTP_ORIGIN="moz-extension://2c127fa4-62c7-7e4f-90e5-472b45eecfdc",
    )
    answers = [extension.post(LIST, met) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 200]
    item = VocabularyItem.objects.get()
    assert (item.learner, item.lemma, item.example) == (learner, "tapa", met["example"])
    assert (item.source, item.source_url) == ("web", page)
    assert answers[0].json()["source_url"] == page


@pytest.mark.parametrize("missing", ["language", "word"])
def test_a_word_needs_itself_and_its_language(api, missing):
    met = {"language": "es", "word": "tapas"}
    del met[missing]

    answer = api.post(LIST, met)

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [missing]


@pytest.mark.parametrize("text", ["x" * 10_000, "\x00", "%' OR 1=1", "\ud800", "“"])
def test_any_search_is_answered(api, text):
    introduce(api.learner, "casa")

    answer = api.get(LIST, {"search": text.encode("utf-8", "surrogatepass")})

    assert answer.status_code in (200, 400)
    assert not answer.json().get("results")


def test_a_stage_that_is_none_is_refused(api):
    answer = api.get(LIST, {"stage": "asleep"})

    assert answer.status_code == 400
    assert "stage" in answer.json()["errors"]


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
        ({"example": "x" * 2001}, "example"),
        ({"example": "a\x00"}, "example"),
        ({"source": "web"}, "source"),
        ({"source_url": "javascript:alert(1)"}, "source_url"),
        ({"source_url": "ftp://example.org/"}, "source_url"),
        ({"source_url": "example.org"}, "source_url"),
        ({"source_url": "https://example.org/\x00"}, "source_url"),
        ({"source_url": "https://example.org/\ud800"}, "source_url"),
        ({"source_url": f"https://example.org/{'x' * 2000}"}, "source_url"),
        ({"source_url": ""}, "source_url"),
        ({"source_url": 7}, "source_url"),
        ({"source_url": ["https://example.org/"]}, "source_url"),
    ],
)
def test_a_wrong_word_is_refused(api, changes, field):
    sent = json.dumps({"language": "es", "word": "casa", **changes})

    answer = api.post(LIST, sent, content_type="application/json")

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
    VocabularyItem.objects.revise(mine.get(lemma="pan"), translation="bread")
    mine.filter(lemma="pan").update(
        due=timezone.now() + timedelta(days=3), is_suspended=True
    )

    def lemmas(**query):
        return sorted(one["lemma"] for one in api.get(LIST, query).json()["results"])

    assert lemmas(language="fr") == ["maison"]
    assert lemmas(due="true", language="es") == ["casa"]
    assert lemmas(due="false") == ["pan"]
    assert lemmas(is_suspended="true") == ["pan"]
    assert lemmas(search="BRE") == ["pan"]
    assert lemmas(difficulty_level_min=7) == ["maison"]
    assert lemmas(stage="suspended") == ["pan"]
    assert lemmas(stage="new") == ["casa", "maison"]
    assert lemmas(stage="known") == []
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
