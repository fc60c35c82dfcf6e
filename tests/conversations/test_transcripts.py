"""The persistence contract: a transcript saved is a transcript given back."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from conversations.errors import (
    ConversationNotActive,
    ForbiddenMove,
    InvalidTranscript,
    TranscriptContradicts,
)
from conversations.models import Conversation, ConversationMessage, Scenario
from conversations.tutors import content
from progress.models import LearningProgress, StudyDay
from tests.factories import ConversationFactory, introduce
from tests.scenes import own
from vocabulary.models import VocabularyItem

START = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)


def message(position, role="user", content=None, **metadata):
    return {
        "role": role,
        "content": content or f"Mensaje {position}",
        "language": "es",
        "timestamp": (START + timedelta(seconds=10 * position)).isoformat(),
        "metadata": {
            "token_count": 5,
            "estimated_cost": 0.0001,
            "processing_time_ms": 20,
            **metadata,
        },
    }


def turns(count):
    roles = ("user", "assistant")
    return [
        message(number, roles[(number - 1) % 2]) for number in range(1, 2 * count + 1)
    ]


def transcript(**changes):
    messages = changes.pop("messages", turns(2))
    times = [said.get("timestamp") for said in messages if isinstance(said, dict)]
    last = times[-1] if times and times[-1] else START.isoformat()
    return {
        "conversation_id": "talk-1",
        "user_id": None,
        "language": "es",
        "status": "active",
        "started_at": START.isoformat(),
        "last_message_at": last,
        "ended_at": None,
        "is_active": True,
        "context_data": {
            "learning_focus": "grammar",
            "current_topic": "El mercado",
            "vocabulary_level": "elementary",
            "learning_goals": ["pedir", "pagar"],
            "is_scenario_based": False,
            "scenario_id": None,
            "scenario_progress_id": None,
            "scenario_phase": None,
            "vocabulary_introduced": ["mercado", "manzanas"],
            "mistakes_tracked": [{"said": "yo sabo", "right": "yo sé"}],
        },
        "messages": messages,
        **changes,
    }


def save(learner, **changes):
    return Conversation.objects.save_transcript(learner, transcript(**changes))


def test_gives_back_what_was_saved(learner):
    given = transcript(user_id=learner.pk)

    Conversation.objects.save_transcript(learner, given)

    conversation = Conversation.objects.get(learner=learner, conversation_id="talk-1")
    assert conversation.as_transcript() == given


def test_saving_what_was_given_changes_nothing(learner):
    first = save(learner).as_transcript()

    again = Conversation.objects.save_transcript(learner, first)

    assert again.as_transcript() == first
    assert StudyDay.objects.for_learner(learner).totals()["turns"] == 2


def test_keeps_every_message_of_a_history_sent_whole_each_time(learner):
    history = turns(100)

    for sent in range(2, 201, 2):
        save(learner, messages=history[:sent])

    conversation = Conversation.objects.get(learner=learner)
    positions = conversation.messages.values_list("position", "content")
    assert list(positions) == [(n, f"Mensaje {n}") for n in range(1, 201)]
    assert conversation.message_count == 200


def test_totals_are_what_the_rows_add_up_to(learner):
    conversation = save(learner, messages=turns(3))

    conversation.refresh_from_db()
    totals = ConversationMessage.objects.of(conversation).totals()
    assert conversation.total_tokens == totals["tokens"] == 30
    assert conversation.total_cost == totals["cost"] == Decimal("0.0006")
    assert totals["study_seconds"] == 50


def test_time_is_kept_for_each_message(learner):
    save(learner)

    times = ConversationMessage.objects.values_list("processing_time_ms", flat=True)
    assert set(times) == {20}


def test_a_contradicting_history_is_refused_whole(learner):
    save(learner)
    other = turns(3)
    other[2]["content"] = "Otra cosa"

    with pytest.raises(TranscriptContradicts, match="position 3") as refused:
        save(learner, messages=other)

    assert refused.value.position == 3
    assert Conversation.objects.get().message_count == 4


def test_another_role_at_the_same_place_contradicts(learner):
    save(learner)
    other = turns(2)
    other[0]["role"] = "system"

    with pytest.raises(TranscriptContradicts, match="position 1"):
        save(learner, messages=other)


def test_a_shorter_history_that_agrees_is_fine(learner):
    save(learner)

    assert save(learner, messages=turns(1)).message_count == 4


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Human", "user"),
        ("learner", "user"),
        ("AI", "assistant"),
        ("Bot", "assistant"),
        ("tutor", "assistant"),
        ("MODEL", "assistant"),
        ("developer", "system"),
        ("System ", "system"),
        ("narrator", "user"),
    ],
)
def test_roles_are_understood_under_their_aliases(learner, name, role):
    save(learner, messages=[message(1, name)])

    assert ConversationMessage.objects.get().role == role


def test_a_reply_is_linked_to_what_it_answers_across_saves(learner):
    save(learner, messages=turns(2)[:3])
    save(learner, messages=turns(2))

    links = ConversationMessage.objects.values_list("position", "in_reply_to__position")
    assert list(links) == [(1, None), (2, 1), (3, None), (4, 3)]


def test_titles_come_from_the_topic_else_the_language(learner):
    titled = save(learner)
    untitled = save(learner, conversation_id="talk-2", context_data={})

    assert (titled.title, untitled.title) == ("El mercado", "Conversation in Spanish")


def test_a_new_topic_is_a_new_title_unless_the_learner_gave_one(learner):
    conversation = save(learner)
    assert save(learner, context_data={"current_topic": "Pan"}).title == "Pan"

    Conversation.objects.update(title="Mine")
    save(learner, context_data={"current_topic": "Queso"})

    conversation.refresh_from_db()
    assert (conversation.title, conversation.topic) == ("Mine", "Queso")


def test_what_a_later_transcript_leaves_out_stays(learner):
    save(learner)

    context = save(learner, context_data=None).as_transcript()["context_data"]

    assert context == transcript()["context_data"]


def test_last_message_moves_forward_and_never_back(learner):
    late = START + timedelta(days=2)
    save(learner, last_message_at=late.isoformat())

    save(learner, last_message_at=START.isoformat())

    assert Conversation.objects.get().last_message_at == late


def test_messages_without_a_time_are_of_now(learner):
    undated = [{"role": "user", "content": "Hola"}]

    conversation = Conversation.objects.save_transcript(
        learner, {"conversation_id": "c", "language": "es", "messages": undated}
    )

    assert conversation.messages.get().created_at >= conversation.started_at


def test_a_time_without_a_zone_is_utc(learner):
    undated = [{**message(1), "timestamp": "2026-03-01T10:00:00"}]

    save(learner, messages=undated)

    assert ConversationMessage.objects.get().created_at == START


def test_completing_sets_the_end_once(learner):
    end = START + timedelta(hours=1)
    save(learner, status="completed", is_active=False, ended_at=end.isoformat())

    save(learner, status="completed", is_active=None)

    conversation = Conversation.objects.get()
    assert (conversation.status, conversation.ended_at) == ("completed", end)


def test_an_archived_transcript_that_ended_was_completed_first(learner):
    end = START + timedelta(hours=1)

    conversation = save(
        learner, status="archived", is_active=False, ended_at=end.isoformat()
    )

    assert (conversation.status, conversation.ended_at) == ("archived", end)
    assert conversation.progress_recorded_at


def test_progress_is_recorded_once_however_often_it_is_imported(learner):
    introduce(learner, "mercado")
    done = {"status": "completed", "is_active": False}

    for _ in range(3):
        save(learner, **done)

    rows = LearningProgress.objects.for_learner(learner)
    conversation, vocabulary = (
        rows.get(skill="conversation"),
        rows.get(skill="vocabulary"),
    )
    assert (conversation.sessions, conversation.conversations_completed) == (1, 1)
    assert conversation.study_seconds == 30
    assert vocabulary.words_learned == 1  # manzanas; mercado was known
    assert StudyDay.objects.for_learner(learner).totals() == {
        "turns": 2,
        "reviews": 0,
        "weak_points": 0,
        "words": 1,
        "conversations": 1,
        "study_seconds": 30,
    }


def test_words_that_come_after_completion_are_counted_too(learner):
    save(learner, status="completed", is_active=False)

    save(
        learner,
        status="completed",
        is_active=False,
        context_data={"vocabulary_introduced": ["queso"]},
    )

    vocabulary = LearningProgress.objects.get(skill="vocabulary")
    assert vocabulary.words_learned == 3
    words = Conversation.objects.get().as_transcript()["context_data"]
    assert words["vocabulary_introduced"] == ["mercado", "manzanas", "queso"]


def test_words_become_vocabulary_once_by_lemma_case_and_normal_form(learner):
    decomposed = "cafe\u0301"

    save(
        learner,
        context_data={"vocabulary_introduced": ["Café", decomposed, "cafés", "CAFÉ"]},
    )

    assert VocabularyItem.objects.get().lemma == "café"


@pytest.mark.parametrize("closed", ["paused", "completed", "archived"])
def test_a_closed_conversation_takes_no_new_messages(learner, closed):
    save(learner, status=closed, is_active=False)

    with pytest.raises(ConversationNotActive, match=closed):
        save(learner, status=closed, is_active=False, messages=turns(3))

    assert Conversation.objects.get().message_count == 4


def test_resuming_lets_a_paused_conversation_grow(learner):
    save(learner, status="paused", is_active=False)

    assert save(learner, messages=turns(3)).message_count == 6


def test_completed_does_not_become_active_again(learner):
    save(learner, status="completed", is_active=False)

    with pytest.raises(ForbiddenMove, match="completed can't become active"):
        save(learner)


def test_a_refused_transcript_leaves_nothing_half_saved(learner):
    save(learner, status="completed", is_active=False)
    before = Conversation.objects.get().as_transcript()

    with pytest.raises(ForbiddenMove):
        save(learner, context_data={"vocabulary_introduced": ["queso"]})

    assert Conversation.objects.get().as_transcript() == before
    assert not VocabularyItem.objects.filter(lemma="queso").exists()


def test_the_language_of_a_conversation_stays(learner):
    save(learner)

    with pytest.raises(InvalidTranscript, match="language"):
        save(learner, language="fr")


@pytest.mark.parametrize("name", ["pk", "username"])
def test_the_learner_may_be_named_by_id_or_username(learner, name):
    assert save(learner, user_id=getattr(learner, name)).learner == learner


@pytest.mark.parametrize("other", ["nobody", "1x", 0])
def test_another_learners_transcript_is_refused(learner, other):
    with pytest.raises(InvalidTranscript, match="user_id"):
        save(learner, user_id=other)

    assert not Conversation.objects.exists()


def test_two_learners_may_use_the_same_id(learner, stranger):
    save(learner)
    save(stranger, messages=turns(1))

    counts = Conversation.objects.order_by("pk").values_list("message_count", flat=True)
    assert list(counts) == [4, 2]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"language": "tlh"}, "language"),
        ({"language": 5}, "language"),
        ({"conversation_id": ""}, "conversation_id"),
        ({"conversation_id": "x" * 101}, "conversation_id"),
        ({"conversation_id": "a/b"}, "conversation_id"),
        ({"conversation_id": " a"}, "conversation_id"),
        ({"conversation_id": "a\x00"}, "conversation_id"),
        ({"status": "open"}, "status"),
        ({"status": "paused"}, "transcript"),
        ({"ended_at": START.isoformat()}, "transcript"),
        ({"started_at": "yesterday"}, "started_at"),
        ({"started_at": "0001-01-01T00:00:00"}, "started_at"),
        ({"user_id": 1.5}, "user_id"),
        ({"extra": 1}, "extra"),
        ({"messages": "all"}, "messages"),
        ({"messages": [{"role": "user"}]}, "messages.0.content"),
        ({"messages": [message(1, content="a\x00b")]}, "messages.0.content"),
        ({"messages": [message(1, content="\ud800")]}, "messages.0.content"),
        ({"messages": [message(1, token_count=-1)]}, "token_count"),
        ({"messages": [message(1, token_count="many")]}, "token_count"),
        ({"messages": [message(1, estimated_cost=-0.1)]}, "estimated_cost"),
        ({"messages": [message(1, estimated_cost=float("nan"))]}, "estimated_cost"),
        ({"messages": [message(1, colour="red")]}, "colour"),
        ({"context_data": {"learning_focus": "singing"}}, "learning_focus"),
        ({"context_data": {"vocabulary_introduced": ["", "x"]}}, "introduced.0"),
        ({"context_data": {"vocabulary_introduced": ["x" * 101]}}, "introduced.0"),
        ({"context_data": {"mistakes_tracked": [float("inf")]}}, "mistakes_tracked"),
        ({"context_data": {"mistakes_tracked": ["\x00"]}}, "mistakes_tracked"),
        ({"context_data": {"is_scenario_based": True}}, "context_data"),
    ],
)
def test_a_wrong_transcript_is_refused_naming_the_field(learner, changes, path):
    with pytest.raises(InvalidTranscript) as refused:
        save(learner, **changes)

    assert any(path in problem for problem in refused.value.problems)
    assert not Conversation.objects.exists()


def test_mistakes_nested_too_deep_are_refused(learner):
    deep = []
    for _ in range(50):
        deep = [deep]

    with pytest.raises(InvalidTranscript, match="too deep"):
        save(learner, context_data={"mistakes_tracked": deep})


@pytest.mark.parametrize("data", [None, [], "text", 5])
def test_what_is_no_object_is_refused(learner, data):
    with pytest.raises(InvalidTranscript):
        Conversation.objects.save_transcript(learner, data)


def test_text_is_kept_as_it_is_in_nfc(learner):
    unusual = "👩‍🏫 مرحبا \u202e ñ́"
    save(learner, messages=[message(1, content=unusual), message(2, content="n\u0303")])

    contents = ConversationMessage.objects.values_list("content", flat=True)
    assert list(contents) == [unusual, "ñ"]


def test_a_scenario_that_is_known_here_is_run(learner, scenarios):
    context = {
        "is_scenario_based": True,
        "scenario_id": "cafe",
        "scenario_progress_id": "run-7",
        "scenario_phase": scenarios["cafe"].phases.all()[1].slug,
    }

    conversation = save(learner, context_data=context)

    given = conversation.as_transcript()["context_data"]
    assert {name: given[name] for name in context} == context
    assert conversation.scenario == scenarios["cafe"]


def test_a_scenario_goes_on_and_finishes(learner, scenarios):
    save(learner, context_data={"scenario_id": "cafe"})
    second = scenarios["cafe"].phases.all()[1].slug

    for phase in (second, "finished", "finished"):
        context = {"scenario_id": "cafe", "scenario_phase": phase}
        given = save(learner, context_data=context).as_transcript()
        assert given["context_data"]["scenario_phase"] == phase


def test_a_scenario_goes_on_in_the_version_that_it_began_with(learner):
    first = own(learner)
    save(learner, context_data={"scenario_id": "own-bakery"})
    own(learner, title="Bread")
    Scenario.objects.withdraw("own-bakery", owner=learner)

    context = {"scenario_id": "own-bakery", "scenario_phase": "phase-2"}
    conversation = save(learner, context_data=context)

    assert conversation.scenario == first
    given = conversation.as_transcript()["context_data"]
    assert given["scenario_phase"] == "phase-2"


@pytest.mark.parametrize("language", ["es", "fr"])
def test_a_scenario_that_cannot_be_played_is_kept_by_name(learner, stranger, language):
    own(stranger if language == "es" else learner)

    conversation = save(
        learner, language=language, context_data={"scenario_id": "own-bakery"}
    )

    assert conversation.scenario is None
    given = conversation.as_transcript()["context_data"]
    assert given["scenario_id"] == "own-bakery"


def test_a_scenario_may_arrive_finished(learner, scenarios):
    context = {"scenario_id": "cafe", "scenario_phase": "finished"}

    given = save(learner, context_data=context).as_transcript()["context_data"]

    assert given["scenario_phase"] == "finished"


def test_a_scenario_that_is_not_known_here_is_kept_by_name(learner):
    context = {
        "is_scenario_based": True,
        "scenario_id": "space-station",
        "scenario_progress_id": "9",
        "scenario_phase": "docking",
    }

    given = save(learner, context_data=context).as_transcript()["context_data"]

    assert {name: given[name] for name in context} == context


def test_an_unknown_phase_of_a_known_scenario_is_refused(learner, scenarios):
    with pytest.raises(InvalidTranscript, match="scenario_phase"):
        save(learner, context_data={"scenario_id": "cafe", "scenario_phase": "moon"})


def test_a_conversation_keeps_its_scenario(learner, scenarios):
    other = content.read(
        content.FOLDER / "scenarios/cafe.toml", content.ScenarioContent
    )
    Scenario.objects.load("bakery", other)
    save(learner, context_data={"scenario_id": "cafe"})

    with pytest.raises(InvalidTranscript, match="scenario_id"):
        save(learner, context_data={"scenario_id": "bakery"})


def test_words_that_messages_introduced_are_in_the_transcript(learner):
    conversation = ConversationFactory(learner=learner, turns=1)
    word = {"word": "pan", "lemma": "pan", "translation": "bread"}
    ConversationMessage.objects.filter(position=2).update(vocabulary=[word])

    given = conversation.as_transcript()
    again = Conversation.objects.save_transcript(learner, given).as_transcript()

    assert again["context_data"]["vocabulary_introduced"] == ["pan"]


def test_a_level_that_is_unknown_here_makes_words_of_middling_difficulty(learner):
    save(
        learner,
        context_data={"vocabulary_level": "A2", "vocabulary_introduced": ["xylófagos"]},
    )

    item = VocabularyItem.objects.get()
    assert item.frequency is None
    assert item.difficulty_level == 5
