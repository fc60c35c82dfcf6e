"""What a learner does with a correction."""

from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from conversations import talk
from conversations.feedback import showing
from conversations.models import Correction, GrammarChart


@require_http_methods(["GET", "HEAD", "POST"])
def dispute(request, pk):
    return _noted(request, pk, Correction.objects.dispute)


@require_http_methods(["GET", "HEAD", "POST"])
def agree(request, pk):
    """Take a disagreement back."""
    return _noted(request, pk, Correction.objects.agree)


def _noted(request, pk, note):
    """Note what the learner thinks of it; with htmx, the answer is the correction."""
    mine = Correction.objects.for_learner(request.user).with_messages()
    correction = get_object_or_404(mine, pk=pk)
    if request.method == "POST":
        note(correction)
    message, is_summary = correction.message, request.POST.get("from") == "summary"
    if not request.htmx:
        page = talk.address_of(message)
        if is_summary:
            conversation_id = message.conversation.conversation_id
            page = reverse("conversations:summary", args=[conversation_id])
            page = f"{page}#correction-{pk}"
        return HttpResponseRedirect(page)
    charted = GrammarChart.objects.categories_of(correction.language)
    context = {
        "shown": showing.shown(correction, message.content, request.user, charted),
        "is_summary": is_summary,
        "is_answer": True,  # which takes the focus that the button had
    }
    return render(request, "conversations/_correction.html", context)
