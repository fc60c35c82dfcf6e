"""The history of reviews: finding them."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import introduce
from vocabulary.models import Review
from vocabulary.reviewing import review, undo

PAGE = reverse("vocabulary:review-list")
AGAIN, HARD, GOOD, EASY = 1, 2, 3, 4


@pytest.fixture
def reviews(learner):
    """Reviews that differ in all that can be asked for, the earliest first."""
    now = timezone.now()
    [casa] = introduce(learner, "casa", at=now - timedelta(days=40))
    [maison] = introduce(learner, "maison", language="fr", at=now - timedelta(days=40))
    casa.learner = maison.learner = learner

    def on(days_ago, item, rating, **fields):
        at = now - timedelta(days=days_ago)
        return review(item, rating, client_id=f"{days_ago}", at=at, **fields)[0]

    made = [
        on(30, casa, EASY, duration_ms=2500),
        on(20, casa, AGAIN),
        on(10, maison, GOOD),
        on(1, casa, HARD),
    ]
    undo(made[-1])
    Review.objects.filter(pk=made[2].pk).update(
        kind="conversation", evidence="C'est ma maison.", source_id="x"
    )
    return made


def found(client, reviews, **query):
    page = client.get(PAGE, query).context["page"]
    return [reviews.index(one) for one in page]


def test_all_that_stand_are_shown_the_latest_first(learner_client, reviews):
    page = learner_client.get(PAGE)

    assert found(learner_client, reviews) == [2, 1, 0]
    assert "3 reviews, 2 of them recalled" in page.text
    word = f'href="{reviews[0].item.get_absolute_url()}#reviews" lang="es">casa'
    assert word in page.text
    assert '<td class="figure">2.5</td>' in page.text
    assert '<q lang="fr" dir="auto">C&#x27;est ma maison.</q>' in page.text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"language": "fr"}, [2]),
        ({"rating": 1}, [1]),
        ({"kind": "card"}, [1, 0]),
        ({"kind": "conversation", "language": "es"}, []),
        ({"of": "retention"}, [1]),
        ({"of": "pace"}, [0]),
        ({"undone": "on"}, [3, 2, 1, 0]),
        ({"undone": "on", "rating": 2}, [3]),
    ],
)
def test_they_are_narrowed(learner_client, reviews, query, expected):
    assert found(learner_client, reviews, **query) == expected


def test_they_are_narrowed_to_days_and_to_a_word(learner_client, reviews):
    days = [one.reviewed_on for one in reviews]

    assert found(learner_client, reviews, since=days[1]) == [2, 1]
    assert found(learner_client, reviews, until=days[1]) == [1, 0]
    assert found(learner_client, reviews, since=days[1], until=days[1]) == [1]
    assert found(learner_client, reviews, word=reviews[2].item_id) == [2]


def test_a_days_reviews_are_of_the_learners_own_calendar(learner_client, learner):
    learner.time_zone = "Asia/Kathmandu"
    learner.save()
    midnight = learner.day_start(learner.local_date())
    second = timedelta(seconds=1)
    [item] = introduce(learner, "casa", at=midnight - timedelta(days=1))
    item.learner = learner
    made = [
        review(item, EASY, client_id=f"{at}", at=at)[0]
        for at in (midnight - second, midnight)
    ]

    assert found(learner_client, made, since=learner.local_date()) == [1]


@pytest.mark.parametrize(
    "query",
    [
        {"language": "xx"},
        {"rating": "5"},
        {"rating": "x" * 10_000},
        {"kind": "\x00"},
        {"of": "x"},
        {"since": "2026-02-30"},
        {"word": "9" * 400},
        {"word": "-1"},
        {"word": "x"},
    ],
)
def test_what_makes_no_sense_is_left_out_and_said(learner_client, reviews, query):
    page = learner_client.get(PAGE, query)

    assert page.status_code == 200
    assert page.context["form"].errors.keys() == query.keys()
    assert len(page.context["page"]) == 3


def test_many_are_paged_and_keep_the_filter(learner_client, learner):
    [item] = introduce(learner, "casa")
    item.learner = learner
    now = timezone.now()
    for n in range(51):
        review(item, GOOD, client_id=f"{n}", at=now + timedelta(seconds=n))

    page = learner_client.get(PAGE, {"language": "es"})

    assert len(page.context["page"]) == 50
    assert "?language=es&amp;page=2" in page.text
    assert len(learner_client.get(PAGE, {"page": 2}).context["page"]) == 1


@pytest.mark.parametrize("count", [1, 50])
def test_it_takes_the_same_queries_for_any_number(
    learner_client, learner, count, django_assert_num_queries
):
    for item in introduce(learner, *(f"zq{n}k" for n in range(count))):
        item.learner = learner
        review(item, GOOD, client_id=f"{item.pk}")

    # session, learner; number, recalled, reviews, words
    with django_assert_num_queries(6):
        learner_client.get(PAGE)


def test_without_a_review_it_says_what_to_do(learner_client, stranger_client, reviews):
    assert "You have not reviewed a word yet." in stranger_client.get(PAGE).text
    assert "No review is like that." in learner_client.get(PAGE, {"rating": 2}).text


def test_a_strangers_word_shows_nothing(stranger_client, reviews):
    page = stranger_client.get(PAGE, {"word": reviews[0].item_id})

    assert list(page.context["page"]) == []


def test_a_words_page_leads_to_its_reviews(learner_client, reviews):
    item = reviews[0].item
    address = f"{PAGE}?word={item.pk}&amp;undone=on"

    assert f'href="{address}"' in learner_client.get(item.get_absolute_url()).text
    assert found(learner_client, reviews, word=item.pk, undone="on") == [3, 1, 0]
