"""Saving a conversation from its interchange shape, and giving it back.

`save` and `dump` are inverses; the shape is in `transcript_shape`.
"""

import structlog
from django.utils import timezone

from conversations import lifecycle, studying
from conversations.errors import (
    ConversationError,
    ConversationNotActive,
    InvalidTranscript,
    TranscriptContradicts,
)
from conversations.models import (
    Conversation,
    ConversationMessage,
    Correction,
    Scenario,
    ScenarioRun,
)
from conversations.transcript_shape import parse
from lingo.writing import first_wins
from vocabulary.managers import NewWord
from vocabulary.models import VocabularyItem

log = structlog.get_logger(__name__)

Status = Conversation.Status
# What scenario_phase says once all phases are done.
FINISHED = "finished"


def save(learner, data):
    """Create or update `learner`'s conversation from a transcript; return it.

    All or nothing, and safe to repeat: only messages that are not saved yet are added,
    in order. Raises InvalidTranscript, TranscriptContradicts, ForbiddenMove, and
    ConversationNotActive where it would add messages to a closed conversation.
    """
    transcript = parse(data)
    try:
        if not _is_named(learner, transcript.user_id):
            raise InvalidTranscript({"user_id": "This is not the learner signed in."})
        return first_wins(lambda: _save(learner, transcript))
    except ConversationError as error:
        log.warning(
            "transcript_refused",
            conversation_id=transcript.conversation_id,
            reason=str(error),
        )
        raise


def _is_named(learner, user_id):
    own = (str(learner.pk), learner.username)
    return user_id is None or str(user_id).strip() in own


def _save(learner, transcript):
    mine = Conversation.objects.for_learner(learner).select_for_update()
    conversation = mine.filter(conversation_id=transcript.conversation_id).first()
    if conversation is None:
        conversation = _begin(learner, transcript)
        is_open = True
    else:
        conversation.learner = learner
        is_open = conversation.is_active or (
            conversation.status == Status.PAUSED and transcript.status == Status.ACTIVE
        )
    if conversation.language != transcript.language:
        raise InvalidTranscript(
            {"language": f"This conversation is in “{conversation.language}”."}
        )
    added = _add_messages(conversation, transcript, is_open)
    _take_over(conversation, transcript)
    words = VocabularyItem.objects.introduce(
        learner,
        conversation.language,
        [NewWord(word) for word in transcript.context_data.vocabulary_introduced or []],
        at=conversation.last_message_at,
        date=learner.local_date(conversation.last_message_at),
        level=conversation.vocabulary_level,
        source=VocabularyItem.Source.CONVERSATION,
        source_id=conversation.conversation_id,
    )
    studying.record(conversation, added, words=words)
    if transcript.ended_at and conversation.is_open:
        lifecycle.apply(conversation, Status.COMPLETED, ended_at=transcript.ended_at)
    if transcript.status:
        lifecycle.apply(conversation, transcript.status)
    if conversation.progress_recorded_at and words:
        lifecycle.record_late_study(conversation, 0)
    return conversation


def _begin(learner, transcript):
    times = [said.timestamp for said in transcript.messages if said.timestamp]
    started = transcript.started_at or min(times, default=timezone.now())
    return Conversation.objects.create(
        learner=learner,
        conversation_id=transcript.conversation_id,
        language=transcript.language,
        vocabulary_level="",
        topic=transcript.context_data.current_topic or "",
        started_at=started,
        last_message_at=started,
    )


def _add_messages(conversation, transcript, is_open):
    """Append what is new of the history, once it agrees with what is saved."""
    saved = ConversationMessage.objects.of(conversation).values_list("role", "content")
    given = transcript.messages
    known = 0
    for known, (had, said) in enumerate(zip(saved, given, strict=False), start=1):
        if had != (said.role, said.content):
            raise TranscriptContradicts(known)
    new = given[known:]
    if new and not is_open:
        raise ConversationNotActive(conversation)
    undated = transcript.last_message_at or transcript.ended_at or timezone.now()
    messages = [
        ConversationMessage(
            role=said.role,
            content=said.content,
            language=said.language or "",
            created_at=said.timestamp or undated,
            token_count=said.metadata.token_count,
            estimated_cost=said.metadata.estimated_cost,
            processing_time_ms=said.metadata.processing_time_ms,
        )
        for said in new
    ]
    if messages:
        ConversationMessage.objects.append(conversation, messages)
    return messages


def _take_over(conversation, transcript):
    """Take over what the transcript says of the conversation itself."""
    context = transcript.context_data
    was_titled_by_learner = conversation.title not in (
        conversation.topic,
        conversation.default_title,
    )
    for column, value in (
        ("learning_focus", context.learning_focus),
        ("vocabulary_level", context.vocabulary_level),
        ("topic", context.current_topic),
        ("learning_goals", context.learning_goals),
    ):
        if value is not None:
            setattr(conversation, column, value)
    if not was_titled_by_learner:
        conversation.title = ""
    conversation.last_message_at = max(
        conversation.last_message_at,
        transcript.last_message_at or conversation.last_message_at,
    )
    carried = conversation.carried_context
    if context.mistakes_tracked is not None:
        own = _mistakes(conversation) if context.mistakes_tracked else []
        carried["mistakes_tracked"] = [
            mistake for mistake in context.mistakes_tracked if mistake not in own
        ]
    _carry_words(conversation, context.vocabulary_introduced or [])
    scenario = _scenario(conversation, context.scenario_id)
    if context.scenario_id and scenario is None:
        for name in ("scenario_id", "scenario_progress_id", "scenario_phase"):
            carried[name] = getattr(context, name)
    had = conversation.scenario
    if scenario and had and had.slug != scenario.slug:
        raise InvalidTranscript(
            {"context_data.scenario_id": "This conversation has another scenario."}
        )
    if scenario and had is None:
        studying.become_scenario(conversation)
    conversation.scenario = had or scenario
    conversation.save()
    if scenario:
        _take_over_run(conversation, context)


def _scenario(conversation, slug):
    """Return the scenario of this name: the version that the conversation plays, else
    the current one, if the conversation can play it."""
    if conversation.scenario and conversation.scenario.slug == slug:
        return conversation.scenario
    learner = conversation.learner
    known = Scenario.objects.reachable_by(learner).current()
    return known.playable_in(conversation.language).filter(slug=slug or "").first()


def _carry_words(conversation, words):
    """Remember the words that no saved message says it introduced."""
    mine = ConversationMessage.objects.of(conversation).exclude(vocabulary=[])
    known = set(_introduced(conversation, mine))
    new = [word for word in dict.fromkeys(words) if word not in known]
    if new:
        carried = conversation.carried_context
        carried["vocabulary_introduced"] = (
            carried.get("vocabulary_introduced", []) + new
        )


def _introduced(conversation, messages):
    """Return the words the conversation introduced, in order."""
    carried = conversation.carried_context.get("vocabulary_introduced", [])
    return carried + [word["word"] for said in messages for word in said.vocabulary]


def _mistakes(conversation):
    """Return what was corrected in the conversation, in order: one query."""
    corrections = (
        Correction.objects.of_conversation(conversation)
        .standing()
        .order_by("message__position", "start")
    )
    return [
        {
            "position": correction.message.position,
            "original": correction.original,
            "corrected": correction.corrected,
            "category": correction.category,
            "priority": correction.priority,
            "reason": correction.reason,
        }
        for correction in corrections
    ]


def _take_over_run(conversation, context):
    phase, finished_at = None, None
    if context.scenario_phase == FINISHED:
        finished_at = conversation.last_message_at
    elif context.scenario_phase:
        phase = conversation.scenario.phases.filter(slug=context.scenario_phase).first()
        if phase is None:
            raise InvalidTranscript(
                {"context_data.scenario_phase": "The scenario has no such phase."}
            )
    runs = ScenarioRun.objects.filter(
        learner=conversation.learner, conversation=conversation
    )
    run = runs.first()
    if run is None:
        given = context.scenario_progress_id
        conversation.runs.create(
            learner=conversation.learner,
            scenario=conversation.scenario,
            phase=None
            if finished_at
            else phase or conversation.scenario.phases.first(),
            finished_at=finished_at,
            started_at=conversation.started_at,
            **({"run_id": given} if given else {}),
        )
    elif finished_at and not run.finished_at:
        runs.update(phase=None, finished_at=finished_at)
    elif phase and phase != run.phase:
        runs.update(phase=phase, finished_at=None)


def dump(conversation):
    """Return the conversation in the interchange shape: values ready for JSON."""
    messages = list(ConversationMessage.objects.of(conversation))
    carried = conversation.carried_context
    scenario = {
        name: carried.get(name)
        for name in ("scenario_id", "scenario_progress_id", "scenario_phase")
    }
    if conversation.scenario_id:
        run = conversation.runs.select_related("scenario", "phase").get(
            learner=conversation.learner_id
        )
        scenario = {
            "scenario_id": run.scenario.slug,
            "scenario_progress_id": run.run_id,
            "scenario_phase": run.phase.slug if run.phase else FINISHED,
        }
    return {
        "conversation_id": conversation.conversation_id,
        "user_id": conversation.learner_id,
        "language": conversation.language,
        "status": conversation.status,
        "started_at": conversation.started_at.isoformat(),
        "last_message_at": conversation.last_message_at.isoformat(),
        "ended_at": conversation.ended_at and conversation.ended_at.isoformat(),
        "is_active": conversation.is_active,
        "context_data": {
            "learning_focus": conversation.learning_focus,
            "current_topic": conversation.topic or None,
            "vocabulary_level": conversation.vocabulary_level or None,
            "learning_goals": conversation.learning_goals,
            "is_scenario_based": bool(scenario["scenario_id"]),
            **scenario,
            "vocabulary_introduced": _introduced(conversation, messages),
            "mistakes_tracked": carried.get("mistakes_tracked", [])
            + _mistakes(conversation),
        },
        "messages": [_dump_message(message) for message in messages],
    }


def _dump_message(message):
    return {
        "role": message.role,
        "content": message.content,
        "language": message.language,
        "timestamp": message.created_at.isoformat(),
        "metadata": {
            "token_count": message.token_count,
            "estimated_cost": float(message.estimated_cost),
            "processing_time_ms": message.processing_time_ms,
        },
    }
