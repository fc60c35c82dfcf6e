from django.contrib import admin

from lingo.admin import InspectedAdmin
from progress.models import LearningProgress, StudyDay


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
        "words",
        "minutes",
    ]
    list_filter = ["language"]
    search_fields = ["learner__username"]
    date_hierarchy = "date"
    ordering = ["-date", "-pk"]
