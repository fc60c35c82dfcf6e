from django.conf import settings
from django.db import models
from django.db.models import Q

from lingo import languages
from progress.managers import LearningProgressManager


class LearningProgress(models.Model):
    """What one learner has done for one skill in one language.

    Level, percentage and accuracy are empty until there are rows to compute them from.
    """

    class Skill(models.TextChoices):
        VOCABULARY = "vocabulary"
        CONVERSATION = "conversation"
        GRAMMAR = "grammar"
        PRONUNCIATION = "pronunciation"
        READING = "reading"
        WRITING = "writing"
        LISTENING = "listening"

    class Status(models.TextChoices):
        NOT_STARTED = "not-started"
        IN_PROGRESS = "in-progress"
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
    status = models.CharField(max_length=16, choices=Status, default=Status.NOT_STARTED)
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    target_level = models.PositiveSmallIntegerField(null=True, blank=True)
    percentage = models.PositiveSmallIntegerField(null=True, blank=True)
    accuracy = models.PositiveSmallIntegerField(null=True, blank=True)
    study_seconds = models.PositiveIntegerField(default=0)
    sessions = models.PositiveIntegerField(default=0)
    words_learned = models.PositiveIntegerField(default=0)
    conversations_completed = models.PositiveIntegerField(default=0)
    first_activity_at = models.DateTimeField()
    last_activity_at = models.DateTimeField()

    objects = LearningProgressManager()

    class Meta:
        ordering = ["language", "skill"]
        verbose_name_plural = "learning progress"
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "language", "skill"], name="progress_one_per_skill"
            ),
            models.CheckConstraint(
                condition=Q(level__range=(1, 10)), name="progress_level_1_to_10"
            ),
            models.CheckConstraint(
                condition=Q(target_level__range=(1, 10)), name="progress_target_1_to_10"
            ),
            models.CheckConstraint(
                condition=Q(percentage__lte=100), name="progress_percentage_to_100"
            ),
            models.CheckConstraint(
                condition=Q(accuracy__lte=100), name="progress_accuracy_to_100"
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
