"""One turn: kept once, answered once, counted once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from conversations import lifecycle, tutors
from conversations.errors import (
    ClientIdTaken,
    ConversationNotActive,
    ConversationNotFound,
    TutorFailed,
)
from conversations.models import Conversation, ConversationMessage
from conversations.turn_taking import open_talk, take_turn
from progress.models import LearningProgress, StudyDay, StudySession
from tests.factories import ConversationFactory, introduce, reply
from vocabulary.models import VocabularyItem


@pytest.fixture(params=["guided", "slow"])
def conversation(learner, slow_tutor, request):
    """A conversation with a tutor that answers at once, and one with a slow one."""
    return ConversationFactory(
        learner=learner, vocabulary_level="beginner", tutor=request.param
    )


@pytest.fixture
def slow(conversation, slow_tutor):
    """The conversation, of a tutor that takes its time."""
    conversation.tutor = slow_tutor
    conversation.save()
    return conversation


def test_a_turn_keeps_message_reply_and_what_they_took(conversation, tutor):
    said, answered, _ = take_turn(conversation, "Hola", client_id="a")

    assert (said.position, said.role, said.content) == (1, "user", "Hola")
    assert (answered.position, answered.in_reply_to) == (2, said)
    assert (answered.token_count, answered.processing_time_ms) == (12, 7)
    assert answered.estimated_cost == Decimal("0.000345")
    conversation.refresh_from_db()
    assert conversation.message_count == 2
    assert conversation.total_tokens == 12
    assert conversation.total_cost == Decimal("0.000345")


def test_a_hundred_turns_keep_two_hundred_messages(conversation, tutor):
    for turn in range(100):
        take_turn(conversation, f"Hola {turn}", client_id=str(turn))

    kept = conversation.messages.values_list("position", flat=True)
    assert list(kept) == list(range(1, 201))
    conversation.refresh_from_db()
    assert conversation.message_count == 200


def test_a_turn_takes_a_constant_number_of_statements(
    conversation, tutor, django_assert_num_queries
):
    tutor.reply = lambda: reply(words=["pan", "vino", "queso"])
    introduce(conversation.learner, "pan", "vino")
    take_turn(conversation, "Hola", client_id="a")
    for turn in range(50):
        tutor.reply = lambda turn=turn: reply(words=["pan", "vino", f"queso{turn}o"])
        # count, known words, glosses of those without a translation, new words, insert,
        # insert, study day, study session; a slow one counts the message before
        statements = 8 if conversation.tutor == "guided" else 9
        savepoints = 2 if conversation.tutor == "guided" else 4  # in tests
        with django_assert_num_queries(statements + savepoints):
            take_turn(conversation, f"Hola {turn}", client_id=str(turn))


def test_the_same_client_id_later_gives_the_same_turn(conversation, tutor):
    first = take_turn(conversation, "Hola", client_id="a")

    again = take_turn(conversation, "Hola", client_id="a")

    assert again[:2] == first[:2]
    assert (first.is_new, again.is_new) == (True, False)
    assert conversation.message_count == 2
    assert StudyDay.objects.get().turns == 1


def test_a_slow_tutor_is_not_asked_again_about_a_turn_it_answered(slow, tutor):
    take_turn(slow, "Hola", client_id="a")
    take_turn(slow, "Hola", client_id="a")

    assert len(tutor.asked) == 1


def test_a_turn_after_a_break_takes_two_statements_more(
    conversation, tutor, django_assert_max_num_queries
):
    take_turn(conversation, "Hola", client_id="a")
    hours = timezone.now() - timedelta(hours=8)
    StudySession.objects.update(started_at=hours, last_at=hours)

    with django_assert_max_num_queries(10 + 4):  # four for savepoints in tests
        take_turn(conversation, "Adiós", client_id="b")

    assert StudySession.objects.count() == 2


def test_a_repeat_is_answered_even_after_a_pause(conversation, tutor):
    first = take_turn(conversation, "Hola", client_id="a")
    lifecycle.move(conversation, "paused")

    assert take_turn(conversation, "Hola", client_id="a")[:2] == first[:2]


@pytest.mark.parametrize("status", ["paused", "completed", "archived"])
def test_only_an_active_conversation_takes_turns(conversation, tutor, status):
    lifecycle.move(conversation, status)

    with pytest.raises(ConversationNotActive, match=status):
        take_turn(conversation, "Hola", client_id="a")

    assert not ConversationMessage.objects.exists()


def test_a_paused_conversation_goes_on_once_resumed(conversation, tutor):
    lifecycle.move(conversation, "paused")
    lifecycle.move(conversation, "active")

    assert take_turn(conversation, "Hola", client_id="a")


def test_a_client_id_is_not_used_for_other_content(conversation, tutor):
    take_turn(conversation, "Hola", client_id="a")

    with pytest.raises(ClientIdTaken, match="“a”"):
        take_turn(conversation, "Adiós", client_id="a")


def test_a_client_id_is_not_used_in_another_conversation(conversation, tutor, learner):
    take_turn(conversation, "Hola", client_id="a")
    other = ConversationFactory(learner=learner)

    with pytest.raises(ClientIdTaken):
        take_turn(other, "Hola", client_id="a")

    assert not other.messages.exists()


def test_two_learners_may_use_the_same_client_id(conversation, tutor, stranger):
    take_turn(conversation, "Hola", client_id="a")

    assert take_turn(ConversationFactory(learner=stranger), "Hola", client_id="a")


def test_a_failing_tutor_leaves_the_message_kept_and_unanswered(conversation, tutor):
    tutor.error = TimeoutError("no answer")

    with pytest.raises(TutorFailed) as failed:
        take_turn(conversation, "Hola", client_id="a")

    unanswered = ConversationMessage.objects.of(conversation).unanswered()
    assert failed.value.said == unanswered.get()
    assert not StudyDay.objects.exists()


def test_a_turn_is_given_again_where_the_tutor_fails_meanwhile(conversation, tutor):
    first = take_turn(conversation, "Hola", client_id="a")
    tutor.error = TimeoutError()

    assert take_turn(conversation, "Hola", client_id="a")[:2] == first[:2]


def test_trying_again_answers_the_kept_message(conversation, tutor):
    tutor.error = TimeoutError()
    with pytest.raises(TutorFailed):
        take_turn(conversation, "Hola", client_id="a")
    tutor.error = None

    said, answered, _ = take_turn(conversation, "Hola", client_id="a")

    assert (said.position, answered.position) == (1, 2)
    assert StudyDay.objects.get().turns == 1


def test_a_deleted_conversation_is_a_clear_error(conversation, tutor):
    Conversation.objects.all().delete()

    with pytest.raises(ConversationNotFound):
        take_turn(conversation, "Hola", client_id="a")


def test_a_conversation_deleted_while_the_tutor_thinks_stays_deleted(
    conversation, tutor
):
    def forget():
        lifecycle.delete(conversation)
        return reply(words=["pan"])

    tutor.reply = forget

    with pytest.raises(ConversationNotFound):
        take_turn(conversation, "Hola", client_id="a")

    assert not ConversationMessage.objects.exists()
    assert not VocabularyItem.objects.exists()


@pytest.mark.parametrize("content", ["a\x00b", "half \ud83d"])
def test_text_that_no_database_holds_is_refused(conversation, tutor, content):
    with pytest.raises(ValueError, match="can't be stored"):
        take_turn(conversation, content, client_id="a")


@pytest.mark.parametrize("content", ["👋🏽", "مرحبا", "x" * 10_000, "\u202eabc"])
def test_unusual_text_is_kept_as_it_is(conversation, tutor, content):
    said, *_ = take_turn(conversation, content, client_id="a")

    assert ConversationMessage.objects.get(pk=said.pk).content == content


def test_only_words_that_are_new_to_the_learner_are_marked(conversation, tutor):
    introduce(conversation.learner, "pan")
    tutor.reply = lambda: reply("Hay pan y quesos.", words=["pan", "quesos"])

    _, answered, _ = take_turn(conversation, "Hola", client_id="a")

    assert answered.vocabulary == [
        {"word": "quesos", "lemma": "queso", "translation": ""}
    ]
    item = VocabularyItem.objects.get(lemma="queso")
    assert item.example == "Hay pan y quesos."
    assert item.source_id == conversation.conversation_id


def test_new_words_are_only_what_the_tutor_introduced(conversation, tutor):
    tutor.reply = lambda: reply("El gato come pescado.", words=["gato"])

    take_turn(conversation, "Tengo tres perros", client_id="a")

    assert [item.lemma for item in VocabularyItem.objects.all()] == ["gato"]


def test_the_day_counts_turns_words_and_study(conversation, tutor, learner):
    tutor.reply = lambda: reply(words=["pan"])
    take_turn(conversation, "Hola", client_id="a")
    Conversation.objects.update(last_message_at=timezone.now() - timedelta(seconds=40))

    take_turn(conversation, "Adiós", client_id="b")

    day = StudyDay.objects.get()
    assert (day.date, day.language) == (learner.local_date(), "es")
    assert (day.turns, day.words) == (2, 1)
    assert 40 <= day.study_seconds <= 45


def test_time_away_is_no_study(conversation, tutor):
    take_turn(conversation, "Hola", client_id="a")
    Conversation.objects.update(last_message_at=timezone.now() - timedelta(hours=8))

    said, *_ = take_turn(conversation, "Adiós", client_id="b")

    assert said.study_seconds == 300


def test_a_turn_counts_for_the_learners_own_date(conversation, tutor, learner):
    learner.time_zone = "Pacific/Kiritimati"  # 14 hours ahead of UTC
    learner.save()
    conversation.refresh_from_db()

    take_turn(conversation, "Hola", client_id="a")

    ahead = timezone.now() + timedelta(hours=14)
    assert StudyDay.objects.get().date == ahead.date()


def test_a_tutor_that_answers_at_once_hears_what_was_said_meanwhile(learner, tutor):
    talk = ConversationFactory(learner=learner)
    other = Conversation.objects.get()

    def interrupted():
        tutor.reply = reply
        take_turn(other, "Espera", client_id="b")
        return reply("Too early.")

    tutor.reply = interrupted

    take_turn(talk, "Hola", client_id="a")

    said = ConversationMessage.objects.of(talk).values_list("content", flat=True)
    assert list(said) == ["Espera", "Muy bien.", "Hola", "Muy bien."]


def test_a_conversation_completed_before_its_turn_is_kept_takes_none(learner, tutor):
    talk = ConversationFactory(learner=learner)

    def completed_meanwhile():
        lifecycle.move(Conversation.objects.get(), "completed")
        return reply(words=["pan"])

    tutor.reply = completed_meanwhile

    with pytest.raises(ConversationNotActive):
        take_turn(talk, "Hola", client_id="a")

    assert not talk.messages.exists()
    assert not VocabularyItem.objects.exists()


def test_a_reply_after_completion_is_kept_and_counted(slow, tutor):
    take_turn(slow, "Hola", client_id="a")

    def completed_meanwhile():
        lifecycle.move(Conversation.objects.get(), "completed")
        return reply(words=["pan"])

    tutor.reply = completed_meanwhile

    take_turn(slow, "Adiós", client_id="b")

    assert slow.message_count == 4
    vocabulary = LearningProgress.objects.get(skill="vocabulary")
    assert vocabulary.words_learned == 1
    assert LearningProgress.objects.get(skill="conversation").sessions == 1


def test_a_message_is_answered_at_most_once(conversation, tutor):
    said, *_ = take_turn(conversation, "Hola", client_id="a")

    with pytest.raises(IntegrityError), transaction.atomic():
        ConversationMessage.objects.append(
            conversation,
            [ConversationMessage(role="assistant", content="Otra", in_reply_to=said)],
        )


def test_the_talk_opens_once(conversation):
    open_talk(conversation)
    open_talk(conversation)

    opening = ConversationMessage.objects.get()
    assert (opening.role, opening.position) == ("assistant", 1)
    assert StudyDay.objects.for_learner(conversation.learner).totals()["turns"] == 0


def test_the_tutor_is_not_asked_inside_a_transaction_that_is_open(conversation):
    """In a caller's transaction the connection can't be given back, and stays."""
    tutors.release_connection()

    assert Conversation.objects.count() == 1


def test_sums_of_no_messages_are_zero(conversation):
    assert ConversationMessage.objects.of(conversation).totals() == {
        "tokens": 0,
        "cost": 0,
        "study_seconds": 0,
    }
