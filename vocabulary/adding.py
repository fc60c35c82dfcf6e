"""Words that a learner adds or removes by hand, and what that counts for."""

from django.utils import timezone

from lingo.writing import first_wins
from progress.models import LearningProgress, StudyDay
from vocabulary import counting, lexicon
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
    **source,
):
    """Make an item of the word; return it, and whether it is new.

    Safe to repeat: a lemma that the learner has already stays as it is. It counts as a
    word of today and as a word learned, and is no longer marked as known or ignored.
    `source` gives the columns `source` (by hand, if not given), `source_url`, ….
    Raises ValueError on what can't be a word.
    """
    lemma = lexicon.lemma(clean_word(word), language)
    mine = VocabularyItem.objects.for_learner(learner).filter(language=language)

    def write():
        new = _add(
            learner,
            language,
            [NewWord(word, translation, example)],
            definition=definition,
            **source,
        )
        return (new[0], True) if new else (mine.get(lemma=lemma), False)

    return first_wins(write)


def add_words(learner, language, words, **fields):
    """Make items of the `NewWord`s as `add_word` does; return those that are new.

    `fields` are columns of all of them, and `level`. A constant number of statements
    for up to BATCH words.
    """
    return first_wins(lambda: _add(learner, language, words, **fields))


def _add(learner, language, words, **fields):
    """Do it in the caller's transaction."""
    now = timezone.now()
    lemmas = {lexicon.lemma(clean_word(word.word), language) for word in words}
    marks = WordMark.objects.for_learner(learner)
    marks.filter(language=language, lemma__in=lemmas).delete()
    new = VocabularyItem.objects.introduce(
        learner,
        language,
        words,
        at=now,
        date=learner.local_date(now),
        progress_recorded_at=now,
        **{"source": VocabularyItem.Source.LEARNER, **fields},
    )
    if new:
        StudyDay.objects.record(learner, language, new[0].introduced_on, words=len(new))
        LearningProgress.objects.record(
            learner,
            language,
            LearningProgress.Skill.VOCABULARY,
            at=now,
            words_learned=len(new),
        )
    return new


def remove_word(item):
    """Delete the item as `remove_words` does."""
    remove_words(item.learner, [item.pk])


def remove_words(learner, pks):
    """Delete the learner's items with their reviews, and all that they counted for.

    Returns how many items there were; what is not the learner's is passed over. Safe
    to repeat, and all or nothing. A constant number of statements for a batch of items
    (on SQLite, one more for each hundred days, and sessions, of their reviews).
    """

    def write():
        return sum(_remove_batch(learner, batch) for batch in batches(pks))

    return first_wins(write)


def _remove_batch(learner, pks):
    mine = VocabularyItem.objects.for_learner(learner).filter(pk__in=pks)
    # In one order everywhere, so that two calls never wait for each other.
    items = list(mine.order_by("pk").select_for_update())
    reviews = _standing_reviews(learner, items)
    mine.delete()
    counting.record(learner, items, reviews, at=timezone.now(), sign=-1)
    return len(items)


def _standing_reviews(learner, items):
    """Return the items' standing reviews, each with its item."""
    of_pk = {item.pk: item for item in items}
    reviews = Review.objects.for_learner(learner).filter(item__in=of_pk).standing()
    found = list(reviews.only(*counting.OF_REVIEW))
    for review in found:
        review.item = of_pk[review.item_id]
    return found
