from django.conf import settings
from django.db import models

from lingo import languages
from progress.managers import StudyDayManager


class StudyDay(models.Model):
    """One learner's tally for one language and the learner's own local date."""

    TALLIES = (
        "turns",
        "reviews",
        "weak_points",
        "words",
        "conversations",
        "study_seconds",
    )

    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="study_days",
        db_index=False,  # the unique constraint begins with it
    )
    language = models.CharField(max_length=8, choices=languages.CHOICES)
    date = models.DateField()
    turns = models.PositiveIntegerField(default=0)
    reviews = models.PositiveIntegerField(default=0, help_text="Of words.")
    weak_points = models.PositiveIntegerField(default=0, help_text="Reviews of them.")
    words = models.PositiveIntegerField(default=0)
    # Those that were completed.
    conversations = models.PositiveIntegerField(default=0)
    study_seconds = models.PositiveIntegerField(default=0)

    objects = StudyDayManager()

    class Meta:
        ordering = ["-date", "language"]
        constraints = [
            # Date before language: streaks and the latest days read by date.
            models.UniqueConstraint(
                fields=["learner", "date", "language"], name="progress_one_study_day"
            ),
        ]

    def __str__(self):
        return f"{self.get_language_display()} on {self.date}"

    @property
    def is_studied(self):
        """Whether something was done: what streaks and weeks count."""
        return any((self.turns, self.reviews, self.weak_points, self.words))

    @property
    def minutes(self):
        """Whole minutes of study."""
        return self.study_seconds // 60
