"""Streaks: forgiving, and computed from the dates alone."""

from datetime import date, timedelta

import pytest

from progress.streaks import streak

TODAY = date(2026, 3, 29)


def days_ago(*days):
    return [TODAY - timedelta(days=day) for day in sorted(days, reverse=True)]


def streak_of(*days):
    return streak(days_ago(*days), TODAY)


def from_text(text):
    """Return the streak of days written as x (studied) and . (missed), today last."""
    days = (len(text) - place - 1 for place, day in enumerate(text) if day == "x")
    return streak_of(*days)


@pytest.mark.parametrize(
    ("days", "length"),
    [
        ((), 0),
        ((0,), 1),
        ((1,), 1),
        ((2,), 0),
        ((0, 1, 2), 3),
        ((1, 2, 3), 3),
        ((0, 2, 3), 1),
        ((0, 1, 3), 2),
        ((-1, 0, 1), 2),
    ],
)
def test_a_streak_is_days_in_a_row_up_to_today_or_yesterday(days, length):
    assert streak_of(*days).current == length


@pytest.mark.parametrize(
    ("history", "current", "freezes"),
    [
        ("x" * 6, 6, 0),
        ("x" * 7, 7, 1),
        ("x" * 13, 13, 1),
        ("x" * 14, 14, 2),
        ("x" * 21, 21, 3),
        ("x" * 70, 70, 3),  # never more than three
        ("xxxxxxx.x", 8, 0),
        ("xxxxxxx..", 7, 0),  # yesterday is frozen, today isn't over
        ("xxxxxxx...", 0, 0),
        ("xxxxxxx..x", 1, 0),  # one freeze is not enough for two days
        ("xxxxxxx.xxxxxx.x", 1, 0),  # six days in a row earn nothing
        ("xxxxxxx.xxxxxxx.x", 15, 0),
        ("x" * 21 + "...x", 22, 0),
        ("x" * 21 + "....x", 1, 0),
        ("x" * 14 + ".x.x", 16, 0),
        ("x" * 21 + "x" * 400 + ".", 421, 3),
    ],
)
def test_seven_days_in_a_row_earn_a_freeze_that_a_missed_day_uses(
    history, current, freezes
):
    made = from_text(history)

    assert (made.current, made.freezes_left) == (current, freezes)


def test_frozen_days_are_those_of_the_current_streak():
    assert from_text("xxxxxxx.x").frozen_dates == tuple(days_ago(1))
    assert from_text("x" * 14 + "..x.").frozen_dates == tuple(days_ago(2, 3))
    assert from_text("xxxxxxx.x..x").frozen_dates == ()


def test_the_longest_streak_outlasts_its_end():
    made = from_text("xxxxxxx.x...xx.")

    assert (made.longest, made.current) == (8, 2)


def test_milestones_tell_when_a_streak_first_had_them():
    made = from_text("xxx..xxxx..xxxxxxx")

    assert made.milestones == ((3, days_ago(15)[0]), (7, days_ago(0)[0]))


def test_each_year_is_a_milestone():
    made = streak_of(*range(731))

    assert [days for days, _ in made.milestones] == [
        *(3, 7, 14, 30, 50, 100, 200, 365),
        730,
    ]


@pytest.mark.parametrize(
    ("current", "following"),
    [(0, 3), (3, 7), (199, 200), (200, 365), (365, 730), (800, 1095)],
)
def test_the_next_milestone_is_the_first_beyond_the_current_streak(current, following):
    assert streak_of(*range(current)).next_milestone == following
