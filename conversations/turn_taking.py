"""One turn: a learner's message, the tutor's reply, and what follows from both."""

from typing import NamedTuple

import structlog
from django.utils import timezone

from conversations import lifecycle, studying, tutors, weaving
from conversations.errors import TutorFailed
from conversations.models import ConversationMessage, MetObjective, ScenarioRun
from lingo.text import storable
from lingo.writing import first_wins
from vocabulary.models import VocabularyItem

log = structlog.get_logger(__name__)


class Turn(NamedTuple):
    """A learner's message, the reply to it, and whether this call brought the reply."""

    said: ConversationMessage
    reply: ConversationMessage
    is_new: bool


def take_turn(conversation, content, *, client_id):
    """One turn, start to finish: the only place that writes a turn to all three apps.

    Returns the `Turn`. The same `client_id` again, at once or later, gives the same
    message and the same reply. While the tutor thinks, no transaction and no
    connection is held. Raises what `ConversationMessage.objects.say` raises, and
    TutorFailed where there is no reply: the message is kept, and the same call again
    answers it.
    """
    say = ConversationMessage.objects.say
    said, is_new = say(conversation, content, client_id=client_id)
    return _answer_now(said) if is_new else answer(said)


def reply_of(said):
    """Return the message that answers `said`, or None."""
    mine = ConversationMessage.objects.for_learner(said.learner_id)
    return mine.filter(in_reply_to=said).first()


def answer(said):
    """Have the tutor reply to `said`, unless it is answered; return the `Turn`.

    The reply is saved once, with what it brings. Raises TutorFailed.
    """
    answered = reply_of(said)
    return Turn(said, answered, is_new=False) if answered else _answer_now(said)


def _answer_now(said):
    conversation = said.conversation
    woven = weaving.still_open(conversation)
    used = weaving.uses(said, woven)
    unused = [word for word in woven if word not in used]
    reply = _ask_tutor(conversation, said, unused)
    named = [word for word in unused if word.item.lemma in reply.named]

    def write():
        answered = _save_reply(conversation, said, reply, used, named)
        return Turn(said, answered, is_new=True)

    def existing():
        answered = reply_of(said)
        return answered and Turn(said, answered, is_new=False)

    return first_wins(write, existing)


def open_talk(conversation):
    """Have the tutor speak first; where anybody spoke already, change nothing.

    Raises TutorFailed where it has nothing to say; the learner can begin all the same.
    """
    reply = _ask_tutor(conversation, None, weaving.still_open(conversation))
    first_wins(lambda: _save_reply(conversation, None, reply))


def _ask_tutor(conversation, said, woven):
    due_words = [word.item.lemma for word in woven]
    try:
        if said:
            return tutors.reply_to(said, due_words)
        return tutors.opening(conversation, due_words)
    except Exception as error:
        conversation_id = conversation.conversation_id
        log.exception("tutor_failed", conversation_id=conversation_id)
        raise TutorFailed(said) from error


def _save_reply(conversation, said, reply, used=(), named=()):
    """Save `reply` and all that follows from it, in the caller's transaction.

    `used` are the woven words that the message uses, each with its sentence; `named`
    are those that the reply gives away.
    """
    now = timezone.now()
    answered = ConversationMessage(
        role=ConversationMessage.Role.ASSISTANT,
        content=storable(reply.content),
        parts=reply.parts,
        cue=reply.cue,
        in_reply_to=said,
        token_count=reply.usage.tokens,
        estimated_cost=reply.usage.cost,
        processing_time_ms=reply.usage.processing_time_ms,
        created_at=now,
    )
    # Who opens the talk must be the first to speak.
    if not conversation.claim(
        [answered], lambda: said or not conversation.message_count
    ):
        return None
    learner, language = conversation.learner, conversation.language
    # The words come before the reply's row, which says which of them were new.
    words = VocabularyItem.objects.introduce(
        learner,
        language,
        reply.vocabulary,
        at=now,
        date=said.study_date if said else answered.study_date,
        level=conversation.vocabulary_level,
        source=VocabularyItem.Source.CONVERSATION,
        source_id=conversation.conversation_id,
    )
    answered.vocabulary = [
        {"word": item.word, "lemma": item.lemma, "translation": item.translation}
        for item in words
    ]
    ConversationMessage.objects.insert([answered])
    _advance_run(said, reply)
    # Words are locked before study days, here as where a word is reviewed on its card.
    weaving.record(conversation, said, used, named)
    studied = studying.record(conversation, [answered], words=words)
    if not conversation.is_active:  # closed while the tutor was thinking
        lifecycle.end_session(conversation)
    if conversation.progress_recorded_at:
        lifecycle.record_late_study(conversation, studied)
    return answered


def _advance_run(said, reply):
    """Save how far the reply brought the scenario's run, if there is one."""
    if reply.run is None:
        return
    # Two turns at once may meet the same objective: the first message to do so counts.
    MetObjective.objects.bulk_create(
        [
            MetObjective(
                learner_id=said.learner_id,
                run_id=reply.run.pk,
                objective_id=objective,
                message=said,
            )
            for objective in reply.objectives_met
        ],
        ignore_conflicts=True,
    )
    if reply.phase != reply.run.phase:
        mine = ScenarioRun.objects.filter(
            learner=said.learner_id, pk=reply.run.pk, finished_at=None
        )
        mine.update(
            phase=reply.phase,
            finished_at=None if reply.phase else timezone.now(),
        )
