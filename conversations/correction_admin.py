"""Corrections in the admin: the queue of those that learners disagree with."""

from django.contrib import admin

from conversations.models import (
    Correction,
    MessageCheck,
    WeakPoint,
    WeakPointReview,
)
from lingo.admin import InspectedAdmin

Verdict = Correction.Verdict


class QueueFilter(admin.SimpleListFilter):
    """Whether a learner disagrees, and whether that has been judged."""

    title = "disagreement"
    parameter_name = "disagreement"

    def lookups(self, request, model_admin):
        return [
            ("waiting", "Waiting for a verdict"),
            ("decided", "Judged"),
            ("any", "Any"),
        ]

    def queryset(self, request, corrections):
        disputed = corrections.filter(disputed_at__isnull=False)
        match self.value():
            case "waiting":
                return corrections.waiting()
            case "decided":
                return disputed.exclude(verdict="")
            case "any":
                return disputed
        return corrections


@admin.register(Correction)
class CorrectionAdmin(InspectedAdmin):
    """What was corrected; a verdict is all that can be said of it."""

    list_display = [
        "__str__",
        "learner",
        "sentence",
        "category",
        "priority",
        "source",
        "confidence",
        "disputed_at",
        "verdict",
    ]
    list_filter = [
        QueueFilter,
        "source",
        "language",
        "category",
        "priority",
        "verdict",
        "learner__native_language",
    ]
    search_fields = ["original", "corrected", "learner__username"]
    date_hierarchy = "created_at"
    list_select_related = ["message"]
    actions = ["reject", "accept_wrong", "accept_unneeded"]

    def get_ordering(self, request):
        """Return the order: of the queue, who waits longest first; else the newest."""
        if request.GET.get(QueueFilter.parameter_name) == "waiting":
            return ["disputed_at", "pk"]
        return ["-created_at", "-pk"]

    def lookup_allowed(self, lookup, value, request):
        is_check = lookup == "message__checks__isnull"
        return is_check or super().lookup_allowed(lookup, value, request)

    @admin.display(description="message")
    def sentence(self, correction):
        return correction.message.content[:200]

    def has_judge_permission(self, request):
        return request.user.has_perm("conversations.change_correction")

    def _judge(self, request, corrections, verdict):
        judged = Correction.objects.judge(corrections, verdict, request.user)
        self.message_user(request, f"Judged “{verdict.label}”: {judged}.")

    @admin.action(
        description="Reject the disagreement: the correction is right",
        permissions=["judge"],
    )
    def reject(self, request, corrections):
        self._judge(request, corrections, Verdict.RIGHT)

    @admin.action(
        description="Accept it: an error, but another correction",
        permissions=["judge"],
    )
    def accept_wrong(self, request, corrections):
        self._judge(request, corrections, Verdict.WRONG)

    @admin.action(description="Accept it: there is no error", permissions=["judge"])
    def accept_unneeded(self, request, corrections):
        self._judge(request, corrections, Verdict.UNNEEDED)


@admin.register(MessageCheck)
class MessageCheckAdmin(InspectedAdmin):
    list_display = ["message", "learner", "language", "missed", "checked_at"]
    list_filter = ["language", "checked_by", "learner__native_language"]
    search_fields = ["learner__username", "checked_by"]
    date_hierarchy = "checked_at"
    ordering = ["-checked_at", "-pk"]
    list_select_related = ["message"]


@admin.register(WeakPoint)
class WeakPointAdmin(InspectedAdmin):
    list_display = ["category", "learner", "language", "reviewed", "stability", "due"]
    list_filter = ["language", "category", "state", "learner__native_language"]
    search_fields = ["learner__username"]
    date_hierarchy = "due"
    ordering = ["due", "pk"]


@admin.register(WeakPointReview)
class WeakPointReviewAdmin(InspectedAdmin):
    list_display = ["weak_point", "learner", "rating", "correction", "reviewed_at"]
    list_filter = ["rating", "weak_point__language", "weak_point__category"]
    search_fields = ["learner__username"]
    date_hierarchy = "reviewed_at"
    ordering = ["-reviewed_at", "-pk"]
    list_select_related = ["weak_point", "correction"]
