from django.db import models
from django.urls import reverse

from conversations.managers import GrammarChartManager
from lingo import languages


class GrammarChart(models.Model):
    """A flow chart that leads to the right form, as its content file describes it.

    Its texts are tables by language code; see conversations/content/grammar/README.md.
    """

    language = models.CharField(max_length=8, choices=languages.CHOICES)
    slug = models.SlugField(max_length=100)
    categories = models.JSONField(help_text="Of the corrections that it explains.")
    title = models.JSONField()
    nodes = models.JSONField(help_text="The start first; every path leads to an end.")
    is_edited = models.BooleanField(
        default=False,
        help_text="Changed by hand: loading the content leaves it as it is.",
    )
    updated_at = models.DateTimeField(auto_now=True)

    objects = GrammarChartManager()

    class Meta:
        ordering = ["language", "slug"]
        constraints = [
            models.UniqueConstraint(
                fields=["language", "slug"], name="grammar_chart_once"
            ),
        ]

    def __str__(self):
        return self.title["en"]

    def get_absolute_url(self):
        return reverse("conversations:grammar-detail", args=[self.language, self.slug])
