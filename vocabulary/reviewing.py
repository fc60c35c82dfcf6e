"""Reviewing a word: its memory, the log, and what it counts for, in one act."""

from django.db.models import Q
from django.utils import timezone

from lingo.writing import first_wins
from progress.models import LearningProgress, StudyDay, StudySession
from vocabulary import counting, scheduling
from vocabulary.errors import ClientIdTaken, ItemNotFound, NotTheLatestReview
from vocabulary.models import Review, VocabularyItem

Rating = Review.Rating
# Time between two reviews counts as study up to this long.
IDLE_SECONDS = 300
# What reviews change of an item.
REMEMBERED = (
    *scheduling.Memory._fields,
    "times_correct",
    "times_incorrect",
    "lapses",
)


def review(item, rating, *, client_id, kind=Review.Kind.CARD, at=None, **details):
    """Review the learner's word; return the `Review`, and whether it is new.

    `rating` is 1–4 (again, hard, good, easy); `details` are the columns `duration_ms`,
    `evidence` and `source_id`. The same `client_id` again, at once or later, changes
    nothing and gives the first review. So does a second review of a word by the same
    conversation. Raises ItemNotFound, and ClientIdTaken where it belongs to another
    word's review.
    """
    made = Review(
        learner=item.learner,
        item=item,
        rating=rating,
        client_id=client_id,
        kind=kind,
        **details,
    )

    def write():
        record(made, at=at)
        return made, True

    def existing():
        found = earlier(made)
        return found and (found, False)

    done, is_new = first_wins(write, existing)
    if done.item_id != item.pk:
        raise ClientIdTaken(client_id)
    return done, is_new


def earlier(made):
    """Return the saved review that the unsaved one repeats, or None."""
    mine = Review.objects.for_learner(made.learner_id)
    same = mine.filter(client_id=made.client_id).first()
    if same is None and made.kind == Review.Kind.CONVERSATION:
        same = mine.filter(
            item=made.item_id, kind=made.kind, source_id=made.source_id
        ).first()
    return same


def record(made, *, at=None):
    """Save an unsaved review and all that follows, in the caller's transaction.

    Raises ItemNotFound, and IntegrityError where it is a repeat.
    """
    item = _locked(made.learner_id, made.item_id)
    _rate(made, item, at or timezone.now())
    if made.kind == Review.Kind.CARD:
        mine = Review.objects.for_learner(made.learner).filter(kind=made.kind)
        made.study_seconds = seconds_since_last(mine, made.reviewed_at)
    made.save(force_insert=True)
    _save([item])
    _count([made], +1)
    for act in counting.acts_of([made]):
        StudySession.objects.record(made.learner, act)
    # The caller's item is as it now stands.
    for name in REMEMBERED:
        setattr(made.item, name, getattr(item, name))


def record_all(reviews):
    """Save one conversation's unsaved reviews, in the caller's transaction.

    A word that was deleted is left out, and so is a repeat; the others are returned.
    Whatever their number, a constant number of statements.
    """
    first = reviews[0]
    mine = VocabularyItem.objects.for_learner(first.learner_id).select_for_update()
    wanted = mine.filter(pk__in=[review.item_id for review in reviews])
    # In one order everywhere, so that two calls never wait for each other.
    items = {item.pk: item for item in wanted.order_by("pk")}
    repeated = Review.objects.for_learner(first.learner_id).filter(
        Q(client_id__in=[review.client_id for review in reviews])
        | Q(item__in=items, kind=first.kind, source_id=first.source_id)
    )
    saved = {key for pair in repeated.values_list("client_id", "item") for key in pair}
    new = [
        review
        for review in reviews
        if review.item_id in items and not {review.client_id, review.item_id} & saved
    ]
    now = timezone.now()
    for review in new:
        review.item = items[review.item_id]
        _rate(review, review.item, now)
    if new:
        Review.objects.bulk_create(new)
        _save([review.item for review in new])
        _count(new, +1)
    return new


def _rate(made, item, at):
    """Fill in the unsaved review of the locked item, and give that its new memory."""
    learner = made.learner
    # Of two at once, either may have begun first: the log is in the order in which they
    # build on each other.
    at = max(filter(None, (at, item.last_review)))
    made.before = item.memory.as_json()
    made.desired_retention = learner.desired_retention
    made.predicted = scheduling.retrievability(item.memory, at)
    made.reviewed_at, made.reviewed_on = at, learner.local_date(at)
    after = after_rating(item, made.rating, at, learner.desired_retention)
    made.after = after.as_json()
    _remember(item, after, made, +1)


def after_rating(item, rating, at, desired_retention):
    """Return the `Memory` that the item has if it is reviewed so."""
    reviews = item.times_correct + item.times_incorrect
    return scheduling.reviewed(
        item.memory,
        rating,
        at,
        desired_retention=desired_retention,
        seed=f"{item.language}:{item.lemma}:{reviews}",
    )


def undo(review):
    """Take back the latest review of its word, exactly. Safe to repeat.

    Raises NotTheLatestReview, and ItemNotFound.
    """

    def write():
        item = review.item = _locked(review.learner_id, review.item_id)
        mine = Review.objects.for_learner(review.learner_id).filter(item=item)
        review.refresh_from_db(fields=["undone_at"], from_queryset=mine)
        if review.undone_at:
            return review
        if mine.standing().latest_first().first() != review:
            raise NotTheLatestReview
        review.undone_at = timezone.now()
        mine.filter(pk=review.pk).update(undone_at=review.undone_at)
        _remember(item, scheduling.Memory.from_json(review.before), review, -1)
        _save([item])
        _count([review], -1)
        StudySession.objects.take_back(review.learner, counting.acts_of([review]))
        return review

    return first_wins(write)


def _locked(learner, pk):
    mine = VocabularyItem.objects.for_learner(learner).select_for_update()
    found = mine.filter(pk=pk).first()
    if found is None:
        raise ItemNotFound
    return found


def is_lapse(review):
    """Whether a word was forgotten that had been learned."""
    was_learned = review.before["state"] == VocabularyItem.State.REVIEW
    return was_learned and not review.is_correct


def _remember(item, memory, review, amount):
    """Give the item this memory, and count the review (-1: no longer)."""
    was_known = item.is_known
    item.memory = memory
    review.known_gained = item.is_known - was_known
    item.times_correct += amount * review.is_correct
    item.times_incorrect += amount * (not review.is_correct)
    item.lapses += amount * is_lapse(review)


def _save(items):
    """Save what reviews changed of one learner's locked items: one UPDATE."""
    mine = VocabularyItem.objects.for_learner(items[0].learner_id)
    mine.bulk_update(items, REMEMBERED)


def _count(reviews, sign):
    """Count reviews of one moment and language (-1: no longer)."""
    first = reviews[0]
    reviewed = {
        "reviews": sign * len(reviews),
        "study_seconds": sign * sum(review.study_seconds for review in reviews),
    }
    language = first.item.language
    StudyDay.objects.record(first.learner, language, first.reviewed_on, **reviewed)
    LearningProgress.objects.record(
        first.learner,
        language,
        LearningProgress.Skill.VOCABULARY,
        at=first.reviewed_at,
        **reviewed,
        reviews_recalled=sign * sum(review.is_correct for review in reviews),
        words_known=sum(review.known_gained for review in reviews),
    )


def seconds_since_last(reviews, at):
    """Return the seconds of study since the learner's last of these reviews."""
    latest = reviews.standing().latest_first()
    last = latest.values_list("reviewed_at", flat=True).first()
    gap = round((at - last).total_seconds()) if last else 0
    return gap if 0 <= gap <= IDLE_SECONDS else 0
