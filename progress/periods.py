"""The days that a chart covers, up to today, and how many of them make one step."""

from datetime import date, timedelta
from typing import NamedTuple

# What a learner can choose. From so many days on, a week makes one step.
CHOICES = {30: "30 days", 90: "90 days", 365: "A year"}
DEFAULT = 90
WEEKS_FROM = 180
YEAR = 365


class Period(NamedTuple):
    """The dates from `start` to `end`, with both, in steps of so many days."""

    start: date
    end: date
    step: int = 1

    @property
    def starts(self):
        """The first date of each step."""
        days = (self.end - self.start).days
        return [self.start + timedelta(days=n) for n in range(0, days + 1, self.step)]

    def end_of(self, start):
        """Return the last date of the step that begins on a date of this period."""
        return min(start + timedelta(days=self.step - 1), self.end)

    def start_of(self, date):
        """Return the first date of the step that a date of this period is in."""
        return date - timedelta(days=(date - self.start).days % self.step)


def period(days, today):
    """Return the `Period` of the last days, by days or, if they are many, by weeks."""
    if days < WEEKS_FROM:
        return Period(today - timedelta(days=days - 1), today)
    return weeks(days, today)


def weeks(days, today):
    """Return the `Period` of the weeks that the last days are in, from Monday on."""
    first = today - timedelta(days=days - 1)
    return Period(first - timedelta(days=first.weekday()), today, 7)
