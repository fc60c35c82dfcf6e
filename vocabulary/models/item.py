from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from lingo import languages
from vocabulary.managers import (
    SEARCH_LENGTH,
    WORD_LENGTH,
    VocabularyItemManager,
    searchable,
)
from vocabulary.scheduling import Memory


class VocabularyItem(models.Model):
    """One learner's memory of one word."""

    class Source(models.TextChoices):
        CONVERSATION = "conversation", "Conversation"
        LEARNER = "learner", "Added by hand"
        WEB = "web", "From the web"
        IMPORT = "import", "Imported"
        SCENARIO = "scenario", "Learned before a scene"

    class State(models.IntegerChoices):
        """FSRS states, numbered as py-fsrs numbers them."""

        LEARNING = 1
        REVIEW = 2
        RELEARNING = 3

    class Stage(models.TextChoices):
        """How far a word has come, in the learner's words.

        A word is in one of the first five. Known is a word whose memory is stable for
        KNOWN_DAYS; until then, and once reviewed, it is being learned. Words often
        forgotten are in a stage as well.
        """

        NEW = "new", "New"
        LEARNING = "learning", "Learning"
        KNOWN = "known", "Known"
        RELEARNING = "relearning", "Forgotten, learning again"
        SUSPENDED = "suspended", "Suspended"
        LEECH = "leech", "Often forgotten"

    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="vocabulary_items",
        db_index=False,  # the unique constraint begins with it
    )
    language = models.CharField(max_length=8, choices=languages.CHOICES)
    lemma = models.CharField(max_length=WORD_LENGTH)
    word = models.CharField(max_length=WORD_LENGTH, help_text="As it was met.")
    translation = models.CharField(max_length=200, blank=True)
    definition = models.TextField(max_length=2000, blank=True)
    phonetic = models.CharField(max_length=200, blank=True)
    example = models.TextField(max_length=2000, blank=True)
    source = models.CharField(max_length=16, choices=Source)
    # Which of the source: a conversation's id, a scenario's slug. Plain text, since a
    # conversation may go.
    source_id = models.CharField(max_length=100, blank=True)
    source_url = models.URLField(max_length=2000, blank=True, help_text="Of a page.")
    difficulty_level = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(10)]
    )
    frequency = models.FloatField(
        null=True, blank=True, help_text="Zipf frequency (0–8); empty if unknown."
    )
    introduced_at = models.DateTimeField()
    introduced_on = models.DateField(help_text="The learner's local date.")
    progress_recorded_at = models.DateTimeField(null=True, blank=True)

    state = models.PositiveSmallIntegerField(choices=State)
    step = models.PositiveSmallIntegerField(null=True, blank=True)
    stability = models.FloatField(null=True, blank=True, help_text="Days.")
    difficulty = models.FloatField(null=True, blank=True)
    due = models.DateTimeField()
    last_review = models.DateTimeField(null=True, blank=True)
    is_suspended = models.BooleanField(default=False)
    times_correct = models.PositiveIntegerField(default=0)
    times_incorrect = models.PositiveIntegerField(default=0)
    lapses = models.PositiveIntegerField(
        default=0, help_text="How often it was forgotten after it was learned."
    )
    # Word, lemma and translation as they are searched: without case and accents.
    search_text = models.CharField(max_length=SEARCH_LENGTH, blank=True, editable=False)

    objects = VocabularyItemManager()

    # How often a word is forgotten until it is pointed out; Anki's usual threshold.
    LEECH_LAPSES = 8
    # From which stability a word counts as known; Anki's "mature".
    KNOWN_DAYS = 21

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "language", "lemma"],
                name="vocabulary_one_item_per_lemma",
            ),
            models.CheckConstraint(
                condition=Q(difficulty_level__range=(1, 10)),
                name="vocabulary_difficulty_1_to_10",
            ),
            models.CheckConstraint(
                condition=Q(state__in=(1, 2, 3)), name="vocabulary_state_of_fsrs"
            ),
            models.CheckConstraint(
                condition=Q(stability__gt=0), name="vocabulary_stability_positive"
            ),
            models.CheckConstraint(
                condition=~Q(lemma="") & ~Q(word=""), name="vocabulary_word_not_blank"
            ),
            models.CheckConstraint(
                condition=Q(last_review=None, stability=None, difficulty=None)
                | Q(
                    last_review__isnull=False,
                    stability__isnull=False,
                    difficulty__range=(1, 10),
                ),
                name="vocabulary_memory_whole",
            ),
        ]
        indexes = [
            # The review queue: one learner's items, soonest due first.
            models.Index(
                fields=["learner", "due"],
                name="vocabulary_review_queue",
                condition=Q(is_suspended=False),
            ),
            # The list page and the API: one learner's items, newest first.
            models.Index(
                fields=["learner", "-introduced_at"], name="vocabulary_newest_first"
            ),
            # What one conversation introduced.
            models.Index(
                fields=["learner", "source_id"],
                name="vocabulary_by_source",
                condition=~Q(source_id=""),
            ),
        ]

    def __str__(self):
        return self.lemma

    def get_absolute_url(self):
        return reverse("vocabulary:detail", args=[self.pk])

    def save(self, **kwargs):
        self.search_text = searchable(self.word, self.lemma, self.translation)
        super().save(**kwargs)

    @property
    def memory(self):
        """What FSRS knows of this word, as `scheduling.Memory`."""
        return Memory(*(getattr(self, name) for name in Memory._fields))

    @memory.setter
    def memory(self, memory):
        for name, value in memory._asdict().items():
            setattr(self, name, value)

    @property
    def is_known(self):
        """Whether its memory is stable for KNOWN_DAYS, suspended or not."""
        stability = self.stability or 0
        return self.state == self.State.REVIEW and stability >= self.KNOWN_DAYS

    @property
    def is_new(self):
        """Whether it was never reviewed."""
        return self.last_review is None

    @property
    def stage(self):
        """One of the first five stages; `in_stage` gives the same items."""
        Stage, State = self.Stage, self.State
        if self.is_suspended:
            return Stage.SUSPENDED
        if self.is_new:
            return Stage.NEW
        if self.state == State.RELEARNING:
            return Stage.RELEARNING
        return Stage.KNOWN if self.is_known else Stage.LEARNING

    @property
    def is_leech(self):
        return self.lapses >= self.LEECH_LAPSES

    @property
    def is_due(self):
        """Whether its review has come, by the clock."""
        return self.is_due_at(timezone.now())

    def is_due_at(self, now, day_end=None):
        """Whether it is among the items that `due(now, day_end)` gives."""
        is_today = day_end and self.state == self.State.REVIEW and self.due < day_end
        return not self.is_suspended and (self.due <= now or bool(is_today))
