from django.contrib import admin, messages
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join

from conversations import correction_admin, lifecycle, scenario_admin  # noqa: F401
from conversations.errors import ConversationError
from conversations.grammar_forms import GrammarChartForm
from conversations.models import (
    Conversation,
    ConversationMessage,
    GrammarChart,
    TutorCall,
    TutorMonth,
    WovenWord,
)
from lingo.admin import InspectedAdmin

# How many messages a conversation's page shows.
SHOWN = 200


@admin.register(Conversation)
class ConversationAdmin(InspectedAdmin):
    """A conversation and its transcript, to read; its state may be moved."""

    list_display = [
        "title",
        "learner",
        "language",
        "status",
        "scenario",
        "message_count",
        "unanswered",
        "total_tokens",
        "total_cost",
        "last_message_at",
    ]
    list_filter = [
        "language",
        "status",
        "learning_focus",
        "vocabulary_level",
        "scenario__category",
        "learner__native_language",
    ]
    search_fields = ["title", "conversation_id", "topic", "learner__username"]
    date_hierarchy = "started_at"
    ordering = ["-last_message_at", "-pk"]
    list_select_related = ["scenario"]
    readonly_fields = ["transcript"]
    actions = ["pause", "complete", "archive"]

    class Media:
        css = {"all": ["conversations/admin.css"]}

    def get_queryset(self, request):
        waiting = (
            ConversationMessage.objects.filter(
                learner=OuterRef("learner"), conversation=OuterRef("pk")
            )
            .unanswered()
            .order_by()
            .values("conversation")
            .annotate(number=Count("pk"))
            .values("number")
        )
        found = super().get_queryset(request)
        return found.annotate(number_unanswered=Coalesce(Subquery(waiting), 0))

    @admin.display(description="unanswered", ordering="number_unanswered")
    def unanswered(self, conversation):
        return conversation.number_unanswered

    @admin.display(description="transcript")
    def transcript(self, conversation):
        said = ConversationMessage.objects.of(conversation).before(None, SHOWN)
        rows = format_html_join(
            "\n",
            '<li class="{}"><span>{}. {} · {} · {} tokens · {}</span>'
            '<p lang="{}" dir="auto">{}</p></li>',
            (
                (
                    message.role,
                    message.position,
                    message.role,
                    formats.localize(timezone.localtime(message.created_at)),
                    message.token_count,
                    message.estimated_cost,
                    message.language,
                    message.content,
                )
                for message in said
            ),
        )
        address = reverse("admin:conversations_conversationmessage_changelist")
        return format_html(
            '<ol class="lingo-transcript">{}</ol>'
            '<a href="{}?conversation__id__exact={}">All messages</a>',
            rows,
            address,
            conversation.pk,
        )

    def has_delete_permission(self, request, obj=None):
        return admin.ModelAdmin.has_delete_permission(self, request, obj)

    def delete_model(self, request, conversation):
        lifecycle.delete(conversation)

    def delete_queryset(self, request, conversations):
        for conversation in conversations:
            lifecycle.delete(conversation)

    def get_deleted_objects(self, conversations, request):
        """Deleting takes messages and runs along, whatever their own permissions."""
        counts = {
            "conversations": len(conversations),
            "messages": sum(found.message_count for found in conversations),
        }
        return [str(found) for found in conversations], counts, set(), []

    def _move(self, request, conversations, status):
        moved = 0
        for conversation in conversations:
            try:
                lifecycle.move(conversation, status)
                moved += 1
            except ConversationError as error:
                self.message_user(
                    request, f"{conversation}: {error}", level=messages.WARNING
                )
        self.message_user(request, f"{moved} conversations are {status} now.")

    @admin.action(description="Pause", permissions=["delete"])
    def pause(self, request, conversations):
        self._move(request, conversations, Conversation.Status.PAUSED)

    @admin.action(description="Complete", permissions=["delete"])
    def complete(self, request, conversations):
        self._move(request, conversations, Conversation.Status.COMPLETED)

    @admin.action(description="Archive", permissions=["delete"])
    def archive(self, request, conversations):
        self._move(request, conversations, Conversation.Status.ARCHIVED)


@admin.register(ConversationMessage)
class ConversationMessageAdmin(InspectedAdmin):
    list_display = [
        "shortened",
        "learner",
        "conversation",
        "position",
        "role",
        "language",
        "token_count",
        "estimated_cost",
        "processing_time_ms",
        "created_at",
    ]
    list_filter = ["role", "language", "learner__native_language"]
    search_fields = ["content", "client_id", "learner__username"]
    date_hierarchy = "created_at"
    ordering = ["-created_at", "-pk"]
    list_select_related = ["conversation"]

    def lookup_allowed(self, lookup, value, request):
        of = ("id", "tutor", "language")
        own = lookup in {f"conversation__{name}__exact" for name in of}
        return own or super().lookup_allowed(lookup, value, request)

    @admin.display(description="message")
    def shortened(self, message):
        return (
            f"{message.content[:80]}…" if len(message.content) > 80 else message.content
        )


@admin.register(WovenWord)
class WovenWordAdmin(InspectedAdmin):
    list_display = ["item", "learner", "conversation", "help", "used_in"]
    list_filter = ["help"]
    search_fields = ["learner__username", "item__lemma"]
    ordering = ["-pk"]
    list_select_related = ["item", "conversation", "used_in"]


@admin.register(TutorCall)
class TutorCallAdmin(InspectedAdmin):
    """Requests to language models. What was said in them is on their own pages."""

    list_display = [
        "created_at",
        "learner",
        "model",
        "purpose",
        "outcome",
        "tokens_in",
        "tokens_out",
        "cost",
        "reserved_cost",
        "time_ms",
        "dropped_corrections",
    ]
    list_filter = ["outcome", "purpose", "model", "prompt_version"]
    search_fields = ["learner__username", "detail"]
    date_hierarchy = "created_at"
    ordering = ["-created_at", "-pk"]


@admin.register(TutorMonth)
class TutorMonthAdmin(InspectedAdmin):
    list_display = ["month", "cost"]
    date_hierarchy = "month"
    search_fields = ["month"]


@admin.register(GrammarChart)
class GrammarChartAdmin(InspectedAdmin):
    """Charts come from content files, and may be edited."""

    form = GrammarChartForm
    fields = ["page", "language", "slug", *GrammarChartForm.Meta.fields, "is_edited"]
    readonly_fields = ["page", "language", "slug", "is_edited"]
    list_display = ["slug", "language", "__str__", "is_edited", "updated_at"]
    list_filter = ["language", "is_edited"]
    search_fields = ["slug"]
    actions = ["take_back"]

    def has_change_permission(self, request, obj=None):
        return admin.ModelAdmin.has_change_permission(self, request, obj)

    @admin.display(description="page")
    def page(self, chart):
        return format_html(
            '<a href="{}">See it as learners do</a>', chart.get_absolute_url()
        )

    def save_model(self, request, chart, form, change):
        chart.is_edited = chart.is_edited or form.has_changed()
        chart.save()

    @admin.action(
        description="Give back to the content files, which load_content reads",
        permissions=["change"],
    )
    def take_back(self, request, charts):
        given = charts.update(is_edited=False)
        self.message_user(request, f"Given back, for the next load_content: {given}.")
