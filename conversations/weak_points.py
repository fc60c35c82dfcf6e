"""Weak points: what is corrected again and again, to be remembered like words.

A category of corrections is one once it was corrected in LEAST messages. It is reviewed
with the learner's own sentences, by turns, and FSRS says when it is due again:
`weak_point_reviewing`.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from conversations.feedback.edits import put_in
from conversations.feedback.showing import sentence_around
from conversations.models import Correction, WeakPoint, WeakPointReview
from lingo.languages import LANGUAGES
from vocabulary import scheduling
from vocabulary.answers import Verdict, judge
from vocabulary.models import Review

Rating = Review.Rating
# In how many messages a category was corrected before it is a weak point.
LEAST = 2


class Standing(NamedTuple):
    """How a learner stands to a weak point; `kept` is None before its first review."""

    language: str
    category: str
    messages: int
    kept: WeakPoint | None
    due: datetime

    @property
    def language_name(self):
        return LANGUAGES[self.language].name

    @property
    def number(self):
        """The number of its next review."""
        return (self.kept.reviewed if self.kept else 0) + 1


class Card(NamedTuple):
    """A sentence of the learner's with a gap where it was corrected."""

    standing: Standing
    correction: Correction
    before: str
    after: str

    def answer(self, typed):
        """Return the `Answer` of a typed text, or None where nothing was typed."""
        return judge(typed, [self.correction.corrected]) if typed.strip() else None

    def is_right(self, answer):
        """Whether the answer is: accents count here, and capitals where they are it."""
        is_about_case = self.standing.category == "capitals"
        return answer.verdict == Verdict.SAME or (
            answer.verdict == Verdict.CASE and not is_about_case
        )


class Button(NamedTuple):
    """A rating, how long until the next review it leads to, and if it is suggested."""

    rating: Review.Rating
    wait: timedelta
    is_suggested: bool


def standings(learner, now=None):
    """Return the learner's weak points, those due soonest first: two queries.

    One never reviewed is due at once, those corrected most often first.
    """
    now = now or timezone.now()
    counted = (
        _askable(learner)
        .order_by()
        .values("language", "category")
        .annotate(messages=Count("message", distinct=True))
        .filter(messages__gte=LEAST)
    )
    kept = {
        (one.language, one.category): one
        for one in WeakPoint.objects.filter(learner=learner)
    }
    found = []
    for row in counted:
        one = kept.get((row["language"], row["category"]))
        found.append(Standing(*row.values(), one, one.due if one else now))
    return sorted(found, key=lambda one: (one.due, -one.messages, one.category))


def card_of(learner, standing):
    """Return the `Card` of a weak point: two queries.

    Of its sentences, the one asked least often, and then the newest.
    """
    asked = (
        WeakPointReview.objects.filter(learner=OuterRef("learner"))
        .filter(correction=OuterRef("pk"))
        .order_by()
        .values("correction")
        .annotate(number=Count("pk"))
        .values("number")
    )
    of_it = _askable(learner).filter(
        language=standing.language, category=standing.category
    )
    correction = (
        of_it.annotate(asked=Coalesce(Subquery(asked), 0))
        .filter(message__learner=F("learner"))
        .select_related("message")
        .order_by("asked", "-created_at", "-pk")
        .first()
    )
    return correction and card_for(correction, standing)


def card_for(correction, standing):
    """Return the `Card` of one correction, its sentence else put right: one query."""
    content, at = correction.message.content, (correction.start, correction.end)
    begin, stop = sentence_around(content, *at)
    others = Correction.objects.of([correction.message]).standing()
    edits = [
        (one.start, one.end, one.corrected)
        for one in others.exclude(pk=correction.pk)
        if begin <= one.start and one.end <= stop
    ]
    earlier = [edit for edit in edits if edit[1] <= at[0]]
    later = [
        (start - at[1], end - at[1], corrected)
        for start, end, corrected in edits
        if start >= at[1]
    ]
    before = put_in(content[: at[0]], earlier)[begin:]
    after = put_in(content[at[1] : stop], later)
    return Card(standing, correction, before, after)


def _askable(learner):
    """The corrections that a gap can be made of, and that nobody doubts."""
    mine = Correction.objects.for_learner(learner).standing()
    undisputed = mine.filter(Q(disputed_at=None) | Q(verdict="right"))
    return undisputed.filter(corrected__regex=r"\w")


def buttons(learner, standing, is_right, now=None):
    """Return the four `Button`s of a review now."""
    now = now or timezone.now()
    memory = memory_of(standing.kept, now)
    suggested = Rating.GOOD if is_right else Rating.AGAIN
    return [
        Button(
            rating,
            after_rating(
                memory, rating, now, learner, standing, learner.desired_retention
            ).due
            - now,
            rating == suggested,
        )
        for rating in Rating
    ]


def memory_of(kept, now):
    """Return the `Memory` of a kept weak point; a new one's where it is None."""
    return kept.memory if kept else scheduling.new_memory(now)


def after_rating(memory, rating, at, learner, point, desired_retention):
    """Return the `Memory` that a weak point has if it is reviewed so."""
    seed = f"{learner.pk} {point.language} {point.category} {memory.last_review}"
    return scheduling.reviewed(
        memory, rating, at, desired_retention=desired_retention, seed=seed
    )
