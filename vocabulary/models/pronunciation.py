from django.db import models

from lingo import languages
from vocabulary.managers import PHONETIC_LENGTH, WORD_LENGTH, PronunciationManager


class Pronunciation(models.Model):
    """How a word sounds, as a program once said: kept, so that it isn't asked again.

    It belongs to nobody.
    """

    language = models.CharField(max_length=8, choices=languages.CHOICES)
    word = models.CharField(max_length=WORD_LENGTH, help_text="As it is written.")
    ipa = models.CharField(max_length=PHONETIC_LENGTH, help_text="Without slashes.")
    source = models.CharField(max_length=100, help_text="Which program and voice.")

    objects = PronunciationManager()

    class Meta:
        constraints = [
            # Also the look-up.
            models.UniqueConstraint(
                fields=["language", "word"], name="pronunciation_one_per_word"
            ),
            models.CheckConstraint(
                condition=~models.Q(word="") & ~models.Q(ipa=""),
                name="pronunciation_not_blank",
            ),
        ]

    def __str__(self):
        return f"{self.word}: /{self.ipa}/"
