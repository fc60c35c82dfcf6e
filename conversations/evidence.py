"""Where what proves an award is to be seen, if it still is there."""

from datetime import date
from typing import NamedTuple

from django.urls import reverse

from conversations import talk
from conversations.models import Conversation, ConversationMessage
from vocabulary.models import VocabularyItem


class Evidence(NamedTuple):
    """A page of the learner's, with its name and that name's language.

    Days have their first and last one instead of a name.
    """

    kind: str
    address: str
    name: str = ""
    language: str = ""
    since: date | None = None
    until: date | None = None


def found(learner, awards):
    """Return the `Evidence` of one learner's awards by slug; what is gone has none.

    Two queries.
    """
    wanted = [award.evidence for award in awards]
    ids = {one["conversation_id"] for one in wanted if one["kind"] == "conversation"}
    mine = Conversation.objects.for_learner(learner).filter(conversation_id__in=ids)
    conversations = {one.conversation_id: one for one in mine}
    pks = {one["id"] for one in wanted if one["kind"] == "word"}
    items = VocabularyItem.objects.for_learner(learner).in_bulk(pks)
    shown = {}
    for award in awards:
        match award.evidence["kind"]:
            case "conversation":
                talked = conversations.get(award.evidence["conversation_id"])
                evidence = talked and _said(talked, award.evidence.get("position"))
            case "word":
                item = items.get(award.evidence["id"])
                evidence = item and _word(item)
            case _:
                evidence = _days(award)
        shown[award.slug] = evidence
    return shown


def dates(award):
    """Return the first and the last of the days that prove an award."""
    return (date.fromisoformat(award.evidence[name]) for name in ("since", "until"))


def _said(conversation, position):
    page = conversation.get_absolute_url()
    if position:
        message = ConversationMessage(conversation=conversation, position=position)
        page = talk.address_of(message)
    return Evidence("conversation", page, conversation.title)


def _word(item):
    return Evidence("word", item.get_absolute_url(), item.word, item.language)


def _days(award):
    since, until = dates(award)
    page = reverse("conversations:achievement-days", args=[award.slug])
    return Evidence("days", page, since=since, until=until)
