"""Words' memories, rebuilt from the log of reviews."""

from django.db import transaction

from vocabulary import scheduling
from vocabulary.models import Review, VocabularyItem
from vocabulary.reviewing import REMEMBERED, after_rating, is_lapse

BATCH = 500


def rebuild():
    """Rebuild every item's memory; return how many were seen, and how many mended.

    An item without standing reviews is as it was when it was introduced. A constant
    number of statements for a batch of items.
    """
    seen = mended = 0
    keys = VocabularyItem.objects.order_by("learner_id", "pk").values_list("pk")
    pks = [pk for (pk,) in keys.iterator(chunk_size=BATCH)]
    for start in range(0, len(pks), BATCH):
        batch = pks[start : start + BATCH]
        seen += len(batch)
        mended += _rebuild_batch(batch)
    return seen, mended


def _rebuild_batch(pks):
    with transaction.atomic():
        items = VocabularyItem.objects.filter(pk__in=pks).order_by("pk")
        reviews = {}
        found = list(items.select_for_update())
        for review in Review.objects.filter(item__in=pks).standing():
            reviews.setdefault(review.item_id, []).append(review)
        wrong = [item for item in found if _is_wrong(item, reviews.get(item.pk, []))]
        VocabularyItem.objects.bulk_update(wrong, REMEMBERED)
    return len(wrong)


def _is_wrong(item, reviews):
    """Set the item as its reviews make it; return whether it was otherwise."""
    before = [getattr(item, name) for name in REMEMBERED]
    item.memory = scheduling.new_memory(item.introduced_at)
    item.times_correct = item.times_incorrect = item.lapses = 0
    for review in reviews:
        item.memory = after_rating(
            item, review.rating, review.reviewed_at, review.desired_retention
        )
        item.times_correct += review.is_correct
        item.times_incorrect += not review.is_correct
        item.lapses += is_lapse(review)
    return before != [getattr(item, name) for name in REMEMBERED]
