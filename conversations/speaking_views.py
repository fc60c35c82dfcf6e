"""How a learner talks in a conversation: a page, and a part of the talk page."""

from django.shortcuts import get_object_or_404, render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from conversations import speaking
from conversations.models import Conversation
from progress import drawing


@require_safe
def measures(request, conversation_id):
    """Show what the learner's messages measure; with htmx only the figures."""
    mine = Conversation.objects.for_learner(request.user)
    conversation = get_object_or_404(mine, conversation_id=conversation_id)
    measured = speaking.of(conversation)
    context = {"conversation": conversation, "speaking": measured}
    if request.htmx:
        return render(request, "conversations/_speaking.html", context)
    chart = speaking.chart(measured)
    # The drawing is XML of our own making, in which texts are escaped.
    context["svg"] = chart and mark_safe(  # noqa: S308
        drawing.svg(chart, request.user.native_language)
    )
    return render(request, "conversations/speaking.html", context)
