"""What the page of one of the learner's words shows beside the word itself."""

from typing import NamedTuple

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.utils import timezone

from lingo.text import fold
from vocabulary import glossary, memory_curve, pronunciation
from vocabulary.memory_curve import Recall
from vocabulary.models import Review, VocabularyItem
from vocabulary.scheduling import Memory

PAGE = 50
# How many of the latest reviews the curve shows.
DRAWN = 200
# Words look related if they begin alike: with so many letters at least, and all but so
# many of the shorter one's.
ALIKE, ENDING = 4, 3
# How many words that begin alike are compared, and how many are shown.
COMPARED, SHOWN = 500, 10


class Rank(NamedTuple):
    """The word's place among the learner's `total` words, the commonest first."""

    place: int
    total: int


def about(item, learner, page=None):
    """Return what the page shows, by name; a constant number of statements.

    `page` is the number of the page of reviews that is wanted.
    """
    native, language = learner.native_language, item.language
    glosses = glossary.look_up(language, [item.word], native).get(item.word, [])
    mine = Review.objects.for_learner(learner).filter(item=item)
    return {
        "rank": rank(item),
        "related": related(item),
        "curve": _curve(item, mine),
        "drawn": DRAWN,
        "sheet": memory_curve,
        "reviews": Paginator(mine.latest_first(), PAGE).get_page(page),
        # The last, since it may wait for a program.
        "guide": pronunciation.guide(
            item.word, language, native, item=item, glosses=glosses
        ),
    }


def rank(item):
    """Return the item's `Rank`; None where its frequency isn't known. One query."""
    if item.frequency is None:
        return None
    mine = VocabularyItem.objects.for_learner(item.learner_id)
    counts = mine.filter(language=item.language).aggregate(
        total=Count("pk"),
        commoner=Count("pk", filter=Q(frequency__gt=item.frequency)),
    )
    return Rank(counts["commoner"] + 1, counts["total"])


def related(item):
    """Return the learner's words that look related to the item, the closest first.

    Those whose lemma begins like its lemma, whatever the accents; so it is the same
    seen from either. A word of fewer letters than ALIKE looks like none. One query.
    """
    lemma = fold(item.lemma)
    if len(lemma) < ALIKE:
        return []
    start = lemma[:ALIKE]
    mine = VocabularyItem.objects.for_learner(item.learner_id)
    # The searched text has the lemma at its beginning or behind a space.
    similar = mine.filter(
        Q(search_text__startswith=start) | Q(search_text__contains=f" {start}"),
        language=item.language,
    ).exclude(pk=item.pk)
    found = []
    for other in similar.order_by("lemma")[:COMPARED]:
        theirs = fold(other.lemma)
        alike = _shared(lemma, theirs)
        if alike >= max(ALIKE, min(len(lemma), len(theirs)) - ENDING):
            found.append((-alike, other.lemma, other))
    return [other for *_, other in sorted(found, key=lambda one: one[:2])[:SHOWN]]


def _shared(one, other):
    """Return how many letters two texts have in common at their beginning."""
    pairs = zip(one, other, strict=False)
    apart = (place for place, (a, b) in enumerate(pairs) if a != b)
    return next(apart, min(len(one), len(other)))


def _curve(item, reviews):
    """Return the `memory_curve.Curve` of the latest standing reviews, or None."""
    latest = reviews.standing().latest_first()[:DRAWN]
    recalls = [
        Recall(review.reviewed_at, review.is_correct, Memory.from_json(review.after))
        for review in reversed(latest)
    ]
    start = recalls[0].at if len(recalls) == DRAWN else item.introduced_at
    return memory_curve.draw(start, recalls, timezone.now())
