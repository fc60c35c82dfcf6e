from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length

from conversations.feedback.categories import CATEGORIES, PRIORITIES
from conversations.managers import CorrectionManager
from lingo import languages


def finders():
    """Return who finds corrections, as choices; a new one is no migration."""
    from conversations.feedback.correcting import FINDERS

    return FINDERS


class Correction(models.Model):
    """One minimal edit of a learner's message, with category and reason.

    What was written never changes; what is said of it here does only where the
    learner disagrees, and staff then judges.
    """

    class Verdict(models.TextChoices):
        """What staff thinks of it."""

        RIGHT = "right", "Right"
        WRONG = "wrong", "An error, but another correction"
        UNNEEDED = "unneeded", "No error at all"

    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="corrections",
        db_index=False,  # the unique constraint begins with it
    )
    message = models.ForeignKey(
        "conversations.ConversationMessage",
        on_delete=models.CASCADE,
        related_name="corrections",
    )
    language = models.CharField(max_length=8, choices=languages.CHOICES)
    start = models.PositiveIntegerField(help_text="In the message's content.")
    end = models.PositiveIntegerField()
    original = models.TextField(blank=True, help_text="Empty: something is missing.")
    corrected = models.TextField(blank=True, help_text="Empty: to be left out.")
    category = models.CharField(max_length=32, choices=CATEGORIES)
    priority = models.CharField(max_length=16, choices=PRIORITIES)
    reason = models.TextField(help_text="In the learner's native language.")
    source = models.CharField(max_length=16, choices=finders, help_text="Who found it.")
    confidence = models.FloatField(
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text="As a share of 1.",
    )
    created_at = models.DateTimeField(help_text="When the message was.")
    disputed_at = models.DateTimeField(
        null=True, blank=True, help_text="When the learner disagreed."
    )
    verdict = models.CharField(
        max_length=16, choices=Verdict, blank=True, help_text="Of staff; empty: none."
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    # A name, and no key: it outlives the account.
    decided_by = models.CharField(max_length=150, blank=True)

    objects = CorrectionManager()

    class Meta:
        ordering = ["message", "start"]
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "message", "start", "end"],
                name="correction_one_per_place",
            ),
            models.CheckConstraint(
                condition=Q(end=F("start") + Length("original")),
                name="correction_as_long_as_its_place",
            ),
            models.CheckConstraint(
                condition=~Q(original=F("corrected")), name="correction_changes"
            ),
            models.CheckConstraint(
                condition=~Q(reason=""), name="correction_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(confidence__range=(0, 1)),
                name="correction_confidence_is_a_share",
            ),
            models.CheckConstraint(
                condition=Q(category__in=[name for name, _ in CATEGORIES]),
                name="correction_category_known",
            ),
            models.CheckConstraint(
                condition=Q(priority__in=[name for name, _ in PRIORITIES]),
                name="correction_priority_known",
            ),
            models.CheckConstraint(
                condition=~Q(source=""), name="correction_has_a_source"
            ),
            models.CheckConstraint(
                condition=Q(verdict="", decided_at=None)
                | Q(
                    verdict__in=("right", "wrong", "unneeded"),
                    decided_at__isnull=False,
                ),
                name="correction_verdict_whole",
            ),
        ]
        indexes = [
            # The API's list: one learner's, newest first.
            models.Index(
                fields=["learner", "-created_at"], name="correction_newest_first"
            ),
            # What a learner gets wrong again and again, by category.
            models.Index(
                fields=["learner", "language", "category"],
                name="correction_by_category",
            ),
            # The queue of staff: who waits longest first.
            models.Index(
                fields=["disputed_at"],
                name="correction_disputes",
                condition=Q(disputed_at__isnull=False, verdict=""),
            ),
        ]

    def __str__(self):
        return f"{self.original or '∅'} → {self.corrected or '∅'}"

    @property
    def outcome(self):
        """What became of the learner's disagreement: accepted, rejected or None."""
        if self.disputed_at is None or not self.verdict:
            return None
        return "rejected" if self.verdict == self.Verdict.RIGHT else "accepted"

    @property
    def is_withdrawn(self):
        """Whether staff found that there was no such error."""
        return self.verdict in (self.Verdict.WRONG, self.Verdict.UNNEEDED)
