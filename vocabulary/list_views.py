"""The list of words: finding them, doing something with several, adding one by hand."""

from http import HTTPStatus

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.template.defaultfilters import pluralize
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from lingo import languages
from vocabulary.adding import add_word, remove_words
from vocabulary.forms import (
    BulkForm,
    NewWordForm,
    ReviewFilterForm,
    VocabularyFilterForm,
)
from vocabulary.models import VocabularyItem

PAGE = 50


@require_safe
def vocabulary_list(request):
    return _list(request)


@require_safe
def review_list(request):
    """The history of reviews, the latest first."""
    form = ReviewFilterForm(request.GET)
    reviews = form.reviews_of(request.user)
    context = {
        "form": form,
        "page": Paginator(reviews.prefetch_related("item"), PAGE).get_page(
            request.GET.get("page")
        ),
        **reviews.sums(),
    }
    return render(request, "vocabulary/review_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def bulk(request):
    """Suspend, resume or delete several words. The address holds the list's filter."""
    back = f"{reverse('vocabulary:list')}?{request.GET.urlencode()}"
    if request.method != "POST":  # after signing in again
        return redirect(back)
    form = BulkForm(request.POST)
    if not form.is_valid():
        return _list(request, bulk=form)
    pks, action = form.cleaned_data["pks"], form.cleaned_data["action"]
    if action == "delete" and "sure" not in request.POST:
        mine = VocabularyItem.objects.for_learner(request.user).filter(pk__in=pks)
        context = {
            "items": mine.order_by("language", "lemma"),
            "action": request.get_full_path(),
            "back": back,
        }
        return render(request, "vocabulary/bulk_delete.html", context)
    if action == "delete":
        number = remove_words(request.user, pks)
    else:
        suspend = VocabularyItem.objects.suspend
        number = suspend(request.user, pks, is_suspended=action == "suspend")
    done = BulkForm.ACTIONS[action]
    messages.success(request, f"{number} word{pluralize(number)} {done}.")
    return redirect(back)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request):
    """Add a word by hand; one that is there already is shown as it is."""
    form = NewWordForm(request.POST or None, initial=_initial(request))
    if form.is_valid():
        item, is_new = add_word(request.user, **form.cleaned_data)
        said = "is added" if is_new else "was among your words already"
        messages.success(request, f"“{item.word}” {said}.")
        return redirect(item)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "vocabulary/add.html", {"form": form}, status=status)


def _list(request, bulk=None):
    form = VocabularyFilterForm(request.GET)
    page = Paginator(form.words_of(request.user), PAGE).get_page(
        request.GET.get("page")
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY if bulk else HTTPStatus.OK
    context = {"form": form, "page": page, "bulk": bulk}
    return render(request, "vocabulary/list.html", context, status=status)


def _initial(request):
    """What the form for a word begins with: the last word's language, and any wish."""
    mine = VocabularyItem.objects.for_learner(request.user)
    latest = mine.order_by("-introduced_at", "-pk").values_list("language", flat=True)
    native = request.user.native_language
    others = (code for code in languages.LANGUAGES if code != native)
    return {"language": latest.first() or next(others), **request.GET.dict()}
