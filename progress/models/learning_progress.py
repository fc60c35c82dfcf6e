from django.conf import settings
from django.db import models
from django.db.models import Q

from lingo import languages
from progress import computing
from progress.managers import LearningProgressManager


class LearningProgress(models.Model):
    """What one learner has done for one skill in one language.

    `computing` says how each figure comes from rows. Level, percentage and accuracy are
    empty until there are rows to compute them from.
    """

    TALLIES = (
        "study_seconds",
        "sessions",
        "words_learned",
        "conversations_completed",
        "reviews",
        "reviews_recalled",
        "words_known",
    )
    # The skills that have a level, towards which there can be a target.
    MEASURED = ("vocabulary",)

    class Skill(models.TextChoices):
        VOCABULARY = "vocabulary"
        CONVERSATION = "conversation"
        GRAMMAR = "grammar"
        PRONUNCIATION = "pronunciation"
        READING = "reading"
        WRITING = "writing"
        LISTENING = "listening"

    class Status(models.TextChoices):
        NOT_STARTED = "not-started", "Not started"
        IN_PROGRESS = "in-progress", "In progress"
        COMPLETED = "completed"
        MASTERED = "mastered"

    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="learning_progress",
        db_index=False,  # the unique constraint begins with it
    )
    language = models.CharField(max_length=8, choices=languages.CHOICES)
    skill = models.CharField(max_length=16, choices=Skill)
    target_level = models.PositiveSmallIntegerField(null=True, blank=True)
    study_seconds = models.PositiveIntegerField(default=0)
    sessions = models.PositiveIntegerField(default=0)
    words_learned = models.PositiveIntegerField(default=0)
    conversations_completed = models.PositiveIntegerField(default=0)
    reviews = models.PositiveIntegerField(default=0)
    reviews_recalled = models.PositiveIntegerField(default=0)
    words_known = models.PositiveIntegerField(default=0)
    first_activity_at = models.DateTimeField()
    last_activity_at = models.DateTimeField()

    # What the database makes of the above.
    level = models.GeneratedField(
        expression=computing.level(),
        output_field=models.PositiveSmallIntegerField(null=True),
        db_persist=True,
    )
    percentage = models.GeneratedField(
        expression=computing.percentage(),
        output_field=models.PositiveSmallIntegerField(null=True),
        db_persist=True,
    )
    accuracy = models.GeneratedField(
        expression=computing.accuracy(),
        output_field=models.PositiveSmallIntegerField(null=True),
        db_persist=True,
    )
    status = models.GeneratedField(
        expression=computing.status(Status, TALLIES),
        output_field=models.CharField(max_length=16, choices=Status),
        choices=Status,
        db_persist=True,
    )

    objects = LearningProgressManager()

    class Meta:
        ordering = ["language", "skill"]
        verbose_name_plural = "learning progress"
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "language", "skill"], name="progress_one_per_skill"
            ),
            models.CheckConstraint(
                condition=Q(target_level__range=(1, 10)), name="progress_target_1_to_10"
            ),
            models.CheckConstraint(
                condition=Q(reviews_recalled__lte=models.F("reviews")),
                name="progress_recalled_are_reviews",
            ),
            models.CheckConstraint(
                condition=Q(first_activity_at__lte=models.F("last_activity_at")),
                name="progress_first_before_last",
            ),
        ]

    def __str__(self):
        return f"{self.get_skill_display()} in {self.get_language_display()}"

    @property
    def minutes(self):
        """Whole minutes of study."""
        return self.study_seconds // 60
