"""Reviewing: the cards, taking back, settings, and words forgotten often."""

from http import HTTPStatus
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_safe

from lingo.languages import LANGUAGES
from vocabulary import planning, reviewing
from vocabulary.cards import card_of
from vocabulary.errors import VocabularyError
from vocabulary.forms import VocabularyItemForm
from vocabulary.models import Review, VocabularyItem
from vocabulary.queue import queue
from vocabulary.review_forms import (
    AnswerForm,
    CatchUpForm,
    RatingForm,
    ReviewSettingsForm,
    WishForm,
)
from vocabulary.views import next_address

LEECHES_PAGE = 20
SENTENCES = 3  # of each leech


@require_http_methods(["GET", "HEAD", "POST"])
def review_page(request):
    """Ask a card; show its answer, where the address names a card; take its rating."""
    if request.method == "POST":
        return _rate(request)
    if "card" not in request.GET:
        return _page(request)
    card = _card_shown(request, request.GET)
    number = request.GET.get("number", str(card.number))
    if card.item.is_suspended or number != str(card.number):
        return _next(request)  # it was reviewed meanwhile
    if "number" not in request.GET:
        return _page(request, card)
    form = AnswerForm(request.GET)
    if not form.is_valid():
        return _page(request, card, form=form)
    return _page(request, card, typed=form.cleaned_data["typed"])


def _rate(request):
    card = _card_shown(request, request.POST)
    form = RatingForm(request.POST)
    if not form.is_valid():
        typed = AnswerForm(request.POST)
        typed = typed.cleaned_data["typed"] if typed.is_valid() else ""
        return _page(request, card, typed=typed, form=form)
    if request.POST.get("number") == str(card.number):
        _review(request, card, **form.cleaned_data)
    return _next(request)


def _review(request, card, rating, duration_ms):
    item = card.item
    try:
        done, _ = reviewing.review(
            item, rating, client_id=card.client_id, duration_ms=duration_ms
        )
    except VocabularyError as error:
        messages.error(request, str(error))
        return
    if item.is_leech and reviewing.is_lapse(done):
        text = "“{}” has slipped away {} times. <a href='{}'>Rewrite or suspend it</a>."
        address = reverse("vocabulary:review-leeches")
        messages.info(request, format_html(text, item.word, item.lapses, address))


@require_http_methods(["GET", "HEAD", "POST"])
def review_undo(request):
    """Take back a review of a card, and show the card again. Safe to repeat."""
    if request.method != "POST":  # after signing in again
        return _next(request)
    mine = Review.objects.for_learner(request.user).filter(kind=Review.Kind.CARD)
    mine = mine.prefetch_related("item")
    review = get_object_or_404(mine, pk=_key(request.POST, "review"))
    review.learner = review.item.learner = request.user
    try:
        reviewing.undo(review)
    except VocabularyError as error:
        messages.error(request, str(error))
        return _next(request)
    messages.success(request, f"The review of “{review.item.word}” is taken back.")
    return _next(request, card=review.item_id)


@require_http_methods(["GET", "HEAD", "POST"])
def suspend(request, pk, is_suspended):
    item = get_object_or_404(VocabularyItem.objects.for_learner(request.user), pk=pk)
    if request.method == "POST":
        VocabularyItem.objects.revise(item, is_suspended=is_suspended)
        text = "“{}” is in review again."
        if is_suspended:
            text = "“{}” is suspended. <a href='{}'>Its page</a> brings it back."
        messages.success(request, format_html(text, item.word, item.get_absolute_url()))
    return HttpResponseRedirect(next_address(request) or item.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
def review_settings(request):
    form = ReviewSettingsForm(request.POST or None, instance=request.user)
    if form.is_valid():
        form.save()
        messages.success(request, "Your wishes for reviewing are saved.")
        return redirect("vocabulary:review-settings")
    return _settings_page(request, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def catch_up(request):
    """Spread a backlog over some days, or stop doing so."""
    learner = request.user
    if request.method != "POST":  # after signing in again
        return redirect("vocabulary:review-settings")
    if "stop" in request.POST:
        learner.catch_up_until = None
        learner.save(update_fields=["catch_up_until"])
        return redirect("vocabulary:review-settings")
    form = CatchUpForm(request.POST)
    if not form.is_valid():
        return _settings_page(request, catch_up_form=form)
    form.save(learner)
    messages.success(request, "What is overdue is spread over these days.")
    return redirect("vocabulary:review-settings")


def _settings_page(request, form=None, catch_up_form=None):
    learner = request.user
    shown = form or ReviewSettingsForm(instance=learner)
    days = planning.forecast(learner)
    is_bound = shown.is_bound or catch_up_form
    context = {
        "form": shown,
        "catch_up_form": catch_up_form or CatchUpForm(initial={"days": 7}),
        "plan": planning.plan(learner),
        "forecast": days,
        "most": max(reviews for _, reviews in days) or 1,
        "in_all": sum(reviews for _, reviews in days),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_bound else HTTPStatus.OK
    return render(request, "vocabulary/review_settings.html", context, status=status)


@require_safe
def leeches(request):
    """Words forgotten often, each with its sentences, to be rewritten or suspended."""
    evidence = Review.objects.for_learner(request.user).standing().latest_first()
    evidence = evidence.exclude(evidence="")[:SENTENCES]
    found = VocabularyItem.objects.for_learner(request.user).leeches()
    found = found.prefetch_related(Prefetch("reviews", evidence, "with_evidence"))
    page = Paginator(found, LEECHES_PAGE).get_page(request.GET.get("page"))
    for item in page:
        said = [review.evidence for review in item.with_evidence]
        item.sentences = list(dict.fromkeys(filter(None, [item.example, *said])))
        item.form = VocabularyItemForm(instance=item, auto_id=f"id_{item.pk}_%s")
    return render(request, "vocabulary/review_leeches.html", {"page": page})


def _card_shown(request, sent):
    """Return the `Card` of the learner's word that the request names, as it stands."""
    mine = VocabularyItem.objects.for_learner(request.user)
    item = get_object_or_404(mine, pk=_key(sent, "card"))
    item.learner = request.user
    return card_of(item)


def _key(sent, name):
    """Return the key that a request names, or None where it can't be one."""
    text = sent.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _wishes(request):
    form = WishForm(request.GET)
    form.is_valid()  # what can't be understood is left out
    return {name: request.GET[name] for name, wish in form.cleaned_data.items() if wish}


def _next(request, **query):
    """Go to the next card, or to one, with the learner's wishes kept."""
    return HttpResponseRedirect(_address({**_wishes(request), **query}))


def _address(query):
    """Return the address of the review page with this query."""
    address, query = reverse("vocabulary:review"), urlencode(query)
    return f"{address}?{query}" if query else address


def _choices(plan, wishes):
    """Return (name, address, is chosen) of each language, where there is a choice."""
    chosen = wishes.get("language")
    codes = {chosen, *plan.languages} - {None}
    if len(codes) < 2:
        return []
    rest = {name: wish for name, wish in wishes.items() if name != "language"}
    return [
        ("All languages", _address(rest), not chosen),
        *(
            (LANGUAGES[code].name, _address({**rest, "language": code}), code == chosen)
            for code in sorted(codes)
        ),
    ]


def _page(request, card=None, *, typed=None, form=None):
    """The page of a card, or of the next one; with its answer where `typed` is given.

    Where there is none, it is the end. A bound form says what could not be taken.
    """
    learner, now, wishes = request.user, timezone.now(), _wishes(request)
    plan = planning.plan(learner, now, **wishes)
    language = wishes.get("language", "")
    if card is None:
        found = queue(learner, plan, now, language=language)
        card = card_of(found[0]) if found else None
    context = {
        "plan": plan,
        "card": card,
        "wishes": wishes,
        "query": urlencode(wishes),
        "address": _address(wishes),
        "choices": _choices(plan, wishes),
        "all_done": plan.done_today + plan.left,
        "undoable": _undoable(learner, now),
        "form": form or AnswerForm(),
    }
    if card:
        context["again"] = _address({**wishes, "card": card.item.pk})
    if card and typed is not None:
        answer = card.answer(typed)
        context |= {"is_answered": True, "typed": typed, "answer": answer}
        context["buttons"] = card.buttons(answer, now)
    elif card and not card.is_typed:
        context["buttons"] = card.buttons(now=now)
    elif not card:
        mine = VocabularyItem.objects.for_learner(learner)
        context["next"] = mine.later(now, learner.day_end(now)).first()
        context["soon"] = context["next"] and context["next"].due - now
    is_refused = form is not None
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK
    return render(request, "vocabulary/review.html", context, status=status)


def _undoable(learner, now):
    """Return the learner's latest review of a card, if it is of today."""
    mine = Review.objects.for_learner(learner).standing().filter(kind=Review.Kind.CARD)
    today = mine.filter(reviewed_at__gte=learner.day_start(learner.local_date(now)))
    return today.latest_first().prefetch_related("item").first()
