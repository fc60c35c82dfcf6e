"""What pages show of talk: messages with their words, and where a word was met."""

from django import template

from conversations import marking, tutors, words
from conversations.models import Conversation

register = template.Library()


@register.simple_tag(takes_context=True)
def conversation_of(context, item):
    """The conversation that a vocabulary item came from, or None if it is gone."""
    if item.source != item.Source.CONVERSATION:
        return None
    mine = Conversation.objects.for_learner(context["request"].user)
    return mine.filter(conversation_id=item.source_id).first()


@register.simple_tag(takes_context=True)
def with_conversations(context, sessions):
    """The study sessions, each with its conversation, or None: two statements."""
    sessions = list(sessions)
    mine = Conversation.objects.for_learner(context["request"].user)
    ids = [session.source_id for session in sessions if session.source_id]
    found = {one.conversation_id: one for one in mine.filter(conversation_id__in=ids)}
    return [(session, found.get(session.source_id)) for session in sessions]


@register.simple_tag(takes_context=True)
def paragraphs(context, message, current=None):
    """The message as paragraphs, each word a link; all are stops with a `current`."""
    native = context["request"].user.native_language
    language = context["conversation"].language
    return marking.paragraphs(message, language, native, current)


@register.inclusion_tag("conversations/_met.html", takes_context=True)
def where_met(context, word, language, heading="h2", besides=None):
    """The sentences in which the learner met a word, newest first; see `words.met`."""
    learner = context["request"].user
    return {
        "request": context["request"],
        "met": words.met(learner, language, word, besides),
        "besides": besides,
        "limit": words.SCANNED,
        "shown": words.SHOWN,
        "heading": heading,
    }


@register.filter
def tutor(conversation):
    """The conversation's `Tutor`."""
    return tutors.tutor_of(conversation)


@register.filter
def percent(share):
    """A share (0–1) in per cent, rounded down: all but one word known is not 100."""
    return int(share * 100)


@register.filter
def commonest(zipf):
    """How many words are about as common as this one or more so, None where it's rare.

    From the Zipf frequency: of the six languages each has 70 to 110 words of Zipf 6 and
    more, 840 to 1,100 from Zipf 5, 6,800 to 7,700 from Zipf 4, and 29,000 to 39,000
    from Zipf 3 (counted in wordfreq's small lists).
    """
    steps = ((6, 100), (5, 1_000), (4, 10_000), (3, 40_000))
    return next((count for least, count in steps if (zipf or 0) >= least), None)
