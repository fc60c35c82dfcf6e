"""How good corrections are: staff reads messages drawn at random, and judges.

What learners disagree with is no fair sample, and says nothing of what was missed. So
hit, wrong, over-correction and missed rates come from messages drawn at random.
"""

import random
from collections import Counter

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, Sum
from django.utils import timezone

from conversations.feedback.correcting import FINDERS
from conversations.models import ConversationMessage, Correction, MessageCheck
from conversations.staff_tables import Cell, Table, listed
from lingo.writing import first_wins

Verdict = Correction.Verdict


def draw(language=""):
    """Return an answered message of a learner's, not checked yet, drawn at random.

    None where there is none (left). Keys are drawn evenly, and the next message after
    one is taken. Three queries.
    """
    checked = MessageCheck.objects.filter(
        learner=OuterRef("learner"), message=OuterRef("pk")
    )
    replied = ConversationMessage.objects.filter(
        learner=OuterRef("learner"), in_reply_to=OuterRef("pk")
    )
    waiting = ConversationMessage.objects.filter(
        ~Exists(checked), Exists(replied), role=ConversationMessage.Role.USER
    )
    if language:
        waiting = waiting.filter(language=language)
    ends = waiting.aggregate(first=Min("pk"), last=Max("pk"))
    if ends["first"] is None:
        return None
    at = random.randint(ends["first"], ends["last"])  # noqa: S311
    return waiting.filter(pk__gte=at).order_by("pk").first()


def check(message, verdicts, missed, by):
    """Save what staff thinks of a message: verdicts by correction, errors missed.

    Raises ValueError where the verdicts are not of exactly its corrections. Whoever
    checks it first decides; returns whether that was this call.
    """
    of_message = Correction.objects.of([message])
    now = timezone.now()

    def write():
        if {found.pk for found in of_message} != set(verdicts):
            raise ValueError("The verdicts are of other corrections.")
        made = MessageCheck.objects.create(
            learner_id=message.learner_id,
            message=message,
            language=message.language,
            said_at=message.created_at,
            missed=missed,
            checked_at=now,
            checked_by=by.username,
        )
        for verdict in set(verdicts.values()):
            keys = [pk for pk, one in verdicts.items() if one == verdict]
            Correction.objects.judge(of_message.filter(pk__in=keys), verdict, by)
        return bool(made)

    def existing():
        checks = MessageCheck.objects.filter(
            learner=message.learner_id, message=message
        )
        return False if checks.exists() else None

    return first_wins(write, existing)


def quality(scope):
    """Return the table of how good each source is: three queries."""
    found = Correction.objects.filter(**scope.where(moment="created_at"))
    checks = MessageCheck.objects.filter(**scope.where(moment="said_at"))
    is_checked = Exists(
        MessageCheck.objects.filter(
            learner=OuterRef("learner"), message=OuterRef("message")
        )
    )
    disputed = Q(disputed_at__isnull=False)
    judged = ~Q(verdict="")
    of_sources = (
        found.order_by()
        .values("source")
        .annotate(
            all=Count("pk"),
            disputed=Count("pk", filter=disputed),
            accepted=Count("pk", filter=disputed & judged & ~Q(verdict=Verdict.RIGHT)),
            rejected=Count("pk", filter=disputed & Q(verdict=Verdict.RIGHT)),
        )
    )
    counts = {row["source"]: row for row in of_sources}
    verdicts = {
        (row["source"], row["verdict"]): row["number"]
        for row in found.filter(is_checked, judged)
        .order_by()
        .values("source", "verdict")
        .annotate(number=Count("pk"))
    }
    missed = checks.aggregate(messages=Count("pk"), missed=Sum("missed"))
    located = Counter()  # the errors that each source found, whatever it made of them
    for (source, verdict), number in verdicts.items():
        if verdict != Verdict.UNNEEDED:
            located[source] += number
    errors = (missed["missed"] or 0) + located.total()
    rows = [
        [
            *_row(scope, source, label, counts[source], verdicts),
            Cell(None),
            Cell(_share(errors - located[source], errors)),
        ]
        for source, label in FINDERS
        if source in counts
    ]
    if missed["messages"]:
        link = listed(MessageCheck, scope.where(moment="said_at"))
        blank = [Cell(None)] * (len(COLUMNS) - 3)
        share = _share(missed["missed"], errors)
        rows.append(
            [Cell("All sources"), *blank, Cell(missed["messages"], link), Cell(share)]
        )
    return Table(
        "corrections",
        "Corrections",
        "Hit, wrong (an error, but another correction) and unneeded (no error) are "
        "shares of the corrections in messages that staff drew at random and checked; "
        "missed is the share of those messages’ errors that this source, or none of "
        "them, found. An error has one correction, of the source that is surest.",
        COLUMNS,
        rows,
    )


COLUMNS = (
    "Source",
    "Corrections",
    "Disputed",
    "Dispute accepted",
    "Dispute rejected",
    "Checked",
    "Hit",
    "Wrong",
    "Unneeded",
    "Messages checked",
    "Missed",
)


def _row(scope, source, label, counts, verdicts):
    where = {**scope.where(moment="created_at"), "source__exact": source}
    of = [verdicts.get((source, verdict), 0) for verdict in Verdict.values]
    checked = sum(of)
    shares = [Cell(_share(number, checked)) for number in of]

    def link(**more):
        return listed(Correction, {**where, **more})

    return [
        Cell(label),
        Cell(counts["all"], link()),
        Cell(counts["disputed"], link(disagreement="any")),
        Cell(
            counts["accepted"],
            link(disagreement="decided", verdict__in="wrong,unneeded"),
        ),
        Cell(counts["rejected"], link(disagreement="decided", verdict__exact="right")),
        Cell(checked, link(message__checks__isnull="0")),
        *shares,
    ]


def _share(number, of):
    return number / of if of else None
