from django.conf import settings
from django.db import models

from progress.managers import AwardManager


class Award(models.Model):
    """An achievement that a learner has: once, for ever, and provable when given.

    What proves it may be deleted later; the award stays.
    """

    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="awards",
        db_index=False,  # the unique constraint begins with it
    )
    slug = models.CharField(max_length=60, help_text="Of the catalogue's achievement.")
    awarded_at = models.DateTimeField(help_text="When it was reached, as rows say.")
    value = models.PositiveIntegerField(help_text="The figure when it was given.")
    evidence = models.JSONField(
        help_text="kind, and with it: conversation_id and, of a message, position; "
        "or id, language and lemma of a word; or the days since and until."
    )

    objects = AwardManager()

    class Meta:
        ordering = ["-awarded_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "slug"], name="progress_awarded_once"
            ),
        ]

    def __str__(self):
        return self.slug
