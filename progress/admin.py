from django.contrib import admin

from lingo.admin import InspectedAdmin
from progress.models import Award, Goal, LearningProgress, StudyDay, StudySession


@admin.register(Award)
class AwardAdmin(InspectedAdmin):
    list_display = ["slug", "learner", "value", "awarded_at"]
    list_filter = ["slug"]
    search_fields = ["slug", "learner__username"]
    date_hierarchy = "awarded_at"
    ordering = ["-awarded_at", "-pk"]


@admin.register(LearningProgress)
class LearningProgressAdmin(InspectedAdmin):
    list_display = [
        "learner",
        "language",
        "skill",
        "status",
        "sessions",
        "conversations_completed",
        "words_learned",
        "words_known",
        "level",
        "target_level",
        "percentage",
        "accuracy",
        "minutes",
        "last_activity_at",
    ]
    list_filter = ["language", "skill", "status"]
    search_fields = ["learner__username"]
    date_hierarchy = "last_activity_at"
    ordering = ["-last_activity_at"]


@admin.register(StudyDay)
class StudyDayAdmin(InspectedAdmin):
    list_display = [
        "learner",
        "date",
        "language",
        "turns",
        "reviews",
        "weak_points",
        "words",
        "conversations",
        "minutes",
    ]
    list_filter = ["language", "learner__native_language"]
    search_fields = ["learner__username"]
    date_hierarchy = "date"
    ordering = ["-date", "-pk"]

    def lookup_allowed(self, lookup, value, request):
        joined = ("learner__date_joined__gte", "learner__date_joined__lt")
        return lookup in joined or super().lookup_allowed(lookup, value, request)


@admin.register(Goal)
class GoalAdmin(InspectedAdmin):
    list_display = [
        "learner",
        "kind",
        "amount",
        "period",
        "language",
        "started_on",
        "ended_on",
    ]
    list_filter = [
        "kind",
        "period",
        "language",
        ("ended_on", admin.EmptyFieldListFilter),
    ]
    search_fields = ["learner__username"]
    date_hierarchy = "started_on"
    ordering = ["-started_on", "-pk"]


class StudiedFilter(admin.SimpleListFilter):
    """Only the sessions of which something is left, as learners see them."""

    title = "what is left"
    parameter_name = "studied"

    def lookups(self, request, model_admin):
        return [("yes", "Turns, reviews or time")]

    def queryset(self, request, sessions):
        return sessions.studied() if self.value() else sessions


@admin.register(StudySession)
class StudySessionAdmin(InspectedAdmin):
    list_display = [
        "learner",
        "started_at",
        "last_at",
        "ended_at",
        "language",
        "kind",
        "items",
        "correct",
        "minutes",
    ]
    list_filter = ["language", "kind", StudiedFilter, "learner__native_language"]
    search_fields = ["learner__username", "=source_id"]
    date_hierarchy = "date"
    ordering = ["-started_at", "-pk"]
