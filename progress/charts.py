"""Charts: what one is made of. Table, CSV, API and drawing come from the same rows."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format, number_format


class Kind(StrEnum):
    BARS = "bars"  # those of one row stand on each other
    LINES = "lines"
    ROWS = "lying"  # bars that lie
    CALENDAR = "calendar"


class Column(NamedTuple):
    """A column: its type is date, text or number. The first of a chart is its axis."""

    name: str
    label: str
    type: str = "number"
    places: int = 0
    is_drawn: bool = True


class Place(NamedTuple):
    """Where a row leads to, and the language of its text."""

    address: str
    language: str = ""


class Data(NamedTuple):
    """What a chart shows: `about` in words; rows of dates, texts, numbers and None."""

    about: str
    kind: Kind
    columns: list[Column]
    rows: list[tuple]
    # One for each row, or none.
    places: list[Place | None] = []
    # What the numbers count, beside their axis; the column's label unless given.
    unit: str = ""
    # The least value that the axis reaches to.
    reaches: float = 0

    @property
    def drawn(self):
        """Return (place in the row, column) of what is drawn."""
        numbered = enumerate(self.columns[1:], start=1)
        return [(at, column) for at, column in numbered if column.is_drawn]

    @property
    def is_empty(self):
        return not any(row[at] for row in self.rows for at, _ in self.drawn)


class Evidence(NamedTuple):
    """The page on which the rows are that a chart counts.

    `dates` says which period of what is asked (`progress.charts_data.Asked`) the page
    is narrowed to, where the rows are of days: period, weeks or year.
    """

    label: str
    url_name: str
    query: dict[str, str] = {}
    dates: str = ""

    def address(self, asked):
        """Return the address of all rows that were counted."""
        if not self.dates:
            return self._narrowed(asked)
        period = getattr(asked, self.dates)
        return self._narrowed(asked, since=period.start, until=period.end)

    def addresses(self, asked):
        """Return {first date: address} of the rows of each step of the period."""
        if not self.dates:
            return {}
        period = getattr(asked, self.dates)
        return {
            date: self._narrowed(asked, since=date, until=period.end_of(date))
            for date in period.starts
        }

    def _narrowed(self, asked, **dates):
        language = {"language": asked.language} if asked.language else {}
        query = urlencode({**self.query, **language, **dates})
        page = reverse(self.url_name)
        return f"{page}?{query}" if query else page


class Chart(NamedTuple):
    """A chart that was made, and where the rows are that it counts."""

    name: str
    title: str
    data: Data
    evidence: Evidence | None = None
    address: str = ""


class Source(NamedTuple):
    """A chart that can be made: what makes its `Data` of what is asked."""

    title: str
    make: Callable[[Any], Data]
    evidence: Evidence | None = None

    def chart(self, name, asked):
        data, evidence = self.make(asked), self.evidence
        if not evidence:
            return Chart(name, self.title, data)
        steps = evidence.addresses(asked)
        if steps and not data.places:
            data = data._replace(places=[Place(steps[row[0]]) for row in data.rows])
        return Chart(name, self.title, data, evidence, evidence.address(asked))


def shown(value, column):
    """Return a value as people read it, in the language that is active."""
    if value is None:
        return "–"
    if column.type == "date":
        return date_format(value, "j M Y")
    if column.type == "number":
        rounded = round(value, column.places)
        return number_format(rounded, column.places, force_grouping=True)
    return str(value)
