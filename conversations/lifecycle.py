"""How a conversation changes state, what completing it counts, how it is deleted."""

from django.db.models import Count, Sum
from django.utils import timezone

from conversations.errors import ForbiddenMove
from conversations.models import (
    Conversation,
    ConversationMessage,
    Scenario,
    ScenarioRun,
    TutorCall,
    WovenWord,
)
from lingo.writing import first_wins
from progress.models import LearningProgress, StudyDay, StudySession
from vocabulary.models import VocabularyItem

Skill = LearningProgress.Skill
Status = Conversation.Status


def move(conversation, status, *, ended_at=None):
    """Bring the conversation into `status`; completing it records its progress, once.

    `ended_at` is when a completed conversation ended (now, if not given). Staying in
    the same state changes nothing. Raises ForbiddenMove and ConversationNotFound.
    """

    def write():
        conversation.lock()
        apply(conversation, status, ended_at=ended_at)
        return conversation

    return first_wins(write)


def apply(conversation, status, *, ended_at=None):
    """`move`, for a conversation that the caller has locked in its transaction."""
    status = Status(status)
    if status == conversation.status:
        return
    if status not in Conversation.MOVES[conversation.status]:
        raise ForbiddenMove(conversation.status, status)
    conversation.status = status
    if status == Status.COMPLETED:
        conversation.ended_at = ended_at or timezone.now()
    _save(conversation, "status", "ended_at")
    if not conversation.is_active:
        end_session(conversation)
    if status == Status.COMPLETED:
        _record_progress(conversation)


def end_session(conversation):
    """End the session of study in the conversation, if one is open."""
    StudySession.objects.end(conversation.learner_id, conversation.conversation_id)


def _save(conversation, *fields):
    Conversation.objects.filter(
        learner=conversation.learner_id, pk=conversation.pk
    ).update(**{field: getattr(conversation, field) for field in fields})


def _record_progress(conversation):
    """Count a conversation towards its learner's progress: once, as it ends once."""
    conversation.progress_recorded_at = timezone.now()
    conversation.counted_on = conversation.learner.local_date(conversation.ended_at)
    _save(conversation, "progress_recorded_at", "counted_on")
    studied = ConversationMessage.objects.of(conversation).counted().totals()
    _record(
        conversation,
        sessions=1,
        conversations_completed=1,
        study_seconds=studied["study_seconds"],
    )


def record_late_study(conversation, study_seconds):
    """Count what a reply brought that came after its conversation's completion."""
    _record(conversation, study_seconds=study_seconds)


def _record(conversation, **tallies):
    learner, language = conversation.learner, conversation.language
    words = VocabularyItem.objects.record_progress(
        learner, conversation.conversation_id
    )
    if completed := tallies.get("conversations_completed"):
        # Words are locked before study days, here as in a turn.
        StudyDay.objects.record(
            learner, language, conversation.counted_on, conversations=completed
        )
    record = LearningProgress.objects.record
    # Skills in one order everywhere, so that two calls never wait for each other.
    at = conversation.last_message_at
    record(learner, language, Skill.CONVERSATION, at=at, **tallies)
    record(learner, language, Skill.VOCABULARY, at=at, words_learned=words)


def delete(conversation):
    """Delete the conversation and all its messages, and take back what they counted.

    The words that it introduced stay, and so do the reviews that it brought: they are
    the learner's own by now.
    """

    def write():
        conversation.lock()
        WovenWord.objects.of(conversation).delete()
        TutorCall.objects.of(conversation).forget()
        learner, language = conversation.learner, conversation.language
        messages = ConversationMessage.objects.of(conversation)
        days = list(
            messages.counted()
            .order_by("study_date")
            .values("study_date")
            .annotate(turns=Count("in_reply_to"), seconds=Sum("study_seconds"))
        )
        for day in days:
            StudyDay.objects.record(
                learner,
                language,
                day["study_date"],
                turns=-day["turns"],
                study_seconds=-day["seconds"],
            )
        if conversation.progress_recorded_at:
            StudyDay.objects.record(
                learner, language, conversation.counted_on, conversations=-1
            )
            LearningProgress.objects.record(
                learner,
                language,
                Skill.CONVERSATION,
                at=conversation.last_message_at,
                sessions=-1,
                conversations_completed=-1,
                study_seconds=-sum(day["seconds"] for day in days),
            )
        StudySession.objects.for_learner(learner).filter(
            source_id=conversation.conversation_id
        ).delete()
        ScenarioRun.objects.filter(learner=learner, conversation=conversation).delete()
        played = conversation.scenario
        messages.delete()
        Conversation.objects.filter(learner=learner, pk=conversation.pk).delete()
        if played and played.owner_id:
            Scenario.objects.forget_unplayed(Scenario.objects.filter(pk=played.pk))
        return True

    first_wins(write)
