from datetime import timedelta
from typing import NamedTuple

from django.db import models, transaction
from django.db.models import Count, Q, Sum
from django.utils import timezone

from lingo import sql
from lingo.text import fold, storable
from vocabulary import lexicon, scheduling
from vocabulary.entries import WORD_LENGTH, joined

# So many rows a statement, where the database takes them.
BATCH = 500
# How long an uploaded file waits to be imported.
UPLOADS_WAIT = timedelta(days=1)
SEARCH_LENGTH = 500
PHONETIC_LENGTH = 200


KNOWN = """
SELECT lemma FROM vocabulary_vocabularyitem
WHERE learner_id = %s AND language = %s AND lemma IN ({})
"""


class NewWord(NamedTuple):
    """A word as it was met, with what is known of it."""

    word: str
    translation: str = ""
    example: str = ""


class VocabularyItemQuerySet(models.QuerySet):
    def for_learner(self, learner):
        return self.filter(learner=learner)

    def due(self, now=None, day_end=None):
        """Items whose next review has come, longest overdue first.

        With `day_end`, the end of the learner's day, a learned word counts from the
        beginning of the date that its review falls on. A word in learning steps always
        goes by the clock.
        """
        now = now or timezone.now()
        last = max(now, day_end or now)
        come = Q(due__lte=now) | Q(state=self.model.State.REVIEW, due__lt=last)
        # The first two conditions are those of the index.
        return self.filter(come, is_suspended=False, due__lte=last).order_by(
            "due", "pk"
        )

    def later(self, now, day_end):
        """Items whose next review has not come, soonest first."""
        learned = Q(state=self.model.State.REVIEW)
        return self.filter(
            Q(~learned, due__gt=now) | Q(learned, due__gte=day_end), is_suspended=False
        ).order_by("due", "pk")

    def never_reviewed(self):
        return self.filter(last_review=None)

    def learned(self):
        """Items that have left their learning steps."""
        return self.filter(state=self.model.State.REVIEW)

    def in_steps(self):
        """Items reviewed within the hour or so, or forgotten, and not yet learned."""
        return self.filter(~Q(state=self.model.State.REVIEW), last_review__isnull=False)

    def leeches(self):
        """Items forgotten so often that they are pointed out, worst first."""
        often = self.filter(lapses__gte=self.model.LEECH_LAPSES, is_suspended=False)
        return often.order_by("-lapses", "pk")

    def in_stage(self, stage):
        """Items of one of the model's stages; see `VocabularyItem.Stage`."""
        Stage, State = self.model.Stage, self.model.State
        known_from = self.model.KNOWN_DAYS
        if stage == Stage.LEECH:
            return self.filter(lapses__gte=self.model.LEECH_LAPSES)
        if stage == Stage.SUSPENDED:
            return self.filter(is_suspended=True)
        memories = {
            Stage.NEW: Q(last_review=None),
            Stage.LEARNING: Q(state=State.LEARNING, last_review__isnull=False)
            | Q(state=State.REVIEW, stability__lt=known_from),
            Stage.KNOWN: Q(state=State.REVIEW, stability__gte=known_from),
            Stage.RELEARNING: Q(state=State.RELEARNING),
        }
        return self.filter(memories[stage], is_suspended=False)

    def counted_as(self, what):
        """Items that the vocabulary skill counts as "learned" or as "known"."""
        if what == "learned":
            return self.filter(progress_recorded_at__isnull=False)
        return self.learned().filter(stability__gte=self.model.KNOWN_DAYS)

    def matching(self, text):
        """Items with the text in word, lemma or translation, in any case or accent."""
        folded = fold(text)
        if len(folded) > SEARCH_LENGTH:
            return self.none()
        return self.filter(search_text__contains=folded)

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
        `source` and `source_id`. A word without a translation gets the glossary's, if
        that has one. For each BATCH of words one SELECT (two where the glossary is
        asked) and one INSERT. Raises ValueError on a word that is blank, too long or
        unstorable, and IntegrityError where another call introduces a word in the same
        moment.
        """
        new = {}
        for word in words:
            text = clean_word(word.word)
            new.setdefault(lexicon.lemma(text, language), word._replace(word=text))
        if not new:
            return []
        with transaction.atomic(savepoint=False):
            known = set()
            for batch in batches(sorted(new)):
                places = ", ".join(["%s"] * len(batch))
                values = [learner.pk, language, *batch]
                known.update(row[0] for row in sql.select(KNOWN.format(places), values))
            new = {lemma: word for lemma, word in new.items() if lemma not in known}
            new = self._translated(new, language, learner.native_language)
            # In one order everywhere, so that two calls never wait for each other.
            made = [
                self.model(
                    learner=learner,
                    **columns_of_new(
                        language, lemma, word, at=at, date=date, level=level, **source
                    ),
                )
                for lemma, word in sorted(new.items())
            ]
            return sql.insert(made)

    def suspend(self, learner, pks, is_suspended=True):
        """Suspend the learner's items, or resume them; return how many there are."""
        mine = self.for_learner(learner).filter(pk__in=pks)
        return mine.update(is_suspended=is_suspended)

    def _translated(self, words, language, native_language):
        """Return the words; one without a translation gets the glossary's."""
        from vocabulary import glossary

        bare = [word.word for word in words.values() if not word.translation.strip()]
        found = {}
        for batch in batches(bare):
            found |= glossary.translations(language, batch, native_language)
        return {
            lemma: word._replace(translation=found.get(word.word, word.translation))
            for lemma, word in words.items()
        }

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

    def sums(self):
        """Return how many of these were recalled, and their minutes of study."""
        recalled = Q(rating__gt=self.model.Rating.AGAIN)
        sums = self.order_by().aggregate(
            recalled=Count("pk", filter=recalled), seconds=Sum("study_seconds")
        )
        return {"recalled": sums["recalled"], "minutes": (sums["seconds"] or 0) // 60}

    def latest_first(self):
        return self.order_by("-reviewed_at", "-pk")


class ReviewManager(models.Manager.from_queryset(ReviewQuerySet)):
    pass


class GlossQuerySet(models.QuerySet):
    def translating(self, language, native_language):
        return self.filter(language=language, native_language=native_language)


class GlossManager(models.Manager.from_queryset(GlossQuerySet)):
    def load(self, source, licence, language, native_language, entries, *, watch=iter):
        """Make `entries` all that the source has for these languages; return how many.

        Entries of one lemma are joined. Safe to repeat: what stays the same is left
        alone, and what the source no longer has goes. One SELECT, and a statement for
        each batch of rows that changed; all or nothing. `watch` is given the batches to
        save, and gives them back: a progress bar.
        """
        new = {
            lemma: (*meaning, licence)
            for lemma, meaning in joined(entries, language, native_language).items()
        }
        key = ["language", "lemma", "native_language", "source"]
        columns = ["translation", "phonetic", "licence"]
        mine = self.translating(language, native_language).filter(source=source)
        with transaction.atomic():
            had = {row[0]: row[1:] for row in mine.values_list("lemma", *columns)}
            changed = [
                self.model(
                    language=language,
                    native_language=native_language,
                    source=source,
                    lemma=lemma,
                    **dict(zip(columns, values, strict=True)),
                )
                for lemma, values in sorted(new.items())
                if had.get(lemma) != values
            ]
            for batch in watch(batches(changed)):
                self.bulk_create(
                    batch,
                    update_conflicts=True,
                    unique_fields=key,
                    update_fields=columns,
                )
            for batch in batches(sorted(had.keys() - new.keys())):
                mine.filter(lemma__in=batch).delete()
        return len(new)


class PronunciationQuerySet(models.QuerySet):
    def of(self, language, words):
        return self.filter(language=language, word__in=words)


class PronunciationManager(models.Manager.from_queryset(PronunciationQuerySet)):
    def keep(self, language, word, ipa, source):
        """Save how a word sounds; where another call was first, that stays."""
        made = self.model(language=language, word=word, ipa=ipa, source=source)
        self.bulk_create([made], ignore_conflicts=True)


def batches(rows):
    return [rows[start : start + BATCH] for start in range(0, len(rows), BATCH)]


class WordMarkQuerySet(models.QuerySet):
    def for_learner(self, learner):
        return self.filter(learner=learner)


class WordMarkManager(models.Manager.from_queryset(WordMarkQuerySet)):
    def put(self, learner, language, lemma, mark):
        """Mark the lemma as known or ignored, whatever it was before."""
        self.update_or_create(
            learner=learner, language=language, lemma=lemma, defaults={"mark": mark}
        )

    def forget(self, learner, language, lemma):
        """Take the lemma's mark away, if it has one."""
        self.for_learner(learner).filter(language=language, lemma=lemma).delete()


class VocabularyUploadQuerySet(models.QuerySet):
    def for_learner(self, learner):
        return self.filter(learner=learner)

    def waiting(self, now=None):
        """Files that are not too old yet to be imported."""
        return self.filter(created_at__gt=(now or timezone.now()) - UPLOADS_WAIT)

    def forget_old(self):
        """Delete files that nobody came back to; return how many."""
        until = timezone.now() - UPLOADS_WAIT
        return self.filter(created_at__lte=until).delete()[0]


class VocabularyUploadManager(models.Manager.from_queryset(VocabularyUploadQuerySet)):
    def keep(self, learner, **columns):
        """Save a file that the learner chose, in place of any earlier one."""
        with transaction.atomic():
            self.for_learner(learner).delete()
            return self.create(learner=learner, created_at=timezone.now(), **columns)


def columns_of_new(language, lemma, word, *, at, date, level="", **source):
    """Return the columns of an item just introduced, from a `NewWord`."""
    zipf = lexicon.frequency(lemma, language)
    return {
        "language": language,
        "lemma": lemma,
        "word": word.word,
        "translation": storable(word.translation),
        "example": storable(word.example),
        "frequency": zipf,
        "difficulty_level": lexicon.difficulty(level, zipf),
        "introduced_at": at,
        "introduced_on": date,
        **scheduling.new_memory(at)._asdict(),
        "search_text": searchable(word.word, lemma, word.translation),
        **source,
    }


def searchable(*texts):
    """Return the texts as a search finds them: without case and accents."""
    return " ".join(dict.fromkeys(fold(text) for text in texts if text))[:SEARCH_LENGTH]


def clean_word(text):
    """Return a word as it is stored. Raises ValueError where it can't be."""
    word = storable(text).strip()
    if not any(character.isalpha() for character in word):
        raise ValueError("A word needs a letter.")
    if len(word) > WORD_LENGTH:
        raise ValueError(f"A word has at most {WORD_LENGTH} characters.")
    return word
