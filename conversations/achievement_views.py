"""Achievements: which are earned and what proves them, and how far the others are."""

from itertools import groupby

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from conversations import awarding, evidence
from progress import rarity
from progress.achievements import CATEGORIES, catalogue
from progress.models import Award, StudyDay

DAYS_PAGE = 50


@require_safe
def achievement_list(request):
    standings = awarding.standings(request.user)
    awards = [standing.award for standing in standings if standing.award]
    seen = evidence.found(request.user, awards)
    order, shares = list(CATEGORIES), rarity.shares()
    standings.sort(key=lambda standing: order.index(standing.achievement.category))
    context = {
        "earned": len(awards),
        "in_all": len(standings),
        "has_shares": bool(shares),
        "points": sum(one.achievement.points for one in standings if one.award),
        "categories": [
            {
                "name": CATEGORIES[name],
                "rows": [(one, _of(one, seen), _of(one, shares)) for one in ones],
            }
            for name, ones in groupby(standings, lambda one: one.achievement.category)
        ],
    }
    return render(request, "conversations/achievement_list.html", context)


def _of(standing, by_slug):
    return by_slug.get(standing.achievement.slug)


@require_safe
def achievement_days(request, slug):
    """The study days that prove an award, and what was done on each."""
    mine = Award.objects.for_learner(request.user).filter(evidence__kind="days")
    award = get_object_or_404(mine, slug=slug, slug__in=catalogue())
    days = StudyDay.objects.for_learner(request.user).studied()
    since, until = evidence.dates(award)
    days = days.filter(date__range=(since, until)).order_by("date", "language")
    pages = Paginator(days, DAYS_PAGE)
    totals = days.totals()
    context = {
        "achievement": catalogue()[slug],
        "award": award,
        "since": since,
        "until": until,
        "totals": totals,
        "minutes": totals["study_seconds"] // 60,
        "page": pages.get_page(request.GET.get("page")),
    }
    return render(request, "conversations/achievement_days.html", context)
