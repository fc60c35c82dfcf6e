from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from conversations.ledger import TutorCallManager


class TutorMonth(models.Model):
    """What a calendar month's calls (UTC) cost together, those under way included."""

    month = models.DateField(unique=True, help_text="Its first day.")
    cost = models.DecimalField(
        max_digits=18, decimal_places=6, default=0, help_text="US dollars."
    )

    class Meta:
        ordering = ["-month"]

    def __str__(self):
        return f"{self.month:%Y-%m}"


class TutorCall(models.Model):
    """One request to a language model's provider, and what came of it.

    It outlives its conversation, without what was said: what was paid stays paid.
    """

    class Purpose(models.TextChoices):
        REPLY = "reply", "Reply"
        REASK = "re-ask", "Asked again after checks"
        SUMMARY = "summary", "Summary of older messages"

    class Outcome(models.TextChoices):
        PENDING = "pending", "Under way"
        OK = "ok", "Answered"
        TIMED_OUT = "time-out", "Timed out"
        RATE_LIMITED = "rate-limited", "Rate limited"
        ERROR = "error", "Error"
        MALFORMED = "malformed", "Malformed"
        EMPTY = "empty", "Empty"
        REFUSED = "refused", "Refused"
        LOST = "lost", "Lost"

    FAILURES = (
        Outcome.TIMED_OUT,
        Outcome.RATE_LIMITED,
        Outcome.ERROR,
        Outcome.MALFORMED,
        Outcome.EMPTY,
        Outcome.REFUSED,
        Outcome.LOST,
    )

    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="tutor_calls",
        db_index=False,  # the index begins with it
    )
    conversation = models.ForeignKey(
        "conversations.Conversation",
        on_delete=models.SET_NULL,
        null=True,
        related_name="tutor_calls",
    )
    message = models.ForeignKey(
        "conversations.ConversationMessage",
        on_delete=models.SET_NULL,
        null=True,
        related_name="tutor_calls",
        help_text="The learner's message to be answered; none for an opening.",
    )
    model = models.CharField(max_length=200)
    prompt_version = models.PositiveSmallIntegerField()
    purpose = models.CharField(max_length=16, choices=Purpose)
    outcome = models.CharField(max_length=16, choices=Outcome, default=Outcome.PENDING)
    detail = models.CharField(max_length=300, blank=True)
    sent = models.JSONField(default=list, help_text="[{role, content}], in order.")
    received = models.JSONField(null=True, help_text="The answer, once it is checked.")
    tokens_in = models.PositiveIntegerField(default=0)
    tokens_out = models.PositiveIntegerField(default=0)
    reserved_cost = models.DecimalField(
        max_digits=12, decimal_places=6, default=0, help_text="US dollars at most."
    )
    cost = models.DecimalField(
        max_digits=12,
        decimal_places=6,
        null=True,
        help_text="US dollars; where it isn't known, what was reserved counts.",
    )
    time_ms = models.PositiveIntegerField(default=0)
    dropped_corrections = models.PositiveSmallIntegerField(
        default=0, help_text="Those that were no minimal edits of the message."
    )
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(help_text="From then on it counts as lost.")

    objects = TutorCallManager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "conversation"],
                name="tutor_call_one_under_way",
                condition=Q(outcome="pending"),
            ),
            models.CheckConstraint(
                condition=Q(cost=None) | Q(cost__gte=0),
                name="tutor_call_cost_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(reserved_cost__gte=0),
                name="tutor_call_reserve_not_negative",
            ),
        ]
        indexes = [
            # What a learner's month has cost so far.
            models.Index(fields=["learner", "created_at"], name="tutor_call_by_time"),
        ]

    @property
    def answer(self):
        """The text of what came back, or ""."""
        received = self.received or {}
        return received.get("reply") or received.get("summary", "")

    @property
    def seconds(self):
        return self.time_ms / 1000

    def __str__(self):
        return f"{self.get_purpose_display()}: {self.get_outcome_display()}"
