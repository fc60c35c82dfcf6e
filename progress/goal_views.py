"""The goals page: what is aimed at, what it came to, and changing it."""

from http import HTTPStatus

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from progress import goals
from progress.errors import GoalEnded
from progress.forms import GoalAmountForm, GoalForm
from progress.models import Goal, StudyDay


@require_http_methods(["GET", "HEAD", "POST"])
def goal_list(request):
    """Show all goals, and take a new one."""
    if request.method != "POST":
        return _page(request, GoalForm(initial={"kind": "reviews", "amount": 20}))
    form = GoalForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    goal, is_new = Goal.objects.begin(request.user, **form.cleaned_data)
    said = "Your goal is set" if is_new else "This was your goal already"
    messages.success(request, f"{said}: {goal}.")
    return redirect("progress:goals")


@require_http_methods(["GET", "HEAD", "POST"])
def goal_change(request, pk):
    goal = _mine(request, pk)
    if request.method != "POST":  # after signing in again
        return redirect("progress:goals")
    form = GoalAmountForm(request.POST, goal=goal)
    if form.is_valid():
        try:
            changed = Goal.objects.change(goal, form.cleaned_data["amount"])
        except GoalEnded as error:
            messages.error(request, str(error))
        else:
            messages.success(request, f"Your goal is now: {changed}.")
        return redirect("progress:goals")
    return _page(
        request,
        GoalForm(),
        changed={pk: form},
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def goal_end(request, pk):
    goal = _mine(request, pk)
    if request.method == "POST":
        Goal.objects.end(goal)
        messages.success(request, f"This is no longer your goal: {goal}.")
    return redirect("progress:goals")


def _mine(request, pk):
    goal = get_object_or_404(Goal.objects.for_learner(request.user), pk=pk)
    goal.learner = request.user
    return goal


def _page(request, form, *, changed=None, status=HTTPStatus.OK):
    """Show the goals: at most one for each kind, period and language is active."""
    learner, today = request.user, request.user.local_date()
    since = goals.earliest(today)
    mine = Goal.objects.for_learner(learner).since(since)
    days = StudyDay.objects.for_learner(learner).filter(date__gte=since)
    days = list(days.order_by("date"))
    courses = goals.courses(mine, days, today)
    forms = {
        course.goal.pk: GoalAmountForm(goal=course.goal)
        for course in courses
        if course.now
    }
    forms.update(changed or {})
    context = {
        "daily": goals.daily_goal(learner, days, today),
        "active": [(course, forms[course.goal.pk]) for course in courses if course.now],
        "earlier": [course for course in courses if not course.now],
        "form": form,
    }
    return render(request, "progress/goals.html", context, status=status)
