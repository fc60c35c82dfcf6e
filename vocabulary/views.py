from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from vocabulary import word_page
from vocabulary.adding import remove_word
from vocabulary.forms import VocabularyItemForm
from vocabulary.models import VocabularyItem


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
    context = {
        "item": item,
        "form": form,
        "next": next_address(request),
        **word_page.about(item, request.user, request.GET.get("page")),
    }
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
