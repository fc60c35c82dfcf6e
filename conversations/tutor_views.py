"""What was sent to a language model's provider: a page of each message's calls."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from conversations.models import Conversation, ConversationMessage, TutorCall

PAGE = 10


@require_safe
def sent(request, conversation_id, position):
    """The calls for the reply to a learner's message, or for the tutor's opening."""
    mine = Conversation.objects.for_learner(request.user)
    conversation = get_object_or_404(mine, conversation_id=conversation_id)
    message = get_object_or_404(
        ConversationMessage.objects.of(conversation), position=position
    )
    said = message if message.is_learners else None
    calls = TutorCall.objects.about(conversation, said)
    context = {
        "conversation": conversation,
        "message": message,
        "page": Paginator(calls, PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "conversations/sent.html", context)
