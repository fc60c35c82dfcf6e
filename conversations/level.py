"""Which CEFR range a learner's own messages in a language suggest."""

from django.db.models.functions import Substr

from conversations import estimating, talk
from conversations.estimating import Line
from conversations.models import Conversation, ConversationMessage
from progress.models import StudyDay

# How much is read at most: the latest messages of both sides, the beginning of each.
MESSAGES = 400
CHARACTERS = 2000

Role = ConversationMessage.Role


def estimate(learner, language):
    """Return the `estimating.Estimate` of the learner's latest messages: one query.

    The source of each sentence is (conversation's key, position of the message).
    """
    said = ConversationMessage.objects.for_learner(learner).filter(
        language=language, role__in=(Role.USER, Role.ASSISTANT)
    )
    latest = said.order_by("-created_at", "-position").values_list(
        "conversation", "position", "role", "parts", Substr("content", 1, CHARACTERS)
    )
    lines = [
        Line(key, role == Role.USER, _texts(parts, content, language), (key, position))
        for key, position, role, parts, content in reversed(latest[:MESSAGES])
    ]
    return estimating.estimate(lines, language)


def with_addresses(learner, sentences):
    """Return the sentences, each with the address of its message: one query.

    Those of a conversation that was deleted meanwhile are left out.
    """
    mine = Conversation.objects.for_learner(learner)
    found = mine.in_bulk({sentence.source[0] for sentence in sentences})
    return [
        (sentence, _address(found[key], position))
        for sentence in sentences
        for key, position in [sentence.source]
        if key in found
    ]


def latest_language(learner):
    """Return the language that the learner studied last, or None."""
    days = StudyDay.objects.for_learner(learner).order_by("-date", "language")
    return days.values_list("language", flat=True).first()


def _address(conversation, position):
    message = ConversationMessage(conversation=conversation, position=position)
    return talk.address_of(message)


def _texts(parts, content, language):
    if not parts:
        return [content]
    return [text[:CHARACTERS] for code, text in parts if code == language]
