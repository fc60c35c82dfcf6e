"""Say it after the tutor: a page that compares what was recognised with a sentence."""

from http import HTTPStatus

from django import forms
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from conversations import talk
from conversations.feedback import shadowing
from conversations.models import Conversation, ConversationMessage
from lingo.forms import StorableField
from lingo.text import sentences

# The longest text that is compared, and the longest sentence that it is compared with.
LENGTH = 1000


class ShadowingForm(forms.Form):
    """What was recognised, or typed."""

    said = StorableField(
        label="What you said",
        max_length=LENGTH,
        error_messages={
            "required": "Say the sentence, or type it, first.",
            "max_length": "This can have at most %(limit_value)d characters; "
            "it has %(show_value)d.",
        },
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def shadow(request, conversation_id, position, number):
    """Show sentence `number` (from 1) of a message; compare what is sent with it."""
    mine = Conversation.objects.for_learner(request.user)
    conversation = get_object_or_404(mine, conversation_id=conversation_id)
    message = get_object_or_404(
        ConversationMessage.objects.of(conversation), position=position
    )
    message.conversation = conversation
    texts = message.texts_in(conversation.language)
    found = [one for text in texts for one in sentences(text) if len(one) <= LENGTH]
    if not 1 <= number <= len(found):
        raise Http404("There is no such sentence.")
    form = ShadowingForm(request.POST if request.method == "POST" else None)
    compared, status = None, HTTPStatus.OK
    if form.is_valid():
        compared = shadowing.compare(found[number - 1], form.cleaned_data["said"])
    elif form.is_bound:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    context = {
        "conversation": conversation,
        "message": message,
        "back": talk.address_of(message),
        "sentence": found[number - 1],
        "number": number,
        "sentences": found,
        "form": form,
        "compared": compared,
    }
    return render(request, "conversations/shadowing.html", context, status=status)
