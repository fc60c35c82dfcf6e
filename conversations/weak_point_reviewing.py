"""Reviewing a weak point: its memory, the log, and what it counts for, in one act."""

from collections import Counter, defaultdict

from django.db import transaction
from django.utils import timezone

from conversations.errors import NotTheLatestReview, NotTheNextReview
from conversations.models import WeakPoint, WeakPointReview
from conversations.weak_points import after_rating, memory_of
from lingo.writing import first_wins
from progress.models import LearningProgress, StudyDay, StudySession
from progress.sessions import Act
from vocabulary import scheduling
from vocabulary.reviewing import seconds_since_last

MEMORY = scheduling.Memory._fields


def review(learner, correction, number, rating):
    """Review the correction's weak point; return the review, and whether it is new.

    `number` is that of the review, from 1; the same again, at once or later, changes
    nothing and gives the first. Raises NotTheNextReview where others are left out.
    """
    key = {"language": correction.language, "category": correction.category}

    def write():
        now = timezone.now()
        mine = WeakPoint.objects.filter(learner=learner, **key)
        kept = mine.select_for_update().first()
        last = kept.reviewed if kept else 0
        if number <= last:
            return kept.reviews.get(learner=learner, number=number), False
        if number > last + 1:
            raise NotTheNextReview(last + 1)
        before = memory_of(kept, now)
        now = max(filter(None, (now, before.last_review)))
        kept = kept or WeakPoint(learner=learner, **key)
        retention = learner.desired_retention
        earlier = WeakPointReview.objects.for_learner(learner)
        kept.memory = after_rating(before, rating, now, learner, kept, retention)
        kept.reviewed = number
        kept.save()
        made = WeakPointReview.objects.create(
            learner=learner,
            weak_point=kept,
            number=number,
            correction=correction,
            rating=rating,
            before=before.as_json(),
            after=kept.memory.as_json(),
            desired_retention=retention,
            study_seconds=seconds_since_last(earlier, now),
            reviewed_at=now,
            reviewed_on=learner.local_date(now),
        )
        _count(made, +1)
        StudySession.objects.record(learner, _act(made))
        return made, True

    return first_wins(write)


def undo(review):
    """Take back the latest review of its weak point, exactly. Safe to repeat.

    Raises NotTheLatestReview.
    """

    def write():
        points = WeakPoint.objects.filter(learner=review.learner)
        kept = points.select_for_update().get(pk=review.weak_point_id)
        mine = WeakPointReview.objects.for_learner(review.learner)
        mine = mine.filter(weak_point=kept)
        review.refresh_from_db(fields=["undone_at"], from_queryset=mine)
        if review.undone_at:
            return review
        if mine.standing().latest_first().first() != review:
            raise NotTheLatestReview
        review.weak_point = kept
        review.undone_at = timezone.now()
        mine.filter(pk=review.pk).update(undone_at=review.undone_at)
        kept.memory = scheduling.Memory.from_json(review.before)
        kept.save(update_fields=MEMORY)
        _count(review, -1)
        StudySession.objects.take_back(review.learner, [_act(review)])
        return review

    return first_wins(write)


def tally(reviews):
    """Return what standing reviews count for: on days, in the skill, in sessions.

    {(language, date): Counter}, {language: Counter}, and acts.
    """
    days, skills = defaultdict(Counter), defaultdict(Counter)
    for one in reviews:
        language = one.weak_point.language
        days[language, one.reviewed_on].update(_of_day(one))
        skills[language].update(_of_skill(one))
    return days, skills, [_act(one) for one in reviews]


def rebuild_memories():
    """Rebuild every weak point's memory from its reviews; return how many were seen,
    and how many mended.

    Two queries, and a transaction for each that is mended.
    """
    seen = mended = 0
    for pk in list(WeakPoint.objects.order_by("pk").values_list("pk", flat=True)):
        seen += 1
        mended += _rebuild(pk)
    return seen, mended


def _rebuild(pk):
    with transaction.atomic():
        kept = (
            WeakPoint.objects.select_for_update().select_related("learner").get(pk=pk)
        )
        reviews = list(kept.reviews.order_by("number"))
        memory = scheduling.new_memory(reviews[0].reviewed_at)
        for one in reviews:
            if one.undone_at is None:
                memory = after_rating(
                    memory,
                    one.rating,
                    one.reviewed_at,
                    kept.learner,
                    kept,
                    one.desired_retention,
                )
        if is_wrong := kept.memory != memory:
            kept.memory = memory
            kept.save(update_fields=MEMORY)
    return is_wrong


def _count(review, sign):
    learner, language = review.learner, review.weak_point.language
    signed = {name: sign * amount for name, amount in _of_day(review).items()}
    StudyDay.objects.record(learner, language, review.reviewed_on, **signed)
    signed = {name: sign * amount for name, amount in _of_skill(review).items()}
    LearningProgress.objects.record(
        learner,
        language,
        LearningProgress.Skill.GRAMMAR,
        at=review.reviewed_at,
        **signed,
    )


def _of_day(review):
    return {"weak_points": 1, "study_seconds": review.study_seconds}


def _of_skill(review):
    return {
        "reviews": 1,
        "reviews_recalled": int(review.is_correct),
        "study_seconds": review.study_seconds,
    }


def _act(review):
    return Act(
        review.weak_point.language,
        StudySession.Kind.WEAK_POINTS,
        "",
        review.reviewed_at,
        review.study_seconds,
        items=1,
        correct=int(review.is_correct),
    )
