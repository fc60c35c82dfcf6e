"""Whoever replies to a learner. One door: `reply_to`, and `opening` to speak first.

A new tutor is a file with one `reply.Tutor`, which makes a `TutorReply` of a
`TutorRequest`, and a line in TUTORS.
"""

import time

from django.utils import timezone
from django.utils.module_loading import import_string

from conversations.tutors import asking
from conversations.tutors.content import Prompt
from conversations.tutors.reply import Run, RunPhase, Said, TutorRequest, Usage
from lingo.writing import release_connection
from vocabulary import glossary

# How many of the latest messages a tutor is given.
MEMORY = 60


GUIDED = "guided"
TUTORS = {
    GUIDED: "conversations.tutors.guided.GuidedTutor",
    "model": "conversations.tutors.model.ModelTutor",
}


def tutor_of(conversation):
    """Return the `Tutor` of the conversation; the guided one where it is unknown."""
    return import_string(TUTORS.get(conversation.tutor, TUTORS[GUIDED]))()


def on_offer():
    """Return the labels of the tutors that a new conversation can have, by name."""
    every = {name: import_string(path)() for name, path in TUTORS.items()}
    return {name: tutor.label for name, tutor in every.items() if tutor.is_offered}


def reply_to(said, due_words=(), on_draft=None):
    """Return the tutor's `TutorReply` to the message `said`; the message isn't changed.

    `due_words` are the lemmas that the talk should give occasion to use; `on_draft` is
    called with the text as it grows, by a tutor that is slow. No database connection is
    held while the tutor thinks. Raises whatever the tutor raises.
    """
    return _think(_request(said.conversation, said, due_words), on_draft)


def opening(conversation, due_words=(), on_draft=None):
    """Return the `TutorReply` with which the tutor opens the conversation."""
    return _think(_request(conversation, None, due_words), on_draft)


def _think(request, on_draft=None):
    tutor = tutor_of(request.conversation)
    release_connection()
    started = time.perf_counter()
    reply = tutor.reply(request, on_draft)
    took = round((time.perf_counter() - started) * 1000)
    reply.usage = Usage(reply.usage.tokens, reply.usage.cost, took)
    return reply


def _request(conversation, said, due_words):
    """Read all that the tutor needs: a constant number of statements.

    Two more where the learner asks what a word means or is called.
    """
    history = []
    learner, language = conversation.learner, conversation.language
    if said:
        messages = (
            type(said).objects.of(conversation).defer("parts", "vocabulary", "glosses")
        )
        history = [
            Said(message.role, message.content, message.cue)
            for message in messages.before(said.position, MEMORY)
        ]
    run = _run(conversation) if conversation.scenario_id else None
    native_language = (run and run.native_language) or learner.native_language
    words = asking.words_in(said.content, language, native_language) if said else []
    return TutorRequest(
        content=said and said.content,
        language=language,
        native_language=native_language,
        level=conversation.vocabulary_level,
        topic=conversation.topic,
        turn=said.position // 2 if said else 0,
        history=history,
        run=run,
        due_words=list(due_words),
        conversation=conversation,
        said=said,
        now=timezone.localtime(timezone.now(), learner.zone),
        remembered=conversation.remembered,
        meanings=glossary.translations(language, words, native_language),
        sayings=glossary.translations(native_language, words, language),
    )


def _run(conversation):
    run = (
        conversation.runs.filter(learner=conversation.learner_id)
        .select_related("scenario")
        .get()
    )
    scenario = run.scenario
    phases = [
        RunPhase(
            phase.pk,
            phase.slug,
            {
                objective.pk: (
                    f"{scenario.slug}/{phase.slug}/{objective.slug}",
                    Prompt.trusted(objective.prompt),
                )
                for objective in phase.objectives.all()
            },
        )
        for phase in scenario.phases.prefetch_related("objectives")
    ]
    met = run.met.filter(learner=conversation.learner_id)
    return Run(
        pk=run.pk,
        slug=scenario.slug,
        phases=phases,
        phase=run.phase_id,
        met=set(met.values_list("objective_id", flat=True)),
        closing=scenario.closing,
        words=scenario.words,
        native_language=scenario.native_language,
    )
