import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from conversations import lifecycle
from conversations.errors import ConversationNotFound, ForbiddenMove, TutorFailed
from conversations.models import Conversation, ConversationMessage
from conversations.turn_taking import take_turn
from progress.models import LearningProgress, StudyDay
from tests.factories import ConversationFactory, reply
from vocabulary.models import VocabularyItem

STATES = ["active", "paused", "completed", "archived"]
MOVES = {
    ("active", "paused"),
    ("active", "completed"),
    ("active", "archived"),
    ("paused", "active"),
    ("paused", "completed"),
    ("paused", "archived"),
    ("completed", "archived"),
}


def in_state(learner, status):
    conversation = ConversationFactory(learner=learner, turns=2)
    lifecycle.move(conversation, status)
    return conversation


@pytest.mark.parametrize("new", STATES)
@pytest.mark.parametrize("old", STATES)
def test_states_follow_the_table(learner, old, new):
    conversation = in_state(learner, old)

    if old == new or (old, new) in MOVES:
        assert lifecycle.move(conversation, new).status == new
    else:
        with pytest.raises(ForbiddenMove, match=f"{old} can't become {new}"):
            lifecycle.move(conversation, new)
        conversation.refresh_from_db()
        assert conversation.status == old


def test_active_is_exactly_status_active(learner):
    assert [in_state(learner, state).is_active for state in STATES] == [
        True,
        False,
        False,
        False,
    ]


def test_completing_twice_counts_once(learner):
    conversation = ConversationFactory(learner=learner, turns=2)

    lifecycle.move(conversation, "completed")
    ended = Conversation.objects.get().ended_at
    lifecycle.move(Conversation.objects.get(), "completed")

    assert Conversation.objects.get().ended_at == ended
    progress = LearningProgress.objects.get(skill="conversation")
    assert (progress.sessions, progress.conversations_completed) == (1, 1)
    assert progress.study_seconds == 6
    completed = StudyDay.objects.filter(conversations__gt=0)
    assert completed.get().date == learner.local_date(ended)
    assert completed.get().conversations == 1


def test_progress_rows_are_created_where_there_are_none(learner):
    lifecycle.move(ConversationFactory(learner=learner), "completed")

    skills = LearningProgress.objects.for_learner(learner)
    assert sorted(skills.values_list("skill", flat=True)) == [
        "conversation",
        "vocabulary",
    ]


def test_progress_counts_the_words_that_were_new(learner, tutor):
    for words in (["pan", "queso"], ["queso", "vino"]):
        conversation = ConversationFactory(learner=learner)
        tutor.reply = lambda words=words: reply(words=words)
        take_turn(conversation, "Hola", client_id=conversation.conversation_id)
        lifecycle.move(conversation, "completed")

    assert LearningProgress.objects.get(skill="vocabulary").words_learned == 3


def test_progress_spans_the_first_and_the_last_activity(learner):
    first = ConversationFactory(learner=learner, turns=1)
    second = ConversationFactory(learner=learner)

    lifecycle.move(second, "completed")
    lifecycle.move(first, "completed")

    progress = LearningProgress.objects.get(skill="conversation")
    first.refresh_from_db()
    assert progress.first_activity_at <= progress.last_activity_at
    assert progress.last_activity_at >= first.last_message_at


def test_deleting_takes_back_what_was_counted(learner, tutor):
    kept = ConversationFactory(learner=learner)
    gone = ConversationFactory(learner=learner)
    tutor.reply = lambda: reply(words=["pan"])
    for conversation in (kept, gone):
        take_turn(conversation, "Hola", client_id=conversation.conversation_id)
        lifecycle.move(conversation, "completed")

    lifecycle.delete(gone)

    assert Conversation.objects.get() == kept
    assert ConversationMessage.objects.count() == 2
    day = StudyDay.objects.get()
    assert (day.turns, day.conversations) == (1, 1)
    progress = LearningProgress.objects.get(skill="conversation")
    assert (progress.sessions, progress.conversations_completed) == (1, 1)


def test_deleting_an_unfinished_conversation_takes_back_its_study_only(learner, tutor):
    conversation = ConversationFactory(learner=learner)
    take_turn(conversation, "Hola", client_id="a")
    tutor.error = OSError()
    with pytest.raises(TutorFailed):
        take_turn(conversation, "Hola", client_id="b")

    lifecycle.delete(conversation)

    day = StudyDay.objects.get()
    assert (day.turns, day.study_seconds) == (0, 0)
    assert not LearningProgress.objects.exists()


def test_words_stay_when_their_conversation_goes(learner, tutor):
    conversation = ConversationFactory(learner=learner)
    tutor.reply = lambda: reply(words=["pan"])
    take_turn(conversation, "Hola", client_id="a")

    lifecycle.delete(conversation)

    assert VocabularyItem.objects.get().lemma == "pan"


def test_deleting_twice_is_a_clear_error(learner):
    conversation = ConversationFactory(learner=learner)
    lifecycle.delete(Conversation.objects.get())

    with pytest.raises(ConversationNotFound):
        lifecycle.delete(conversation)


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "open"},
        {"status": "completed"},
        {"status": "active", "ended_at": timezone.now()},
        {"total_cost": -1},
        {"message_count": -1},
        {"counted_on": "2026-01-01"},
    ],
)
def test_the_database_refuses_what_must_never_be(learner, wrong):
    ConversationFactory(learner=learner)

    with pytest.raises(IntegrityError), transaction.atomic():
        Conversation.objects.update(**wrong)


@pytest.mark.parametrize(
    "wrong",
    [{"position": 0}, {"role": "narrator"}, {"estimated_cost": -1}, {"position": 1}],
)
def test_the_database_refuses_wrong_messages(learner, wrong):
    ConversationFactory(learner=learner, turns=1)

    with pytest.raises(IntegrityError), transaction.atomic():
        ConversationMessage.objects.update(**wrong)


def test_an_id_is_used_once_by_each_learner(learner):
    ConversationFactory(learner=learner, conversation_id="a")

    with pytest.raises(IntegrityError), transaction.atomic():
        ConversationFactory(learner=learner, conversation_id="a")
