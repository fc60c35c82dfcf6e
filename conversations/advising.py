"""Advice: what to do next, each with its reason from the rows and a link that acts."""

from typing import NamedTuple

from django.db.models import Max
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from conversations.models import Conversation
from progress import periods
from progress.models import StudyDay
from vocabulary import charts_data, planning
from vocabulary.models import VocabularyItem

MOST = 3
# From so many days without talk on, going on is advised.
SILENT_DAYS = 3
# Retention is judged from so many reviews on, and by this difference in points.
JUDGED_REVIEWS, MISSED_POINTS = 20, 10

Status = Conversation.Status


class Advice(NamedTuple):
    reason: SafeString
    act: str
    address: str


def advise(asked):
    """Return at most three pieces of `Advice`, the most pressing first.

    None where nothing is to be said. A constant number of queries.
    """
    found = (rule(asked) for rule in (waiting, silent, leech, missed))
    return [advice for advice in found if advice][:MOST]


def waiting(asked):
    """Words whose review has come, with how long the first of them has waited."""
    learner, now = asked.learner, asked.now
    left = planning.plan(learner, now, language=asked.language).left
    if not left:
        return None
    due = asked.narrowed(VocabularyItem.objects).due(now, learner.day_end(now))
    first = due.filter(last_review__isnull=False).first()
    days = (asked.today - learner.local_date(first.due)).days if first else 0
    since = f", the longest for {_counted(days, 'day')}" if days > 0 else ""
    waits = "waits" if left == 1 else "wait"
    reason = format_html("{} {} for review{}.", _counted(left, "word"), waits, since)
    query = f"?language={asked.language}" if asked.language else ""
    return Advice(reason, "Review now", reverse("vocabulary:review") + query)


def silent(asked):
    """Days without talk, of a learner who has talked before."""
    spoken = asked.narrowed(StudyDay.objects).filter(turns__gt=0)
    last = spoken.aggregate(last=Max("date"))["last"]
    days = (asked.today - last).days if last else 0
    if days < SILENT_DAYS:
        return None
    reason = format_html("You have not talked for {}.", _counted(days, "day"))
    is_open = asked.narrowed(Conversation.objects).filter(
        status__in=(Status.ACTIVE, Status.PAUSED)
    )
    latest = is_open.latest_first().first()
    if latest is None:
        return Advice(reason, "Begin a conversation", reverse("conversations:create"))
    return Advice(reason, f"Go on with “{latest}”", latest.get_absolute_url())


def leech(asked):
    """The word that was forgotten most often."""
    worst = asked.narrowed(VocabularyItem.objects).leeches().first()
    if worst is None:
        return None
    reason = format_html(
        "<span lang='{}'>{}</span> was forgotten {}. "
        "Another example or translation may help.",
        worst.language,
        worst.word,
        _counted(worst.lapses, "time"),
    )
    return Advice(reason, "Rewrite it", worst.get_absolute_url())


def missed(asked):
    """Fewer words recalled in the last 30 days than was desired."""
    month = periods.period(30, asked.today)
    sums = charts_data.recall(asked, month.start)
    if sums["reviews"] < JUDGED_REVIEWS:
        return None
    if sums["desired"] - sums["recalled"] < MISSED_POINTS:
        return None
    reason = format_html(
        "You recalled {}% of {} reviews in 30 days, and want {}%. "
        "Fewer new words a day give old ones room.",
        round(sums["recalled"]),
        sums["reviews"],
        round(sums["desired"]),
    )
    return Advice(
        reason, "Change what a day asks", reverse("vocabulary:review-settings")
    )


def _counted(number, noun):
    return f"{number} {noun}{'' if number == 1 else 's'}"
