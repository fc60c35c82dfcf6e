from django.conf import settings
from django.db import models
from django.db.models import Q

from lingo import languages
from progress.managers import StudySessionManager


class StudySession(models.Model):
    """A stretch of study without a long break, as the learner's acts make it up.

    An act belongs to the session that spans its moment. Time counts between two acts,
    up to five minutes.
    """

    class Kind(models.TextChoices):
        CONVERSATION = "conversation", "Conversation"
        REVIEW = "review", "Review"
        WEAK_POINTS = "weak-points", "Weak points"
        SCENARIO = "scenario", "Scenario"

    TALLIES = ("study_seconds", "items", "correct")

    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="study_sessions",
        db_index=False,  # the unique constraint and the indexes begin with it
    )
    language = models.CharField(max_length=8, choices=languages.CHOICES)
    kind = models.CharField(max_length=16, choices=Kind)
    # A conversation's id. Plain text: nothing here points up.
    source_id = models.CharField(max_length=100, blank=True)
    started_at = models.DateTimeField(help_text="When its first act was counted.")
    last_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    date = models.DateField(help_text="The learner's local date on which it began.")
    study_seconds = models.PositiveIntegerField(default=0)
    items = models.PositiveIntegerField(default=0, help_text="Turns, or reviews.")
    correct = models.PositiveIntegerField(default=0, help_text="Reviews recalled.")

    objects = StudySessionManager()

    class Meta:
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "language", "kind", "source_id"],
                name="progress_one_open_session",
                condition=Q(ended_at=None),
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=("conversation", "review", "weak-points", "scenario")
                ),
                name="progress_session_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(started_at__lte=models.F("last_at")),
                name="progress_session_starts_first",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at=models.F("last_at")),
                name="progress_session_ends_with_its_last_act",
            ),
            models.CheckConstraint(
                condition=Q(correct__lte=models.F("items")),
                name="progress_session_correct_are_items",
            ),
        ]
        indexes = [
            # The page and the API: one learner's, latest first.
            models.Index(
                fields=["learner", "-started_at"], name="progress_sessions_latest"
            ),
            # What goes with a conversation.
            models.Index(
                fields=["learner", "source_id"],
                name="progress_sessions_by_source",
                condition=~Q(source_id=""),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} in {self.get_language_display()}"

    @property
    def minutes(self):
        """Whole minutes of study."""
        return self.study_seconds // 60

    @property
    def is_of_reviews(self):
        """Whether its items are reviews, which are recalled or not."""
        return self.kind in (self.Kind.REVIEW, self.Kind.WEAK_POINTS)

    def add(self, act, sign=1):
        """Count an act in this object, or no longer (-1): never below nothing."""
        for name, amount in zip(
            self.TALLIES, (act.seconds, act.items, act.correct), strict=True
        ):
            setattr(self, name, max(0, getattr(self, name) + sign * amount))
