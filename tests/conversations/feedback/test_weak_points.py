"""Weak points: what is corrected again and again, reviewed with one's own sentences."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from conversations import lifecycle, weak_points
from conversations.feedback.candidates import Candidate
from conversations.models import (
    Conversation,
    Correction,
    WeakPoint,
    WeakPointReview,
)
from conversations.turn_taking import take_turn
from lingo.models import Learner
from tests.factories import ConversationFactory, LearnerFactory, reply
from tests.racing import at_once

PAGE = reverse("conversations:weak-points")
GOOD, AGAIN = 3, 1


@pytest.fixture
def say(conversation):
    """Return a function that says something, and gives the message."""
    number = iter(range(1000))

    def say(content):
        return take_turn(conversation, content, client_id=f"{next(number)}").said

    return say


@pytest.fixture
def weak(say, learner):
    """A learner who mistook the gender of nouns in two messages."""
    return [say("La problema es grande."), say("Tengo una problema muy dificil.")]


def standing(learner, category="gender"):
    found = weak_points.standings(learner)
    return next((one for one in found if one.category == category), None)


def test_a_category_is_one_once_it_was_corrected_in_two_messages(say, learner):
    say("La problema y la sistema.")
    assert standing(learner) is None

    say("La idioma.")

    one = standing(learner)
    assert (one.language, one.messages, one.kept, one.number) == ("es", 2, None, 1)
    assert one.due <= timezone.now()


def test_what_is_doubted_is_no_weak_point(weak, learner):
    correction = weak[0].corrections.get()
    Correction.objects.dispute(correction)
    assert standing(learner) is None
    mine = Correction.objects.filter(pk=correction.pk)

    Correction.objects.judge(mine, "right", LearnerFactory())
    assert standing(learner)
    Correction.objects.judge(mine, "wrong", LearnerFactory())
    assert standing(learner) is None


def test_what_only_leaves_something_out_cannot_be_asked(tutor, say, learner):
    left_out = Candidate(0, 2, "Yo", "", "pronoun", "minor", "Why.", "rule", 0.9)
    tutor.reply = lambda: reply(corrections=[left_out])
    say("Yo voy.")
    say("Yo voy ya.")

    assert weak_points.standings(learner) == []


def test_the_others_in_the_sentence_are_put_right(say, learner):
    say("Hola. La problema es dificil y la sistema tambien. Adiós.")
    say("La idioma es dificil.")
    message = learner.messages.get(position=1)
    of_message = message.corrections.order_by("start")

    cards = [weak_points.card_for(one, standing(learner)) for one in of_message]

    assert [(card.before, card.after) for card in cards] == [
        ("", " problema es difícil y el sistema también."),
        ("El problema es ", " y el sistema también."),
        ("El problema es difícil y ", " sistema también."),
        ("El problema es difícil y el sistema ", "."),
    ]


def test_the_sentences_take_turns(weak, learner):
    asked = []
    for number in range(1, 5):
        card = weak_points.card_of(learner, standing(learner))
        asked.append(card.correction.message.position)
        assert weak_points.review(learner, card.correction, number, GOOD)

    assert asked == [3, 1, 3, 1]


def test_fsrs_says_when_it_is_due_again(weak, learner):
    [correction] = weak[0].corrections.all()
    now = timezone.now()
    promised = {
        button.rating: button.wait
        for button in weak_points.buttons(learner, standing(learner), True, now)
    }

    weak_points.review(learner, correction, 1, GOOD)

    kept = WeakPoint.objects.get()
    assert abs(kept.due - now - promised[GOOD]) < timedelta(seconds=5)
    assert kept.stability > 0
    assert standing(learner).due == kept.due
    made = WeakPointReview.objects.get()
    assert (made.number, made.rating, made.correction) == (1, GOOD, correction)
    assert made.after["due"] == kept.due.isoformat()
    assert str(kept) == "es: gender"
    assert str(made).startswith("Good on ")


def test_a_longer_wait_is_as_promised(weak, learner):
    [correction] = weak[0].corrections.all()
    for number in range(1, 6):
        now = timezone.now()
        one = standing(learner)
        [promised] = [
            button.wait
            for button in weak_points.buttons(learner, one, True, now)
            if button.rating == 4
        ]
        weak_points.review(learner, correction, number, 4)
        due = WeakPoint.objects.get().due
        assert abs(due - now - promised) < timedelta(seconds=5)


def test_a_review_that_was_made_meanwhile_changes_nothing(weak, learner):
    [correction] = weak[0].corrections.all()
    weak_points.review(learner, correction, 1, GOOD)
    before = WeakPoint.objects.values().get()

    assert not weak_points.review(learner, correction, 1, AGAIN)
    assert not weak_points.review(learner, correction, 7, AGAIN)

    assert WeakPoint.objects.values().get() == before
    assert WeakPointReview.objects.count() == 1


def test_the_memory_outlives_the_conversation(weak, learner):
    weak_points.review(learner, weak[0].corrections.get(), 1, GOOD)

    lifecycle.delete(Conversation.objects.get())

    assert WeakPointReview.objects.get().correction is None
    assert WeakPoint.objects.get().reviewed == 1
    assert weak_points.standings(learner) == []


@pytest.mark.parametrize(
    "broken",
    [
        {"category": "style"},
        {"state": 7},
        {"stability": None},
        {"stability": 0},
        {"difficulty": 11},
        {"difficulty": None},
        {"last_review": None},
    ],
)
def test_what_must_never_be_false_never_is(weak, learner, broken):
    weak_points.review(learner, weak[0].corrections.get(), 1, GOOD)

    with pytest.raises(IntegrityError), transaction.atomic():
        WeakPoint.objects.update(**broken)


def test_there_is_one_of_a_category_and_one_review_of_a_number(weak, learner):
    weak_points.review(learner, weak[0].corrections.get(), 1, GOOD)
    for row in (WeakPoint.objects.get(), WeakPointReview.objects.get()):
        row.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        WeakPointReview.objects.update(rating=5)


@pytest.mark.django_db(transaction=True)
def test_of_reviews_at_once_one_counts():
    conversation = ConversationFactory()
    for number in range(2):
        take_turn(conversation, "La problema.", client_id=f"{number}")
    [first, _] = Correction.objects.all()
    learner = Learner.objects.get(pk=conversation.learner_id)

    made = at_once(*[lambda: weak_points.review(learner, first, 1, GOOD)] * 4)

    assert sorted(made) == [False, False, False, True]
    assert WeakPoint.objects.get().reviewed == WeakPointReview.objects.count() == 1


class TestPage:
    @pytest.fixture
    def asked(self, learner_client, weak):
        """The card that is asked first."""
        return learner_client.get(PAGE).context["card"]

    def named(self, card, **more):
        return {"card": card.correction.pk, "number": card.standing.number, **more}

    def test_without_any_it_says_how_they_come(self, learner_client):
        assert "No weak points" in learner_client.get(PAGE).text

    def test_a_sentence_is_asked_with_a_gap(self, learner_client, weak):
        text = learner_client.get(PAGE).text

        assert 'You wrote “<span lang="es">una</span>”' in text
        assert 'Tengo <span class="gap">' in text
        assert " problema muy difícil." in text
        assert '<p class="hint" lang="en">Gender</p>' in text
        assert "corrected in 2 messages" in text
        assert 'name="rating"' not in text

    def test_what_is_missing_is_asked_too(self, learner_client, tutor, say):
        missing = Candidate(4, 4, "", "a ", "preposition", "minor", "In.", "rule", 0.9)
        tutor.reply = lambda: reply(corrections=[missing])
        say("Voy comer.")
        say("Voy cenar.")

        assert "Something was missing." in learner_client.get(PAGE).text

    @pytest.mark.parametrize(
        ("typed", "verdict", "suggested"),
        [("un", "Right.", "3"), ("UN", "Right.", "3"), ("una", "Not quite.", "1")],
    )
    def test_an_answer_is_compared_and_rated(
        self, learner_client, asked, grammar_charts, typed, verdict, suggested
    ):
        page = learner_client.get(PAGE, self.named(asked, typed=typed))

        assert verdict in page.text
        assert "“problema” is masculine." in page.text
        assert "category=gender" in page.text
        [button] = [one for one in page.context["buttons"] if one.is_suggested]
        assert str(button.rating.value) == suggested

    def test_nothing_typed_shows_the_answer(self, learner_client, asked):
        page = learner_client.get(PAGE, self.named(asked, typed=""))

        assert "<mark>un</mark>" in page.text
        assert "Not quite" not in page.text

    def test_capitals_and_accents_count_where_they_are_the_point(self, tutor, say):
        def card(category, original, corrected):
            found = Candidate(
                0, 4, original, corrected, category, "minor", "W", "rule", 1
            )
            tutor.reply = lambda: reply(corrections=[found])
            [made] = say(f"{original} hoy.").corrections.all()
            one = weak_points.Standing("es", category, 2, None, timezone.now())
            return weak_points.card_for(made, one)

        day = card("capitals", "Lune", "lune")
        assert not day.is_right(day.answer("Lune"))
        assert day.is_right(day.answer("lune"))
        accent = card("spelling", "Esta", "Está")
        assert not accent.is_right(accent.answer("esta"))
        assert accent.is_right(accent.answer("está"))

    def test_a_rating_brings_the_next_one(self, learner_client, learner, asked):
        answer = learner_client.post(PAGE, self.named(asked, rating=4, typed="un"))

        assert answer.url == PAGE
        assert WeakPointReview.objects.get().rating == 4
        assert "Nothing is due now" in learner_client.get(PAGE).text

    def test_without_a_rating_the_answer_stays(self, learner_client, asked):
        page = learner_client.post(PAGE, self.named(asked, typed="una"))

        assert page.status_code == 422
        assert "Choose how well you knew it." in page.text
        assert "Not quite." in page.text
        too_long = learner_client.post(PAGE, self.named(asked, typed="x" * 5000))
        assert too_long.status_code == 422

    @pytest.mark.parametrize("typed", ["\x00", "x" * 5000])
    def test_an_answer_that_cannot_be_taken_is_told(self, learner_client, asked, typed):
        page = learner_client.get(PAGE, self.named(asked, typed=typed))

        assert page.status_code == 422
        assert 'class="errorlist' in page.text

    def test_one_that_was_reviewed_meanwhile_is_not_asked_again(
        self, learner_client, learner, asked
    ):
        weak_points.review(learner, asked.correction, 1, GOOD)

        assert learner_client.get(PAGE, self.named(asked, typed="un")).url == PAGE
        sent = self.named(asked, rating=1)
        assert learner_client.post(PAGE, sent).url == PAGE
        assert WeakPointReview.objects.count() == 1

    def test_a_sentence_that_is_no_weak_point_is_not_asked(
        self, learner_client, say, asked
    ):
        other = say("Me gusta muy mucho.").corrections.get()

        answer = learner_client.get(PAGE, {"card": other.pk, "number": 1})

        assert answer.url == PAGE

    @pytest.mark.parametrize(
        "sent",
        [
            {"card": "x", "number": 1},
            {"card": 1},
            {"card": 9 * 10**9, "number": 1},
            {"card": 10**30, "number": 1},
            {"card": "", "number": "\x00"},
        ],
    )
    def test_what_is_not_there_is_not_found(self, learner_client, sent):
        assert learner_client.get(PAGE, sent).status_code == 404
        assert learner_client.post(PAGE, sent).status_code == 404

    def test_a_strangers_sentence_is_not_found(self, stranger_client, asked):
        assert stranger_client.get(PAGE, self.named(asked)).status_code == 404
        sent = self.named(asked, rating=3)
        assert stranger_client.post(PAGE, sent).status_code == 404
        assert not WeakPoint.objects.exists()

    @pytest.mark.parametrize("count", [2, 30])
    def test_it_takes_the_same_queries_for_any_number(
        self, learner_client, say, count, django_assert_num_queries
    ):
        for _ in range(count):
            say("La problema es dificil y me gusta muy mucho.")

        # session, learner, counts, kept, sentence, others, charts
        with django_assert_num_queries(7):
            learner_client.get(PAGE)
