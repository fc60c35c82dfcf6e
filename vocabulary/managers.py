from typing import NamedTuple

from django.db import models, transaction
from django.utils import timezone

from lingo.text import fold, storable
from vocabulary import lexicon, scheduling

WORD_LENGTH = 100


class NewWord(NamedTuple):
    """A word as it was met, with what is known of it."""

    word: str
    translation: str = ""
    example: str = ""


class VocabularyItemQuerySet(models.QuerySet):
    def for_learner(self, learner):
        return self.filter(learner=learner)

    def due(self, now=None):
        """Items whose next review has come, longest overdue first."""
        return self.filter(is_suspended=False, due__lte=now or timezone.now()).order_by(
            "due", "pk"
        )

    def introduced_in(self, conversation_id):
        """Items that came from this learner's conversation, in the order they came."""
        return self.filter(
            source=self.model.Source.CONVERSATION, source_id=conversation_id
        ).order_by("pk")


class VocabularyItemManager(models.Manager.from_queryset(VocabularyItemQuerySet)):
    def introduce(self, learner, language, words, *, at, date, level="", **source):
        """Make an item of each word that the learner doesn't have yet; return those.

        `words` are `NewWord`s. One lemma makes one item, however it is written. `at`
        is the moment, `date` the learner's local date; `source` gives the columns
        `source` and `source_id`. One SELECT and one INSERT, whatever the number.
        Raises ValueError on a word that is blank, too long or unstorable, and
        IntegrityError where another call introduces a word in the same moment.
        """
        new = {}
        for word in words:
            text = clean_word(word.word)
            new.setdefault(lexicon.lemma(text, language), word._replace(word=text))
        if not new:
            return []
        mine = self.filter(learner=learner, language=language)
        with transaction.atomic(savepoint=False):
            known = set(mine.filter(lemma__in=new).values_list("lemma", flat=True))
            # In one order everywhere, so that two calls never wait for each other.
            return self.bulk_create(
                self.model(
                    learner=learner,
                    language=language,
                    lemma=lemma,
                    word=word.word,
                    translation=storable(word.translation),
                    example=storable(word.example),
                    frequency=(zipf := lexicon.frequency(lemma, language)),
                    difficulty_level=lexicon.difficulty(level, zipf),
                    introduced_at=at,
                    introduced_on=date,
                    **scheduling.new_memory(at)._asdict(),
                    search_text=searchable(word.word, lemma, word.translation),
                    **source,
                )
                for lemma, word in sorted(new.items())
                if lemma not in known
            )

    def revise(self, item, **texts):
        """Save what the learner changed: translation, definition, is_suspended, ….

        Memory stays as it is, also where a review happens in the same moment.
        """
        for name, value in texts.items():
            setattr(item, name, value)
        item.search_text = searchable(item.word, item.lemma, item.translation)
        mine = self.for_learner(item.learner_id).filter(pk=item.pk)
        mine.update(**texts, search_text=item.search_text)
        return item

    def record_progress(self, learner, conversation_id):
        """Mark the conversation's items as counted; return how many were not yet."""
        return (
            self.for_learner(learner)
            .introduced_in(conversation_id)
            .filter(progress_recorded_at=None)
            .order_by()
            .update(progress_recorded_at=timezone.now())
        )


class ReviewQuerySet(models.QuerySet):
    def for_learner(self, learner):
        return self.filter(learner=learner)

    def standing(self):
        """Reviews that were not undone."""
        return self.filter(undone_at=None)

    def latest_first(self):
        return self.order_by("-reviewed_at", "-pk")


class ReviewManager(models.Manager.from_queryset(ReviewQuerySet)):
    pass


def searchable(*texts):
    """Return the texts as a search finds them: without case and accents."""
    return " ".join(dict.fromkeys(fold(text) for text in texts if text))[:500]


def clean_word(text):
    """Return a word as it is stored. Raises ValueError where it can't be."""
    word = storable(text).strip()
    if not any(character.isalpha() for character in word):
        raise ValueError("A word needs a letter.")
    if len(word) > WORD_LENGTH:
        raise ValueError(f"A word has at most {WORD_LENGTH} characters.")
    return word
