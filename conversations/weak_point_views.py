"""The page of weak points: the learner's own sentences, to be put right."""

from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from conversations import talk, weak_point_reviewing, weak_points
from conversations.errors import ConversationError
from conversations.feedback.categories import names
from conversations.forms import WeakPointReviewFilterForm
from conversations.models import Correction, GrammarChart, WeakPointReview
from vocabulary.review_forms import AnswerForm, RatingForm

MOST = 2**31 - 1
PAGE = 50


class AskedForm(forms.Form):
    """Which sentence was asked, and in which review of its weak point."""

    card = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    number = forms.IntegerField(min_value=1, max_value=MOST)


@require_http_methods(["GET", "HEAD", "POST"])
def weak_point_page(request):
    """Ask a sentence; show its answer, where one is named; take its rating."""
    standings = weak_points.standings(request.user)
    if request.method == "POST":
        return _rate(request, standings)
    if "card" in request.GET:
        card = _asked(request, request.GET, standings)
        if card is None:
            return redirect("conversations:weak-points")
        form = AnswerForm(request.GET)
        if not form.is_valid():
            return _page(request, standings, card, form=form)
        typed = form.cleaned_data["typed"]
        return _page(request, standings, card, typed=typed)
    now = timezone.now()
    due = [one for one in standings if one.due <= now]
    card = weak_points.card_of(request.user, due[0]) if due else None
    return _page(request, standings, card)


def _rate(request, standings):
    card = _asked(request, request.POST, standings)
    if card is None:  # it was reviewed meanwhile
        return redirect("conversations:weak-points")
    form = RatingForm(request.POST)
    if not form.is_valid():
        typed = AnswerForm(request.POST)
        typed = typed.cleaned_data["typed"] if typed.is_valid() else ""
        return _page(request, standings, card, typed=typed, form=form)
    weak_point_reviewing.review(
        request.user,
        card.correction,
        card.standing.number,
        form.cleaned_data["rating"],
    )
    return redirect("conversations:weak-points")


@require_http_methods(["GET", "HEAD", "POST"])
def weak_point_undo(request, pk):
    """Take back the latest review of a weak point, which is then asked again."""
    if request.method == "POST":
        mine = WeakPointReview.objects.for_learner(request.user)
        review = get_object_or_404(mine, pk=pk)
        review.learner = request.user
        try:
            weak_point_reviewing.undo(review)
        except ConversationError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "The review is taken back.")
    return redirect("conversations:weak-points")


@require_safe
def weak_point_reviews(request):
    """The history of reviews of weak points, the latest first."""
    form = WeakPointReviewFilterForm(request.GET, learner=request.user)
    found = form.reviews()
    rows = found.prefetch_related("weak_point", "correction__message__conversation")
    native = request.user.native_language
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": [
            (
                one,
                names()[one.weak_point.category][native],
                one.correction and talk.address_of(one.correction.message),
            )
            for one in page
        ],
        **found.sums(),
    }
    return render(request, "conversations/weak_point_reviews.html", context)


def _asked(request, sent, standings):
    """Return the `Card` that the request names, or None where that is over.

    Raises Http404 where the sentence is not the learner's.
    """
    form = AskedForm(sent)
    if not form.is_valid():
        raise Http404("There is no such sentence.")
    mine = Correction.objects.for_learner(request.user).with_messages()
    correction = get_object_or_404(mine, pk=form.cleaned_data["card"])
    for standing in standings:
        same = (standing.language, standing.category)
        is_it = same == (correction.language, correction.category)
        if is_it and standing.number == form.cleaned_data["number"]:
            return weak_points.card_for(correction, standing)
    return None


def _page(request, standings, card, *, typed=None, form=None):
    learner, now = request.user, timezone.now()
    native, undoable = learner.native_language, _undoable(learner, now)
    context = {
        "card": card,
        "form": form or AnswerForm(),
        "typed": typed,
        "undoable": undoable,
        "undone_category": undoable and names()[undoable.weak_point.category][native],
        "standings": [
            (one, names()[one.category][native], one.due <= now) for one in standings
        ],
    }
    if card:
        language = card.standing.language
        context["category"] = names()[card.standing.category][native]
        charted = GrammarChart.objects.categories_of(language)
        context["has_chart"] = card.standing.category in charted
    if card and typed is not None:
        answer = card.answer(typed)
        is_right = bool(answer) and card.is_right(answer)
        context |= {"is_answered": True, "answer": answer, "is_right": is_right}
        context["buttons"] = weak_points.buttons(learner, card.standing, is_right, now)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form else HTTPStatus.OK
    return render(request, "conversations/weak_points.html", context, status=status)


def _undoable(learner, now):
    """Return the learner's latest review of a weak point, if it is of today."""
    mine = WeakPointReview.objects.for_learner(learner).standing()
    today = mine.filter(reviewed_at__gte=learner.day_start(learner.local_date(now)))
    return today.latest_first().prefetch_related("weak_point").first()
