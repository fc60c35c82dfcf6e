"""Keeping a conversation whose messages come from elsewhere, one by one."""

from conversations import studying
from conversations.models import ConversationMessage


def record_message(conversation, message):
    """Save a message with a client_id and count it as study; return the kept message.

    Safe to repeat. An assistant's message right after a learner's is its reply. Raises
    ConversationNotActive, ClientIdTaken and ConversationNotFound.
    """
    return ConversationMessage.objects.keep(
        conversation,
        message,
        then=lambda: studying.record(conversation, [message], words=[]),
    )
