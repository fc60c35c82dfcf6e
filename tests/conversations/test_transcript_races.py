"""A history is sent while its conversation goes on: all of it is taken, or nothing."""

from datetime import UTC, datetime

import pytest

from conversations.errors import TranscriptContradicts
from conversations.models import Conversation
from lingo.models import Learner
from progress.models import LearningProgress
from tests.racing import THREADS, assert_adds_up, at_once, said_in, turn, while_thinking
from vocabulary.models import VocabularyItem

pytestmark = pytest.mark.django_db(transaction=True)


def transcript(conversation, *contents, **fields):
    """Return a history of messages, the learner's and the tutor's in turns."""
    return {
        "conversation_id": getattr(conversation, "conversation_id", conversation),
        "language": "es",
        "messages": [
            {
                "role": ("user", "assistant")[place % 2],
                "content": content,
                "timestamp": datetime(2026, 5, 1, 12, place, tzinfo=UTC).isoformat(),
                "metadata": {"token_count": 5, "estimated_cost": 0.25},
            }
            for place, content in enumerate(contents)
        ],
        **fields,
    }


def put(learner, data):
    """Return a call that saves the transcript as a request of its own does."""
    return lambda: Conversation.objects.save_transcript(
        Learner.objects.get(pk=learner.pk), data
    )


@pytest.mark.parametrize("attempt", range(5))
def test_transcript_and_turn_at_once_do_not_mix(learner, tutor, attempt):
    before = ["Hola", "Dime"]
    conversation = put(learner, transcript("talk", *before))()
    sent = transcript("talk", *before, "Un café", "¿Solo?")

    saved, _ = at_once(
        put(learner, sent),
        turn(conversation, "Un té"),
        refused=TranscriptContradicts,
    )

    was_refused = isinstance(saved, TranscriptContradicts)
    expected = [*before, "Un té", "Muy bien."]
    if not was_refused:
        expected[2:2] = ["Un café", "¿Solo?"]
    assert [said.content for said in said_in(conversation)] == expected
    assert_adds_up(learner)


def test_transcript_that_adds_nothing_loses_no_turn(learner, tutor):
    before = ["Hola", "Dime"]
    conversation = put(learner, transcript("talk", *before))()
    topic = {"current_topic": "El mercado"}
    again = transcript("talk", *before, context_data=topic)

    at_once(
        *[turn(conversation, client_id=f"{n}") for n in range(THREADS)],
        *[put(learner, again)] * THREADS,
    )

    assert len(said_in(conversation)) == 2 + 2 * THREADS
    assert Conversation.objects.get().topic == "El mercado"
    assert_adds_up(learner)


def test_transcript_that_brings_the_reply_is_the_answer(
    learner, conversation, thinking
):
    sent = transcript(conversation, "Hola", "¡Hola! ¿Qué tal?")

    taken = while_thinking(thinking, conversation, put(learner, sent))
    said, answer, is_new = taken

    assert answer.content == "¡Hola! ¿Qué tal?"
    assert said_in(conversation) == [said, answer]
    assert not is_new
    assert not VocabularyItem.objects.exists()
    assert_adds_up(learner)


def test_same_transcript_at_once_is_saved_once(learner):
    sent = transcript(
        "talk",
        "Hola",
        "Dime",
        status="completed",
        context_data={"vocabulary_introduced": ["mesa", "silla"]},
    )

    at_once(*[put(learner, sent)] * THREADS)

    assert [said.content for said in said_in(Conversation.objects.get())] == [
        "Hola",
        "Dime",
    ]
    progress = LearningProgress.objects.get(skill="conversation")
    assert progress.conversations_completed == 1
    assert_adds_up(learner)
