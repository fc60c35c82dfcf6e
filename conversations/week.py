"""One week of a learner: what was done, what was kept, what to do next."""

import re
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Exists, OuterRef
from django.db.models.functions import Length

from conversations import advising, talk
from conversations.models import Conversation, ConversationMessage
from progress.charts_data import Asked
from progress.models import StudyDay
from vocabulary.models import Review, VocabularyItem

_NAME = re.compile("([0-9]{4})-W([0-9]{2})")
# The years in which anything may lie; see `lingo.shapes`.
YEARS = range(1900, 3000)
# How many words a report names, of each kind.
MOST_WORDS = 100


class Week(NamedTuple):
    """A week of ISO 8601, from Monday to Sunday: the first has the year's Thursday."""

    monday: date

    @classmethod
    def of(cls, day):
        """Return the week that a date is in."""
        return cls(day - timedelta(days=day.weekday()))

    @classmethod
    def named(cls, name):
        """Return the week of a name such as "2026-W48". Raises ValueError."""
        found = _NAME.fullmatch(name)
        if not found or int(found[1]) not in YEARS:
            raise ValueError("A week is a year and its number, such as 2026-W48.")
        return cls(date.fromisocalendar(int(found[1]), int(found[2]), 1))

    @classmethod
    def last_full(cls, learner):
        """Return the latest week that is over on the learner's own calendar."""
        return cls.of(learner.local_date()).before

    @property
    def year(self):
        return self.monday.isocalendar().year

    @property
    def number(self):
        return self.monday.isocalendar().week

    @property
    def name(self):
        return f"{self.year}-W{self.number:02}"

    @property
    def sunday(self):
        return self.monday + timedelta(days=6)

    @property
    def before(self):
        return Week(self.monday - timedelta(days=7))

    @property
    def after(self):
        return Week(self.monday + timedelta(days=7))

    def has_begun(self, today):
        return self.monday <= today

    def is_over(self, today):
        return self.sunday < today


class Said(NamedTuple):
    """A message of the learner's, the date it counts for, and where it is read."""

    message: ConversationMessage
    date: date
    url: str


class Words(NamedTuple):
    """How many words, and their items: at most MOST_WORDS."""

    number: int
    items: list[VocabularyItem]


def report(learner, week):
    """Return what the learner's week came to; dates are the learner's own.

    Sums are those of the week's study days, which go along as `study_days`. A constant
    number of queries.
    """
    dates = (week.monday, week.sunday)
    rows = StudyDay.objects.for_learner(learner).filter(date__range=dates)
    rows = list(rows.order_by("date", "language"))
    done = [row for row in rows if row.is_studied]
    names = StudyDay.TALLIES
    totals = {name: sum(getattr(row, name) for row in rows) for name in names}
    return {
        "week": week,
        "is_over": week.is_over(learner.local_date()),
        "study_days": [row for row in rows if row in done or row.study_seconds],
        "days": len({row.date for row in done}),
        **totals,
        "minutes": totals["study_seconds"] // 60,
        **_then_and_now(learner, dates),
        **_kept(learner, dates),
        "advice": advising.advise(Asked(learner)),
    }


def _then_and_now(learner, dates):
    """Return the learner's longest message of the week, and the longest before it.

    {"then": Said, "now": Said} in one language, or None for both: of the week's
    messages, those in a language of which there is nothing earlier are left out.
    """
    mine = ConversationMessage.objects.for_learner(learner)
    mine = mine.filter(role=ConversationMessage.Role.USER)
    earlier = mine.filter(study_date__lt=dates[0])
    longest = (-Length("content"), "pk")
    comparable = earlier.filter(
        learner=OuterRef("learner"), language=OuterRef("language")
    )
    of_week = mine.filter(Exists(comparable), study_date__range=dates)
    now = of_week.order_by(*longest).first()
    if now is None:
        return {"then": None, "now": None}
    then = earlier.filter(language=now.language).order_by(*longest).first()
    pair = {"then": then, "now": now}
    talks = Conversation.objects.for_learner(learner).in_bulk(
        {message.conversation_id for message in pair.values()}
    )
    for message in pair.values():
        message.conversation = talks[message.conversation_id]
    return {
        name: Said(message, message.study_date, talk.address_of(message))
        for name, message in pair.items()
    }


def _kept(learner, dates):
    """Return what became of the words reviewed in the week, by its standing reviews.

    `due_words` is how many learned words came up; of them `kept` were recalled each
    time and `forgotten` were not. `became_known` are words that the week's first review
    found not known, and its last left known. Each of the three is a `Words`.
    """
    reviews = Review.objects.for_learner(learner).standing()
    reviews = reviews.filter(reviewed_on__range=dates)
    due, forgotten = set(), set()
    found, left = {}, {}  # the memories by item
    for item, rating, before, after in reviews.values_list(
        "item", "rating", "before", "after"
    ):
        if before["state"] == VocabularyItem.State.REVIEW:
            due.add(item)
            if rating == Review.Rating.AGAIN:
                forgotten.add(item)
        found.setdefault(item, before)
        left[item] = after
    known = {pk for pk in left if _is_known(left[pk]) and not _is_known(found[pk])}
    groups = {"kept": due - forgotten, "forgotten": forgotten, "became_known": known}
    shown = {name: set(sorted(pks)[:MOST_WORDS]) for name, pks in groups.items()}
    items = VocabularyItem.objects.for_learner(learner)
    items = items.filter(pk__in=set.union(*shown.values()))
    items = list(items.order_by("language", "lemma"))
    return {
        "due_words": len(due),
        **{
            name: Words(len(pks), [item for item in items if item.pk in shown[name]])
            for name, pks in groups.items()
        },
    }


def _is_known(memory):
    """Whether a word of this memory (as JSON) counts as known."""
    is_learned = memory["state"] == VocabularyItem.State.REVIEW
    return is_learned and memory["stability"] >= VocabularyItem.KNOWN_DAYS
