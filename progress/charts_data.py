"""What a learner's charts are asked for, and those that study days make."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, partial

from django.db.models import Sum
from django.utils import timezone

from lingo.models import Learner
from progress import periods
from progress.charts import Column, Data, Evidence, Kind, Source
from progress.models import StudyDay


@dataclass(frozen=True)
class Asked:
    """Whose charts, of how many days (`periods.CHOICES`), of which language or all."""

    learner: Learner
    days: int = periods.DEFAULT
    language: str = ""
    now: datetime = field(default_factory=lambda: timezone.now())

    @property
    def today(self):
        return self.learner.local_date(self.now)

    @property
    def period(self):
        return periods.period(self.days, self.today)

    @property
    def weeks(self):
        return periods.weeks(self.days, self.today)

    @property
    def year(self):
        """The days of a year's weeks, whatever the period."""
        return periods.weeks(periods.YEAR, self.today)._replace(step=1)

    @property
    def step(self):
        """What one step of the period is called."""
        return "day" if self.period.step == 1 else "week"

    @property
    def axis(self):
        """The column of the period's steps."""
        return Column("date", "Day" if self.step == "day" else "Week from", "date")

    def narrowed(self, rows):
        """Return the learner's rows, a QuerySet, of the language that is asked for."""
        rows = rows.for_learner(self.learner)
        return rows.filter(language=self.language) if self.language else rows

    @cached_property
    def study_days(self):
        """{date: {turns, reviews, …}}, by StudyDay.TALLIES, of a year: one query."""
        days = self.narrowed(StudyDay.objects).filter(date__range=self.year[:2])
        totals = {f"total_{name}": Sum(name) for name in StudyDay.TALLIES}
        rows = days.order_by().values("date").annotate(**totals)
        return {
            row["date"]: {name: row[f"total_{name}"] for name in StudyDay.TALLIES}
            for row in rows
        }


def activity(asked):
    """Turns and reviews (also of weak points) on each day of a year."""
    rows = []
    for date in asked.year.starts:
        done = asked.study_days.get(date, dict.fromkeys(StudyDay.TALLIES, 0))
        minutes = done["study_seconds"] // 60
        acts = done["turns"] + done["reviews"] + done["weak_points"]
        rows.append((date, acts, minutes))
    return Data(
        about="Turns and reviews on each day of the last year.",
        kind=Kind.CALENDAR,
        columns=[
            Column("date", "Day", "date"),
            Column("activity", "Turns and reviews"),
            Column("minutes", "Minutes", is_drawn=False),
        ],
        rows=rows,
    )


def per_step(asked, tally, label, about, unit=1):
    """One tally of the study days, summed by the period's steps, in whole units."""
    period = asked.period
    sums = dict.fromkeys(period.starts, 0)
    for date, done in asked.study_days.items():
        if date >= period.start:
            sums[period.start_of(date)] += done[tally]
    return Data(
        about=f"{about} each {asked.step}.",
        kind=Kind.BARS,
        columns=[asked.axis, Column(label.lower().replace(" ", "_"), label)],
        rows=[(date, total // unit) for date, total in sums.items()],
        unit=f"{label} a {asked.step}",
    )


def _of(tally, label, about, **options):
    return partial(per_step, tally=tally, label=label, about=about, **options)


DAYS = Evidence("The days, one by one", "progress:study-days", dates="period")

CHARTS = {
    "activity": Source("A year of study", activity, DAYS._replace(dates="year")),
    "minutes": Source(
        "Minutes of study",
        _of("study_seconds", "Minutes", "Whole minutes of talk and review", unit=60),
        DAYS,
    ),
    "turns": Source(
        "Turns",
        _of("turns", "Turns", "What you said and the tutor answered,"),
        Evidence(
            "The conversations",
            "conversations:list",
            {"status": "all", "when": "talked"},
            "period",
        ),
    ),
    "reviews": Source(
        "Reviews",
        _of("reviews", "Reviews", "Reviews of words, by card and in talk,"),
        Evidence("The reviews", "vocabulary:review-list", dates="period"),
    ),
    "words": Source(
        "New words",
        _of("words", "New words", "Words that came up for the first time,"),
        Evidence("The words", "vocabulary:list", dates="period"),
    ),
}
