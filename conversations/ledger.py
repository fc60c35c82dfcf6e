"""What language models cost: each call in its row, reserved before and settled after.

A call that begins reserves the most that it may cost, in the same transaction that
compares what is spent with the limits; so no number of calls at once exceeds them. One
row for each month is locked for it, which puts the beginnings of all calls in order.
"""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Count, F, Sum
from django.db.models.functions import Coalesce, TruncMonth
from django.utils import timezone

from conversations.errors import OverLimit, TutorBusy
from lingo.writing import first_wins

# Seconds that a call may take beyond its time-out until it counts as lost.
GRACE = 30
# What a call costs: as long as that isn't known, what was reserved for it.
COUNTED = Coalesce(F("cost"), F("reserved_cost"))
SUMS = {
    "number": Count("pk"),
    "tokens": Sum(F("tokens_in") + F("tokens_out")),
    "paid": Sum(COUNTED),
}


def month_of(moment):
    """Return the first day of the moment's calendar month, in UTC."""
    return moment.astimezone(UTC).date().replace(day=1)


def _begins(month):
    return datetime(month.year, month.month, 1, tzinfo=UTC)


class TutorCallQuerySet(models.QuerySet):
    def for_learner(self, learner):
        return self.filter(learner=learner)

    def of(self, conversation):
        """The calls of one conversation, found by learner as well as by key."""
        return self.filter(learner=conversation.learner_id, conversation=conversation)

    def about(self, conversation, said):
        """The calls for the reply to `said`; None: for the tutor's opening."""
        return self.of(conversation).filter(message=said)

    def under_way(self):
        """Those that wait for the provider and aren't lost."""
        pending = self.filter(outcome=self.model.Outcome.PENDING)
        return pending.filter(expires_at__gt=timezone.now())

    def answered(self):
        return self.filter(outcome=self.model.Outcome.OK)

    def summary_of(self, conversation):
        """Return the latest summary of its older messages, and until which position."""
        calls = self.of(conversation).answered()
        made = calls.filter(purpose=self.model.Purpose.SUMMARY).last()
        return (made.received["summary"], made.received["until"]) if made else ("", 0)

    def totals(self):
        """Return what these calls took together: (tokens, US dollars)."""
        sums = self.aggregate(
            tokens=Sum(F("tokens_in") + F("tokens_out")), cost=Sum(COUNTED)
        )
        return sums["tokens"] or 0, sums["cost"] or 0

    def by_model(self):
        """Return (model, outcome, number, tokens, US dollars) of these calls."""
        grouped = self.order_by("model", "outcome").values_list("model", "outcome")
        return grouped.annotate(**SUMS)

    def in_month(self, month):
        """Those that began in a month (its first day, in UTC)."""
        after = month_of(_begins(month) + timedelta(days=31))
        return self.filter(
            created_at__gte=_begins(month), created_at__lt=_begins(after)
        )

    def by_month(self):
        """Return {month, number, tokens, paid} of these calls, the latest first."""
        month = TruncMonth("created_at", output_field=models.DateField(), tzinfo=UTC)
        began = self.annotate(month=month)
        return began.order_by("-month").values("month").annotate(**SUMS)

    def by_conversation(self):
        """Return {conversation, number, tokens, paid} of these calls, dearest first.

        `conversation` is a key, or None for all that were deleted.
        """
        grouped = self.order_by().values("conversation").annotate(**SUMS)
        return grouped.order_by("-paid", "conversation")

    def forget(self):
        """Forget what was said in these calls; what they cost stays in the ledger."""
        return self.update(sent=[], received=None, conversation=None, message=None)


class TutorCallManager(models.Manager.from_queryset(TutorCallQuerySet)):
    def begin(self, call):
        """Save the call and reserve what it may cost, if it still needs to be made.

        Returns it, or an earlier one for the same purpose and message that was
        answered: nothing is paid twice. Raises TutorBusy while another call of the
        conversation is under way, and OverLimit.
        """

        def write():
            now = timezone.now()
            month = self._locked_month(now)
            same = self.about(call.conversation, call.message).answered()
            if done := same.filter(purpose=call.purpose).first():
                return done
            if self.of(call.conversation).under_way().exists():
                raise TutorBusy
            self._give_up_lost(call.conversation)
            self._check_limits(call, month)
            month.cost += call.reserved_cost
            month.save(update_fields=["cost"])
            call.created_at = now
            call.expires_at = now + timedelta(seconds=settings.TUTOR_TIMEOUT + GRACE)
            call.save(force_insert=True)
            return call

        return first_wins(write)

    def _locked_month(self, moment):
        from conversations.models import TutorMonth

        months = TutorMonth.objects.select_for_update()
        return months.get_or_create(month=month_of(moment))[0]

    def _give_up_lost(self, conversation):
        """End calls whose process died; what they reserved stays counted."""
        lost = self.of(conversation).filter(outcome=self.model.Outcome.PENDING)
        lost.update(outcome=self.model.Outcome.LOST)

    def _check_limits(self, call, month):
        site, limit = settings.TUTOR_SITE_LIMIT, limit_of(call.learner)
        if call.reserved_cost is None:  # of which nobody knows what it may cost
            if site is not None or limit is not None:
                raise OverLimit
            call.reserved_cost = 0
        if site is not None and month.cost + call.reserved_cost > site:
            raise OverLimit
        if limit is None:
            return
        if self.spent(call.learner, month.month) + call.reserved_cost > limit:
            raise OverLimit

    def spent(self, learner, month):
        """Return what the learner's calls of the month cost: US dollars."""
        return self.for_learner(learner).in_month(month).totals()[1]

    def end(self, call, **found):
        """Save what became of a call that was begun: outcome, cost, tokens, ….

        What is not known of the cost (None) stays counted as reserved. The answer of a
        conversation that was deleted meanwhile is not kept.
        """
        from conversations.models import TutorMonth

        mine = self.for_learner(call.learner_id).filter(pk=call.pk)
        received = found.pop("received", None)
        with transaction.atomic():
            if found["cost"] is not None:
                months = TutorMonth.objects.filter(month=month_of(call.created_at))
                months.update(cost=F("cost") + found["cost"] - call.reserved_cost)
            mine.update(**found)
            mine.filter(conversation__isnull=False).update(received=received)


def limit_of(learner):
    """Return what a month may cost for the learner: the lower limit, None for none."""
    limits = (settings.TUTOR_LEARNER_LIMIT, learner.monthly_cost_limit)
    given = [limit for limit in limits if limit is not None]
    return min(given) if given else None
