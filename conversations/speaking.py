"""How a learner talks in a conversation: its messages, measured as they are read."""

from typing import NamedTuple

from django.db.models import Q

from conversations import talk
from conversations.feedback import fluency
from conversations.models import ConversationMessage
from progress.charts import Chart, Column, Data, Kind

# How many of the latest messages are measured, of both sides; and how many of the
# learner's are shown one by one.
LATEST, SHOWN = 1000, 50
READ = ("position", "role", "content", "created_at", "conversation_id", "learner_id")


class Said(NamedTuple):
    """A learner's message, and what it measures."""

    message: ConversationMessage
    measured: fluency.Measured

    @property
    def address(self):
        return talk.address_of(self.message)


class Speaking(NamedTuple):
    """The learner's messages measured: one by one, together, and how they change."""

    said: list[Said]
    total: fluency.Measured
    trends: dict[str, fluency.Trend]
    is_all: bool

    @property
    def shown(self):
        """The latest messages, newest first."""
        return self.said[: -SHOWN - 1 : -1]

    @property
    def words_per_message(self):
        return self.total.words / len(self.said) if self.said else None


def of(conversation):
    """Return the `Speaking` of a conversation: one statement, whatever its length."""
    roles = ConversationMessage.Role
    messages = ConversationMessage.objects.of(conversation)
    spoken = messages.filter(~Q(role=roles.SYSTEM)).only(*READ)
    latest = spoken.before(None, LATEST)
    said, before = [], None
    for message in latest:
        message.conversation = conversation
        if message.role == roles.USER:
            seconds = None
            if before and before.role == roles.ASSISTANT:
                seconds = (message.created_at - before.created_at).total_seconds()
            measured = fluency.measure(message.content, conversation.language, seconds)
            said.append(Said(message, measured))
        before = message
    measured = [one.measured for one in said]
    return Speaking(
        said,
        fluency.together(measured),
        fluency.trends(measured),
        len(latest) < LATEST,
    )


def described(speaking):
    """Return the measures as plain values, for the API."""
    total = speaking.total
    return {
        "messages": len(speaking.said),
        "words": total.words,
        "words_per_message": speaking.words_per_message,
        "target_words": total.target_words,
        "different_words": total.different_words,
        "lexical_range": total.lexical_range,
        "words_per_minute": total.words_per_minute,
        "target_share": total.target_share,
        "fillers": dict(total.fillers),
        "trends": {name: trend._asdict() for name, trend in speaking.trends.items()},
        "latest": [
            {
                "position": one.message.position,
                "words": one.measured.words,
                "different_words": one.measured.different_words,
                "words_per_minute": one.measured.words_per_minute,
                "target_share": one.measured.target_share,
                "fillers": dict(one.measured.fillers),
            }
            for one in speaking.shown
        ],
    }


def chart(speaking):
    """Return the chart of the messages' length, or None where there is no trend."""
    if not speaking.trends:
        return None
    columns = [
        Column("message", "Your message", "text"),
        Column("words", "Words in it"),
    ]
    last = speaking.said[-SHOWN:]
    first = len(speaking.said) - len(last) + 1
    rows = [(str(n), one.measured.words) for n, one in enumerate(last, start=first)]
    data = Data("How many words each of your messages has.", Kind.LINES, columns, rows)
    return Chart("message-length", "Length of your messages", data)
