"""What messages count for on the learner's study days and in study sessions."""

from collections import Counter, defaultdict

from progress.models import StudyDay, StudySession
from progress.sessions import Act


def record(conversation, messages, *, words):
    """Count newly saved messages and the items of newly introduced words.

    Returns the seconds of study counted.
    """
    days = days_of(messages)
    for item in words:
        days[item.introduced_on]["words"] += 1
    for date, tallies in sorted(days.items()):
        if any(tallies.values()):
            StudyDay.objects.record(
                conversation.learner, conversation.language, date, **tallies
            )
    acts = acts_of(conversation, messages)
    if len(acts) == 1:
        StudySession.objects.record(conversation.learner, acts[0])
    else:
        StudySession.objects.record_many(conversation.learner, acts)
    return sum(tallies["study_seconds"] for tallies in days.values())


def days_of(messages):
    """Return what the messages count for on their dates: {date: Counter}.

    A reply is a turn, and brings with it the study of the message that it answers.
    """
    days = defaultdict(Counter)
    for message in messages:
        turns, seconds = _study_of(message)
        days[message.study_date].update(turns=turns, study_seconds=seconds)
    return days


def acts_of(conversation, messages):
    """Return the acts that the conversation's messages are in study sessions."""
    kinds = StudySession.Kind
    kind = kinds.SCENARIO if conversation.scenario_id else kinds.CONVERSATION
    key = conversation.language, kind, conversation.conversation_id
    studied = ((message.created_at, *_study_of(message)) for message in messages)
    return [
        Act(*key, at, seconds, items=turns)
        for at, turns, seconds in studied
        if turns or seconds
    ]


def become_scenario(conversation):
    """Make a scenario's what was a plain conversation's sessions."""
    mine = StudySession.objects.for_learner(conversation.learner_id)
    mine.filter(source_id=conversation.conversation_id).update(
        kind=StudySession.Kind.SCENARIO
    )


def _study_of(message):
    """Return the turns and the seconds that a message counts for."""
    said = message.in_reply_to
    seconds = 0 if message.is_learners else message.study_seconds
    return (1, seconds + said.study_seconds) if said else (0, seconds)
