"""The drawing of one word's memory: the chance of recall from day to day.

Only figures: `templates/vocabulary/_memory_curve.html` makes the SVG of them.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from vocabulary import scheduling
from vocabulary.scheduling import Memory

AHEAD = timedelta(days=30)
# The sheet, and the field that the curve is drawn in, in the drawing's own units.
WIDTH, HEIGHT = 400, 236
LEFT, RIGHT, TOP, BOTTOM = 52, 388, 22, 184
# About as many points as the curve takes; it steps by whole days, as FSRS counts.
POINTS = 150
TICKS = 6
STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)


class Recall(NamedTuple):
    """A review as the curve needs it: when, whether recalled, the memory it left."""

    at: datetime
    is_correct: bool
    after: Memory


class Mark(NamedTuple):
    """A review in the drawing; `chance` is that of recall just before it, or None."""

    x: float
    y: float
    is_correct: bool
    at: datetime
    chance: float | None


class Tick(NamedTuple):
    place: float
    label: int


class Outlook(NamedTuple):
    """The chance of recall at a later moment."""

    days: int
    at: datetime
    chance: float


class Curve(NamedTuple):
    """The drawing: `line` as SVG has points, marks, the ticks of both axes."""

    line: str
    marks: list[Mark]
    days: list[Tick]
    shares: list[Tick]
    today: float
    outlook: list[Outlook]

    @property
    def is_late(self):
        """Whether today stands in the right half, so that its label is left of it."""
        return self.today > (LEFT + RIGHT) / 2


def draw(start, recalls, now):
    """Return the `Curve` from `start` to AHEAD of `now`; None before any review.

    `recalls` are the word's `Recall`s, oldest first; undone ones don't belong there.
    """
    if not recalls:
        return None
    start, now = min(start, recalls[0].at), max(now, recalls[-1].at)
    end = now + AHEAD
    span = end - start

    def x(at):
        return round(LEFT + (RIGHT - LEFT) * ((at - start) / span), 1)

    step = timedelta(days=max(1, round(span.days / POINTS)))
    points, marks, before = [], [], None
    for recall, following in zip(recalls, [*recalls[1:], None], strict=True):
        chance = _chance(before, recall.at)
        place = _y(1 if chance is None else chance)
        marks.append(Mark(x(recall.at), place, recall.is_correct, recall.at, chance))
        points.append((x(recall.at), _y(1)))
        until = following.at if following else end
        at = recall.at + step
        while at < until:
            points.append((x(at), _y(_chance(recall.after, at))))
            at += step
        points.append((x(until), _y(_chance(recall.after, until))))
        before = recall.after
    return Curve(
        " ".join(f"{across},{down}" for across, down in points),
        marks,
        [Tick(x(start + timedelta(days=day)), day) for day in _ticks(span.days)],
        [Tick(_y(share / 100), share) for share in (0, 25, 50, 75, 100)],
        x(now),
        [
            Outlook(days, at := now + timedelta(days=days), _chance(before, at))
            for days in (0, 7, AHEAD.days)
        ],
    )


def _chance(memory, at):
    return scheduling.retrievability(memory, at) if memory else None


def _y(chance):
    return round(BOTTOM - (BOTTOM - TOP) * chance, 1)


def _ticks(days):
    """Return at most TICKS round numbers of days from 0 on."""
    step = next((step for step in STEPS if days // step < TICKS), days)
    return range(0, days + 1, step)
