"""What broke in the service that Lingo replaces, each as an acceptance test."""

import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from conversations import lifecycle
from conversations.errors import ConversationNotActive
from conversations.models import Conversation
from conversations.turn_taking import take_turn
from progress.models import LearningProgress, StudyDay
from tests.factories import ConversationFactory, introduce, reply
from vocabulary import lexicon
from vocabulary.models import VocabularyItem

ROOT = Path(__file__).resolve().parent.parent.parent


def test_a_hundred_exchanges_keep_all_two_hundred_messages(learner):
    history = [
        {"role": ("user", "assistant")[number % 2], "content": f"Mensaje {number}"}
        for number in range(200)
    ]

    for sent in range(2, 201, 2):
        Conversation.objects.save_transcript(
            learner,
            {"conversation_id": "c", "language": "es", "messages": history[:sent]},
        )

    kept = Conversation.objects.get().as_transcript()["messages"]
    assert [message["content"] for message in kept] == [m["content"] for m in history]


def test_tokens_cost_and_time_are_stored(learner, tutor):
    conversation = ConversationFactory(learner=learner)

    take_turn(conversation, "Hola", client_id="a")

    metadata = conversation.as_transcript()["messages"][1]["metadata"]
    assert metadata == {
        "token_count": 12,
        "estimated_cost": 0.000345,
        "processing_time_ms": 7,
    }
    conversation.refresh_from_db()
    assert (conversation.total_tokens, conversation.total_cost) == (
        12,
        Decimal("0.000345"),
    )


def test_ending_twice_counts_once(learner):
    conversation = ConversationFactory(learner=learner, turns=1)

    for _ in range(2):
        lifecycle.move(conversation, "completed")

    progress = LearningProgress.objects.get(skill="conversation")
    assert progress.conversations_completed == 1


def test_a_name_that_is_no_number_does_not_write_to_the_first_account(
    learner, tmp_path
):
    path = tmp_path / "one.json"
    path.write_text(
        '{"user_id": "guest", "conversation_id": "c", "language": "es", "messages": []}'
    )

    with pytest.raises(CommandError):
        call_command("import_transcripts", path)

    assert not Conversation.objects.exists()


def test_the_tutor_still_knows_its_scenario_after_many_turns(learner, scenarios):
    conversation, _ = Conversation.objects.begin(
        learner, language="es", scenario=scenarios["cafe"], vocabulary_level="beginner"
    )
    for turn in range(40):
        take_turn(conversation, f"Xyzzy plugh {turn}", client_id=str(turn))
    first = scenarios["cafe"].phases.first().objectives.first()

    take_turn(conversation, first.prompt["model"]["beginner"]["es"], client_id="last")

    assert conversation.runs.get().met.first().objective == first


def test_new_words_are_words_worth_learning_and_new(learner, scenarios):
    conversation, _ = Conversation.objects.begin(
        learner, language="es", scenario=scenarios["cafe"]
    )

    _, answered, _ = take_turn(conversation, "Hola, buenos días", client_id="a")

    glossary = {lexicon.lemma(word["es"], "es") for word in scenarios["cafe"].words}
    new = {item.lemma for item in VocabularyItem.objects.all()}
    assert new
    assert new <= glossary
    assert new == {word["lemma"] for word in answered.vocabulary}


def test_pausing_stops_turns(learner, tutor):
    conversation = ConversationFactory(learner=learner)
    lifecycle.move(conversation, "paused")

    with pytest.raises(ConversationNotActive):
        take_turn(conversation, "Hola", client_id="a")


def test_progress_rows_are_created(learner):
    lifecycle.move(ConversationFactory(learner=learner, turns=1), "completed")

    assert LearningProgress.objects.for_learner(learner).count() == 2


def test_and_to_the_completes_no_phase(learner, scenarios):
    conversation, _ = Conversation.objects.begin(
        learner, language="es", scenario=scenarios["cafe"]
    )
    phase = conversation.runs.get().phase

    for turn in range(5):
        take_turn(conversation, "y a la", client_id=str(turn))

    run = conversation.runs.get()
    assert run.phase == phase
    assert not run.met.exists()


def test_a_word_met_once_is_not_mastered(learner, tutor):
    conversation = ConversationFactory(learner=learner)
    tutor.reply = lambda: reply(words=["pan"])
    take_turn(conversation, "Quiero pan", client_id="a")
    lifecycle.move(conversation, "completed")

    item = VocabularyItem.objects.get()
    assert (item.stability, item.state) == (None, VocabularyItem.State.LEARNING)
    assert LearningProgress.objects.get(skill="vocabulary").percentage is None


def test_streaks_follow_the_learners_midnight(learner, tutor):
    learner.time_zone = "Pacific/Kiritimati"
    learner.save()
    take_turn(ConversationFactory(learner=learner), "Hola", client_id="a")

    assert StudyDay.objects.get().date == learner.local_date()
    days = StudyDay.objects.for_learner(learner)
    assert days.streak(learner.local_date()).current == 1


def test_no_figure_is_taken_from_a_caller(api):
    introduce(api.learner, "pan")

    assert api.post("/api/v1/progress/", {"sessions": 99}).status_code == 405
    transcript = {
        "conversation_id": "c",
        "language": "es",
        "messages": [],
        "message_count": 99,
    }
    answer = api.put("/api/v1/conversations/c/transcript/", transcript)
    assert answer.status_code == 400
    assert "message_count" in answer.json()["errors"]


def test_nothing_is_decided_anew_when_the_server_restarts():
    """The same learner, saying the same, is answered the same by every process."""
    program = (
        "import django; django.setup()\n"
        "from conversations.tutors import guided\n"
        "from conversations.tutors.reply import TutorRequest\n"
        "for said in (None, 'Hola', 'Me gusta el pan'):\n"
        "    print(guided.reply(TutorRequest(said, 'es', 'en', 'beginner')).content)"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}

    answers = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**environment, "PYTHONHASHSEED": seed},
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        ).stdout
        for seed in "123"
    }

    assert len(answers) == 1
    assert answers.pop().strip()
