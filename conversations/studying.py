"""What messages count for on the learner's study days."""

from collections import defaultdict

from progress.models import StudyDay


def record(conversation, messages, *, words):
    """Count newly saved messages and the items of newly introduced words.

    A reply is a turn, and brings with it the study of the message that it answers.
    Returns the seconds of study counted.
    """
    days = defaultdict(lambda: {"turns": 0, "study_seconds": 0, "words": 0})
    for message in messages:
        day = days[message.study_date]
        if message.in_reply_to:
            day["turns"] += 1
            day["study_seconds"] += message.in_reply_to.study_seconds
        if not message.is_learners:
            day["study_seconds"] += message.study_seconds
    for item in words:
        days[item.introduced_on]["words"] += 1
    for date, tallies in sorted(days.items()):
        if any(tallies.values()):
            StudyDay.objects.record(
                conversation.learner, conversation.language, date, **tallies
            )
    return sum(tallies["study_seconds"] for tallies in days.values())
