"""Streaks, days and goals over random histories, beside a slow and obvious reference.

The references walk the calendar day by day and look at every row for each.
"""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from progress import goals
from progress.models import Goal, StudyDay
from progress.streaks import streak
from tests.factories import LearnerFactory, introduce
from vocabulary.reviewing import review

TODAY = date(2026, 11, 3)
DAY = timedelta(days=1)
ZONES = (
    "UTC",
    "Pacific/Auckland",
    "Asia/Kathmandu",
    "America/Los_Angeles",
    "Europe/Berlin",
    "Pacific/Kiritimati",
    "Australia/Lord_Howe",
)
numbers = count()
thoroughly = settings(
    max_examples=300,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
carefully = settings(thoroughly, max_examples=60)

# Mostly studied days, so that freezes are earned; and some days after today.
histories = st.one_of(
    st.lists(st.sampled_from("xxxxxxx."), max_size=120),
    st.lists(st.sampled_from("x."), max_size=40),
    st.builds(
        lambda parts: list(
            "".join("x" * studied + "." * off for studied, off in parts)
        ),
        st.lists(st.tuples(st.integers(1, 30), st.integers(1, 5)), max_size=8),
    ),
)


def slow_streak(studied, today):
    """Return length, longest, freezes, frozen days and milestones, day by day."""
    length = longest = row = freezes = 0
    frozen, reached = [], {}
    day = min(studied, default=today)
    while day <= today:
        if day in studied:
            length, row = length + 1, row + 1
            if row == 7:
                row, freezes = 0, min(3, freezes + 1)
            for days in (3, 7, 14, 30, 50, 100, 200, 365):
                if length == days:
                    reached.setdefault(days, day)
            longest = max(longest, length)
        elif day != today:
            row = 0
            if freezes:
                freezes -= 1
                frozen.append(day)
            else:
                length, frozen = 0, []
        day += DAY
    return length, longest, freezes, tuple(frozen), tuple(reached.items())


@given(history=histories, ahead=st.integers(-3, 3))
@thoroughly
def test_a_streak_is_what_the_calendar_says(history, ahead):
    first = TODAY + (ahead - len(history)) * DAY
    dates = [first + n * DAY for n, day in enumerate(history) if day == "x"]

    made = streak(dates, TODAY)

    assert tuple(made) == slow_streak({day for day in dates if day <= TODAY}, TODAY)


@pytest.mark.django_db
@given(
    dates=st.lists(
        st.tuples(st.sampled_from(["es", "fr"]), st.integers(0, 20)), max_size=25
    )
)
@carefully
def test_each_language_and_all_together_have_their_streak(db, dates):
    learner = LearnerFactory()
    for language, ago in dates:
        StudyDay.objects.record(learner, language, TODAY - ago * DAY, turns=1)
    days = StudyDay.objects.for_learner(learner)

    made = days.streaks(TODAY)

    for language in {"", *(language for language, _ in dates)}:
        wanted = {TODAY - ago * DAY for code, ago in dates if language in ("", code)}
        assert tuple(made.pop(language)) == slow_streak(wanted, TODAY)
    assert not made
    everywhere = {TODAY - ago * DAY for _, ago in dates}
    assert tuple(days.streak(TODAY)) == slow_streak(everywhere, TODAY)


# Moments around the clock changes of 2026 and between, with where the learner is then.
moments = st.lists(
    st.tuples(
        st.sampled_from(ZONES),
        st.one_of(
            st.datetimes(datetime(2026, 3, 1), datetime(2026, 4, 10)),
            st.datetimes(datetime(2026, 9, 25), datetime(2026, 11, 5)),
        ),
    ),
    max_size=12,
)


def slow_date(moment, zone):
    """Return the date that a clock on a wall in the zone shows."""
    return (moment + moment.astimezone(ZoneInfo(zone)).utcoffset()).date()


@given(moments=moments)
@carefully
def test_each_review_counts_for_the_date_where_the_learner_is(db, moments):
    learner = LearnerFactory()
    wanted = {}
    for zone, moment in moments:
        at = moment.replace(tzinfo=UTC)
        learner.time_zone = zone
        word = introduce(learner, f"zq{next(numbers)}k", at=at, date=at.date())[0]
        word.learner = learner
        review(word, 3, client_id=str(next(numbers)), at=at)
        date = slow_date(at, zone)
        wanted[date] = wanted.get(date, 0) + 1
        assert learner.day_start(date) <= at < learner.day_start(date + DAY)

    days = StudyDay.objects.for_learner(learner).filter(reviews__gt=0)

    assert dict(days.values_list("date", "reviews")) == wanted


steps = st.lists(
    st.one_of(
        st.tuples(st.just("aim"), st.sampled_from([5, 10, 20])),
        st.tuples(st.just("study"), st.integers(1, 12)),
        st.tuples(st.just("end"), st.just(0)),
        st.tuples(st.just("wait"), st.integers(1, 5)),
    ),
    max_size=40,
)


@given(
    steps=steps,
    kind=st.sampled_from(Goal.Kind.values),
    period=st.sampled_from(Goal.Period.values),
    language=st.sampled_from(["", "es", "fr"]),
)
@carefully
def test_goals_come_to_what_the_days_of_each_period_add_up_to(
    db, steps, kind, period, language
):
    learner = LearnerFactory()
    today = date(2026, 1, 1)
    learner.local_date = lambda: today
    aimed = {}  # the amount that held at each day's end
    done = []  # (date, language, amount)
    amount = None
    for act, number in steps:
        if act == "aim":
            amount = number
            Goal.objects.begin(
                learner, number, kind=kind, period=period, language=language
            )
        elif act == "end":
            amount = None
            for goal in Goal.objects.for_learner(learner):
                goal.learner = learner
                Goal.objects.end(goal)
        elif act == "study":
            code = ("es", "fr")[number % 2]
            tally = {"minutes": "study_seconds"}.get(kind, kind)
            count = number * 50 if kind == "minutes" else number
            StudyDay.objects.record(learner, code, today, **{tally: count})
            done.append((today, code, count))
        else:
            for _ in range(number):
                aimed[today] = amount
                today += DAY
    aimed[today] = amount

    mine = Goal.objects.for_learner(learner).since(goals.earliest(today))
    days = StudyDay.objects.for_learner(learner)
    made = goals.courses(mine, days, today)

    wanted = []
    end = today if period == "day" else today + (6 - today.weekday()) * DAY
    aimed[end] = amount  # what holds today holds to the end of the week, so far
    for _ in range(goals.PERIODS):
        length = 1 if period == "day" else 7
        dates = {end - n * DAY for n in range(length)}
        total = sum(
            count
            for day, code, count in done
            if day in dates and language in ("", code)
        )
        if kind == "minutes":
            total //= 60
        if aimed.get(end) is not None:
            wanted.append((end, aimed[end], total, total >= aimed[end]))
        end -= length * DAY
    shown = [
        (each.last, each.goal.amount, each.done, each.is_reached)
        for course in made
        for each in [*filter(None, [course.now]), *course.before]
    ]
    assert shown == wanted
