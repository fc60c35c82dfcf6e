"""Corrections: kept with the message, in the turn's own transaction."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conversations import lifecycle, turn_taking
from conversations.feedback import correcting
from conversations.feedback.candidates import Candidate
from conversations.models import Conversation, ConversationMessage, Correction
from conversations.turn_taking import take_turn
from tests.factories import ConversationFactory, LearnerFactory, reply

WRONG = "Yo soy 20 años y la problema es dificil."


@pytest.fixture
def corrected(conversation):
    """A learner's message with three corrections."""
    return take_turn(conversation, WRONG, client_id="a").said


def candidate(start=0, end=2, original="Yo", corrected="Tú", **more):
    fields = {
        "category": "pronoun",
        "priority": "minor",
        "reason": "Why.",
        "source": "model",
        "confidence": 0.5,
        **more,
    }
    return Candidate(start, end, original, corrected, **fields)


def test_a_turn_keeps_what_the_guided_tutor_corrects(corrected, learner):
    found = list(Correction.objects.for_learner(learner).order_by("start"))

    assert [(one.original, one.corrected) for one in found] == [
        ("soy", "tengo"),
        ("la", "el"),
        ("dificil", "difícil"),
    ]
    for one in found:
        assert corrected.content[one.start : one.end] == one.original
        assert (one.message, one.language) == (corrected, "es")
        assert one.created_at == corrected.created_at
    assert str(found[0]) == "soy → tengo"
    assert found[0].source == "rule"


def test_a_source_that_somebody_adds_is_a_class_and_a_place(conversation):
    class Oracle:
        name, label = "oracle", "The oracle"

        def find(self, writing):
            return [candidate(3, 6, "voy", "iré", source=self.name, confidence=1)]

    correcting.SOURCES.append(Oracle())
    try:
        said = take_turn(conversation, "Yo voy.", client_id="a").said
    finally:
        correcting.SOURCES.pop()

    assert [(one.corrected, one.source) for one in said.corrections.all()] == [
        ("iré", "oracle")
    ]


def test_everybody_who_finds_some_has_a_name_for_people(corrected):
    shown = {one.get_source_display() for one in corrected.corrections.all()}

    assert shown == {"Rule", "Agreement", "Spelling"}
    assert [name for name, _ in correcting.FINDERS] == [
        *(source.name for source in correcting.SOURCES),
        "model",
    ]


def test_reasons_are_in_the_native_language(db):
    learner = LearnerFactory(native_language="de")
    conversation = ConversationFactory(learner=learner)

    said = take_turn(conversation, "Me gusta muy mucho.", client_id="a").said

    assert said.corrections.get().reason.startswith("„Muy“ steht nie")


def test_a_repeated_turn_keeps_them_once(conversation, corrected):
    take_turn(conversation, WRONG, client_id="a")

    assert Correction.objects.count() == 3


def test_what_a_model_tutor_corrects_is_kept(conversation, tutor):
    conversation.tutor = "model"
    tutor.reply = lambda: reply(corrections=[candidate()])

    said = take_turn(conversation, "Yo voy.", client_id="a").said

    assert said.corrections.get().source == "model"


@pytest.mark.parametrize("kind", ["guided", "model"])
def test_they_take_one_statement_and_none_without_any(conversation, tutor, kind):
    conversation.tutor = kind

    def statements(client_id, corrections):
        tutor.reply = lambda: reply(corrections=corrections)
        with CaptureQueriesContext(connection) as captured:
            take_turn(conversation, "Yo voy.", client_id=client_id)
        return len(captured)

    statements("first", [])  # which begins a session of study
    without = statements("a", [])
    assert statements("b", [candidate()]) == without + 1
    many = [candidate(n, n + 1, "Yo voy."[n]) for n in range(7)]
    assert statements("c", many) == without + 1


def test_they_are_saved_with_the_turn_or_not_at_all(conversation, tutor, monkeypatch):
    tutor.reply = lambda: reply(corrections=[candidate()])

    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(turn_taking.studying, "record", fail)
    with pytest.raises(RuntimeError):
        take_turn(conversation, "Yo voy.", client_id="a")

    assert not Correction.objects.exists()


def test_the_opening_of_a_talk_corrects_nothing(conversation):
    turn_taking.open_talk(conversation)

    assert not Correction.objects.exists()


def test_deleting_a_conversation_takes_them_along(conversation, corrected):
    lifecycle.delete(Conversation.objects.get())

    assert not Correction.objects.exists()


@pytest.mark.parametrize(
    "broken",
    [
        {"end": 3},
        {"start": 1},
        {"corrected": "Yo"},
        {"reason": ""},
        {"confidence": 1.5},
        {"confidence": -0.5},
        {"category": "style"},
        {"priority": "urgent"},
        {"source": ""},
    ],
)
def test_what_must_never_be_false_never_is(conversation, broken):
    said = take_turn(conversation, "Yo voy.", client_id="a").said

    with pytest.raises(IntegrityError), transaction.atomic():
        Correction.objects.record(said, [candidate(**broken)])


def test_a_place_is_corrected_once(conversation):
    said = take_turn(conversation, "Yo voy.", client_id="a").said

    with pytest.raises(IntegrityError), transaction.atomic():
        Correction.objects.record(said, [candidate(), candidate(corrected="Él")])


@pytest.mark.parametrize(
    "broken",
    [
        {"verdict": "right"},
        {"verdict": "maybe", "decided_at": "2026-11-01T12:00Z"},
        {"decided_at": "2026-11-01T12:00Z"},
    ],
)
def test_a_verdict_is_whole_and_known(corrected, broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        corrected.corrections.update(**broken)


def test_disagreeing_is_noted_once(corrected):
    correction = corrected.corrections.first()

    first = Correction.objects.dispute(correction).disputed_at
    again = Correction.objects.dispute(correction).disputed_at

    assert first == again <= timezone.now()
    assert correction.outcome is None


@pytest.mark.parametrize(
    ("verdict", "outcome", "is_withdrawn"),
    [
        ("right", "rejected", False),
        ("wrong", "accepted", True),
        ("unneeded", "accepted", True),
    ],
)
def test_a_verdict_settles_what_the_learner_disagrees_with(
    corrected, verdict, outcome, is_withdrawn
):
    correction = corrected.corrections.first()
    Correction.objects.dispute(correction)
    mine = Correction.objects.filter(pk=correction.pk)

    assert Correction.objects.judge(mine, verdict, LearnerFactory(username="eva")) == 1

    correction.refresh_from_db()
    assert (correction.outcome, correction.is_withdrawn) == (outcome, is_withdrawn)
    assert correction.decided_by == "eva"
    assert not Correction.objects.waiting().exists()
    standing = Correction.objects.standing().filter(pk=correction.pk)
    assert standing.exists() is not is_withdrawn


def test_a_verdict_without_disagreement_has_no_outcome(corrected):
    Correction.objects.judge(corrected.corrections.all(), "wrong", LearnerFactory())

    assert corrected.corrections.first().outcome is None


def test_a_transcript_tracks_them_and_takes_them_back(conversation, corrected):
    before = conversation.as_transcript()
    tracked = before["context_data"]["mistakes_tracked"]
    assert tracked[0] == {
        "position": 1,
        "original": "soy",
        "corrected": "tengo",
        "category": "verb-choice",
        "priority": "important",
        "reason": corrected.corrections.order_by("start")[0].reason,
    }
    assert len(tracked) == 3

    again = Conversation.objects.save_transcript(conversation.learner, before)

    assert again.as_transcript() == before


def test_a_transcript_keeps_the_mistakes_of_elsewhere_beside_its_own(
    conversation, corrected
):
    data = conversation.as_transcript()
    elsewhere = {"original": "ser", "corrected": "estar"}
    data["context_data"]["mistakes_tracked"].append(elsewhere)

    again = Conversation.objects.save_transcript(conversation.learner, data)

    tracked = again.as_transcript()["context_data"]["mistakes_tracked"]
    assert len(tracked) == 4
    assert elsewhere in tracked


def test_what_staff_took_back_is_no_mistake_in_the_transcript(conversation, corrected):
    Correction.objects.judge(corrected.corrections.all(), "unneeded", LearnerFactory())

    assert conversation.as_transcript()["context_data"]["mistakes_tracked"] == []


def test_a_message_kept_from_elsewhere_is_not_corrected(conversation):
    message = ConversationMessage(role="user", content=WRONG, client_id="a")
    ConversationMessage.objects.keep(conversation, message)

    assert not Correction.objects.exists()
