"""How a message is written out: its paragraphs, with its new words marked."""

import re
from typing import NamedTuple

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from conversations.models import Conversation

register = template.Library()


class Paragraph(NamedTuple):
    language: str
    html: SafeString
    is_aside: bool  # in another language than the conversation


@register.simple_tag(takes_context=True)
def conversation_of(context, item):
    """The conversation that a vocabulary item came from, or None if it is gone."""
    if item.source != item.Source.CONVERSATION:
        return None
    mine = Conversation.objects.for_learner(context["request"].user)
    return mine.filter(conversation_id=item.source_id).first()


@register.simple_tag(takes_context=True)
def paragraphs(context, message):
    """The message as paragraphs, its new words marked where each first occurs."""
    spoken = context["conversation"].language
    native = context["request"].user.native_language
    words = {word["word"].lower(): word for word in message.vocabulary}
    return [
        Paragraph(
            language,
            mark_words(text, words if language == spoken else {}, native),
            language != spoken,
        )
        for language, text in message.parts or [(message.language, message.content)]
    ]


def mark_words(text, words, native):
    """Return `text` as HTML; take from `words` each word that it marks.

    A word becomes a link to its page with its translation above it, in ruby.
    """
    if not words:
        return format_html("{}", text)
    longest_first = sorted(words, key=len, reverse=True)
    pattern = r"(?<!\w)({})(?!\w)".format("|".join(map(re.escape, longest_first)))
    pieces = re.split(pattern, text, flags=re.IGNORECASE)
    return format_html_join(
        "",
        "{}",
        (
            (_ruby(piece, words.pop(piece.lower()), native),)
            if place % 2 and piece.lower() in words
            else (piece,)
            for place, piece in enumerate(pieces)
        ),
    )


def _ruby(piece, word, native):
    shown = format_html('<span class="new-word">{}</span>', piece)
    if word.get("url"):
        shown = format_html('<a class="new-word" href="{}">{}</a>', word["url"], piece)
    if not word["translation"]:
        return shown
    return format_html(
        '<ruby>{}<rp> (</rp><rt lang="{}">{}</rt><rp>)</rp></ruby>',
        shown,
        native,
        word["translation"],
    )
