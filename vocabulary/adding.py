"""Words that a learner adds or removes by hand, and what that counts for."""

from django.db.models import Count, F, Sum
from django.utils import timezone

from lingo.writing import first_wins
from progress.models import LearningProgress, StudyDay
from vocabulary import lexicon
from vocabulary.managers import NewWord, clean_word
from vocabulary.models import Review, VocabularyItem, WordMark


def add_word(
    learner,
    language,
    word,
    *,
    translation="",
    definition="",
    example="",
    level="",
    **source,
):
    """Make an item of the word; return it, and whether it is new.

    Safe to repeat: a lemma that the learner has already stays as it is. It counts as a
    word of today and as a word learned, and is no longer marked as known or ignored.
    `source` gives the columns `source` (by hand, if not given), `source_id`, ….
    Raises ValueError on what can't be a word.
    """
    source.setdefault("source", VocabularyItem.Source.LEARNER)
    lemma = lexicon.lemma(clean_word(word), language)
    mine = VocabularyItem.objects.for_learner(learner).filter(language=language)

    def write():
        now = timezone.now()
        WordMark.objects.forget(learner, language, lemma)
        new = VocabularyItem.objects.introduce(
            learner,
            language,
            [NewWord(word, translation, example)],
            at=now,
            date=learner.local_date(now),
            level=level,
            definition=definition,
            progress_recorded_at=now,
            **source,
        )
        if not new:
            return mine.get(lemma=lemma), False
        _count(new[0], learner, +1)
        return new[0], True

    return first_wins(write)


def remove_word(item):
    """Delete the item with its reviews, and take back what they counted for.

    Safe to repeat.
    """

    def write():
        mine = VocabularyItem.objects.for_learner(item.learner_id).filter(pk=item.pk)
        found = mine.select_for_update().first()
        if found is None:
            return
        days = _days_of_reviews(found)
        mine.delete()
        _count(found, item.learner, -1)
        for day in days:
            StudyDay.objects.record(item.learner, item.language, **day)
        seconds = sum(day["study_seconds"] for day in days)
        if seconds:
            _progress(found, item.learner, study_seconds=seconds)

    first_wins(write)


def _days_of_reviews(item):
    """Return what takes back the item's reviews: negative tallies of each date."""
    reviews = Review.objects.for_learner(item.learner_id).filter(item=item)
    dates = reviews.standing().order_by("reviewed_on").values(date=F("reviewed_on"))
    sums = {"reviews": -Count("pk"), "study_seconds": -Sum("study_seconds")}
    return list(dates.annotate(**sums))


def _count(item, learner, amount):
    StudyDay.objects.record(learner, item.language, item.introduced_on, words=amount)
    if item.progress_recorded_at:
        _progress(item, learner, words_learned=amount)


def _progress(item, learner, **tallies):
    skill = LearningProgress.Skill.VOCABULARY
    record = LearningProgress.objects.record
    record(learner, item.language, skill, at=timezone.now(), **tallies)
