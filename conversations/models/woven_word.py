from django.conf import settings
from django.db import models
from django.db.models import Q

from conversations.managers import WovenWordManager


class WovenWord(models.Model):
    """A due word chosen for a conversation, and what the learner did with it.

    What came of it is the word's review by this conversation, if there is one.
    """

    class Help(models.TextChoices):
        NONE = "none", "Unprompted"
        HINT = "hint", "After a hint"
        SHOWN = "shown", "Asked for"

    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="woven_words",
        db_index=False,  # the unique constraint begins with it
    )
    conversation = models.ForeignKey(
        "conversations.Conversation", on_delete=models.CASCADE, related_name="woven"
    )
    item = models.ForeignKey(
        "vocabulary.VocabularyItem", on_delete=models.CASCADE, related_name="woven"
    )
    help = models.CharField(max_length=16, choices=Help, default=Help.NONE)
    used_in = models.ForeignKey(
        "conversations.ConversationMessage",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        help_text="The learner's message that used it.",
    )

    objects = WovenWordManager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "conversation", "item"], name="woven_once"
            ),
            models.CheckConstraint(
                condition=Q(help__in=("none", "hint", "shown")), name="woven_help_known"
            ),
        ]

    def __str__(self):
        return f"Word {self.item_id} in conversation {self.conversation_id}"

    @property
    def is_open(self):
        """Whether it waits to be used."""
        return self.used_in_id is None and self.help != self.Help.SHOWN
