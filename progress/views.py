from itertools import groupby

from django.shortcuts import render
from django.views.decorators.http import require_safe

from lingo import languages
from progress import charts_data
from progress.models import LearningProgress, StudyDay

DAYS = 30

# Columns of LearningProgress, each shown for a language that has a value in it.
COLUMNS = (
    ("conversations_completed", "Conversations completed"),
    ("sessions", "Sessions"),
    ("words_learned", "Words learned"),
    ("minutes", "Minutes"),
    ("level", "Level"),
    ("target_level", "Target level"),
    ("percentage", "Percent"),
    ("accuracy", "Accuracy in percent"),
)


@require_safe
def overview(request):
    days = StudyDay.objects.for_learner(request.user)
    totals = days.totals()
    latest = list(days.studied().order_by("-date", "language")[:DAYS])
    skills = LearningProgress.objects.for_learner(request.user).order_by(
        "language", "skill"
    )
    streaks = {}
    if request.user.shows_streak:
        streaks = days.streaks(request.user.local_date())
    year, asked = charts_data.CHARTS["activity"], charts_data.Asked(request.user)
    context = {
        "activity": year.chart("activity", asked),
        "streak": streaks.get(""),
        "streaks": [
            (languages.LANGUAGES[code].name, streak)
            for code, streak in streaks.items()
            if code
        ],
        "totals": {**totals, "minutes": totals["study_seconds"] // 60},
        "days": latest,
        "most_turns": max((day.turns for day in latest), default=0),
        "languages": [_table(list(rows)) for _, rows in groupby(skills, _language)],
    }
    return render(request, "progress/overview.html", context)


def _language(row):
    return row.language


def _table(rows):
    """Return one language's skills as a table without empty columns."""
    columns = [
        (name, label) for name, label in COLUMNS if any(getattr(r, name) for r in rows)
    ]
    return {
        "name": rows[0].get_language_display(),
        "headings": [label for _, label in columns],
        "rows": [
            {"skill": row, "values": [getattr(row, name) for name, _ in columns]}
            for row in rows
        ],
    }
