"""What words and reviews count for: on study days, in skills and in sessions."""

from collections import Counter, defaultdict

from progress.models import LearningProgress, StudyDay, StudySession
from progress.sessions import Act
from vocabulary.models import Review

# The columns that say what an item, and what a review counts for.
OF_ITEM = (
    "learner",
    "language",
    "introduced_at",
    "introduced_on",
    "progress_recorded_at",
    "state",
    "stability",
)
OF_REVIEW = (
    "learner",
    "item",
    "kind",
    "rating",
    "study_seconds",
    "reviewed_at",
    "reviewed_on",
)


def tally(items, reviews):
    """Return what items and their standing reviews count for, in two tables.

    {(language, date): Counter} for study days, and {language: Counter} for the
    vocabulary skill.
    """
    days, skills = defaultdict(Counter), defaultdict(Counter)
    for item in items:
        days[item.language, item.introduced_on]["words"] += 1
        skills[item.language].update(
            words_learned=int(item.progress_recorded_at is not None),
            words_known=int(item.is_known),
        )
    for review in reviews:
        language = review.item.language
        counted = {"reviews": 1, "study_seconds": review.study_seconds}
        days[language, review.reviewed_on].update(counted)
        recalled = int(review.is_correct)
        skills[language].update(counted, reviews_recalled=recalled)
    return days, skills


def record(learner, items, reviews, *, at, sign=1):
    """Count items and their standing reviews, or (-1) take back what they counted for.

    In the caller's transaction; a constant number of statements for 500 days.
    """
    days, skills = tally(items, reviews)
    StudyDay.objects.record_many(learner, _signed(days, sign))
    for language, tallies in sorted(_signed(skills, sign).items()):
        if any(tallies.values()):
            LearningProgress.objects.record(
                learner,
                language,
                LearningProgress.Skill.VOCABULARY,
                at=at,
                **tallies,
            )
    file = (
        StudySession.objects.record_many if sign > 0 else StudySession.objects.take_back
    )
    file(learner, acts_of(reviews))


def _signed(table, sign):
    return {
        key: {name: sign * amount for name, amount in tallies.items()}
        for key, tallies in table.items()
    }


def acts_of(reviews):
    """Return the acts that the reviews are in study sessions.

    A word used in a conversation is part of that conversation's session.
    """
    return [
        Act(
            review.item.language,
            StudySession.Kind.REVIEW,
            "",
            review.reviewed_at,
            review.study_seconds,
            items=1,
            correct=int(review.is_correct),
        )
        for review in reviews
        if review.kind == Review.Kind.CARD
    ]
