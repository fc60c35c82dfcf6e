"""What achievements measure: a figure over a learner's rows, and what proves it.

A measure is a function that takes a learner and returns a `Counted` or a `Grown`. It
asks the database once for the value, however long the history is, and only for a
proof once or twice more. Here are the measures over study days.
"""

from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Min, Sum

from progress.models import StudyDay


class Proof(NamedTuple):
    """When a figure was reached, and where that is seen: `Award.evidence`."""

    at: datetime
    evidence: dict[str, Any]


class Counted:
    """A figure of which each row, in their order, is one: the n-th row proves n.

    `prove` makes a `Proof` of the values of a row, or None where that is gone by now.
    """

    def __init__(self, rows, prove):
        self.rows, self.prove = rows, prove

    @cached_property
    def value(self):
        return self.rows.count()

    def proof(self, at_least):
        """Return the `Proof` that the figure came to `at_least`, or None."""
        row = next(iter(self.rows[at_least - 1 : at_least]), None)
        return row and self.prove(*row)


class Grown:
    """The highest that a figure came to, proved by the step on which it first did.

    `steps` are (figure, values to prove it with) in the order of time.
    """

    def __init__(self, steps, prove):
        self.prove, self.highs = prove, []
        for figure, values in steps:
            if figure > self.value:
                self.highs.append((figure, values))

    @property
    def value(self):
        return self.highs[-1][0] if self.highs else 0

    def proof(self, at_least):
        """Return the `Proof` that the figure came to `at_least`, or None."""
        reached = (values for figure, values in self.highs if figure >= at_least)
        values = next(reached, None)
        return values and self.prove(*values)


def days_in_row(learner):
    def steps():
        run, before = 0, None
        for date in _dates(learner):
            run = run + 1 if before == date - timedelta(days=1) else 1
            before = date
            yield run, (date - timedelta(days=run - 1), date)

    return Grown(steps(), _prover(learner))


def study_days(learner):
    dates = list(_dates(learner))
    steps = ((n, (dates[0], date)) for n, date in enumerate(dates, start=1))
    return Grown(steps, _prover(learner))


def minutes(learner):
    days = StudyDay.objects.for_learner(learner).filter(study_seconds__gt=0)
    days = days.values_list("date").order_by("date").annotate(Sum("study_seconds"))

    def steps():
        seconds, first = 0, None
        for date, studied in days:
            seconds, first = seconds + studied, first or date
            yield seconds // 60, (first, date)

    return Grown(steps(), _prover(learner))


def languages(learner):
    days = StudyDay.objects.for_learner(learner).studied().order_by()
    firsts = days.values("language").annotate(first=Min("date"))
    prove = _prover(learner)
    return Counted(
        firsts.order_by("first", "language").values_list("first", "language"),
        lambda date, language: prove(date, date),
    )


def _dates(learner):
    days = StudyDay.objects.for_learner(learner).studied()
    return days.order_by("date").values_list("date", flat=True).distinct()


def _prover(learner):
    """Return what proves a figure by the days from one to another.

    It was reached on the last of them; since days know no moment, when that began.
    """

    def prove(since, until):
        evidence = {
            "kind": "days",
            "since": since.isoformat(),
            "until": until.isoformat(),
        }
        return Proof(learner.day_start(until), evidence)

    return prove
