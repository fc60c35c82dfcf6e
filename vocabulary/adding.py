"""Words that a learner adds or removes by hand, and what that counts for."""

from django.utils import timezone

from lingo.writing import first_wins
from progress.models import LearningProgress, StudyDay
from vocabulary import lexicon
from vocabulary.managers import NewWord, clean_word
from vocabulary.models import VocabularyItem


def add_word(
    learner, language, word, *, translation="", definition="", example="", level=""
):
    """Make an item of the word; return it, and whether it is new.

    Safe to repeat: a lemma that the learner has already stays as it is. It counts as a
    word of today and as a word learned. Raises ValueError on what can't be a word.
    """
    lemma = lexicon.lemma(clean_word(word), language)
    mine = VocabularyItem.objects.for_learner(learner).filter(language=language)

    def write():
        now = timezone.now()
        new = VocabularyItem.objects.introduce(
            learner,
            language,
            [NewWord(word, translation, example)],
            at=now,
            date=learner.local_date(now),
            level=level,
            source=VocabularyItem.Source.LEARNER,
            definition=definition,
            progress_recorded_at=now,
        )
        if not new:
            return mine.get(lemma=lemma), False
        _count(new[0], learner, +1)
        return new[0], True

    return first_wins(write)


def remove_word(item):
    """Delete the item, and take back what it counted for. Safe to repeat."""

    def write():
        mine = VocabularyItem.objects.for_learner(item.learner_id)
        deleted, _ = mine.filter(pk=item.pk).delete()
        if deleted:
            _count(item, item.learner, -1)

    first_wins(write)


def _count(item, learner, amount):
    StudyDay.objects.record(learner, item.language, item.introduced_on, words=amount)
    if item.progress_recorded_at:
        LearningProgress.objects.record(
            learner,
            item.language,
            LearningProgress.Skill.VOCABULARY,
            at=timezone.now(),
            words_learned=amount,
        )
