from django.conf import settings
from django.db import models
from django.db.models import Q

from lingo import languages
from vocabulary.managers import WORD_LENGTH, WordMarkManager


class WordMark(models.Model):
    """What a learner says of a word without learning it here: known, or ignored."""

    class Mark(models.TextChoices):
        KNOWN = "known", "Known already"
        IGNORED = "ignored", "Ignored"

    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="word_marks",
        db_index=False,  # the unique constraint begins with it
    )
    language = models.CharField(max_length=8, choices=languages.CHOICES)
    lemma = models.CharField(max_length=WORD_LENGTH)
    mark = models.CharField(max_length=16, choices=Mark)

    objects = WordMarkManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "language", "lemma"], name="mark_one_per_lemma"
            ),
            models.CheckConstraint(
                condition=Q(mark__in=("known", "ignored")), name="mark_is_known"
            ),
        ]

    def __str__(self):
        return f"{self.lemma}: {self.mark}"
