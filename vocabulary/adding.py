"""Words that a learner adds or removes by hand, and what that counts for."""

from collections import Counter, defaultdict

from django.db.models import Count, Sum
from django.utils import timezone

from lingo.writing import first_wins
from progress.models import LearningProgress, StudyDay
from vocabulary import lexicon
from vocabulary.managers import NewWord, batches, clean_word
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
    `source` gives the columns `source` (by hand, if not given), `source_url`, ….
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
        StudyDay.objects.record(learner, language, new[0].introduced_on, words=1)
        _progress(learner, language, words_learned=1)
        return new[0], True

    return first_wins(write)


def remove_word(item):
    """Delete the item as `remove_words` does."""
    remove_words(item.learner, [item.pk])


def remove_words(learner, pks):
    """Delete the learner's items with their reviews, and all that they counted for.

    Returns how many items there were; what is not the learner's is passed over. Safe
    to repeat, and all or nothing. A constant number of statements for a batch of items
    (on SQLite, one more for each hundred days on which they were reviewed).
    """

    def write():
        return sum(_remove_batch(learner, batch) for batch in batches(pks))

    return first_wins(write)


def _remove_batch(learner, pks):
    mine = VocabularyItem.objects.for_learner(learner).filter(pk__in=pks)
    # In one order everywhere, so that two calls never wait for each other.
    items = list(mine.order_by("pk").select_for_update())
    days, skills = defaultdict(Counter), defaultdict(Counter)
    for item in items:
        days[item.language, item.introduced_on]["words"] -= 1
        skills[item.language]["words_learned"] -= item.progress_recorded_at is not None
    for language, date, reviews, seconds in _days_of_reviews(learner, pks):
        days[language, date].subtract(reviews=reviews, study_seconds=seconds)
        skills[language]["study_seconds"] -= seconds
    mine.delete()
    StudyDay.objects.record_many(learner, days)
    for language, tallies in sorted(skills.items()):
        if any(tallies.values()):
            _progress(learner, language, **tallies)
    return len(items)


def _days_of_reviews(learner, pks):
    """Return (language, date, reviews, seconds) of the items' standing reviews."""
    reviews = Review.objects.for_learner(learner).filter(item__in=pks).standing()
    of_day = reviews.order_by().values_list("item__language", "reviewed_on")
    return of_day.annotate(Count("pk"), Sum("study_seconds"))


def _progress(learner, language, **tallies):
    LearningProgress.objects.record(
        learner,
        language,
        LearningProgress.Skill.VOCABULARY,
        at=timezone.now(),
        **tallies,
    )
