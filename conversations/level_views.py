"""The estimate of a learner's level, with the sentences behind it."""

from http import HTTPStatus

from django import forms
from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from conversations import estimating, level
from lingo import languages

PAGE = 50


class LevelForm(forms.Form):
    language = forms.ChoiceField(choices=languages.CHOICES)


@require_safe
def level_estimate(request):
    learner, asked = request.user, request.GET.dict()
    if "language" not in asked:
        asked["language"] = level.latest_language(learner) or _another(learner)
    form = LevelForm(asked)
    if not form.is_valid():
        return _page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    language = form.cleaned_data["language"]
    found = level.estimate(learner, language)
    page = Paginator(found.sentences, PAGE).get_page(request.GET.get("page"))
    return _page(
        request,
        form,
        found=found,
        language=languages.LANGUAGES[language],
        page=page,
        rows=level.with_addresses(learner, page.object_list),
    )


def _another(learner):
    """Return a language that isn't the learner's own."""
    native = learner.native_language
    return next(code for code in languages.LANGUAGES if code != native)


def _page(request, form, *, status=HTTPStatus.OK, **found):
    context = {"form": form, "limits": estimating, "messages_read": level.MESSAGES}
    return render(
        request, "conversations/level_estimate.html", context | found, status=status
    )
