"""The drawing of a memory, from reviews as FSRS has them."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from vocabulary import memory_curve, scheduling
from vocabulary.memory_curve import BOTTOM, LEFT, RIGHT, TOP, Recall, draw

START = datetime(2026, 1, 1, 12, tzinfo=UTC)


def lived(*steps):
    """Return the recalls of a word reviewed with each rating after so many days."""
    at, memory, recalls = START, scheduling.new_memory(START), []
    for rating, days in steps:
        at += timedelta(days=days)
        memory = scheduling.reviewed(
            memory, rating, at, desired_retention=0.9, seed="x"
        )
        recalls.append(Recall(at, rating > 1, memory))
    return recalls


def points(curve):
    return [tuple(map(float, pair.split(","))) for pair in curve.line.split()]


def test_without_a_review_there_is_no_curve():
    assert draw(START, [], START) is None


def test_it_falls_day_by_day_as_fsrs_says_and_is_whole_after_each_review():
    recalls = lived((4, 1), (3, 9), (1, 40))
    now = recalls[-1].at + timedelta(days=5)
    curve = draw(START, recalls, now)
    assert [mark.is_correct for mark in curve.marks] == [True, True, False]
    assert curve.marks[0].chance is None
    for before, mark in zip(recalls, curve.marks[1:], strict=False):
        wanted = scheduling.retrievability(before.after, mark.at)
        assert mark.chance == wanted
        assert mark.y == round(BOTTOM - (BOTTOM - TOP) * wanted, 1)
        assert (mark.x, mark.y) in points(curve)
        assert (mark.x, TOP) in points(curve)
    assert [one.days for one in curve.outlook] == [0, 7, 30]
    assert [one.chance for one in curve.outlook] == [
        scheduling.retrievability(recalls[-1].after, now + timedelta(days=days))
        for days in (0, 7, 30)
    ]
    assert LEFT < curve.today < RIGHT
    assert points(curve)[-1][0] == RIGHT


def test_the_axes_have_few_round_numbers():
    curve = draw(START, lived((3, 0), (3, 100)), START + timedelta(days=200))
    assert [tick.label for tick in curve.days] == [0, 50, 100, 150, 200]
    assert [tick.label for tick in curve.shares] == [0, 25, 50, 75, 100]
    assert (curve.days[0].place, curve.shares[0].place) == (LEFT, BOTTOM)


def test_a_memory_of_many_lifetimes_is_drawn_too():
    curve = draw(START, lived((4, 0)), START + timedelta(days=100_000))
    assert len(curve.days) <= memory_curve.TICKS
    assert curve.is_late
    assert len(points(curve)) < 2 * memory_curve.POINTS


def test_a_clock_that_was_set_back_changes_nothing_of_the_past():
    recalls = lived((3, 2))
    curve = draw(START + timedelta(days=5), recalls, START)
    assert curve.marks[0].x == LEFT
    assert curve.today == LEFT
    assert not curve.is_late


@pytest.mark.parametrize("seed", range(50))
def test_every_point_is_on_the_sheet_in_order(seed):
    chance = random.Random(seed)
    reviews = range(chance.randint(1, 20))
    steps = [(chance.randint(1, 4), chance.randint(0, 400)) for _ in reviews]
    recalls = lived(*steps)
    found = points(draw(START, recalls, recalls[-1].at))
    assert found == sorted(found, key=lambda point: point[0])
    assert all(LEFT <= x <= RIGHT and TOP <= y <= BOTTOM for x, y in found)
    assert len(found) <= 2 * memory_curve.POINTS + 2 * len(recalls)
