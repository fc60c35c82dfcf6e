"""The rows that figures of progress are made of: study days, and sessions."""

from functools import reduce
from operator import or_

from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import render
from django.views.decorators.http import require_safe

from progress.forms import DaysFilterForm, SessionsFilterForm
from progress.models import StudyDay, StudySession

PAGE = 50
# Days of which all was undone or deleted since have a row, but nothing in it.
SOMETHING = reduce(or_, (Q(**{f"{name}__gt": 0}) for name in StudyDay.TALLIES))


@require_safe
def study_days(request):
    """All study days, latest first, with the sums of those that are asked for."""
    form = DaysFilterForm(request.GET)
    mine = StudyDay.objects.for_learner(request.user).filter(SOMETHING)
    days = form.narrowed(mine)
    totals = days.totals()
    context = {
        "form": form,
        "page": _page(request, days.order_by("-date", "language")),
        "totals": totals,
        "minutes": totals["study_seconds"] // 60,
    }
    return render(request, "progress/study_days.html", context)


@require_safe
def sessions(request):
    """All study sessions, latest first."""
    form = SessionsFilterForm(request.GET)
    mine = StudySession.objects.for_learner(request.user).studied()
    page = _page(request, form.narrowed(mine).latest_first())
    return render(request, "progress/sessions.html", {"form": form, "page": page})


def _page(request, rows):
    return Paginator(rows, PAGE).get_page(request.GET.get("page"))
