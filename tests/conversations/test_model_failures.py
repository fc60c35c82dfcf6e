"""A provider that fails, in each way that one does: nothing is lost or paid twice."""

import time
from decimal import Decimal

import pytest

from conversations import turn_taking, tutors
from conversations.errors import TutorFailed
from conversations.models import ConversationMessage, TutorCall
from conversations.turn_taking import take_turn
from conversations.tutors import model
from conversations.tutors.provider import warm_up
from tests.provider import (
    COST,
    cuts_off,
    drops,
    fails,
    gives,
    refuses,
    reply,
    says,
    waits,
    writes,
)

MALFORMED = [
    gives('{"reply": "Ho'),
    gives(reply()[:-3], finish="length"),
    gives('{"answer": "Hola"}'),
    gives("[]"),
    writes("Hola, soy tu tutor."),
    cuts_off(),
]
NAMES = ["cut off", "too long", "another form", "a list", "no JSON", "no end"]


def outcomes():
    return list(TutorCall.objects.values_list("outcome", flat=True))


def unanswered(conversation):
    return ConversationMessage.objects.of(conversation).unanswered().count()


@pytest.fixture
def pauses(monkeypatch):
    """The seconds that were waited between tries; nobody really waits."""
    waited = []
    monkeypatch.setattr(model, "PAUSE", 0.5)
    monkeypatch.setattr(time, "sleep", waited.append)
    return waited


@pytest.mark.parametrize(
    ("failure", "outcome"),
    [
        (fails(500), "error"),
        (fails(503), "error"),
        (fails(429), "rate-limited"),
        (drops(), "error"),
        (gives(""), "empty"),
        (gives('{"reply": " "}'), "empty"),
        (gives('{"reply": "\\u200b…"}'), "empty"),
        (writes(""), "empty"),
        *((failure, "malformed") for failure in MALFORMED),
    ],
    ids=[
        "500",
        "503",
        "429",
        "dropped",
        "blank",
        "blank reply",
        "nothing to read",
        "no text",
        *NAMES,
    ],
)
def test_a_failure_that_may_pass_is_tried_again(modelled, provider, failure, outcome):
    provider.then(failure, says("Hola."))

    answered = take_turn(modelled, "Hola", client_id="a").reply

    assert answered.content == "Hola."
    assert outcomes() == [outcome, "ok"]


@pytest.mark.parametrize(
    ("failure", "outcome"),
    [
        (fails(400), "error"),
        (fails(401), "error"),
        (fails(404), "error"),
        (refuses(), "refused"),
        (gives(reply(), finish="content_filter"), "refused"),
    ],
    ids=["400", "401", "404", "refusal", "filtered"],
)
def test_a_failure_that_stays_is_not_tried_again(modelled, provider, failure, outcome):
    provider.then(failure)

    with pytest.raises(TutorFailed):
        take_turn(modelled, "Hola", client_id="a")

    assert outcomes() == [outcome]
    assert unanswered(modelled) == 1


@pytest.mark.parametrize("failure", [fails(500), *MALFORMED], ids=["500", *NAMES])
def test_the_message_is_kept_and_answered_once_later(modelled, provider, failure):
    provider.usual = failure
    with pytest.raises(TutorFailed):
        take_turn(modelled, "Hola", client_id="a")
    assert len(outcomes()) == 3
    assert unanswered(modelled) == 1
    provider.usual = says("Hola.")

    for _ in range(2):
        answered = take_turn(modelled, "Hola", client_id="a").reply

    assert answered.content == "Hola."
    assert len(provider.requests) == 4
    assert modelled.message_count == 2


def test_what_failed_tries_cost_is_part_of_the_turns_cost(modelled, provider):
    provider.then(gives("{}"), fails(500), says("Hola."))

    answered = take_turn(modelled, "Hola", client_id="a").reply

    assert answered.estimated_cost == 2 * Decimal(COST)


def test_no_answer_in_time_is_a_time_out(modelled, provider, settings):
    settings.TUTOR_TIMEOUT, settings.TUTOR_RETRIES = 0.2, 0
    provider.then(waits(provider))

    with pytest.raises(TutorFailed, match="took too long"):
        take_turn(modelled, "Hola", client_id="a")

    call = TutorCall.objects.get()
    assert (call.outcome, call.cost) == ("time-out", None)
    assert call.reserved_cost > 0


def test_a_provider_that_is_not_there_costs_nothing(modelled, provider, settings):
    settings.TUTOR_BASE_URL, settings.TUTOR_RETRIES = "http://127.0.0.1:9/v1", 0

    with pytest.raises(TutorFailed):
        take_turn(modelled, "Hola", client_id="a")

    call = TutorCall.objects.get()
    assert (call.outcome, call.cost) == ("error", 0)


def test_without_a_key_nothing_is_sent(modelled, provider, settings, monkeypatch):
    settings.TUTOR_API_KEY = settings.TUTOR_BASE_URL = ""
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)

    with pytest.raises(TutorFailed):
        take_turn(modelled, "Hola", client_id="a")

    call = TutorCall.objects.get()
    assert (call.outcome, call.cost) == ("error", 0)
    assert "OPENAI_API_KEY" in call.detail


def test_whatever_else_breaks_is_an_error_in_the_ledger(
    modelled, provider, monkeypatch
):
    def broken(client):
        raise LookupError("no such thing")

    monkeypatch.setattr("conversations.tutors.provider._model", broken)

    with pytest.raises(TutorFailed):
        take_turn(modelled, "Hola", client_id="a")

    call = TutorCall.objects.get()
    assert (call.outcome, call.cost) == ("error", None)


def test_pauses_between_tries_double(modelled, provider, pauses):
    provider.then(fails(500), fails(500))

    take_turn(modelled, "Hola", client_id="a")

    assert pauses == [0.5, 1]


def test_a_provider_that_names_a_pause_is_given_it(modelled, provider, pauses):
    provider.then(fails(429, Retry_After="7"))

    take_turn(modelled, "Hola", client_id="a")

    assert pauses == [7]


def test_nobody_waits_for_minutes(modelled, provider, pauses):
    provider.then(fails(429, Retry_After="120"))

    with pytest.raises(TutorFailed, match="too much to do"):
        take_turn(modelled, "Hola", client_id="a")

    assert (pauses, len(provider.requests)) == ([], 1)


def test_a_reply_that_arrived_is_not_asked_for_again(modelled, provider, monkeypatch):
    """Between the provider's answer and saving the reply, the process dies."""
    provider.then(says("Hola."))

    def die(*args):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(turn_taking, "_save_reply", die)
        with pytest.raises(KeyboardInterrupt):
            take_turn(modelled, "Hola", client_id="a")
    assert unanswered(modelled) == 1

    answered = take_turn(modelled, "Hola", client_id="a").reply

    assert answered.content == "Hola."
    assert len(provider.requests) == 1
    assert answered.estimated_cost == Decimal(COST)


def test_a_call_whose_process_died_is_given_up_after_a_while(
    modelled, provider, settings, monkeypatch
):
    def die(*args):
        raise KeyboardInterrupt

    settings.TUTOR_TIMEOUT = -1000
    with monkeypatch.context() as broken:
        broken.setattr("conversations.tutors.provider.ask", die)
        with pytest.raises(KeyboardInterrupt):
            take_turn(modelled, "Hola", client_id="a")
    assert outcomes() == ["pending"]
    settings.TUTOR_TIMEOUT = 30

    take_turn(modelled, "Hola", client_id="a")

    assert outcomes() == ["lost", "ok"]


def test_an_opening_that_fails_leaves_the_talk_to_the_learner(modelled, provider):
    provider.usual = fails(400)

    with pytest.raises(TutorFailed):
        turn_taking.open_talk(modelled)

    assert not modelled.message_count


def test_what_only_the_site_can_mend_is_told_so(modelled, provider):
    provider.then(fails(401))

    with pytest.raises(TutorFailed, match="tell who runs it. Your message is kept"):
        take_turn(modelled, "Hola", client_id="a")


def test_why_a_tutor_has_no_reply_is_told(modelled, provider):
    provider.then(refuses())

    with pytest.raises(TutorFailed, match="declined to reply to this. Your message is"):
        take_turn(modelled, "Hola", client_id="a")


def test_the_door_is_the_same_for_all_tutors(modelled, provider):
    assert [*tutors.on_offer()] == ["guided", "model"]
    assert not tutors.tutor_of(modelled).answers_at_once


@pytest.mark.parametrize("name", ["", "openai:x", "anthropic:x", "ollama:x"])
def test_what_a_request_needs_can_be_loaded_before(settings, name):
    settings.TUTOR_MODEL = name
    warm_up()
