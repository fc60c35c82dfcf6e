"""Words to use in a talk: help with one, and taking back what its use counted for."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from conversations import errors, talk
from conversations.models import WovenWord
from conversations.views import conversation_of, summary_page, talk_page
from vocabulary import reviewing
from vocabulary.errors import ItemNotFound, NotTheLatestReview


@require_http_methods(["GET", "HEAD", "POST"])
def woven_help(request, conversation_id, pk, give):
    """Help with a word to use; with htmx, the answer is the part with such words."""
    conversation = conversation_of(request, conversation_id)
    word = get_object_or_404(WovenWord.objects.of(conversation), pk=pk)
    if request.method != "POST":
        return redirect(conversation)
    word.conversation = conversation
    refusal, status = "", HTTPStatus.OK
    try:
        give(word)
    except errors.ConversationNotFound as error:
        raise Http404(str(error)) from error
    except errors.ConversationNotActive as error:
        refusal, status = str(error), HTTPStatus.CONFLICT
    if request.htmx:
        context = {
            "conversation": conversation,
            "woven": talk.woven_in(conversation),
            "helped": pk,
            "refusal": refusal,
        }
        return render(request, "conversations/_woven.html", context, status=status)
    if refusal:
        return talk_page(request, conversation, failure=refusal, status=status)
    return HttpResponseRedirect(f"{conversation.get_absolute_url()}#woven")


@require_http_methods(["GET", "HEAD", "POST"])
def review_undo(request, conversation_id, pk):
    """Take back a review that the conversation brought."""
    conversation = conversation_of(request, conversation_id)
    review = get_object_or_404(talk.reviews_by(conversation), pk=pk)
    if request.method == "POST":
        review.learner = request.user
        try:
            reviewing.undo(review)
        except ItemNotFound as error:
            raise Http404(str(error)) from error
        except NotTheLatestReview as error:
            return summary_page(
                request, conversation, failure=str(error), status=HTTPStatus.CONFLICT
            )
        messages.success(request, f"“{review.item.lemma}” is as it was before.")
    return redirect("conversations:summary", conversation_id)
