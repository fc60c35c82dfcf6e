from http import HTTPStatus
from itertools import groupby

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from lingo import languages
from progress import charts_data
from progress.forms import TargetForm
from progress.models import LearningProgress, StudyDay, StudySession

DAYS = 30
SESSIONS = 10

# Columns of LearningProgress, each shown for a language that has a value in it.
COLUMNS = (
    ("conversations_completed", "Conversations completed"),
    ("sessions", "Sessions"),
    ("words_learned", "Words learned"),
    ("words_known", "Words known"),
    ("minutes", "Minutes"),
    ("level", "Level"),
    ("target_level", "Target level"),
    ("percentage", "Percent of target"),
    ("accuracy", "Accuracy in percent"),
)


@require_safe
def overview(request):
    return _page(request)


@require_http_methods(["GET", "HEAD", "POST"])
def target(request):
    """Save which level the learner wants to reach in a skill."""
    if request.method != "POST":  # after signing in again
        return redirect("progress:overview")
    form = TargetForm(request.POST)
    form.full_clean()
    mine = LearningProgress.objects.for_learner(request.user)
    named = {name: form.cleaned_data.get(name) for name in ("language", "skill")}
    row = mine.filter(**named).first()
    if row is None:
        raise Http404
    form = TargetForm(request.POST, row=row)
    if not form.is_valid():
        return _page(request, form)
    LearningProgress.objects.aim(request.user, **form.cleaned_data)
    messages.success(request, "Your target is saved.")
    return redirect("progress:overview")


def _page(request, form=None):
    """The whole page, with `form` in place of the target's form that it was sent by."""
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
        "languages": [
            _table(list(rows), form) for _, rows in groupby(skills, _language)
        ],
        "sessions": StudySession.objects.for_learner(request.user)
        .studied()
        .latest_first()[:SESSIONS],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form else HTTPStatus.OK
    return render(request, "progress/overview.html", context, status=status)


def _language(row):
    return row.language


def _table(rows, sent):
    """Return one language's skills as a table without empty columns, and its forms."""
    columns = [
        (name, label)
        for name, label in COLUMNS
        if any(_says_something(getattr(row, name), name) for row in rows)
    ]
    return {
        "code": rows[0].language,
        "name": rows[0].get_language_display(),
        "headings": [label for _, label in columns],
        "rows": [
            {
                "skill": row,
                "values": [(name, getattr(row, name)) for name, _ in columns],
            }
            for row in rows
        ],
        "targets": [
            _form(row, sent) for row in rows if row.skill in LearningProgress.MEASURED
        ],
    }


def _says_something(value, name):
    """Whether a value is shown: nothing done is nothing, but no per cent are some."""
    return value is not None if name in ("percentage", "accuracy") else value


def _form(row, sent):
    own = {"language": row.language, "skill": row.skill}
    return (
        sent
        if sent and own.items() <= sent.cleaned_data.items()
        else TargetForm(row=row)
    )
