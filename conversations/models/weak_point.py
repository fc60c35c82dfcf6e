from django.conf import settings
from django.db import models
from django.db.models import Q

from conversations.feedback.categories import CATEGORIES
from lingo import languages
from vocabulary.managers import ReviewManager
from vocabulary.models import Review, VocabularyItem
from vocabulary.scheduling import Memory


class WeakPoint(models.Model):
    """One learner's memory of what is corrected again and again: a category.

    It is there from its first review on; until then it is due at once.
    """

    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="weak_points",
        db_index=False,  # the unique constraint begins with it
    )
    language = models.CharField(max_length=8, choices=languages.CHOICES)
    category = models.CharField(max_length=32, choices=CATEGORIES)
    reviewed = models.PositiveIntegerField(
        default=0, help_text="The number of its last review, undone or not."
    )
    state = models.PositiveSmallIntegerField(choices=VocabularyItem.State)
    step = models.PositiveSmallIntegerField(null=True, blank=True)
    stability = models.FloatField(null=True, blank=True, help_text="Days.")
    difficulty = models.FloatField(null=True, blank=True)
    due = models.DateTimeField()
    last_review = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["due", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "language", "category"], name="weak_point_once"
            ),
            models.CheckConstraint(
                condition=Q(category__in=[name for name, _ in CATEGORIES]),
                name="weak_point_category_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=(1, 2, 3)), name="weak_point_state_of_fsrs"
            ),
            models.CheckConstraint(
                condition=Q(last_review=None, stability=None, difficulty=None)
                | Q(
                    last_review__isnull=False,
                    stability__isnull=False,
                    stability__gt=0,
                    difficulty__isnull=False,
                    difficulty__range=(1, 10),
                ),
                name="weak_point_memory_whole",
            ),
        ]

    def __str__(self):
        return f"{self.language}: {self.category}"

    @property
    def memory(self):
        """What FSRS knows of it, as `scheduling.Memory`."""
        return Memory(*(getattr(self, name) for name in Memory._fields))

    @memory.setter
    def memory(self, memory):
        for name, value in memory._asdict().items():
            setattr(self, name, value)


class WeakPointReview(models.Model):
    """One time that a learner put a sentence of their own right: history.

    Undoing marks it; nothing of it is deleted or changed.
    """

    Rating = Review.Rating

    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="weak_point_reviews",
        db_index=False,  # the unique constraint begins with it
    )
    weak_point = models.ForeignKey(
        WeakPoint, on_delete=models.CASCADE, related_name="reviews"
    )
    number = models.PositiveIntegerField(help_text="From 1, of its weak point.")
    # The sentence: it goes with its conversation, while the memory stays.
    correction = models.ForeignKey(
        "conversations.Correction",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="reviews",
    )
    rating = models.PositiveSmallIntegerField(choices=Rating)
    before = models.JSONField(help_text="The memory that this review found.")
    after = models.JSONField(help_text="The memory that it left.")
    desired_retention = models.FloatField(help_text="The learner's, at that time.")
    study_seconds = models.PositiveSmallIntegerField(default=0)
    reviewed_at = models.DateTimeField()
    reviewed_on = models.DateField(help_text="The learner's local date.")
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = ReviewManager()

    class Meta:
        ordering = ["reviewed_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "weak_point", "number"],
                name="weak_point_reviewed_once",
            ),
            models.CheckConstraint(
                condition=Q(rating__range=(1, 4)), name="weak_point_rating_of_fsrs"
            ),
        ]
        indexes = [
            # The latest of a learner's, to be listed or undone.
            models.Index(
                fields=["learner", "-reviewed_at"], name="weak_point_review_latest"
            ),
        ]

    def __str__(self):
        return f"{self.get_rating_display()} on {self.reviewed_on}"

    @property
    def is_correct(self):
        """Whether it was recalled, however hard it was."""
        return self.rating > self.Rating.AGAIN
