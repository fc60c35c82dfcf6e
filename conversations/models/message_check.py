from django.conf import settings
from django.db import models


class MessageCheck(models.Model):
    """That staff read a learner's message, drawn at random, for what is wrong in it.

    What is right and wrong of its corrections they say themselves; the errors that no
    correction found are counted here.
    """

    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="message_checks",
        db_index=False,  # the unique constraint begins with it
    )
    message = models.ForeignKey(
        "conversations.ConversationMessage",
        on_delete=models.CASCADE,
        related_name="checks",
    )
    language = models.CharField(max_length=8)
    said_at = models.DateTimeField(help_text="When the message was.")
    missed = models.PositiveSmallIntegerField(
        help_text="Errors that no correction found."
    )
    checked_at = models.DateTimeField()
    # A name, and no key: it outlives the account.
    checked_by = models.CharField(max_length=150)

    class Meta:
        ordering = ["-checked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "message"], name="message_checked_once"
            ),
        ]

    def __str__(self):
        return f"{self.missed} missed"
