"""What staff sees of words and reviews."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from progress.models import StudyDay
from tests.factories import introduce
from vocabulary.adding import add_word
from vocabulary.models import Review, VocabularyItem
from vocabulary.reviewing import review, undo

AGAIN, GOOD, EASY = 1, 3, 4
RETENTION = reverse("admin:vocabulary_review_retention")
WORDS = reverse("admin:vocabulary_vocabularyitem_changelist")
START = datetime(2026, 3, 1, 9, tzinfo=UTC)


def page_of(item):
    return reverse("admin:vocabulary_vocabularyitem_change", args=[item.pk])


def learned(learner, word, *ratings, language="es", every=timedelta(days=5)):
    """Return a word that was learned on START and reviewed so, every few days."""
    fields = {"at": START, "date": START.date(), "language": language}
    item = introduce(learner, word, **fields)[0]
    for n, rating in enumerate((EASY, *ratings)):
        review(item, rating, client_id=f"{item.pk} {n}", at=START + n * every)
    return item


def rows_of(page):
    return [row[:5] for row in page.context["rows"]]


def test_a_word_shows_its_log_latest_first(staff_client, learner):
    item = learned(learner, "casa", GOOD, AGAIN)
    undo(Review.objects.latest("pk"))

    page = staff_client.get(page_of(item))

    [log] = page.context["inline_admin_formsets"]
    shown = [form.original for form in log if form.original]
    assert [one.rating for one in shown] == [AGAIN, GOOD, EASY]
    assert "style=" not in page.text.split("<main", 1)[-1]


@pytest.mark.parametrize("deletes", [True, False])
def test_the_log_is_read_only(staff_client, learner, deletes):
    item = learned(learner, "casa")
    texts = {"translation": "house", "definition": "", "phonetic": "", "example": ""}
    forged = {
        "reviews-TOTAL_FORMS": 1,
        "reviews-INITIAL_FORMS": 1,
        "reviews-0-id": Review.objects.get().pk,
        "reviews-0-item": item.pk,
        "reviews-0-rating": AGAIN,
    }
    if deletes:
        forged["reviews-0-DELETE"] = "on"

    staff_client.post(page_of(item), {**texts, **forged})

    assert Review.objects.get().rating == EASY
    assert VocabularyItem.objects.get().translation == ("" if deletes else "house")


def test_the_log_takes_the_same_queries_for_any_number(staff_client, learner):
    item = learned(learner, "casa")
    with CaptureQueriesContext(connection) as one:
        staff_client.get(page_of(item))
    for n in range(50):
        review(item, GOOD, client_id=f"{n}")
    with CaptureQueriesContext(connection) as many:
        assert staff_client.get(page_of(item)).status_code == 200

    assert len(many) == len(one)


@pytest.mark.parametrize("bulk", [True, False])
def test_words_are_deleted_with_their_reviews(staff_client, learner, stranger, bulk):
    item, _ = add_word(learner, "es", "casa")
    review(item, GOOD, client_id="a")
    add_word(stranger, "es", "casa")
    if bulk:
        pks = list(VocabularyItem.objects.values_list("pk", flat=True))
        path = WORDS
        data = {"action": "delete_selected", "_selected_action": pks}
    else:
        path = reverse("admin:vocabulary_vocabularyitem_delete", args=[item.pk])
        data = {}

    asked = staff_client.post(path, data)
    staff_client.post(path, {**data, "post": "yes"})

    assert "Reviews: 1" in asked.text
    assert VocabularyItem.objects.count() == (0 if bulk else 1)
    totals = StudyDay.objects.for_learner(learner).totals()
    assert (totals["words"], totals["reviews"]) == (0, 0)


def test_a_learner_leads_to_what_is_the_learners(staff_client, learner, stranger):
    learned(learner, "casa")
    learned(stranger, "pan")
    page = staff_client.get(reverse("admin:lingo_learner_change", args=[learner.pk]))

    for model in ("vocabularyitem", "review"):
        link = reverse(f"admin:vocabulary_{model}_changelist")
        link += f"?learner__id__exact={learner.pk}"
        assert f'href="{link}"' in page.text
        listed = staff_client.get(link).context["cl"].result_list
        assert [one.learner for one in listed] == [learner] * len(listed) != []


def test_retention_stands_beside_the_prediction(staff_client, learner):
    learned(learner, "casa", GOOD, AGAIN)
    learned(learner, "pan", GOOD, GOOD)

    page = staff_client.get(RETENTION)

    assert rows_of(page) == [("2026-03", "Spanish", "90%", 4, "75.0%")]
    predicted = Review.objects.filter(before__state=2).values_list("predicted")
    mean = sum(share for (share,) in predicted) / 4
    assert page.context["rows"][0][5:] == (f"{mean:.1%}", f"{100 * (0.75 - mean):+.1f}")
    assert "75.0%" in page.text
    assert "style=" not in page.text.split("<main", 1)[-1]


def test_retention_is_told_apart_by_what_was_desired_language_and_month(
    staff_client, learner
):
    learned(learner, "casa", GOOD)
    learner.desired_retention = 0.8
    learned(learner, "pan", AGAIN)
    learned(learner, "maison", GOOD, language="fr")
    learned(learner, "vino", GOOD, every=timedelta(days=40))

    assert rows_of(staff_client.get(RETENTION)) == [
        ("2026-04", "Spanish", "80%", 1, "100.0%"),
        ("2026-03", "Spanish", "80%", 1, "0.0%"),
        ("2026-03", "Spanish", "90%", 1, "100.0%"),
        ("2026-03", "French", "80%", 1, "100.0%"),
    ]


def test_retention_leaves_out_what_says_nothing_of_it(staff_client, learner):
    item = learned(learner, "casa", GOOD)
    at = START + timedelta(days=30)
    talk = {"kind": "conversation", "source_id": "talk"}
    undo(review(item, GOOD, client_id="undone", at=at)[0])
    review(item, GOOD, client_id="talk", at=at, **talk)
    review(introduce(learner, "pan")[0], GOOD, client_id="new", at=at)

    assert rows_of(staff_client.get(RETENTION)) == [
        ("2026-03", "Spanish", "90%", 1, "100.0%")
    ]


def test_retention_is_filtered_like_the_list(staff_client, learner, stranger):
    learned(learner, "casa", GOOD)
    learned(stranger, "pan", AGAIN)
    learned(stranger, "maison", GOOD, language="fr")
    changelist = reverse("admin:vocabulary_review_changelist")

    query = {"learner__id__exact": stranger.pk, "item__language__exact": "es"}
    page = staff_client.get(RETENTION, query)
    found = staff_client.get(RETENTION, {"q": "maison"})
    back = f"?learner__id__exact={stranger.pk}&amp;item__language__exact=es"

    assert rows_of(page) == [("2026-03", "Spanish", "90%", 1, "0.0%")]
    assert rows_of(found) == [("2026-03", "French", "90%", 1, "100.0%")]
    assert f'href="{changelist}{back}"' in page.text
    assert f'href="{RETENTION}{back}"' in staff_client.get(changelist, query).text


def test_retention_takes_the_same_queries_for_any_number(staff_client, learner):
    learned(learner, "casa", GOOD)
    with CaptureQueriesContext(connection) as one:
        staff_client.get(RETENTION)
    for n in range(12):
        learned(learner, f"zq{n}k", GOOD, every=timedelta(days=30 * n))
    with CaptureQueriesContext(connection) as many:
        staff_client.get(RETENTION)

    assert len(many) <= len(one)


def test_no_reviews_are_no_retention(staff_client):
    assert "No such reviews yet." in staff_client.get(RETENTION).text


def test_a_wrong_filter_is_left_out(staff_client):
    answer = staff_client.get(RETENTION, {"learner__id__exact": "x"})

    assert answer.url == f"{RETENTION}?e=1"
    assert staff_client.get(answer.url).status_code == 200
    wrong = {"learner__id__exact": "x", "e": "1"}
    assert "Database error" in staff_client.get(RETENTION, wrong).text


def test_retention_is_for_staff(learner_client):
    assert "/admin/login/" in learner_client.get(RETENTION).url
