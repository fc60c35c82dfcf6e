"""What acts open, add to and close: study sessions, and their table on the page."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from conversations import lifecycle
from conversations.models import Conversation, ConversationMessage
from conversations.turn_taking import answer, open_talk, take_turn
from progress.models import StudyDay, StudySession
from tests.exchanging import exported, found
from tests.factories import ConversationFactory, introduce
from tests.racing import assert_adds_up
from vocabulary.adding import add_word, remove_word
from vocabulary.exchange import importing
from vocabulary.models import VocabularyItem
from vocabulary.reviewing import review, undo

NOON = datetime(2026, 3, 28, 12, tzinfo=UTC)
PAGE = reverse("progress:overview")


@pytest.fixture
def clock(monkeypatch):
    """A clock that goes on as it is told: `clock(seconds)`."""
    now = [NOON]

    def go_on(seconds):
        now[0] += timedelta(seconds=seconds)

    monkeypatch.setattr(timezone, "now", lambda: now[0])
    said_at = ConversationMessage._meta.get_field("created_at")
    monkeypatch.setattr(said_at, "_get_default", lambda: now[0])
    return go_on


@pytest.fixture
def talk(learner, clock, tutor):
    return ConversationFactory(learner=learner, started_at=NOON)


def say(talk, text="Hola"):
    number = ConversationMessage.objects.count()
    return take_turn(talk, text, client_id=str(number))


def figures(learner):
    mine = StudySession.objects.for_learner(learner).order_by("started_at", "pk")
    return [
        (one.kind, one.items, one.study_seconds, one.ended_at is not None)
        for one in mine
    ]


def test_turns_are_a_session_of_their_conversation(talk, learner, clock):
    for seconds in (10, 20, 1500):
        clock(seconds)
        say(talk)

    assert figures(learner) == [("conversation", 3, 20 + 300, False)]
    assert StudySession.objects.get().source_id == talk.conversation_id


def test_after_a_break_the_next_turn_begins_another(talk, learner, clock):
    for seconds in (10, 20, 3600):
        clock(seconds)
        say(talk)

    assert figures(learner) == [
        ("conversation", 2, 20, True),
        ("conversation", 1, 300, False),
    ]


@pytest.mark.parametrize("status", ["paused", "completed", "archived"])
def test_closing_a_conversation_ends_its_session(talk, learner, clock, status):
    say(talk)
    clock(20)
    say(talk)
    clock(60)

    for _ in range(2):
        lifecycle.move(talk, status)

    session = StudySession.objects.get()
    assert session.ended_at == session.last_at == NOON + timedelta(seconds=20)


def test_a_turn_after_a_pause_begins_another_session(talk, learner, clock):
    say(talk)
    lifecycle.move(talk, "paused")
    lifecycle.move(talk, "active")
    clock(30)
    say(talk)

    assert figures(learner) == [
        ("conversation", 1, 0, True),
        ("conversation", 1, 30, False),
    ]


@pytest.mark.parametrize("status", ["paused", "completed"])
def test_a_reply_after_closing_leaves_no_session_open(
    talk, learner, tutor, clock, status
):
    say(talk)
    said, _ = ConversationMessage.objects.say(talk, "¿Y tú?", client_id="late")
    lifecycle.move(Conversation.objects.get(), status)
    clock(5)

    answer(ConversationMessage.objects.select_related("conversation").get(pk=said.pk))

    assert [ended for *_, ended in figures(learner)] == [True, True]
    assert_adds_up(learner)


def test_a_scenario_is_a_session_of_that_kind(learner, scenarios):
    talk, _ = Conversation.objects.begin(
        learner, language="es", scenario=scenarios["cafe"]
    )
    open_talk(talk)
    assert figures(learner) == []  # the tutor began; nobody has studied yet

    say(talk)

    assert [row[:2] for row in figures(learner)] == [("scenario", 1)]


def test_a_transcript_that_names_the_scenario_later_takes_the_session_along(
    learner, scenarios
):
    def save(**context):
        said = [
            {"role": role, "content": "Hola", "timestamp": f"2026-03-28T12:0{n}:00Z"}
            for n, role in enumerate(("user", "assistant") * 2)
        ]
        Conversation.objects.save_transcript(
            learner,
            {
                "conversation_id": "a",
                "language": "es",
                "messages": said,
                "context_data": context,
            },
        )

    save()
    assert figures(learner) == [("conversation", 2, 180, True)]
    for _ in range(2):
        save(scenario_id="cafe")

    assert figures(learner) == [("scenario", 2, 180, True)]
    assert_adds_up(learner)


def test_reviews_are_a_session_and_undoing_takes_back(learner, clock):
    item = introduce(learner, "casa")[0]
    StudyDay.objects.record(learner, "es", item.introduced_on, words=1)
    for seconds, rating in ((0, 3), (40, 1), (900, 3)):
        clock(seconds)
        done, _ = review(item, rating, client_id=f"{seconds}")
    assert figures(learner) == [("review", 3, 40, False)]
    assert StudySession.objects.get().correct == 2

    for _ in range(2):
        undo(done)

    assert figures(learner) == [("review", 2, 40, False)]
    assert StudySession.objects.get().correct == 1
    assert_adds_up(learner)


def test_a_word_removed_takes_its_reviews_from_their_sessions(learner, clock):
    casa, pan = introduce(learner, "casa", "pan")
    StudyDay.objects.record(learner, "es", casa.introduced_on, words=2)
    for seconds, item in ((0, casa), (30, pan), (20, casa), (7200, pan)):
        clock(seconds)
        review(item, 3, client_id=f"{seconds}")

    remove_word(casa)

    assert figures(learner) == [("review", 1, 30, True), ("review", 1, 0, False)]
    assert_adds_up(learner)


def test_imported_reviews_make_up_their_sessions(learner, stranger, clock):
    casa, _ = add_word(learner, "es", "casa")
    for seconds in (0, 30, 7200, 9000, 86_400 * 60):
        clock(seconds)
        done, _ = review(casa, 3, client_id=f"{seconds}")
    mine = figures(learner)
    undo(done)

    importing.bring_in(stranger, found(stranger, exported(learner, "json")))

    brought = figures(stranger)
    assert [row[:3] for row in brought] == [row[:3] for row in mine[:-1]]
    assert all(ended for *_, ended in brought)
    assert_adds_up(stranger)
    remove_word(VocabularyItem.objects.for_learner(stranger).get())
    assert not StudySession.objects.for_learner(stranger).studied().exists()


def test_deleting_a_conversation_takes_its_sessions_away(talk, learner, clock):
    kept = ConversationFactory(learner=learner, started_at=NOON)
    for conversation in (talk, kept):
        clock(20)
        say(conversation)

    lifecycle.delete(talk)

    assert StudySession.objects.get().source_id == kept.conversation_id
    assert_adds_up(learner)


class TestPage:
    def test_the_latest_ten_sessions_are_shown(self, learner_client, learner, clock):
        item = introduce(learner, "casa")[0]
        for number in range(12):
            clock(7200)
            review(item, 3, client_id=f"{number}")

        shown = learner_client.get(PAGE)

        starts = [session.started_at for session in shown.context["sessions"]]
        assert starts == [timezone.now() - timedelta(hours=2 * n) for n in range(10)]

    def test_a_session_leads_to_its_conversation(self, learner_client, talk):
        say(talk)

        link = f'<a href="{talk.get_absolute_url()}">{talk.title}</a>'
        assert link in learner_client.get(PAGE).text

    def test_a_stranger_sees_only_their_own(self, stranger_client, talk):
        say(talk)

        assert talk.title not in stranger_client.get(PAGE).text

    def test_nothing_is_shown_of_what_was_taken_back(self, learner_client, learner):
        item = introduce(learner, "casa")[0]
        undo(review(item, 3, client_id="a")[0])

        assert "<h2>Sessions</h2>" not in learner_client.get(PAGE).text

    @pytest.mark.parametrize("count", [1, 50])
    def test_any_number_of_sessions_takes_the_same_queries(
        self, learner_client, learner, tutor, count, django_assert_num_queries
    ):
        for _ in range(count):
            say(ConversationFactory(learner=learner))

        # session, learner, totals, days, skills, the year, streaks, study sessions,
        # conversations
        with django_assert_num_queries(9):
            learner_client.get(PAGE)
