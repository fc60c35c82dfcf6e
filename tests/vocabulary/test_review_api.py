"""Reviewing, for programs."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from tests.factories import introduce, learned
from vocabulary.models import Review, VocabularyItem
from vocabulary.reviewing import review

WORDS = "/api/v1/vocabulary/"
DUE = f"{WORDS}due/"
REVIEWS = "/api/v1/reviews/"
NOON = datetime(2026, 6, 17, 12, tzinfo=UTC)


@pytest.fixture
def item(learner):
    found = introduce(learner, "casa")[0]
    found.learner = learner
    return found


def reviews_of(item):
    return f"{WORDS}{item.pk}/reviews/"


def zq(count):
    letters = "bcdfghklmn"
    return [f"z{letters[n % 10]}o{letters[n // 10]}a" for n in range(count)]


def lemmas(api, **query):
    return [one["lemma"] for one in api.get(DUE, query).json()["results"]]


def test_todays_words_come_in_order_with_the_plan(api, learner):
    learned(learner, "casa", due=timezone.now() - timedelta(days=1))
    introduce(learner, "mesa")
    introduce(learner, "maison", language="fr")

    answer = api.get(DUE).json()

    assert (answer["reviews_left"], answer["new_left"]) == (1, 2)
    assert answer["is_away"] is False
    assert {one["lemma"] for one in answer["results"]} == {"casa", "mesa", "maison"}
    assert all(one["is_due"] for one in answer["results"])
    assert lemmas(api, limit=1) == [answer["results"][0]["lemma"]]
    assert lemmas(api, language="fr") == ["maison"]


def test_a_holiday_is_kept_unless_more_is_wished(api, learner, item):
    learner.away_until = learner.local_date()

    assert lemmas(api) == []
    assert api.get(DUE).json()["new_waiting"] == 1
    assert lemmas(api, beyond="true") == ["casa"]


def test_due_is_what_the_learners_day_says_everywhere(api, learner, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    learner.time_zone = "Pacific/Auckland"  # where it is midnight
    learned(learner, "casa", due=NOON + timedelta(hours=20))
    learned(learner, "mesa", due=NOON + timedelta(hours=25))

    assert lemmas(api) == ["casa"]
    [listed] = api.get(WORDS, {"due": "true"}).json()["results"]
    assert (listed["lemma"], listed["is_due"]) == ("casa", True)
    [listed] = api.get(WORDS, {"due": "false"}).json()["results"]
    assert (listed["lemma"], listed["is_due"]) == ("mesa", False)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("limit", "0"),
        ("limit", "201"),
        ("limit", "x"),
        ("limit", "9" * 5000),
        ("language", "xx"),
        ("language", "\x00"),
        ("beyond", "maybe"),
    ],
)
def test_a_queue_that_can_not_be_is_refused(api, field, value):
    answer = api.get(DUE, {field: value})

    assert answer.status_code == 400
    assert field in answer.json()["errors"]


@pytest.mark.parametrize("rating", [3, "good"])
def test_a_word_is_reviewed_once(api, item, rating):
    sent = {"rating": rating, "client_id": "1", "duration_ms": 1200}

    first = api.post(reviews_of(item), sent)
    again = api.post(reviews_of(item), {**sent, "rating": 1})

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    made = first.json()["review"]
    assert (made["rating"], made["kind"], made["duration_ms"]) == (3, "card", 1200)
    assert (made["language"], made["word"]) == ("es", "casa")
    now = first.json()["item"]
    assert (now["times_correct"], now["is_due"]) == (1, False)
    after = made["after"]
    assert datetime.fromisoformat(after["due"]) == datetime.fromisoformat(now["due"])
    assert made["before"]["stability"] is None
    assert Review.objects.count() == 1


def test_a_client_id_of_another_word_is_a_conflict(api, learner, item):
    other = introduce(learner, "mesa")[0]
    api.post(reviews_of(item), {"rating": 3, "client_id": "1"})

    answer = api.post(reviews_of(other), {"rating": 3, "client_id": "1"})

    assert answer.status_code == 409
    assert "was used for another review" in answer.json()["detail"]
    assert Review.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("rating", 0),
        ("rating", 5),
        ("rating", True),
        ("rating", 3.0),
        ("rating", "3"),
        ("rating", "best"),
        ("rating", None),
        ("rating", [3]),
        ("rating", 10**30),
        ("client_id", ""),
        ("client_id", "x" * 101),
        ("client_id", "a\x00"),
        ("duration_ms", -1),
        ("duration_ms", 10**30),
        ("duration_ms", "long"),
        ("evidence", "Una casa."),
    ],
)
def test_a_review_that_can_not_be_is_refused(api, item, field, value):
    sent = {"rating": 3, "client_id": "1", field: value}

    answer = api.post(reviews_of(item), sent)

    assert answer.status_code == 400
    assert field in answer.json()["errors"]
    assert not Review.objects.exists()


def test_half_a_surrogate_is_refused(api, item):
    sent = r'{"rating": 3, "client_id": "\ud800"}'

    answer = api.post(reviews_of(item), sent, content_type="application/json")

    assert answer.status_code == 400
    assert "client_id" in answer.json()["errors"]


def test_a_review_without_its_name_is_refused(api, item):
    answer = api.post(reviews_of(item), {"rating": 3})

    assert answer.status_code == 400
    assert "client_id" in answer.json()["errors"]


def test_a_review_is_undone_exactly_and_once(api, item):
    before = VocabularyItem.objects.values().get()
    made = api.post(reviews_of(item), {"rating": 1, "client_id": "1"}).json()["review"]

    first = api.post(f"{REVIEWS}{made['id']}/undo/")
    again = api.post(f"{REVIEWS}{made['id']}/undo/")

    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    assert first.json()["review"]["undone_at"]
    assert first.json()["item"]["times_incorrect"] == 0
    assert VocabularyItem.objects.values().get() == before


def test_a_review_that_another_builds_on_is_a_conflict(api, item):
    made = api.post(reviews_of(item), {"rating": 3, "client_id": "1"}).json()["review"]
    api.post(reviews_of(item), {"rating": 3, "client_id": "2"})

    answer = api.post(f"{REVIEWS}{made['id']}/undo/")

    assert answer.status_code == 409
    assert "A later review of this word" in answer.json()["detail"]


def test_a_word_deleted_meanwhile_is_not_found(api, item, monkeypatch):
    found = VocabularyItem.objects.for_learner(api.learner)

    def deleted_after_it_was_found(view):
        one = found.get(pk=item.pk)
        found.filter(pk=item.pk).delete()
        return one

    monkeypatch.setattr(
        "vocabulary.api.VocabularyViewSet.get_object", deleted_after_it_was_found
    )
    answer = api.post(reviews_of(item), {"rating": 3, "client_id": "1"})

    assert answer.status_code == 404
    assert answer.json()["detail"] == "This word was deleted."


def test_reviews_are_listed_latest_first_and_narrowed(api, learner, item):
    french = introduce(learner, "maison", language="fr")[0]
    french.learner = learner
    review(item, 3, client_id="1", at=NOON)
    review(french, 2, client_id="2", at=NOON + timedelta(days=1))
    review(
        item,
        4,
        client_id="3",
        kind="conversation",
        source_id="t",
        at=NOON + timedelta(days=2),
    )
    api.post(f"{REVIEWS}{Review.objects.get(client_id='2').pk}/undo/")

    def names(**query):
        found = api.get(REVIEWS, query).json()["results"]
        return [one["client_id"] for one in found]

    assert names() == ["3", "2", "1"]
    assert names(ordering="reviewed_at") == ["1", "2", "3"]
    assert names(language="fr") == ["2"]
    assert names(kind="conversation") == ["3"]
    assert names(date_after="2026-06-18", date_before="2026-06-18") == ["2"]
    assert names(is_undone="true") == ["2"]
    assert names(is_undone="false") == ["3", "1"]
    listed = api.get(reviews_of(item)).json()["results"]
    assert [one["client_id"] for one in listed] == ["3", "1"]
    assert api.get(f"{REVIEWS}{listed[0]['id']}/").json() == listed[0]


@pytest.mark.parametrize("count", [1, 50])
def test_lists_take_the_same_queries_for_any_number(
    api, learner, count, django_assert_num_queries
):
    items = learned(learner, *zq(count), due=timezone.now())
    items[0].learner = learner
    for number in range(count):
        review(items[0], 3, client_id=str(number))
    VocabularyItem.objects.update(due=timezone.now())
    introduce(learner, *(f"y{word}" for word in zq(count)))

    with django_assert_num_queries(4):  # due, done, learned, new
        assert api.get(DUE).json()["results"]
    with django_assert_num_queries(2):  # reviews, their words
        assert api.get(REVIEWS).json()["results"]
    with django_assert_num_queries(3):  # the word, its reviews, their word
        assert api.get(reviews_of(items[0])).json()["results"]


def test_a_stranger_finds_nothing(stranger_api, api, item):
    made = api.post(reviews_of(item), {"rating": 3, "client_id": "1"}).json()["review"]
    sent = {"rating": 1, "client_id": "2"}

    assert stranger_api.post(reviews_of(item), sent).status_code == 404
    assert stranger_api.get(reviews_of(item)).status_code == 404
    assert stranger_api.get(f"{REVIEWS}{made['id']}/").status_code == 404
    assert stranger_api.post(f"{REVIEWS}{made['id']}/undo/").status_code == 404
    assert stranger_api.get(REVIEWS).json()["results"] == []
    assert stranger_api.get(DUE).json()["results"] == []
    assert Review.objects.get().undone_at is None


def test_history_is_not_written_otherwise(api, item):
    made = api.post(reviews_of(item), {"rating": 3, "client_id": "1"}).json()["review"]
    address = f"{REVIEWS}{made['id']}/"

    for answer in (api.delete(address), api.patch(address, {}), api.post(REVIEWS, {})):
        assert answer.status_code == 405
