"""What goals come to: computed from study days; nothing is stored.

A week begins on Monday. A period counts as a whole for the goal that holds on its last
day: a goal for the week that begins on a Wednesday is met by all of that week, and one
that ends before Sunday leaves no trace of it.
"""

from collections import defaultdict
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple

from progress.models import Goal

PERIODS = 12  # that the page's history shows, with this one
MOST_PERIODS = 100  # that programs get at once
WEEK = timedelta(days=7)

# The tally of a study day that each kind of goal adds up.
TALLY = {
    Goal.Kind.MINUTES: "study_seconds",
    Goal.Kind.REVIEWS: "reviews",
    Goal.Kind.WORDS: "words",
    Goal.Kind.CONVERSATIONS: "conversations",
}


class Standing(NamedTuple):
    """What a goal came to from the date `first` to `last`, both included."""

    goal: Goal
    first: date
    last: date
    done: int

    @property
    def is_reached(self):
        return self.done >= self.goal.amount

    @property
    def left(self):
        return max(0, self.goal.amount - self.done)


class Course(NamedTuple):
    """An active goal's standing now (or None), and those of the periods before."""

    now: Standing | None
    before: list[Standing]

    @property
    def goal(self):
        """The latest goal of the course."""
        return (self.now or self.before[0]).goal


def span(period, date):
    """Return the first and the last date of the period that has `date` in it."""
    if period == Goal.Period.DAY:
        return date, date
    monday = date - timedelta(days=date.weekday())
    return monday, monday + timedelta(days=6)


def earliest(today):
    """Return the first date that the history of goals goes back to."""
    return span(Goal.Period.WEEK, today - (PERIODS - 1) * WEEK)[0]


def daily_goal(learner, days, today):
    """Return the standing of the minutes a day that the learner's profile asks for."""
    goal = Goal(
        kind=Goal.Kind.MINUTES, period=Goal.Period.DAY, amount=learner.daily_goal
    )
    return _standing(goal, _by_date(days), today)


def standings(goals, days, today):
    """Return what each active goal comes to in its period around `today`.

    `days` are the learner's study days of this week at least.
    """
    tallies = _by_date(days)
    return [_standing(goal, tallies, today) for goal in goals]


def courses(goals, days, today):
    """Return a `Course` for each kind, period and language with something to show.

    `goals` are in order, and `days` the learner's study days since `earliest`.
    """
    tallies = _by_date(days)
    grouped = groupby(goals, lambda goal: goal.series)
    found = [_course(list(series), tallies, today) for _, series in grouped]
    return [course for course in found if course.now or course.before]


def periods(goal, today, before=None):
    """Return (first, last) of the latest periods that a goal held for, latest first.

    Those that are over, at most MOST_PERIODS; given `before`, earlier ones than that
    date's.
    """
    ends = [today, before or today]
    if goal.ended_on:
        # Where it held on the last day of a period, it ended in the next one.
        ends.append(goal.ended_on)
    found, first = [], span(goal.period, min(ends))[0]
    while len(found) < MOST_PERIODS and first > goal.started_on:
        first, last = span(goal.period, first - timedelta(days=1))
        found.append((first, last))
    return found


def results(goal, spans, days):
    """Return what the goal came to in each of its `periods`.

    `days` are the learner's study days from the first to the last of them.
    """
    tallies = _by_date(days)
    return [_standing(goal, tallies, first) for first, _ in spans]


def _course(goals, tallies, today):
    active = next((goal for goal in goals if goal.is_active), None)
    before = []
    length = 1 if goals[0].period == Goal.Period.DAY else 7
    for ago in range(1, PERIODS):
        date = today - timedelta(days=ago * length)
        _, last = span(goals[0].period, date)
        # After a journey west, two may hold on one day: then the newer one counts.
        goal = next((goal for goal in goals if goal.holds_on(last)), None)
        if goal:
            before.append(_standing(goal, tallies, date))
    return Course(active and _standing(active, tallies, today), before)


def _by_date(days):
    tallies = defaultdict(list)
    for day in days:
        tallies[day.date].append(day)
    return tallies


def _standing(goal, tallies, date):
    first, last = span(goal.period, date)
    dates = (first + timedelta(days=n) for n in range((last - first).days + 1))
    done = sum(
        getattr(day, TALLY[goal.kind])
        for date in dates
        for day in tallies.get(date, ())
        if goal.language in ("", day.language)
    )
    if goal.kind == Goal.Kind.MINUTES:
        done //= 60
    return Standing(goal, first, last, done)
