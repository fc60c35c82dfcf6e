from django.contrib import admin
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.contrib.auth.admin import UserAdmin
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.text import capfirst

from lingo.models import Learner

admin.site.site_header = admin.site.site_title = "Lingo"
admin.site.index_title = "What Lingo keeps"


class InspectedAdmin(admin.ModelAdmin):
    """A list and pages to read: nothing is added, changed or deleted by hand.

    Learners are prefetched, not joined: rows of one learner may live on another
    database node than the learners.
    """

    show_full_result_count = False
    list_per_page = 50

    def get_queryset(self, request):
        found = super().get_queryset(request)
        names = {field.name for field in self.model._meta.fields}
        return found.prefetch_related("learner") if "learner" in names else found

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class InspectedInline(admin.TabularInline):
    """Rows of another model on a page, to read."""

    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(Learner)
class LearnerAdmin(UserAdmin):
    list_display = [
        "username",
        "email",
        "native_language",
        "time_zone",
        "daily_goal",
        "date_joined",
        "last_login",
        "is_active",
        "is_staff",
    ]
    list_filter = ["native_language", "is_active", "is_staff"]
    date_hierarchy = "date_joined"
    show_full_result_count = False
    fieldsets = [
        *UserAdmin.fieldsets,
        (
            "Learning",
            {
                "fields": [
                    "native_language",
                    "time_zone",
                    "daily_goal",
                    "feedback_style",
                    "monthly_cost_limit",
                    "known_words",
                    "desired_retention",
                    "new_words_a_day",
                    "easy_days",
                    "away_until",
                    "catch_up_until",
                    "minds_accents",
                    "marks_words",
                    "shows_streak",
                    "rows",
                ]
            },
        ),
    ]
    readonly_fields = ["rows"]

    def lookup_allowed(self, lookup, value, request):
        studied = lookup == "study_days__language__exact"
        return studied or super().lookup_allowed(lookup, value, request)

    @admin.display(description="what is kept")
    def rows(self, learner):
        """Links to the lists of what is the learner's, of all apps."""
        owned = [
            (one.related_model, one.field.name) for one in learner._meta.related_objects
        ]
        shown = [
            (model._meta, name)
            for model, name in owned
            if admin.site.is_registered(model)
        ]
        return format_html_join(
            " · ",
            '<a href="{}?{}__id__exact={}">{}</a>',
            (
                (
                    reverse(admin_urlname(meta, "changelist")),
                    name,
                    learner.pk,
                    capfirst(meta.verbose_name_plural),
                )
                for meta, name in shown
            ),
        )
