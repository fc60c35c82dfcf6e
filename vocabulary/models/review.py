from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from vocabulary.managers import ReviewManager
from vocabulary.models.item import VocabularyItem


class Review(models.Model):
    """One recall of one word: history, from which its memory can be rebuilt.

    Undoing marks it; nothing of it is deleted or changed.
    """

    class Rating(models.IntegerChoices):
        """FSRS ratings, numbered as py-fsrs numbers them."""

        AGAIN = 1
        HARD = 2
        GOOD = 3
        EASY = 4

    class Kind(models.TextChoices):
        CARD = "card", "Review page"
        CONVERSATION = "conversation", "Conversation"

    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="reviews",
        db_index=False,  # the unique constraints begin with it
    )
    item = models.ForeignKey(
        VocabularyItem, on_delete=models.CASCADE, related_name="reviews"
    )
    client_id = models.CharField(max_length=100)
    kind = models.CharField(max_length=16, choices=Kind)
    rating = models.PositiveSmallIntegerField(
        choices=Rating, validators=[MinValueValidator(1), MaxValueValidator(4)]
    )
    before = models.JSONField(help_text="The memory that this review found.")
    after = models.JSONField(help_text="The memory that it left.")
    desired_retention = models.FloatField(help_text="The learner's, at that time.")
    predicted = models.FloatField(
        null=True, blank=True, help_text="Retrievability just before, as a share of 1."
    )
    duration_ms = models.PositiveIntegerField(
        null=True, blank=True, help_text="How long the answer took, as the page says."
    )
    study_seconds = models.PositiveSmallIntegerField(default=0)
    evidence = models.TextField(blank=True, help_text="The sentence it was used in.")
    source_id = models.CharField(
        max_length=100, blank=True, help_text="A conversation's id."
    )
    reviewed_at = models.DateTimeField()
    reviewed_on = models.DateField(help_text="The learner's local date.")
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = ReviewManager()

    class Meta:
        ordering = ["reviewed_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "client_id"], name="review_client_id_once"
            ),
            # A word is reviewed at most once by one conversation, undone or not.
            models.UniqueConstraint(
                fields=["learner", "item", "source_id"],
                name="review_once_per_conversation",
                condition=Q(kind="conversation"),
            ),
            models.CheckConstraint(
                condition=Q(rating__range=(1, 4)), name="review_rating_of_fsrs"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("card", "conversation")), name="review_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(predicted=None) | Q(predicted__range=(0, 1)),
                name="review_prediction_is_a_share",
            ),
        ]
        indexes = [
            # A word's history; and the latest of a learner's reviews.
            models.Index(
                fields=["learner", "item", "reviewed_at"], name="review_history"
            ),
            models.Index(fields=["learner", "-reviewed_at"], name="review_latest"),
        ]

    def __str__(self):
        return f"{self.get_rating_display()} on {self.reviewed_on}"

    @property
    def seconds(self):
        """How long the answer took; None where nothing was said of it."""
        return self.duration_ms and self.duration_ms / 1000

    @property
    def is_correct(self):
        """Whether the word was recalled, however hard it was."""
        return self.rating > self.Rating.AGAIN
