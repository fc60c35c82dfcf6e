"""Advice: what to do next, each with its reason from the rows and a link that acts."""

from html import unescape
from typing import NamedTuple

from django.db.models import Max
from django.urls import reverse
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString

from conversations import recurring
from conversations.feedback.categories import names
from conversations.models import (
    Conversation,
    GrammarChart,
    Scenario,
)
from lingo.languages import LANGUAGES
from lingo.templatetags.lingo import in_language
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
    """What to do, why (as HTML), and the page that does it.

    Its kind is the rule's name.
    """

    kind: str
    reason: SafeString
    act: str
    address: str

    @property
    def text(self):
        """The reason as plain text."""
        return unescape(strip_tags(self.reason))


def advise(asked):
    """Return at most three pieces of `Advice`, the most pressing first.

    None where nothing is to be said, and none that leads where another does. A constant
    number of queries.
    """
    found = {}
    for rule in (waiting, silent, recurs, leech, missed, unfinished, unplayed):
        if advice := rule(asked):
            found.setdefault(advice.address, advice)
    return list(found.values())[:MOST]


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
    return Advice("waiting", reason, "Review now", reverse("vocabulary:review") + query)


def silent(asked):
    """Days without talk, of a learner who has talked before."""
    spoken = asked.narrowed(StudyDay.objects).filter(turns__gt=0)
    last = spoken.aggregate(last=Max("date"))["last"]
    days = (asked.today - last).days if last else 0
    if days < SILENT_DAYS:
        return None
    reason = format_html("You have not talked for {}.", _counted(days, "day"))
    if latest := _latest_open(asked):
        return _go_on("silent", reason, latest)
    create = reverse("conversations:create")
    return Advice("silent", reason, "Begin a conversation", create)


def recurs(asked):
    """What was corrected most often, with the grammar chart that explains it."""
    one = recurring.most(asked)
    if one is None:
        return None
    native = asked.learner.native_language
    reason = format_html(
        "In {} days, <span lang='{}'>{}</span> was corrected in {} messages of yours "
        "in {}.",
        recurring.DAYS,
        native,
        names()[one.category][native],
        one.messages,
        LANGUAGES[one.language].name,
    )
    charts = GrammarChart.objects.filter(language=one.language)
    chart = charts.of_category(one.category).first()
    if chart:
        return Advice("recurs", reason, "See how it works", chart.get_absolute_url())
    address = reverse("conversations:weak-points")
    return Advice("recurs", reason, "Practise it", address)


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
    return Advice("leech", reason, "Rewrite it", worst.get_absolute_url())


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
    settings = reverse("vocabulary:review-settings")
    return Advice("missed", reason, "Change what a day asks", settings)


def unfinished(asked):
    """The latest conversation that is still open."""
    latest = _latest_open(asked)
    if latest is None:
        return None
    said = _counted(latest.message_count, "message")
    reason = format_html("“{}” is open, with {} so far.", latest, said)
    return _go_on("unfinished", reason, latest)


def unplayed(asked):
    """A scenario that the learner has not begun yet."""
    offered = Scenario.objects.offered_to(asked.learner)
    scenario = offered.not_begun(asked.learner).first()
    if scenario is None:
        return None
    native = asked.learner.native_language
    reason = format_html(
        "You have not played <span lang='{}'>“{}”</span> yet.",
        native,
        in_language(scenario.title, native),
    )
    return Advice("unplayed", reason, "See the scene", scenario.get_absolute_url())


def _latest_open(asked):
    mine = asked.narrowed(Conversation.objects)
    is_open = mine.filter(status__in=(Status.ACTIVE, Status.PAUSED))
    return is_open.latest_first().first()


def _go_on(kind, reason, conversation):
    act = f"Go on with “{conversation}”"
    return Advice(kind, reason, act, conversation.get_absolute_url())


def _counted(number, noun):
    return f"{number} {noun}{'' if number == 1 else 's'}"
