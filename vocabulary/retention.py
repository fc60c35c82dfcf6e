"""How well words are remembered, against what FSRS predicted."""

from django.db.models import Avg, Case, Count, F, Value, When
from django.db.models.functions import TruncMonth

from vocabulary.models import Review, VocabularyItem


def counted(reviews):
    """Return those of the reviews that say how well learned words are remembered.

    Standing reviews on the review page; words in learning steps are left out, since
    FSRS predicts by whole days.
    """
    return reviews.standing().filter(
        kind=Review.Kind.CARD, before__state=VocabularyItem.State.REVIEW
    )


def timed(reviews):
    """Return those of the reviews that say how long an answer takes on the page."""
    cards = reviews.standing().filter(kind=Review.Kind.CARD)
    return cards.filter(duration_ms__isnull=False)


def by_month(reviews):
    """Return how often learned words were recalled, beside the prediction.

    One row for each desired retention, language and month, latest first:
    {desired_retention, language, month, count, recalled, predicted}, the last two as
    shares of 1, of the reviews that are `counted`. One query.
    """
    groups = (
        counted(reviews)
        .order_by()
        .values(
            "desired_retention",
            language=F("item__language"),
            month=TruncMonth("reviewed_on"),
        )
    )
    forgotten = When(rating=Review.Rating.AGAIN, then=Value(0.0))
    return groups.annotate(
        count=Count("pk"),
        recalled=Avg(Case(forgotten, default=Value(1.0))),
        predicted=Avg("predicted"),
    ).order_by("-month", "language", "desired_retention")
