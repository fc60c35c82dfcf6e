from django.contrib import admin

from lingo.admin import InspectedAdmin
from vocabulary.adding import remove_word
from vocabulary.models import (
    Gloss,
    Review,
    VocabularyItem,
    VocabularyUpload,
    WordMark,
)


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
    list_filter = ["language", "state", "source", "is_suspended", "difficulty_level"]
    search_fields = ["lemma", "word", "translation", "learner__username"]
    date_hierarchy = "introduced_at"
    ordering = ["-introduced_at", "-pk"]
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
        for item in items:
            remove_word(item)


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
    list_filter = ["rating", "kind", "item__language"]
    search_fields = ["learner__username", "item__lemma"]
    date_hierarchy = "reviewed_at"
    ordering = ["-reviewed_at", "-pk"]
    list_select_related = ["item"]


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
