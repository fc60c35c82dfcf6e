"""What all contenders save: the same messages and words."""

from decimal import Decimal
from functools import cache

from django.db import transaction
from django.utils import timezone

from conversations.models import ConversationMessage
from tests.factories import ConversationFactory
from vocabulary import lexicon

SAID = "Quisiera un café con leche y una tostada, por favor."
ANSWER = "Un café con leche y una tostada, enseguida. ¿Algo más?"
TOKENS, COST = 12, Decimal("0.000345")
KNOWN = ["mesa", "silla"]


@cache
def new_words():
    """Return real words, one for each lemma."""
    from wordfreq import top_n_list

    words = [word for word in top_n_list("es", 4000)[200:] if word.isalpha()]
    return list({lexicon.lemma(word, "es"): word for word in words}.values())


def words_of(turn):
    """Return the three words of a turn (1, 2, …), the last of them new."""
    return [*KNOWN, new_words()[turn]]


def history(count):
    """Return `count` messages as plain values, learner and tutor in turns."""
    now = timezone.now()
    learners = {"role": "user", "content": SAID, "token_count": 0}
    tutors = {"role": "assistant", "content": ANSWER, "token_count": TOKENS}
    return [
        {
            **(tutors if place % 2 else learners),
            "estimated_cost": COST * (place % 2),
            "language": "es",
            "created_at": now,
        }
        for place in range(count)
    ]


def new_conversation(size, **fields):
    """Return a conversation with `size` messages in Lingo's tables."""
    conversation = ConversationFactory(**fields)
    said = [ConversationMessage(**message) for message in history(size)]
    for before, message in zip(said[::2], said[1::2], strict=True):
        message.in_reply_to = before
    with transaction.atomic():
        conversation.lock()
        ConversationMessage.objects.append(conversation, said)
    return conversation
