from itertools import groupby

from django.contrib import admin
from django.urls import path

from lingo.admin import InspectedAdmin, InspectedInline
from lingo.languages import LANGUAGES
from vocabulary import retention
from vocabulary.adding import remove_word, remove_words
from vocabulary.models import (
    Gloss,
    Pronunciation,
    Review,
    VocabularyItem,
    VocabularyUpload,
    WordMark,
)

# How many rows of retention a page shows.
RETENTION_ROWS = 200
RETENTION_COLUMNS = (
    "Month",
    "Language",
    "Desired",
    "Reviews",
    "Recalled",
    "Predicted",
    "Difference in points",
)


class ReviewInline(InspectedInline):
    """The word's log, latest first."""

    model = Review
    fields = [
        "reviewed_at",
        "rating",
        "kind",
        "predicted",
        "desired_retention",
        "duration_ms",
        "evidence",
        "undone_at",
    ]
    ordering = ["-reviewed_at", "-pk"]


@admin.register(VocabularyItem)
class VocabularyItemAdmin(InspectedAdmin):
    """Words: their texts may be mended; their memory is history."""

    list_display = [
        "lemma",
        "language",
        "translation",
        "learner",
        "source",
        "difficulty_level",
        "frequency",
        "state",
        "due",
        "is_suspended",
        "introduced_at",
    ]
    list_filter = [
        "language",
        "state",
        "source",
        "is_suspended",
        "difficulty_level",
        "learner__native_language",
    ]
    search_fields = ["lemma", "word", "translation", "learner__username"]
    date_hierarchy = "introduced_at"
    ordering = ["-introduced_at", "-pk"]
    inlines = [ReviewInline]
    EDITABLE = ("translation", "definition", "phonetic", "example", "is_suspended")

    def get_readonly_fields(self, request, obj=None):
        names = [field.name for field in self.model._meta.fields]
        return [name for name in names if name not in self.EDITABLE]

    def has_change_permission(self, request, obj=None):
        return admin.ModelAdmin.has_change_permission(self, request, obj)

    def has_delete_permission(self, request, obj=None):
        return admin.ModelAdmin.has_delete_permission(self, request, obj)

    def save_model(self, request, item, form, change):
        VocabularyItem.objects.revise(item, **form.cleaned_data)

    def delete_model(self, request, item):
        remove_word(item)

    def delete_queryset(self, request, items):
        by_learner = groupby(items.order_by("learner_id"), lambda item: item.learner)
        for learner, mine in by_learner:
            remove_words(learner, [item.pk for item in mine])

    def get_deleted_objects(self, items, request):
        """Deleting takes the reviews along, whatever their own permissions."""
        reviews = Review.objects.filter(item__in=[item.pk for item in items])
        counts = {"words": len(items), "reviews": reviews.count()}
        return [str(item) for item in items], counts, set(), []


class RetentionFilter(admin.SimpleListFilter):
    """Only the reviews that retention is computed from."""

    title = "retention"
    parameter_name = "retention"

    def lookups(self, request, model_admin):
        return [("counted", "Counted for retention")]

    def queryset(self, request, reviews):
        return retention.counted(reviews) if self.value() == "counted" else reviews


@admin.register(Review)
class ReviewAdmin(InspectedAdmin):
    list_display = [
        "item",
        "learner",
        "rating",
        "kind",
        "predicted",
        "reviewed_at",
        "undone_at",
    ]
    list_filter = [
        "rating",
        "kind",
        RetentionFilter,
        "item__language",
        "learner__native_language",
    ]
    search_fields = ["learner__username", "item__lemma"]
    date_hierarchy = "reviewed_at"
    ordering = ["-reviewed_at", "-pk"]
    list_select_related = ["item"]

    def get_urls(self):
        view = self.admin_site.admin_view(self.retention_view)
        address = path("retention/", view, name="vocabulary_review_retention")
        return [address, *super().get_urls()]

    def retention_view(self, request):
        """Retention against prediction, of the reviews that the list would show."""
        page = self.changelist_view(request, {"title": "Retention against prediction"})
        context = getattr(page, "context_data", None) or {}
        if "cl" in context:
            reviews = context["cl"].queryset.prefetch_related(None)
            found = retention.by_month(reviews)[:RETENTION_ROWS]
            context["rows"] = [_retention_row(row) for row in found]
            context["columns"] = RETENTION_COLUMNS
            context["most"] = RETENTION_ROWS
            page.template_name = "admin/vocabulary/review/retention.html"
        return page


def _retention_row(row):
    """Return a row of `retention.by_month` as the page shows it."""
    return (
        f"{row['month']:%Y-%m}",
        LANGUAGES[row["language"]].name,
        f"{row['desired_retention']:.0%}",
        row["count"],
        f"{row['recalled']:.1%}",
        f"{row['predicted']:.1%}",
        f"{100 * (row['recalled'] - row['predicted']):+.1f}",
    )


@admin.register(WordMark)
class WordMarkAdmin(InspectedAdmin):
    list_display = ["lemma", "language", "mark", "learner"]
    list_filter = ["language", "mark"]
    search_fields = ["lemma", "learner__username"]
    ordering = ["-pk"]


@admin.register(Gloss)
class GlossAdmin(InspectedAdmin):
    list_display = [
        "lemma",
        "language",
        "translation",
        "native_language",
        "source",
        "licence",
    ]
    list_filter = ["language", "native_language", "source"]
    search_fields = ["lemma", "translation"]
    ordering = ["language", "lemma", "pk"]


@admin.register(Pronunciation)
class PronunciationAdmin(InspectedAdmin):
    list_display = ["word", "language", "ipa", "source"]
    list_filter = ["language", "source"]
    search_fields = ["word"]
    ordering = ["language", "word", "pk"]


@admin.register(VocabularyUpload)
class VocabularyUploadAdmin(InspectedAdmin):
    """Files that wait to be imported: that they are there, not what is in them."""

    fields = ["learner", "name", "language", "created_at"]
    list_display = ["name", "learner", "language", "created_at"]
    list_filter = ["language"]
    search_fields = ["name", "learner__username"]
    ordering = ["-pk"]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("content", "outcome")
