"""Calls that race each other on the real database, and what must hold afterwards."""

import threading
from concurrent.futures import ThreadPoolExecutor

from django.db import connections

from conversations import lifecycle, rebuilding
from conversations.models import Conversation, ConversationMessage
from conversations.turn_taking import take_turn
from progress.models import LearningProgress, StudyDay, StudySession
from vocabulary import memories
from vocabulary.models import Review, VocabularyItem

THREADS = 8
PATIENCE = 30  # seconds until a test that waits for another thread gives up


def at_once(*calls, refused=()):
    """Run the calls in threads that start together; return what each returned.

    An error of a kind in `refused` is returned too; any other fails the test.
    """
    start = threading.Barrier(len(calls))
    connections.close_all()

    def run(call):
        try:
            start.wait(PATIENCE)
            return call()
        except refused as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


def own(conversation):
    """Return the conversation as another request loads it: an object of its own."""
    return Conversation.objects.select_related("learner").get(pk=conversation.pk)


def turn(conversation, content="Hola", *, client_id="a"):
    """Return a call that takes a turn as a request of its own does."""
    return lambda: take_turn(own(conversation), content, client_id=client_id)


def move(conversation, status):
    return lambda: lifecycle.move(own(conversation), status)


def said_in(conversation):
    return list(ConversationMessage.objects.of(conversation).order_by("position"))


def assert_adds_up(learner):
    """Every figure about the learner is what the learner's own rows add up to."""
    replies = 0
    study = {"completed": 0, "seconds": 0}
    for conversation in Conversation.objects.for_learner(learner):
        messages = said_in(conversation)
        answered = [said.in_reply_to_id for said in messages if said.in_reply_to_id]
        assert [said.position for said in messages] == [*range(1, len(messages) + 1)]
        assert conversation.message_count == len(messages)
        assert conversation.total_tokens == sum(said.token_count for said in messages)
        assert conversation.total_cost == sum(said.estimated_cost for said in messages)
        assert len(answered) == len(set(answered))
        replies += len(answered)
        if conversation.progress_recorded_at:
            counted = ConversationMessage.objects.of(conversation).counted()
            study["completed"] += 1
            study["seconds"] += counted.totals()["study_seconds"]
    items = VocabularyItem.objects.for_learner(learner)
    days = StudyDay.objects.for_learner(learner).totals()
    assert days["turns"] == replies
    assert days["conversations"] == study["completed"]
    assert days["words"] == items.count()
    reviews = Review.objects.for_learner(learner).standing()
    assert days["reviews"] == reviews.count()
    for item in items:
        ratings = [review.is_correct for review in reviews.filter(item=item)]
        assert item.times_correct == sum(ratings)
        assert item.times_incorrect == len(ratings) - sum(ratings)
    assert memories.rebuild()[1] == 0  # each memory is what its reviews make it
    skills = LearningProgress.objects.for_learner(learner)
    talking = skills.filter(skill="conversation").first() or LearningProgress()
    words = skills.filter(skill="vocabulary").first() or LearningProgress()
    assert talking.sessions == talking.conversations_completed == study["completed"]
    assert talking.study_seconds == study["seconds"]
    assert words.words_learned == items.exclude(progress_recorded_at=None).count()
    sessions = StudySession.objects.for_learner(learner)
    assert sum(one.study_seconds for one in sessions) == days["study_seconds"]
    reviewed = [one for one in sessions if one.kind == "review"]
    assert sum(one.items for one in reviewed) == reviews.filter(kind="card").count()
    assert sum(one.items for one in sessions) == replies + sum(
        one.items for one in reviewed
    )
    _, mended = rebuilding.rebuild()
    assert not any(mended.values())


def while_thinking(tutor, conversation, act, refused=(), content="Hola"):
    """Take a turn and `act` while the tutor thinks of its reply; return the turn."""

    def other():
        assert tutor.started.wait(PATIENCE)
        try:
            act()
        finally:
            tutor.go_on.set()

    taken, _ = at_once(turn(conversation, content), other, refused=refused)
    return taken
