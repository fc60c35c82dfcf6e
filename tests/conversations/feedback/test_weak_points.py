"""Weak points: what is corrected again and again, reviewed with one's own sentences."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from conversations import lifecycle, weak_points
from conversations import weak_point_reviewing as reviewing
from conversations.errors import NotTheLatestReview, NotTheNextReview
from conversations.feedback.candidates import Candidate
from conversations.models import (
    Conversation,
    Correction,
    WeakPoint,
    WeakPointReview,
)
from conversations.turn_taking import take_turn
from lingo.models import Learner
from progress.models import LearningProgress, StudyDay, StudySession
from tests.factories import ConversationFactory, LearnerFactory, reply
from tests.racing import at_once

PAGE = reverse("conversations:weak-points")
HISTORY = reverse("conversations:weak-point-reviews")
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
        assert reviewing.review(learner, card.correction, number, GOOD)[1]

    assert asked == [3, 1, 3, 1]


def test_fsrs_says_when_it_is_due_again(weak, learner):
    [correction] = weak[0].corrections.all()
    now = timezone.now()
    promised = {
        button.rating: button.wait
        for button in weak_points.buttons(learner, standing(learner), True, now)
    }

    reviewing.review(learner, correction, 1, GOOD)

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
        reviewing.review(learner, correction, number, 4)
        due = WeakPoint.objects.get().due
        assert abs(due - now - promised) < timedelta(seconds=5)


def test_a_review_that_was_made_meanwhile_changes_nothing(weak, learner):
    [correction] = weak[0].corrections.all()
    first, _ = reviewing.review(learner, correction, 1, GOOD)
    before = WeakPoint.objects.values().get()

    assert reviewing.review(learner, correction, 1, AGAIN) == (first, False)
    with pytest.raises(NotTheNextReview, match="number 2"):
        reviewing.review(learner, correction, 7, AGAIN)

    assert WeakPoint.objects.values().get() == before
    assert WeakPointReview.objects.count() == 1


def test_a_review_is_undone_exactly_and_once(weak, learner):
    [correction] = weak[0].corrections.all()
    reviewing.review(learner, correction, 1, GOOD)
    before = WeakPoint.objects.get().memory
    last, _ = reviewing.review(learner, correction, 2, AGAIN)

    undone_at = reviewing.undo(last).undone_at
    assert reviewing.undo(last).undone_at == undone_at

    assert WeakPoint.objects.get().memory == before
    third, is_new = reviewing.review(learner, correction, 3, GOOD)
    assert (is_new, third.before) == (True, last.before)


def test_only_the_latest_review_can_be_undone(weak, learner):
    [correction] = weak[0].corrections.all()
    first, _ = reviewing.review(learner, correction, 1, GOOD)
    last, _ = reviewing.review(learner, correction, 2, GOOD)
    with pytest.raises(NotTheLatestReview):
        reviewing.undo(first)

    reviewing.undo(last)
    reviewing.undo(first)

    assert WeakPoint.objects.get().memory.last_review is None
    assert standing(learner).due <= timezone.now()


def counted(learner):
    """What reviews of weak points count for: on days, in grammar, in sessions."""
    return (
        {
            name: total
            for name, total in StudyDay.objects.totals().items()
            if name in ("weak_points", "study_seconds")
        },
        list(
            LearningProgress.objects.filter(skill="grammar").values_list(
                "reviews", "reviews_recalled", "study_seconds", "accuracy"
            )
        ),
        list(
            StudySession.objects.filter(kind="weak-points").values_list(
                "items", "correct", "study_seconds"
            )
        ),
    )


def test_reviews_count_as_study_of_grammar(weak, learner, monkeypatch):
    [correction] = weak[0].corrections.all()
    talked = counted(learner)[0]["study_seconds"]
    clock = [timezone.now()]
    monkeypatch.setattr(timezone, "now", lambda: clock[0])
    reviewing.review(learner, correction, 1, GOOD)
    clock[0] += timedelta(seconds=20)
    last, _ = reviewing.review(learner, correction, 2, AGAIN)
    clock[0] += timedelta(hours=1)
    far, _ = reviewing.review(learner, correction, 3, GOOD)

    assert (last.study_seconds, far.study_seconds) == (20, 0)
    done = counted(learner)
    assert done[0] == {"weak_points": 3, "study_seconds": talked + 20}
    assert done[1:] == ([(3, 2, 20, 66)], [(1, 1, 0), (2, 1, 20)])

    reviewing.undo(far)
    assert counted(learner)[1:] == ([(2, 1, 20, 50)], [(0, 0, 0), (2, 1, 20)])
    reviewing.undo(last)
    assert counted(learner)[0] == {"weak_points": 1, "study_seconds": talked}


def test_all_of_it_is_rebuilt_from_the_reviews(weak, learner):
    [correction] = weak[0].corrections.all()
    for number, rating in enumerate([GOOD, 4, AGAIN, GOOD], start=1):
        done, _ = reviewing.review(learner, correction, number, rating)
    reviewing.undo(done)
    before = WeakPoint.objects.values().get(), counted(learner)
    assert reviewing.rebuild_memories() == (1, 0)
    WeakPoint.objects.update(stability=99, state=2)
    StudyDay.objects.update(weak_points=9)
    LearningProgress.objects.filter(skill="grammar").delete()
    StudySession.objects.filter(kind="weak-points").update(items=7)

    call_command("rebuild_progress", stdout=(told := StringIO()))

    assert (WeakPoint.objects.values().get(), counted(learner)) == before
    assert "1 weak points checked, 1 mended." in told.getvalue()


def test_the_memory_outlives_the_conversation(weak, learner):
    reviewing.review(learner, weak[0].corrections.get(), 1, GOOD)

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
    reviewing.review(learner, weak[0].corrections.get(), 1, GOOD)

    with pytest.raises(IntegrityError), transaction.atomic():
        WeakPoint.objects.update(**broken)


def test_there_is_one_of_a_category_and_one_review_of_a_number(weak, learner):
    reviewing.review(learner, weak[0].corrections.get(), 1, GOOD)
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

    made = at_once(*[lambda: reviewing.review(learner, first, 1, GOOD)] * 4)

    assert sorted(is_new for _, is_new in made) == [False, False, False, True]
    assert WeakPoint.objects.get().reviewed == WeakPointReview.objects.count() == 1
    assert counted(learner)[0]["weak_points"] == 1

    at_once(*[lambda: reviewing.undo(WeakPointReview.objects.get())] * 4)

    assert counted(learner)[0]["weak_points"] == 0


class TestPage:
    @pytest.fixture
    def asked(self, learner_client, weak):
        """The card that is asked first."""
        return learner_client.get(PAGE).context["card"]

    def named(self, card, **more):
        return {"card": card.correction.pk, "number": card.standing.number, **more}

    def test_without_any_it_says_how_they_come(self, learner_client):
        assert "No weak points" in learner_client.get(PAGE).text

    def test_it_belongs_to_review(self, learner_client):
        here = f'<a href="{reverse("vocabulary:review")}" aria-current="true">'
        assert here in learner_client.get(PAGE).text

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
        reviewing.review(learner, asked.correction, 1, GOOD)

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

        # session, learner, counts, kept, sentence, others, to be undone, charts
        with django_assert_num_queries(8):
            learner_client.get(PAGE)


class TestHistory:
    def reviewed(self, learner, weak, *ratings):
        [correction] = weak[0].corrections.all()
        return [
            reviewing.review(learner, correction, number, rating)[0]
            for number, rating in enumerate(ratings, start=1)
        ]

    def undo(self, client, review):
        return client.post(reverse("conversations:weak-point-undo", args=[review.pk]))

    def test_the_last_review_is_undone_on_the_page(self, learner_client, learner, weak):
        first, last = self.reviewed(learner, weak, GOOD, AGAIN)
        assert "again <button" in learner_client.get(PAGE).text

        assert self.undo(learner_client, last).url == PAGE

        last.refresh_from_db()
        assert last.undone_at
        page = learner_client.get(PAGE).text
        assert "The review is taken back." in page
        assert "good <button" in page
        self.undo(learner_client, first)
        assert '<button type="submit" class="small' not in learner_client.get(PAGE).text

    def test_one_that_another_builds_on_stays(self, learner_client, learner, weak):
        first, _ = self.reviewed(learner, weak, GOOD, AGAIN)

        self.undo(learner_client, first)

        assert "A later review" in learner_client.get(PAGE).text
        address = reverse("conversations:weak-point-undo", args=[first.pk])
        assert learner_client.get(address).url == PAGE

    def test_reviews_of_another_day_are_not_offered(
        self, learner_client, learner, weak
    ):
        self.reviewed(learner, weak, GOOD)
        yesterday = timezone.now() - timedelta(days=1)
        WeakPointReview.objects.update(reviewed_at=yesterday)

        assert "Undo" not in learner_client.get(PAGE).text

    def test_reviews_are_listed_with_their_sentences(
        self, learner_client, learner, weak
    ):
        _, last = self.reviewed(learner, weak, GOOD, AGAIN)

        page = learner_client.get(HISTORY).text
        assert "2 reviews, 1 of them recalled" in page
        assert "La problema es grande." in page
        assert f"#message-{weak[0].position}" in page

        reviewing.undo(last)
        assert "1 review, 1 of them recalled" in learner_client.get(HISTORY).text
        all_of_them = learner_client.get(HISTORY, {"undone": "on"}).text
        assert "2 reviews" in all_of_them
        assert '<span class="badge">Undone</span>' in all_of_them

    def test_the_list_is_narrowed(self, learner_client, learner, weak):
        self.reviewed(learner, weak, GOOD)
        narrowed = {"language": "es", "category": "gender"}

        assert "1 review," in learner_client.get(HISTORY, narrowed).text
        for other in ({"language": "fr"}, {"category": "case"}):
            page = learner_client.get(HISTORY, other).text
            assert "No review is like that." in page

    def test_a_deleted_sentence_is_said_to_be_so(self, learner_client, learner, weak):
        self.reviewed(learner, weak, GOOD)
        lifecycle.delete(Conversation.objects.get())

        assert "Deleted" in learner_client.get(HISTORY).text

    def test_progress_leads_to_it(self, learner_client, learner, weak):
        self.reviewed(learner, weak, GOOD)

        page = learner_client.get(reverse("progress:overview")).text
        assert f'<a href="{HISTORY}?language=es">100</a>' in page
        assert f'<a href="{HISTORY}?language=es&amp;since=' in page

    def test_a_stranger_sees_and_undoes_nothing(self, stranger_client, learner, weak):
        [done] = self.reviewed(learner, weak, GOOD)

        assert self.undo(stranger_client, done).status_code == 404
        assert "not reviewed a weak point" in stranger_client.get(HISTORY).text

    @pytest.mark.parametrize("count", [1, 50])
    def test_it_takes_the_same_queries_for_any_number(
        self, learner_client, learner, weak, count, django_assert_num_queries
    ):
        self.reviewed(learner, weak, *[GOOD] * count)

        # session, learner, count, rows, weak points, corrections, messages,
        # conversations, sums
        with django_assert_num_queries(9):
            learner_client.get(HISTORY)


class TestApi:
    LIST = "/api/v1/weak-points/"
    ONE = f"{LIST}es/gender/"
    DONE = "/api/v1/weak-point-reviews/"

    def review(self, api, card, rating="good", **changes):
        sent = {name: card[name] for name in ("correction", "number")}
        sent |= {"rating": rating, **changes}
        return api.post(f"{self.ONE}reviews/", sent, format="json")

    def test_weak_points_are_listed_each_with_its_next_sentence(self, api, weak):
        [one] = api.get(self.LIST).json()

        card = api.get(self.ONE).json()

        one.pop("due")
        assert one.items() <= card.items()
        assert (one["category"], one["messages"], one["number"]) == ("gender", 2, 1)
        assert card["before"] == "Tengo "
        assert (card["original"], card["corrected"]) == ("una", "un")
        assert card["after"] == " problema muy difícil."
        assert "masculine" in card["reason"]

    def test_one_that_is_none_is_not_found(self, api, weak):
        assert api.get(f"{self.LIST}es/case/").status_code == 404
        assert api.get(f"{self.LIST}xx/gender/").status_code == 404

    def test_a_review_counts_once(self, api, weak):
        card = api.get(self.ONE).json()

        first, again = self.review(api, card), self.review(api, card, rating=1)

        assert (first.status_code, again.status_code) == (201, 200)
        assert first.json() == again.json()
        assert first.json()["rating"] == GOOD
        due = parse_datetime(first.json()["after"]["due"])
        assert parse_datetime(api.get(self.ONE).json()["due"]) == due
        assert api.get(self.DONE).json()["results"] == [first.json()]

    def test_a_review_that_can_not_be_is_refused(self, api, weak, say):
        card = api.get(self.ONE).json()
        other = say("Me gusta muy mucho.").corrections.get()
        for field, value in (
            ("correction", other.pk),
            ("correction", 10**12),
            ("number", 0),
            ("rating", "fine"),
        ):
            answer = self.review(api, card, **{field: value})
            assert answer.status_code == 400
            assert field in answer.json()["errors"]
        assert self.review(api, card, number=2).status_code == 409
        assert not WeakPointReview.objects.exists()

    def test_a_review_is_undone(self, api, weak):
        card = api.get(self.ONE).json()
        first = self.review(api, card).json()
        last = self.review(api, card, number=2).json()

        early = api.post(f"{self.DONE}{first['id']}/undo/")
        undone = api.post(f"{self.DONE}{last['id']}/undo/")

        assert early.status_code == 409
        assert undone.json()["undone_at"]
        [left] = api.get(self.DONE, {"is_undone": "false"}).json()["results"]
        assert left["id"] == first["id"]

    def test_a_stranger_finds_nothing(self, stranger_api, api, weak):
        card = api.get(self.ONE).json()
        made = self.review(api, card).json()

        assert stranger_api.get(self.LIST).json() == []
        assert stranger_api.get(self.ONE).status_code == 404
        assert self.review(stranger_api, card).status_code == 400
        assert stranger_api.get(f"{self.DONE}{made['id']}/").status_code == 404
        assert stranger_api.post(f"{self.DONE}{made['id']}/undo/").status_code == 404

    @pytest.mark.parametrize("count", [1, 50])
    def test_lists_take_the_same_queries_for_any_number(
        self, api, learner, weak, count, django_assert_num_queries
    ):
        [correction] = weak[0].corrections.all()
        for number in range(1, count + 1):
            reviewing.review(learner, correction, number, GOOD)

        with django_assert_num_queries(2):  # reviews, weak points
            api.get(self.DONE)
        with django_assert_num_queries(2):  # counts, kept
            api.get(self.LIST)
