"""Advice: computed from rows, with its reason and a link that acts, or none."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from conversations import advising
from conversations.models import Conversation
from progress.charts_data import Asked
from progress.models import StudyDay
from tests.factories import introduce, learned
from vocabulary.models import Review, VocabularyItem
from vocabulary.reviewing import review


def advice(learner, **asked):
    return advising.advise(Asked(learner, **asked))


def days_ago(days):
    return timezone.now() - timedelta(days=days)


def talked(learner, days, language="es"):
    date = learner.local_date() - timedelta(days=days)
    StudyDay.objects.record(learner, language, date, turns=1)


def forgotten(learner, word="casa", times=9, language="es"):
    """A word forgotten so often, with nothing to review now."""
    [item] = learned(learner, word, due=days_ago(0), language=language)
    mine = VocabularyItem.objects.filter(pk=item.pk)
    mine.update(lapses=times, due=timezone.now() + timedelta(days=9))
    return item


def recalled(learner, count, rating):
    """So many reviews of learned words today, which leave nothing to review now."""
    words = [f"zq{'bcdfghklmn'[n % 10]}u{'bcdfg'[n // 10]}a" for n in range(count)]
    for item in learned(learner, *words, due=days_ago(0)):
        item.learner = learner
        review(item, rating, client_id=f"again {item}")
    mine = VocabularyItem.objects.for_learner(learner)
    mine.update(due=timezone.now() + timedelta(days=9))


def test_without_rows_there_is_nothing_to_say(learner):
    assert advice(learner) == []


def test_a_learner_who_does_enough_is_left_alone(learner):
    talked(learner, 2)
    forgotten(learner, times=7)
    recalled(learner, 20, Review.Rating.GOOD)

    assert advice(learner) == []


def test_words_that_wait_are_counted_with_how_long(learner):
    learned(learner, "casa", due=days_ago(4))
    learned(learner, "mesa", due=days_ago(1))

    [one] = advice(learner)

    assert one.reason == "2 words wait for review, the longest for 4 days."
    assert (one.act, one.address) == ("Review now", reverse("vocabulary:review"))


def test_a_new_word_waits_since_no_day(learner):
    introduce(learner, "casa", at=days_ago(4))

    [one] = advice(learner)

    assert one.reason == "1 word waits for review."


def test_on_a_holiday_no_word_waits(learner):
    learned(learner, "casa", due=days_ago(4))
    learner.away_until = learner.local_date()

    assert advice(learner) == []


def test_after_days_without_talk_it_goes_on_with_the_latest(learner):
    talked(learner, 5)
    talked(learner, 9)
    for topic, days in (("Food", 9), ("Travel", 5)):
        Conversation.objects.begin(
            learner, language="es", topic=topic, last_message_at=days_ago(days)
        )

    [one] = advice(learner)

    latest = Conversation.objects.get(topic="Travel")
    assert one.reason == "You have not talked for 5 days."
    assert (one.act, one.address) == (
        "Go on with “Travel”",
        latest.get_absolute_url(),
    )


def test_an_open_conversation_goes_on_without_haste(learner):
    talked(learner, 1)
    forgotten(learner)
    Conversation.objects.begin(learner, language="es", topic="<Travel>")

    *_, last = advice(learner)

    latest = Conversation.objects.get()
    assert last.kind == "unfinished"
    assert last.reason == "“&lt;Travel&gt;” is open, with 0 messages so far."
    assert last.text == "“<Travel>” is open, with 0 messages so far."
    assert last.address == latest.get_absolute_url()
    assert len(advice(learner)) == 2
    assert len(advice(learner, language="fr")) == 0


def test_a_scene_that_was_not_played_comes_last(learner, scenarios):
    learner.native_language = "de"
    first, second = sorted(scenarios)[:2]

    [one] = advice(learner)

    title = scenarios[first].title["de"]
    assert one.reason == f"You have not played <span lang='de'>“{title}”</span> yet."
    assert one.text == f"You have not played “{title}” yet."
    assert one.address == scenarios[first].get_absolute_url()

    Conversation.objects.begin(learner, language="es", scenario=scenarios[first])
    begun, other = advice(learner)
    assert begun.kind == "unfinished"
    assert other.address == scenarios[second].get_absolute_url()


def test_where_nothing_is_open_it_begins_a_conversation(learner):
    talked(learner, 3)

    [one] = advice(learner)

    assert (one.act, one.address) == (
        "Begin a conversation",
        reverse("conversations:create"),
    )


def test_the_word_forgotten_most_often_is_to_be_rewritten(learner):
    forgotten(learner, "casa", 9)
    worst = forgotten(learner, "mesa", 11)

    [one] = advice(learner)

    assert "<span lang='es'>mesa</span> was forgotten 11 times." in one.reason
    assert (one.act, one.address) == ("Rewrite it", worst.get_absolute_url())


def test_a_word_is_written_as_text(learner):
    forgotten(learner)
    VocabularyItem.objects.update(word="<script>")

    [one] = advice(learner)

    assert "<script>" not in one.reason
    assert "&lt;script&gt;" in one.reason


def test_recalling_much_less_than_desired_is_pointed_out(learner):
    recalled(learner, 20, Review.Rating.AGAIN)

    [one] = advice(learner)

    assert one.reason.startswith(
        "You recalled 0% of 20 reviews in 30 days, and want 90%"
    )
    assert one.address == reverse("vocabulary:review-settings")


def test_a_few_reviews_say_nothing_of_recall(learner):
    recalled(learner, 19, Review.Rating.AGAIN)

    assert advice(learner) == []


def everything(learner):
    recalled(learner, 20, Review.Rating.AGAIN)
    forgotten(learner)
    talked(learner, 8)
    learned(learner, "luna", due=days_ago(2))


def test_three_are_the_most(learner):
    everything(learner)

    acts = [one.act for one in advice(learner)]

    assert acts == ["Review now", "Begin a conversation", "Rewrite it"]


def test_a_language_has_its_own(learner, stranger):
    everything(learner)
    everything(stranger)
    forgotten(learner, "maison", 12, "fr")
    learned(learner, "lune", due=days_ago(2), language="fr")

    reasons = [one.reason for one in advice(learner, language="fr")]

    assert len(reasons) == 2
    assert reasons[0] == "1 word waits for review, the longest for 2 days."
    assert "maison" in reasons[1]
    review_page = advice(learner, language="fr")[0].address
    assert review_page == f"{reverse('vocabulary:review')}?language=fr"
    assert advice(learner, language="de") == []


@pytest.mark.parametrize("address", [reverse("charts:page")])
def test_the_page_shows_it(learner_client, address):
    everything(learner_client.learner)

    page = learner_client.get(address)

    assert "What to do next" in page.text
    assert "You have not talked for 8 days." in page.text
