"""Home: what today asks, what to go on with, what to play next."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from conversations.models import Conversation
from conversations.recommending import recommend
from lingo.languages import Level, other_than
from progress import goals
from progress.models import Goal, StudyDay
from vocabulary import planning

Status = Conversation.Status

CONTINUED = 3


@require_safe
def home(request):
    learner = request.user
    mine = Conversation.objects.for_learner(learner)
    latest = mine.latest_first().select_related("scenario").first()
    language = latest.language if latest else other_than(learner.native_language)
    is_open = mine.filter(status__in=(Status.ACTIVE, Status.PAUSED))
    today = learner.local_date()
    days = StudyDay.objects.for_learner(learner)
    this_week = list(days.filter(date__range=goals.span(Goal.Period.WEEK, today)))
    aims = Goal.objects.for_learner(learner).active().in_order()
    context = {
        "due": planning.plan(learner).left,
        "streak": days.streak(today) if learner.shows_streak else None,
        "daily": goals.daily_goal(learner, this_week, today),
        "goals": goals.standings(aims, this_week, today),
        "open": is_open.latest_first().with_last_message()[:CONTINUED],
        "is_new": latest is None,
        "language": language,
        "recommended": recommend(
            learner,
            language,
            (latest and latest.vocabulary_level) or Level.BEGINNER,
            after=latest and latest.scenario,
        ),
    }
    return render(request, "conversations/home.html", context)
