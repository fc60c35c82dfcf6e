"""Which rows the analytics of staff are of, and the tables that show them.

A figure and its link are made of the same conditions: a changelist takes them in its
address as a query takes them.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple
from urllib.parse import urlencode

from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.urls import reverse

from conversations.week import Week
from lingo.languages import LANGUAGES
from lingo.models import Learner


class Scope(NamedTuple):
    """What the figures are of: a period, and where chosen, languages.

    Moments are on the calendar of `staff`, the one who asks; dates are the learners'.
    """

    staff: Learner
    since: date
    until: date
    step: str = "week"  # or day, month
    language: str = ""
    native_language: str = ""

    def where(self, *, day="", moment="", language="language", learner="learner__"):
        """Return the conditions of this scope: {"date__gte": …, "language__exact": …}.

        `day` is a column of dates and `moment` one of times that lie in the period;
        `language` leads to a row's language, `learner` to its learner's columns.
        """
        found = {}
        if day:
            found = {f"{day}__gte": self.since, f"{day}__lte": self.until}
        if moment:
            start = self.staff.day_start(self.since)
            end = self.staff.day_start(self.until + timedelta(days=1))
            found = {f"{moment}__gte": start, f"{moment}__lt": end}
        if self.language:
            found[f"{language}__exact"] = self.language
        if self.native_language:
            found[f"{learner}native_language__exact"] = self.native_language
        return found

    def within(self, since, until):
        """Return this scope for the part of its period that is between two dates."""
        return self._replace(since=max(since, self.since), until=min(until, self.until))

    def steps(self):
        """Return the period's days, weeks or months, latest first, by their begins."""
        begins, at = [], self.until
        while at >= self.since:
            begin = beginning(at, self.step)
            begins.append((begin, at))
            at = begin - timedelta(days=1)
        return begins

    @property
    def languages(self):
        """The codes of the languages that the figures are of."""
        return [self.language] if self.language else list(LANGUAGES)


class Cell(NamedTuple):
    """A figure, and the address of the rows behind it.

    A float is a share of 1. None is shown where nothing can be said.
    """

    value: date | Decimal | float | int | str | None
    url: str = ""

    def __str__(self):
        match self.value:
            case None:
                return "–"
            case float():
                return f"{self.value:.1%}"
            case int():
                return f"{self.value:,}"
        return str(self.value)


class Table(NamedTuple):
    """One section of the page: its rows have a `Cell` for each of the columns."""

    name: str
    title: str
    note: str
    columns: tuple[str, ...]
    rows: list[list[Cell]]


def beginning(day, step):
    """Return the first day of the day's week or month, or the day itself."""
    if step == "week":
        return Week.of(day).monday
    return day.replace(day=1) if step == "month" else day


def listed(model, conditions):
    """Return the address of the model's rows that meet the conditions."""
    page = reverse(admin_urlname(model._meta, "changelist"))
    return f"{page}?{urlencode(conditions)}"
