"""Streaks: computed from the dates on which a learner studied; nothing is stored.

The rule:

- A streak grows by one with each studied day. Its length counts studied days alone.
- Each run of seven studied days without a missed one between them earns a freeze. At
  most three are held; what is earned beyond them is lost.
- A missed day uses up a freeze, by itself. That day is frozen: the streak goes on as
  long as it was. The next run of seven begins after it.
- A day missed without a freeze ends the streak. The next one begins with the next
  studied day, and without freezes.
- Today takes nothing as long as it isn't over: a streak is not shorter for a day on
  which its learner may still study.
"""

from datetime import date, timedelta
from typing import NamedTuple

DAYS_A_FREEZE = 7
MOST_FREEZES = 3
MILESTONES = (3, 7, 14, 30, 50, 100, 200)
YEAR = 365  # after the milestones above, each further one


class Milestone(NamedTuple):
    """How many days a streak had, and the date on which one had them first."""

    days: int
    reached_on: date


class Streak(NamedTuple):
    """What the dates come to: two lengths in days, and the freezes of the current one.

    `milestones` are those that any streak reached, the smallest first.
    """

    current: int = 0
    longest: int = 0
    freezes_left: int = 0
    frozen_dates: tuple[date, ...] = ()
    milestones: tuple[Milestone, ...] = ()

    @property
    def next_milestone(self):
        """How many days the current streak has at its next milestone."""
        years = YEAR * (self.current // YEAR + 1)
        return next((days for days in MILESTONES if days > self.current), years)


def streak(dates, today):
    """Return the `Streak` of different dates in ascending order, as of `today`.

    Later dates than `today` are passed over: a journey west brings some.
    """
    current = longest = run = freezes = 0
    frozen, milestones, last = [], [], None
    for studied in (*(each for each in dates if each <= today), None):
        missed = _missed(last, studied or today)
        if len(missed) > freezes:
            current = run = freezes = 0
            frozen = []
        elif missed:
            run = 0
            freezes -= len(missed)
            frozen += missed
        if studied is None:  # the end: only what was missed until today counted
            continue
        current, run, last = current + 1, run + 1, studied
        if run % DAYS_A_FREEZE == 0:
            freezes = min(MOST_FREEZES, freezes + 1)
        if current > longest:
            longest = current
            if current in MILESTONES or current % YEAR == 0:
                milestones.append(Milestone(current, studied))
    return Streak(current, longest, freezes, tuple(frozen), tuple(milestones))


def _missed(last, following):
    """Return the dates between two, neither of which is one of them.

    Beyond what freezes can hold, the first will do.
    """
    if last is None:
        return []
    days = min((following - last).days - 1, MOST_FREEZES + 1)
    return [last + timedelta(days=day) for day in range(1, days + 1)]
