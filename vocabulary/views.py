from http import HTTPStatus

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_safe

from vocabulary.adding import remove_word
from vocabulary.forms import VocabularyFilterForm, VocabularyItemForm
from vocabulary.models import VocabularyItem

PAGE = 50


@require_safe
def vocabulary_list(request):
    form = VocabularyFilterForm(request.GET)
    form.is_valid()  # what can't be understood is said beside its field, and left out
    wanted = form.cleaned_data
    found = VocabularyItem.objects.for_learner(request.user)
    if wanted.get("language"):
        found = found.filter(language=wanted["language"])
    if wanted.get("q"):
        text = wanted["q"]
        found = found.filter(
            Q(word__icontains=text)
            | Q(lemma__icontains=text)
            | Q(translation__icontains=text)
        )
    if wanted.get("due"):
        found = found.due(timezone.now(), request.user.day_end())
    else:
        found = found.order_by("-introduced_at", "-pk")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "vocabulary/list.html", {"form": form, "page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def detail(request, pk):
    mine = VocabularyItem.objects.for_learner(request.user)
    item = get_object_or_404(mine, pk=pk)
    form = VocabularyItemForm(request.POST or None, instance=item)
    if form.is_valid():
        VocabularyItem.objects.revise(item, **form.cleaned_data)
        messages.success(request, f"“{item.word}” is saved.")
        return HttpResponseRedirect(next_address(request) or item.get_absolute_url())
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    context = {"item": item, "form": form, "next": next_address(request)}
    return render(request, "vocabulary/detail.html", context, status=status)


def next_address(request):
    """Return the address on this site that the request wants to go on with, or ""."""
    address = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(address, {request.get_host()})
    return address if is_ours and address.startswith("/") else ""


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request, pk):
    item = get_object_or_404(VocabularyItem.objects.for_learner(request.user), pk=pk)
    item.learner = request.user
    if request.method != "POST":
        return render(request, "vocabulary/delete.html", {"item": item})
    remove_word(item)
    messages.success(request, f"“{item.word}” is deleted.")
    return redirect("vocabulary:list")
