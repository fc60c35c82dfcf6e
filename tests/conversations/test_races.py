"""Two calls at the same moment: nothing is lost, nothing is kept or counted twice."""

import threading

import pytest
from django.db import connection

from conversations import lifecycle, turn_taking, tutors
from conversations.errors import (
    ConversationNotActive,
    ConversationNotFound,
    TutorFailed,
)
from conversations.models import (
    Conversation,
    ConversationMessage,
    ScenarioRun,
)
from conversations.turn_taking import take_turn
from lingo.models import Learner
from progress.models import LearningProgress, StudyDay
from tests.factories import ConversationFactory, reply
from tests.racing import (
    PATIENCE,
    THREADS,
    assert_adds_up,
    at_once,
    move,
    own,
    said_in,
    turn,
    while_thinking,
)
from vocabulary.models import VocabularyItem

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=["guided", "slow"])
def conversation(learner, slow_tutor, request):
    """A conversation with a tutor that answers at once, and one with a slow one."""
    return ConversationFactory(learner=learner, tutor=request.param)


def test_same_client_id_at_once_is_one_turn(conversation, tutor):
    # All tutors think at once, so that all replies compete to be saved.
    together = threading.Barrier(THREADS)

    def think():
        together.wait(PATIENCE)
        return reply(words=["mesa", "silla"])

    tutor.reply = think

    taken = at_once(*[turn(conversation)] * THREADS)

    said, answer = said_in(conversation)
    assert {(one.said, one.reply) for one in taken} == {(said, answer)}
    assert sum(one.is_new for one in taken) == 1
    assert answer.in_reply_to == said
    assert VocabularyItem.objects.count() == 2
    assert_adds_up(conversation.learner)


def test_different_client_ids_at_once_are_kept_without_gap(conversation, tutor):
    tutor.reply = lambda: reply(words=["mesa", f"silla{threading.get_ident()}"])

    at_once(*[turn(conversation, f"{n}", client_id=f"{n}") for n in range(THREADS)])

    messages = said_in(conversation)
    asked = [said for said in messages if said.is_learners]
    assert {said.content for said in asked} == {f"{n}" for n in range(THREADS)}
    answered = {said.in_reply_to_id for said in messages if not said.is_learners}
    assert answered == {said.pk for said in asked}
    assert StudyDay.objects.get().turns == THREADS
    assert_adds_up(conversation.learner)


@pytest.mark.parametrize("attempt", range(5))
def test_turn_and_completion_at_once_lose_nothing(conversation, tutor, attempt):
    tutor.reply = lambda: reply(words=["mesa", "silla"])

    taken, _ = at_once(
        turn(conversation),
        move(conversation, "completed"),
        refused=ConversationNotActive,
    )

    was_refused = isinstance(taken, ConversationNotActive)
    assert len(said_in(conversation)) == (0 if was_refused else 2)
    assert own(conversation).status == "completed"
    assert_adds_up(conversation.learner)


def test_reply_after_completion_is_kept_and_counted(conversation, thinking):
    while_thinking(thinking, conversation, move(conversation, "completed"))

    assert len(said_in(conversation)) == 2
    progress = LearningProgress.objects.get(skill="vocabulary")
    assert progress.words_learned == 2
    assert_adds_up(conversation.learner)


def test_completing_at_once_counts_once(conversation, tutor):
    tutor.reply = lambda: reply(words=["mesa", "silla"])
    turn(conversation)()

    at_once(*[move(conversation, "completed")] * THREADS)

    progress = LearningProgress.objects.get(skill="conversation")
    assert progress.conversations_completed == 1
    assert_adds_up(conversation.learner)


def test_pause_lets_no_later_turn_in(conversation, tutor):
    going = threading.Semaphore(0)

    def talk(name):
        for n in range(1000):
            turn(conversation, client_id=f"{name}-{n}")()
            going.release()

    def pause():
        for _ in range(6):
            assert going.acquire(timeout=PATIENCE)
        move(conversation, "paused")()
        return ConversationMessage.objects.filter(role="user").count()

    *_, accepted = at_once(
        *[lambda name=name: talk(name) for name in "abcd"],
        pause,
        refused=ConversationNotActive,
    )

    messages = said_in(conversation)
    assert accepted == len([said for said in messages if said.is_learners])
    assert len(messages) == 2 * accepted  # those that were accepted are answered
    assert_adds_up(conversation.learner)


def test_conversations_share_the_words_they_introduce_at_once(learner, tutor):
    together = threading.Barrier(THREADS)

    def think():
        together.wait(PATIENCE)
        return reply(words=["mesa", "silla", "taza"])

    tutor.reply = think
    talks = [ConversationFactory(learner=learner) for _ in range(THREADS)]

    at_once(*[turn(talk, client_id=f"{talk.pk}") for talk in talks])

    assert VocabularyItem.objects.count() == 3
    introduced = [len(answer.vocabulary) for talk in talks for answer in said_in(talk)]
    assert sum(introduced) == 3
    assert_adds_up(learner)


def test_beginning_at_once_begins_one_conversation(learner, scenario, monkeypatch):
    monkeypatch.setattr(tutors, "opening", lambda *asked: reply("¿Qué desea?"))

    def begin():
        conversation, is_new = Conversation.objects.begin(
            Learner.objects.get(pk=learner.pk),
            conversation_id="mine",
            language="es",
            scenario=scenario,
        )
        turn_taking.open_talk(conversation)
        return is_new

    assert sorted(at_once(*[begin] * THREADS)) == [False] * (THREADS - 1) + [True]
    [line] = said_in(Conversation.objects.get())
    assert line.content == "¿Qué desea?"
    assert ScenarioRun.objects.count() == 1
    assert_adds_up(learner)


def delete(conversation):
    return lambda: lifecycle.delete(own(conversation))


def assert_all_gone(learner):
    assert not Conversation.objects.exists()
    assert not ConversationMessage.objects.exists()
    days = StudyDay.objects.totals()
    assert (days["turns"], days["study_seconds"]) == (0, 0)
    assert days["words"] == VocabularyItem.objects.count()  # words are kept
    assert not LearningProgress.objects.filter(sessions__gt=0).exists()


@pytest.mark.parametrize("attempt", range(5))
def test_turn_and_deletion_at_once_leave_nothing_half(conversation, tutor, attempt):
    tutor.reply = lambda: reply(words=["mesa", "silla"])
    mine = own(conversation)

    at_once(
        lambda: take_turn(mine, "Hola", client_id="a"),
        delete(conversation),
        refused=ConversationNotFound,
    )

    assert_all_gone(conversation.learner)


def test_reply_to_a_deleted_conversation_is_refused(conversation, thinking):
    taken = while_thinking(
        thinking, conversation, delete(conversation), refused=ConversationNotFound
    )

    assert isinstance(taken, ConversationNotFound)
    assert_all_gone(conversation.learner)
    assert not VocabularyItem.objects.exists()


def test_deleting_at_once_takes_back_once(conversation, tutor):
    turn(conversation)()
    move(conversation, "completed")()
    mine = [own(conversation) for _ in range(THREADS)]

    deleted = at_once(
        *[lambda one=one: lifecycle.delete(one) for one in mine],
        refused=ConversationNotFound,
    )

    assert len([one for one in deleted if one is None]) == 1
    assert_all_gone(conversation.learner)


def test_tutor_thinks_without_a_database_connection(conversation, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)
    held = []

    def think(self, request, on_draft):
        held.append((connection.in_atomic_block, connection.connection))
        return reply()

    monkeypatch.setattr(type(tutors.tutor_of(conversation)), "reply", think)

    turn(conversation)()

    assert held == [(False, None)]
    assert_adds_up(conversation.learner)


def test_others_write_while_the_tutor_thinks(conversation, thinking, one_connection):
    other = ConversationFactory()

    while_thinking(thinking, conversation, move(other, "completed"))

    assert len(said_in(conversation)) == 2
    assert own(other).status == "completed"


def test_message_that_a_failed_tutor_left_is_answered_later(
    conversation, tutor, caplog
):
    tutor.error = RuntimeError("no network")
    with pytest.raises(TutorFailed) as failed:
        turn(conversation)()
    assert said_in(conversation) == [failed.value.said]
    assert [*ConversationMessage.objects.unanswered()] == [failed.value.said]
    assert not StudyDay.objects.exists()
    assert "tutor_failed" in caplog.text
    assert conversation.conversation_id in caplog.text

    tutor.error = None
    said, answer, _ = turn(conversation)()

    assert said == failed.value.said
    assert said_in(conversation) == [said, answer]
    assert_adds_up(conversation.learner)
