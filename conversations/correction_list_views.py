"""The history of corrections: what was corrected, when, and where it was said."""

from collections import defaultdict

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from conversations import talk
from conversations.feedback import showing
from conversations.forms import CorrectionFilterForm
from conversations.models import GrammarChart

PAGE = 50


@require_safe
def correction_list(request):
    form = CorrectionFilterForm(request.GET, learner=request.user)
    page = Paginator(form.corrections(), PAGE).get_page(request.GET.get("page"))
    charted = defaultdict(set)
    for language, categories in GrammarChart.objects.values_list(
        "language", "categories"
    ):
        charted[language].update(categories)
    context = {
        "form": form,
        "page": page,
        "rows": [
            (
                showing.shown(
                    one, one.message.content, request.user, charted[one.language]
                ),
                talk.address_of(one.message),
            )
            for one in page
        ],
    }
    return render(request, "conversations/correction_list.html", context)
