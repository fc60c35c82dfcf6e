"""Goals: set, changed and ended; what they come to is what the study days add up to."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from progress import goals
from progress.errors import GoalEnded
from progress.models import Goal, StudyDay
from tests.factories import LearnerFactory
from tests.racing import THREADS, at_once

WEDNESDAY = date(2026, 3, 18)
MONDAY = date(2026, 3, 16)
SERIES = {"kind": "reviews", "period": "day", "language": "es"}


@pytest.fixture
def on(learner, monkeypatch):
    """Return a function that makes a date the learner's today."""

    def on(today):
        monkeypatch.setattr(type(learner), "local_date", lambda self: today)

    on(WEDNESDAY)
    return on


def study(learner, date, language="es", **tallies):
    StudyDay.objects.record(learner, language, date, **tallies)


def begin(learner, amount=10, **series):
    return Goal.objects.begin(learner, amount, **{**SERIES, **series})[0]


def course(learner, today):
    """Return the learner's only course."""
    mine = Goal.objects.for_learner(learner).since(goals.earliest(today))
    days = StudyDay.objects.for_learner(learner)
    (made,) = goals.courses(mine, days, today)
    return made


def now(learner, today):
    return course(learner, today).now


def history(learner, today):
    """Return [(first date, amount, done)] of the periods before, latest first."""
    before = course(learner, today).before
    return [(each.first, each.goal.amount, each.done) for each in before]


class TestSetting:
    def test_the_same_goal_again_changes_nothing(self, learner):
        first, is_new = Goal.objects.begin(learner, 10, **SERIES)
        again, is_again_new = Goal.objects.begin(learner, 10, **SERIES)

        assert (first, is_new, is_again_new) == (again, True, False)

    def test_another_amount_ends_the_goal_before(self, learner, on):
        first = begin(learner, 10)
        on(WEDNESDAY + timedelta(days=3))

        second = begin(learner, 20)

        first.refresh_from_db()
        assert not first.is_active
        assert first.ended_on == second.started_on == WEDNESDAY + timedelta(days=3)
        assert list(Goal.objects.active()) == [second]

    @pytest.mark.parametrize(
        "other", [{"kind": "words"}, {"period": "week"}, {"language": ""}]
    )
    def test_goals_of_another_kind_period_or_language_stand_beside_it(
        self, learner, other
    ):
        begin(learner)
        begin(learner, **other)

        assert Goal.objects.active().count() == 2

    def test_a_learner_has_goals_of_their_own(self, learner, stranger):
        begin(learner)
        begin(stranger, 20)

        assert Goal.objects.for_learner(learner).get().amount == 10

    @pytest.mark.django_db(transaction=True)
    def test_goals_set_at_once_leave_one_active(self):
        learner = LearnerFactory()

        at_once(*[lambda n=n: begin(learner, 1 + n % 3) for n in range(THREADS)])

        assert Goal.objects.active().count() == 1


class TestChanging:
    def test_a_change_keeps_the_goal_before_as_history(self, learner):
        goal = begin(learner, 10)

        changed = Goal.objects.change(goal, 20)

        assert changed.series == goal.series
        amounts = Goal.objects.values_list("amount", "ended_on")
        assert list(amounts) == [(20, None), (10, changed.started_on)]

    def test_a_change_is_safe_to_repeat(self, learner):
        goal = begin(learner, 10)

        changed = Goal.objects.change(goal, 20)

        assert Goal.objects.change(goal, 20) == changed
        assert Goal.objects.change(changed, 20) == changed
        assert Goal.objects.count() == 2

    @pytest.mark.django_db(transaction=True)
    def test_the_same_change_at_once_is_one_change(self):
        goal = begin(LearnerFactory(), 10)

        made = at_once(*[lambda: Goal.objects.change(goal, 20)] * THREADS)

        assert len({one.pk for one in made}) == 1
        assert Goal.objects.count() == 2

    def test_a_goal_that_was_changed_otherwise_is_not_changed(self, learner):
        goal = begin(learner, 10)
        Goal.objects.change(goal, 20)

        with pytest.raises(GoalEnded):
            Goal.objects.change(goal, 30)

    def test_a_goal_that_has_ended_is_not_changed(self, learner):
        goal = begin(learner, 10)
        Goal.objects.end(goal)

        with pytest.raises(GoalEnded):
            Goal.objects.change(goal, 10)

    def test_ending_twice_keeps_the_first_end(self, learner, on):
        goal = begin(learner)
        Goal.objects.end(goal)
        on(WEDNESDAY + timedelta(days=1))

        Goal.objects.end(goal)

        goal.refresh_from_db()
        assert goal.ended_on == WEDNESDAY

    def test_a_goal_set_before_a_journey_west_ends_all_the_same(self, learner, on):
        goal = begin(learner)
        on(WEDNESDAY - timedelta(days=1))

        changed = Goal.objects.change(goal, 20)

        goal.refresh_from_db()
        assert goal.ended_on == goal.started_on == WEDNESDAY
        assert changed.started_on == WEDNESDAY - timedelta(days=1)


class TestStanding:
    @pytest.mark.parametrize(
        ("kind", "done"),
        [("minutes", 3), ("reviews", 4), ("words", 2), ("conversations", 1)],
    )
    def test_each_kind_adds_up_its_tally(self, learner, on, kind, done):
        begin(learner, kind=kind, language="")
        tallies = {"reviews": 2, "words": 1, "study_seconds": 95}
        study(learner, WEDNESDAY, **tallies, conversations=1)
        study(learner, WEDNESDAY, "fr", **tallies)
        study(learner, WEDNESDAY - timedelta(days=1), **tallies)

        assert now(learner, WEDNESDAY).done == done

    def test_a_goal_in_a_language_counts_that_language_alone(self, learner, on):
        begin(learner)
        study(learner, WEDNESDAY, reviews=3)
        study(learner, WEDNESDAY, "fr", reviews=9)

        assert now(learner, WEDNESDAY).done == 3

    def test_a_week_begins_on_monday(self, learner, on):
        begin(learner, period="week")
        study(learner, MONDAY - timedelta(days=1), reviews=1)
        study(learner, MONDAY, reviews=2)
        study(learner, MONDAY + timedelta(days=6), reviews=4)
        study(learner, MONDAY + timedelta(days=7), reviews=8)

        standing = now(learner, WEDNESDAY)

        assert (standing.first, standing.last) == (MONDAY, date(2026, 3, 22))
        assert standing.done == 6

    @pytest.mark.parametrize(
        ("done", "is_reached", "left"), [(9, False, 1), (10, True, 0), (12, True, 0)]
    )
    def test_it_is_reached_by_its_amount(self, learner, on, done, is_reached, left):
        begin(learner)
        study(learner, WEDNESDAY, reviews=done)

        standing = now(learner, WEDNESDAY)

        assert (standing.is_reached, standing.left) == (is_reached, left)


class TestHistory:
    def test_each_day_counts_for_the_goal_that_held_then(self, learner, on):
        begin(learner, 10)
        for days in range(4):
            study(learner, WEDNESDAY + timedelta(days=days), reviews=days)
        on(WEDNESDAY + timedelta(days=2))
        begin(learner, 20)

        assert history(learner, WEDNESDAY + timedelta(days=3)) == [
            (WEDNESDAY + timedelta(days=2), 20, 2),
            (WEDNESDAY + timedelta(days=1), 10, 1),
            (WEDNESDAY, 10, 0),
        ]

    def test_a_week_counts_as_a_whole_for_the_goal_of_its_sunday(self, learner, on):
        begin(learner, 10, period="week")
        study(learner, MONDAY, reviews=5)  # before the goal, and in its week
        on(MONDAY + timedelta(days=6))
        begin(learner, 20, period="week")

        assert history(learner, MONDAY + timedelta(days=7)) == [(MONDAY, 20, 5)]

    def test_a_goal_without_a_whole_period_leaves_no_history(self, learner, on):
        goal = begin(learner, period="week")
        on(WEDNESDAY + timedelta(days=1))
        Goal.objects.end(goal)

        mine = Goal.objects.since(goals.earliest(WEDNESDAY))

        assert goals.courses(mine, [], MONDAY + timedelta(days=8)) == []

    def test_an_ended_goal_is_shown_as_long_as_history_goes_back(self, learner, on):
        goal = begin(learner)
        on(WEDNESDAY + timedelta(days=1))
        Goal.objects.end(goal)

        last = WEDNESDAY + timedelta(days=11)
        made = course(learner, last)

        assert (made.now, made.goal) == (None, goal)
        assert history(learner, last) == [(WEDNESDAY, 10, 0)]

    def test_history_is_twelve_periods_with_this_one(self, learner, on):
        for period in ("day", "week"):
            begin(learner, period=period)
        today = WEDNESDAY + timedelta(days=400)

        mine = Goal.objects.since(goals.earliest(today)).in_order()
        daily, weekly = goals.courses(mine, [], today)

        assert len(daily.before) == len(weekly.before) == 11
        assert weekly.before[-1].first == goals.earliest(today)

    def test_of_two_that_held_on_a_day_the_newer_one_counts(self, learner, on):
        begin(learner, 10)
        on(WEDNESDAY + timedelta(days=1))
        begin(learner, 20)
        on(WEDNESDAY)  # a journey west: today is there again
        begin(learner, 30)

        assert history(learner, WEDNESDAY + timedelta(days=1)) == [(WEDNESDAY, 30, 0)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": 0},
        {"amount": 10_081},
        {"amount": 1441, "kind": "minutes"},
        {"kind": "hours"},
        {"period": "month"},
        {"ended_on": "2000-01-01"},
    ],
)
def test_the_database_refuses_wrong_goals(learner, wrong):
    begin(learner)

    with pytest.raises(IntegrityError), transaction.atomic():
        Goal.objects.update(**wrong)


def test_a_learner_has_one_active_goal_of_a_kind_period_and_language(learner):
    goal = begin(learner)

    goal.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        goal.save(force_insert=True)


@pytest.mark.parametrize(
    ("amount", "series", "text"),
    [
        (20, {}, "20 reviews a day in Spanish"),
        (1, {"language": ""}, "1 review a day"),
        (5, {"kind": "words", "period": "week"}, "5 new words a week in Spanish"),
    ],
)
def test_goals_read_well(learner, amount, series, text):
    assert str(begin(learner, amount, **series)) == text
