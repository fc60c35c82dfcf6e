"""What today asks of a learner: how much, never when.

A word's memory says when it is best reviewed; the plan says how many reviews the
learner is asked for today. It is computed from rows, and changes nothing in them.
"""

from datetime import timedelta
from typing import NamedTuple

from django.db.models import Count, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from vocabulary.models import Review, VocabularyItem

State = VocabularyItem.State

FORECAST_DAYS = 30
# Spreading a backlog over some days is offered from this many overdue words on.
BACKLOG = 30

DUE = {
    "new": Count("pk", filter=Q(last_review=None)),
    "steps": Count("pk", filter=~Q(state=State.REVIEW) & Q(last_review__isnull=False)),
    "learned": Count("pk", filter=Q(state=State.REVIEW)),
}
NOTHING = dict.fromkeys((*DUE, "overdue"), 0)


class Plan(NamedTuple):
    """What is asked of a learner today, and what of it is done.

    `reviews_left` counts the words in learning steps too (`steps_left`); those are
    always asked, since they are half begun. With a language, only its words are left.
    """

    reviews_left: int = 0
    new_left: int = 0
    steps_left: int = 0
    # Reviews of cards that stand; of learned words that were due; of new words.
    done_today: int = 0
    learned_done: int = 0
    new_done: int = 0
    # Due, but not asked today; and new words beyond the day's limit.
    reviews_waiting: int = 0
    new_waiting: int = 0
    # Learned words whose day has passed, the reason to catch up.
    overdue: int = 0
    is_away: bool = False
    is_easy_day: bool = False
    is_catching_up: bool = False
    # The languages that have due words, each with their number.
    languages: dict[str, int] = {}

    @property
    def left(self):
        return self.reviews_left + self.new_left

    @property
    def offers_catching_up(self):
        return self.overdue >= BACKLOG and not (self.is_catching_up or self.is_away)


def plan(learner, now=None, *, language="", beyond=False):
    """Return the learner's `Plan` of the local date at `now`: two queries.

    With `beyond`, everything due is asked, whatever the learner wished for this day;
    the limit of new words stays.
    """
    now = now or timezone.now()
    today = learner.local_date(now)
    start, end = learner.day_start(today), learner.day_end(now)
    due = _due(learner, now, start, end)
    done = _done(learner, start, end)
    of_all = {name: sum(one[name] for one in due.values()) for name in NOTHING}
    mine = due.get(language, NOTHING) if language else of_all
    is_away = bool(learner.away_until and today <= learner.away_until)
    days_left = _days(today, learner.catch_up_until)
    is_easy_day = today.weekday() in learner.easy_days
    asked = reviews_asked(
        due=of_all["learned"] + done["learned"],
        overdue=of_all["overdue"] + done["overdue"],
        days_left=days_left,
        is_easy_day=is_easy_day,
    )
    learned = min(mine["learned"], max(0, asked - done["learned"]))
    new = min(mine["new"], max(0, learner.new_words_a_day - done["new"]))
    steps = mine["steps"]
    if beyond:
        learned = mine["learned"]
    elif is_away:
        learned = new = steps = 0
    return Plan(
        reviews_left=steps + learned,
        new_left=new,
        steps_left=steps,
        done_today=done["cards"],
        learned_done=done["learned"],
        new_done=done["new"],
        reviews_waiting=mine["learned"] + mine["steps"] - learned - steps,
        new_waiting=mine["new"] - new,
        overdue=of_all["overdue"],
        is_away=is_away,
        is_easy_day=is_easy_day,
        is_catching_up=days_left > 0,
        languages={code: sum(one[name] for name in DUE) for code, one in due.items()},
    )


def reviews_asked(*, due, overdue, days_left=0, is_easy_day=False):
    """Return how many reviews of learned words a day asks for.

    `due` and `overdue` are what the day began with, the latter part of the former. A
    learner who catches up has `days_left`, with today: each day takes its share of the
    backlog, beside what falls on it. An easy day asks for half, rounded up.

    >>> reviews_asked(due=25, overdue=20, days_left=4)
    10
    >>> reviews_asked(due=25, overdue=20, days_left=4, is_easy_day=True)
    5
    """
    if days_left:
        due -= overdue - _share(overdue, days_left)
    return _share(due, 2) if is_easy_day else due


def forecast(learner, days=FORECAST_DAYS, now=None, *, language=""):
    """Return [(date, reviews)] for the next days, today first: one query.

    What is overdue counts for today. New words come by the day's limit instead. With
    a language, only its words are counted.
    """
    now = now or timezone.now()
    today = learner.local_date(now)
    counts = dict.fromkeys((today + timedelta(days=n) for n in range(days)), 0)
    mine = VocabularyItem.objects.for_learner(learner)
    if language:
        mine = mine.filter(language=language)
    falling = (
        mine.filter(
            is_suspended=False,
            last_review__isnull=False,
            due__lt=learner.day_start(today + timedelta(days=days)),
        )
        .order_by()
        .values(date=TruncDate("due", tzinfo=learner.zone))
        .annotate(reviews=Count("pk"))
    )
    for one in falling:
        counts[max(one["date"], today)] += one["reviews"]
    return list(counts.items())


def _share(whole, parts):
    """Return whole / parts, rounded up."""
    return -(-whole // parts)


def _days(today, until):
    """Return how many days there are until a date, with both; 0 if it has passed."""
    return max(0, (until - today).days + 1) if until else 0


def _due(learner, now, start, end):
    """Return {language: {new, steps, learned, overdue}} of what is due."""
    overdue = Count("pk", filter=Q(state=State.REVIEW, due__lt=start))
    due = VocabularyItem.objects.for_learner(learner).due(now, end).order_by()
    rows = due.values("language").annotate(**DUE, overdue=overdue)
    return {row["language"]: row for row in rows.order_by("language")}


def _done(learner, start, end):
    """Return {cards, new, learned, overdue}: today's standing reviews, by what of."""
    reviews = Review.objects.for_learner(learner).standing()
    was_learned = Q(before__state=State.REVIEW)
    return reviews.filter(reviewed_at__gte=start).aggregate(
        cards=Count("pk", filter=Q(kind=Review.Kind.CARD)),
        new=Count("pk", filter=Q(predicted=None)),
        # A memory in JSON has its times as text, in UTC.
        learned=Count("pk", filter=was_learned & Q(before__due__lt=end.isoformat())),
        overdue=Count("pk", filter=was_learned & Q(before__due__lt=start.isoformat())),
    )
