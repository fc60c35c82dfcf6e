"""What achievements measure of conversations; see `progress.measures`."""

from django.db.models import Min

from conversations.models import (
    Conversation,
    ConversationMessage,
    MetObjective,
    ScenarioRun,
)
from progress.measures import Counted, Proof


def turns(learner):
    replies = ConversationMessage.objects.for_learner(learner).filter(
        in_reply_to__isnull=False
    )
    rows = replies.order_by("created_at", "pk")
    return Counted(
        rows.values_list("created_at", "position", "conversation"),
        lambda at, position, pk: _proof(learner, at, position, pk=pk),
    )


def conversations(learner):
    rows = _completed(learner).order_by("ended_at", "pk")
    return Counted(
        rows.values_list("ended_at", "pk"),
        lambda at, pk: _proof(learner, at, pk=pk),
    )


def topics(learner):
    return _kinds(learner, _completed(learner).exclude(topic=""), "topic")


def focuses(learner):
    return _kinds(learner, _completed(learner), "learning_focus")


def scenario_runs(learner):
    rows = _finished(learner).order_by("finished_at", "pk")
    return Counted(
        rows.values_list("finished_at", "conversation"),
        lambda at, pk: _proof(learner, at, pk=pk),
    )


def scenarios(learner):
    """Different scenarios that were played to their end."""
    finished = _finished(learner)

    def prove(at, slug):
        pks = finished.filter(finished_at=at, scenario__slug=slug)
        pks = pks.values("conversation")
        return _proof(learner, at, pk__in=pks)

    slug = "scenario__slug"  # of all its versions
    firsts = finished.order_by().values(slug).annotate(first=Min("finished_at"))
    return Counted(firsts.order_by("first", slug).values_list("first", slug), prove)


def objectives(learner):
    messages = ConversationMessage.objects.for_learner(learner)

    def prove(pk):
        said = messages.filter(pk=pk).values_list(
            "created_at", "position", "conversation"
        )
        for at, position, conversation in said:
            return _proof(learner, at, position, pk=conversation)
        return None

    # They are saved in the order in which they are met.
    met = MetObjective.objects.filter(learner=learner).order_by("pk")
    return Counted(met.values_list("message"), prove)


def _completed(learner):
    mine = Conversation.objects.for_learner(learner)
    return mine.filter(progress_recorded_at__isnull=False)


def _finished(learner):
    return ScenarioRun.objects.filter(learner=learner, finished_at__isnull=False)


def _kinds(learner, rows, column):
    """Count how many different values the column has in these conversations."""
    firsts = rows.order_by().values(column).annotate(first=Min("ended_at"))
    return Counted(
        firsts.order_by("first", column).values_list("first", column),
        lambda at, value: _proof(learner, at, ended_at=at, **{column: value}),
    )


def _proof(learner, at, position=None, **which):
    """Prove a figure by a conversation, or by its message at `position`."""
    mine = Conversation.objects.for_learner(learner).filter(**which).order_by("pk")
    conversation_id = mine.values_list("conversation_id", flat=True).first()
    if conversation_id is None:
        return None
    evidence = {"kind": "conversation", "conversation_id": conversation_id}
    return Proof(at, evidence | ({"position": position} if position else {}))
