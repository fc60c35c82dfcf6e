from django.db import models

from lingo import languages
from vocabulary.entries import TRANSLATION_LENGTH, WORD_LENGTH
from vocabulary.managers import GlossManager


class Gloss(models.Model):
    """What a word means in another language, and who says so.

    Glosses come from Lingo's own content and from dictionaries; they belong to nobody.
    """

    language = models.CharField(max_length=8, choices=languages.CHOICES)
    native_language = models.CharField(max_length=8, choices=languages.CHOICES)
    lemma = models.CharField(max_length=WORD_LENGTH)
    translation = models.CharField(max_length=TRANSLATION_LENGTH)
    phonetic = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=200, help_text="Which content or dictionary.")
    licence = models.CharField(max_length=200)

    objects = GlossManager()

    class Meta:
        verbose_name_plural = "glosses"
        constraints = [
            # Also the look-up: one word, in one native language.
            models.UniqueConstraint(
                fields=["language", "lemma", "native_language", "source"],
                name="gloss_one_per_source",
            ),
            models.CheckConstraint(
                condition=~models.Q(lemma="") & ~models.Q(translation=""),
                name="gloss_not_blank",
            ),
        ]

    def __str__(self):
        return f"{self.lemma}: {self.translation}"
