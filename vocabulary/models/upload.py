from django.conf import settings
from django.db import models
from django.urls import reverse

from lingo import languages
from vocabulary.managers import VocabularyUploadManager


class VocabularyUpload(models.Model):
    """A file of words between its upload and its import: one a learner, for a day.

    Once it is imported, its content goes and its outcome stays.
    """

    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="vocabulary_uploads",
    )
    name = models.CharField(max_length=255)
    content = models.BinaryField()
    language = models.CharField(
        max_length=8,
        choices=languages.CHOICES,
        blank=True,
        help_text="Of words whose language the file does not name.",
    )
    outcome = models.JSONField(
        null=True, blank=True, help_text="What came of importing it; empty before."
    )
    created_at = models.DateTimeField()

    objects = VocabularyUploadManager()

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("vocabulary:import-preview", args=[self.pk])
