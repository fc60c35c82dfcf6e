"""What achievements measure of words and reviews; see `progress.measures`."""

from django.db.models import Min

from progress.measures import Counted, Grown, Proof
from vocabulary.models import Review, VocabularyItem


def words(learner):
    items = VocabularyItem.objects.for_learner(learner)
    rows = items.order_by("introduced_at", "pk").values_list("introduced_at", "pk")
    return Counted(rows, _prover(learner))


def words_known(learner):
    """Words that reviews have brought so far that they counted as known, once."""
    known = {
        "after__state": VocabularyItem.State.REVIEW,
        "after__stability__gte": VocabularyItem.KNOWN_DAYS,
    }
    return _first_reviews(learner, **known)


def words_used(learner):
    """Words whose use in a conversation counted as their review."""
    return _first_reviews(learner, kind=Review.Kind.CONVERSATION)


def reviews(learner):
    return Counted(_log(learner).values_list("reviewed_at", "item"), _prover(learner))


def right_in_row(learner):
    def steps():
        run = 0
        log = _log(learner).values_list("rating", "reviewed_at", "item")
        for rating, *values in log.iterator():
            run = run + 1 if rating > Review.Rating.AGAIN else 0
            yield run, values

    return Grown(steps(), _prover(learner))


def _log(learner):
    standing = Review.objects.for_learner(learner).standing()
    return standing.order_by("reviewed_at", "pk")


def _first_reviews(learner, **wanted):
    """Count words that have such a review, by the first of these."""
    found = Review.objects.for_learner(learner).standing().filter(**wanted)
    firsts = found.order_by().values("item").annotate(first=Min("reviewed_at"))
    rows = firsts.order_by("first", "item").values_list("first", "item")
    return Counted(rows, _prover(learner))


def _prover(learner):
    """Return what proves a figure by a word, as of a moment."""

    def prove(at, pk):
        mine = VocabularyItem.objects.for_learner(learner).filter(pk=pk)
        word = mine.values("id", "language", "lemma").first()
        return word and Proof(at, {"kind": "word", **word})

    return prove
