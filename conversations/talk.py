"""What the talk page and the summary show of a conversation, in few queries."""

from django.db.models import Prefetch, Q
from django.urls import reverse

from conversations.models import ConversationMessage
from vocabulary.models import VocabularyItem

# How many messages a page shows at first, and then with each look back.
PAGE = 50


def latest(conversation, before=None):
    """Return the last messages before a position (None: all), and if more precede."""
    messages = ConversationMessage.objects.of(conversation).before(before, PAGE + 1)
    shown = messages[-PAGE:]
    return _as_shown(conversation, shown), len(messages) > PAGE


def since(conversation, position):
    """Return the messages after `position`, the last of them where they are many."""
    messages = ConversationMessage.objects.of(conversation)
    newer = messages.filter(position__gt=position).before(None, PAGE)
    return _as_shown(conversation, newer)


def _as_shown(conversation, messages):
    """Tell of each message whether it waits for an answer, and where its words are."""
    if not messages:
        return messages
    of = ConversationMessage.objects.of(conversation)
    places = (messages[0].position, messages[-1].position)
    waiting = of.unanswered().filter(position__range=places)
    waiting = set(waiting.values_list("position", flat=True))
    urls = _word_urls(conversation, messages)
    for message in messages:
        message.is_unanswered = message.position in waiting
        for word in message.vocabulary:
            word["url"] = urls.get(word["lemma"])
    return messages


def _word_urls(conversation, messages):
    lemmas = {word["lemma"] for message in messages for word in message.vocabulary}
    mine = VocabularyItem.objects.for_learner(conversation.learner_id)
    items = mine.filter(language=conversation.language, lemma__in=lemmas)
    return {
        lemma: reverse("vocabulary:detail", args=[pk])
        for lemma, pk in items.values_list("lemma", "pk")
    }


def run_of(conversation):
    """Return the conversation's run through its scenario, or None.

    Its `steps` are the phases, each with `is_done`, `is_current` and its `aims`: the
    objectives, each with the message that met it as `said` (None: still open).
    """
    run = (
        conversation.runs.filter(learner=conversation.learner_id)
        .select_related("phase", "scenario")
        .first()
    )
    if run is None:
        return None
    mine = ConversationMessage.objects.for_learner(conversation.learner_id)
    met = {
        met.objective_id: met.message
        for met in run.met.filter(learner=conversation.learner_id).prefetch_related(
            Prefetch("message", mine)
        )
    }
    run.steps = list(run.scenario.phases.prefetch_related("objectives"))
    for phase in run.steps:
        phase.is_current = phase.pk == run.phase_id
        phase.is_done = run.phase is None or phase.position < run.phase.position
        phase.aims = [
            aim for aim in phase.objectives.all() if aim.pk in met or not aim.is_retired
        ]
        for aim in phase.aims:
            aim.said = met.get(aim.pk)
    return run


def summary(conversation):
    """Return what the conversation came to, each figure read from its rows."""
    messages = ConversationMessage.objects.of(conversation)
    mine = VocabularyItem.objects.for_learner(conversation.learner_id)
    items = mine.filter(language=conversation.language)
    studied = messages.counted().totals()["study_seconds"]
    return {
        "study_seconds": studied,
        "minutes": studied // 60,
        "said": messages.filter(Q(role=ConversationMessage.Role.USER)).count(),
        "words": items.introduced_in(conversation.conversation_id),
        "run": run_of(conversation),
    }
