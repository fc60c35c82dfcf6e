"""The weekly report as a page, to read and to print."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from conversations.week import YEARS, Week, report


@require_safe
def last(request):
    """The last full week of the learner's own calendar."""
    return detail(request, Week.last_full(request.user))


@require_safe
def detail(request, week):
    today = request.user.local_date()
    if not week.has_begun(today):
        raise Http404("This week has not begun.")
    context = {
        **report(request.user, week),
        "before": week.before if week.before.year in YEARS else None,
        "after": week.after if week.after.has_begun(today) else None,
    }
    return render(request, "conversations/week.html", context)
