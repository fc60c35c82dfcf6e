"""One turn: a learner's message, the tutor's reply, and what follows from both."""

from typing import NamedTuple

import structlog
from django.utils import timezone

from conversations import lifecycle, studying, tutors, weaving
from conversations.errors import TutorFailed
from conversations.models import (
    ConversationMessage,
    Correction,
    MetObjective,
    ScenarioRun,
)
from conversations.tutors.reply import NoReply, TutorReply
from lingo.text import storable
from lingo.writing import first_wins
from vocabulary.models import VocabularyItem

log = structlog.get_logger(__name__)


class Turn(NamedTuple):
    """A learner's message, the reply to it, and whether this call brought the reply."""

    said: ConversationMessage
    reply: ConversationMessage
    is_new: bool


class Thought(NamedTuple):
    """What a tutor thought: its reply, and what becomes of the woven words.

    `used` are those that the message uses, each with its sentence; `named` are those
    that the reply gives away.
    """

    reply: TutorReply
    used: dict = {}
    named: list = []


def take_turn(conversation, content, *, client_id):
    """One turn, start to finish: the only place that writes a turn to all three apps.

    Returns the `Turn`. The same `client_id` again, at once or later, gives the same
    message and the same reply. While the tutor thinks, no transaction and no
    connection is held. Raises what `ConversationMessage.objects.say` raises, and
    TutorFailed where there is no reply: the message is kept, and the same call again
    answers it.
    """
    if tutors.tutor_of(conversation).answers_at_once and conversation.is_active:
        turn = _take_at_once(conversation, content, client_id)
        if turn:
            return turn
    say = ConversationMessage.objects.say
    said, is_new = say(conversation, content, client_id=client_id)
    return _answer_now(said) if is_new else answer(said)


def _take_at_once(conversation, content, client_id):
    """Save message and reply as one, where the tutor takes no time; return the `Turn`.

    Returns None, with nothing saved, where the message was said before, or the
    conversation changes meanwhile: then the message comes first. Raises TutorFailed,
    with the message kept.
    """
    said = ConversationMessage(
        role=ConversationMessage.Role.USER,
        content=storable(content),
        client_id=client_id,
    )
    position = conversation.message_count + 1
    said.place(conversation, position)
    try:
        thought = _think(said)
    except TutorFailed as failed:
        say = ConversationMessage.objects.say
        kept, is_new = say(conversation, content, client_id=client_id)
        if is_new:
            raise TutorFailed(kept) from failed
        return None

    def is_next():
        return conversation.is_active and conversation.message_count + 1 == position

    def write():
        said.pk = None  # a try that was rolled back may have given it one
        answered = _save_reply(conversation, said, thought, is_next)
        return answered and Turn(said, answered, is_new=True)

    def existing():
        mine = ConversationMessage.objects.for_learner(conversation.learner_id)
        return False if mine.filter(client_id=client_id).exists() else None

    return first_wins(write, existing) or None


def reply_of(said):
    """Return the message that answers `said`, or None."""
    mine = ConversationMessage.objects.for_learner(said.learner_id)
    return mine.filter(in_reply_to=said).first()


def answer(said, on_draft=None):
    """Have the tutor reply to `said`, unless it is answered; return the `Turn`.

    The reply is saved once, with what it brings. `on_draft` is called with its text as
    it grows, where the tutor is slow. Raises TutorFailed.
    """
    answered = reply_of(said)
    if answered:
        return Turn(said, answered, is_new=False)
    return _answer_now(said, on_draft)


def _answer_now(said, on_draft=None):
    thought = _think(said, on_draft)

    def write():
        answered = _save_reply(said.conversation, said, thought)
        return Turn(said, answered, is_new=True)

    def existing():
        answered = reply_of(said)
        return answered and Turn(said, answered, is_new=False)

    return first_wins(write, existing)


def open_talk(conversation, on_draft=None):
    """Have the tutor speak first; where anybody spoke already, change nothing.

    Raises TutorFailed where it has nothing to say; the learner can begin all the same.
    """
    woven = weaving.still_open(conversation)
    thought = Thought(_ask_tutor(conversation, None, woven, on_draft))

    def is_first():
        return not conversation.message_count

    first_wins(lambda: _save_reply(conversation, None, thought, is_first))


def _think(said, on_draft=None):
    """Return the `Thought` that answers `said`, saved or not. Raises TutorFailed."""
    woven = weaving.still_open(said.conversation)
    used = weaving.uses(said, woven)
    unused = [word for word in woven if word not in used]
    reply = _ask_tutor(said.conversation, said, unused, on_draft)
    named = [word for word in unused if word.item.lemma in reply.named]
    return Thought(reply, used, named)


def _ask_tutor(conversation, said, woven, on_draft=None):
    due_words = [word.item.lemma for word in woven]
    try:
        if said:
            return tutors.reply_to(said, due_words, on_draft)
        return tutors.opening(conversation, due_words, on_draft)
    except NoReply as error:
        raise TutorFailed(said, str(error)) from error
    except Exception as error:
        conversation_id = conversation.conversation_id
        log.exception("tutor_failed", conversation_id=conversation_id)
        raise TutorFailed(said) from error


def _save_reply(conversation, said, thought, is_allowed=lambda: True):
    """Save the reply and all that follows from it, in the caller's transaction.

    An unsaved `said` is saved with it. Returns None, with nothing done, where
    `is_allowed()` is false for the conversation as it stands.
    """
    reply, used, named = thought
    now = timezone.now()
    answered = ConversationMessage(
        role=ConversationMessage.Role.ASSISTANT,
        content=storable(reply.content),
        parts=reply.parts,
        cue=reply.cue,
        glosses=reply.glosses,
        in_reply_to=said,
        token_count=reply.usage.tokens,
        estimated_cost=reply.usage.cost,
        processing_time_ms=reply.usage.processing_time_ms,
        created_at=now,
    )
    messages = [said, answered] if said and said.pk is None else [answered]
    if not conversation.claim(messages, is_allowed, remember=reply.remembered):
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
    ConversationMessage.objects.insert(messages)
    _advance_run(said, reply)
    if said:
        Correction.objects.record(said, reply.corrections)
    # Words are locked before study days, here as where a word is reviewed on its card.
    weaving.record(conversation, said, used, named)
    studied = studying.record(conversation, messages, words=words)
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
