"""What is corrected again and again: over time, and most of all."""

from collections import Counter
from typing import NamedTuple

from django.db.models import Count, F, Q

from conversations.feedback.categories import names
from conversations.models import Correction
from lingo.models import Learner
from progress import periods
from progress.charts import Column, Data, Evidence, Kind, Source

# How many categories the chart tells apart; the others are one.
SHOWN = 3
# In how many messages of DAYS a category must be corrected to be pointed out.
LEAST, DAYS = 3, 30


class Recurring(NamedTuple):
    """A category that was corrected in so many of the learner's messages."""

    language: str
    category: str
    messages: int


def of(learner):
    """Return the learner's corrections that stand, as far as they are wanted at all."""
    mine = Correction.objects.for_learner(learner).standing()
    match learner.feedback_style:
        case Learner.FeedbackStyle.OFF:
            return mine.none()
        case Learner.FeedbackStyle.BLOCKING:
            return mine.filter(priority="critical")
    return mine


def by_category(asked):
    """Corrections of each step, by the commonest categories: one query."""
    period = asked.period
    found = asked.narrowed(of(asked.learner)).filter(
        message__learner=F("learner"), message__study_date__range=period[:2]
    )
    counts = found.order_by().values_list("message__study_date", "category")
    counts = list(counts.annotate(Count("pk")))
    totals = Counter()
    for _, category, count in counts:
        totals[category] += count
    ranked = sorted(totals, key=lambda name: (-totals[name], name))
    shown, others = ranked[:SHOWN], ranked[SHOWN:]
    steps = {date: Counter() for date in period.starts}
    for date, category, count in counts:
        name = category if category in shown else "others"
        steps[period.start_of(date)][name] += count
    native = asked.learner.native_language
    columns = [Column(name, names()[name][native]) for name in shown]
    if others or not shown:
        columns.append(Column("others", "Others" if others else "Corrections"))
    return Data(
        about=f"What was corrected in your messages each {asked.step}, by what it was.",
        kind=Kind.BARS,
        columns=[asked.axis, *columns],
        rows=[
            (date, *(counted[column.name] for column in columns))
            for date, counted in steps.items()
        ],
        unit=f"Corrections a {asked.step}",
    )


def most(asked):
    """Return the `Recurring` category of the last DAYS, or None: one query.

    What the learner disagrees with counts once staff has found it right.
    """
    month = periods.period(DAYS, asked.today)
    found = asked.narrowed(of(asked.learner)).filter(
        Q(disputed_at=None) | Q(verdict=Correction.Verdict.RIGHT),
        message__learner=F("learner"),
        message__study_date__range=month[:2],
    )
    counts = found.order_by().values_list("language", "category")
    counts = counts.annotate(messages=Count("message", distinct=True))
    often = counts.filter(messages__gte=LEAST).order_by("-messages", "category")
    first = often.first()
    return first and Recurring(*first)


CHARTS = {
    "corrections": Source(
        "Corrections by category",
        by_category,
        Evidence("The corrections", "conversations:correction-list", dates="period"),
    )
}
