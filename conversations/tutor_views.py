"""What was sent to a language model's provider for each message, and what it cost."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from conversations import ledger
from conversations.forms import MonthForm
from conversations.models import Conversation, ConversationMessage, TutorCall

PAGE, CONVERSATIONS = 10, 50


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


@require_safe
def costs(request):
    """What a month's talk cost the learner: this one's, or that of the address."""
    this = ledger.month_of(timezone.now())
    form = MonthForm(request.GET)
    month = (form.is_valid() and form.cleaned_data["month"]) or this
    mine = TutorCall.objects.for_learner(request.user)
    tokens, cost = mine.in_month(month).totals()
    page = Paginator(mine.in_month(month).by_conversation(), CONVERSATIONS).get_page(
        request.GET.get("page")
    )
    found = Conversation.objects.for_learner(request.user).in_bulk(
        [row["conversation"] for row in page if row["conversation"]]
    )
    context = {
        "month": month,
        "is_this_month": month == this,
        "tokens": tokens,
        "cost": cost,
        "limit": ledger.limit_of(request.user),
        "page": page,
        "rows": [(found.get(row["conversation"]), row) for row in page],
        "months": mine.by_month(),
    }
    return render(request, "conversations/costs.html", context)
