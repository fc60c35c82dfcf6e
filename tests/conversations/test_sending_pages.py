"""What becomes of a message that is sent from the talk page."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from conversations import lifecycle
from conversations.forms import MESSAGE_LENGTH
from conversations.models import Conversation, ConversationMessage
from lingo.api.throttling import TurnThrottle

HTMX = {"headers": {"HX-Request": "true"}}
Status = Conversation.Status


def address(conversation, name="turn-create", *more):
    return reverse(f"conversations:{name}", args=[conversation.conversation_id, *more])


def send(client, conversation, content="Hola", client_id="one", **extra):
    given = {"content": content, "client_id": client_id, "after": "0"}
    return client.post(address(conversation), given, **extra)


def contents(conversation):
    messages = ConversationMessage.objects.of(conversation)
    return list(messages.values_list("content", flat=True))


@pytest.fixture(params=[{}, HTMX], ids=["plain", "htmx"])
def extra(request):
    """A request without and with JavaScript."""
    return request.param


@pytest.fixture
def one_turn_a_minute(monkeypatch):
    cache.clear()
    monkeypatch.setattr(TurnThrottle, "THROTTLE_RATES", {"turns": "1/min"})


@pytest.fixture
def paused(conversation):
    return lifecycle.move(conversation, Status.PAUSED)


class TestSending:
    def test_a_message_is_answered_and_kept(
        self, learner_client, conversation, tutor, extra
    ):
        response = send(learner_client, conversation, **extra)
        assert response.status_code == (200 if extra else 302)
        assert contents(conversation) == ["Hola", "Muy bien."]

    def test_without_javascript_one_lands_at_the_latest(
        self, learner_client, conversation, tutor
    ):
        response = send(learner_client, conversation)
        assert response.url == f"{conversation.get_absolute_url()}#latest"

    def test_the_part_tells_what_was_said_and_that_it_is_saved(
        self, learner_client, conversation, tutor
    ):
        response = send(learner_client, conversation, **HTMX)
        shown = [message.content for message in response.context["shown"]]
        assert shown == ["Hola", "Muy bien."]
        assert response["HX-Trigger"] == '{"lingo:said": {"client_id": "one"}}'
        form = response.context["form"]
        assert form["after"].value() == 2
        assert form["client_id"].value() != "one"

    def test_the_part_brings_what_another_tab_said(
        self, learner_client, conversation, tutor
    ):
        send(learner_client, conversation, "Uno", "first")
        response = send(learner_client, conversation, "Dos", "second", **HTMX)
        shown = [message.content for message in response.context["shown"]]
        assert shown == ["Uno", "Muy bien.", "Dos", "Muy bien."]

    def test_sent_twice_it_is_one_message(
        self, learner_client, conversation, tutor, extra
    ):
        for _ in range(2):
            response = send(learner_client, conversation, **extra)
        assert response.status_code == (200 if extra else 302)
        assert contents(conversation) == ["Hola", "Muy bien."]

    def test_a_repeat_that_is_shown_already_is_not_shown_again(
        self, learner_client, conversation, tutor
    ):
        send(learner_client, conversation)
        given = {"content": "Hola", "client_id": "one", "after": "2"}
        response = learner_client.post(address(conversation), given, **HTMX)
        assert response.context["shown"] == []

    def test_line_ends_are_the_same_with_and_without_javascript(
        self, learner_client, conversation, tutor
    ):
        send(learner_client, conversation, "Hola\r\nAna")
        send(learner_client, conversation, "Hola\nAna", **HTMX)
        assert contents(conversation) == ["Hola\nAna", "Muy bien."]

    @pytest.mark.parametrize(
        "content",
        [
            "👋🏽",
            "שלום עולם",
            "a" * MESSAGE_LENGTH,
            "  Hola  ",
            "\u202eolleH",
            "\ufffd",
        ],
    )
    def test_what_is_only_unusual_is_kept_as_it_is(
        self, learner_client, conversation, tutor, content
    ):
        send(learner_client, conversation, content)
        assert contents(conversation)[0] == content

    @pytest.mark.parametrize(
        "content", ["", " \r\n\t ", "a" * (MESSAGE_LENGTH + 1), "a\x00b"]
    )
    def test_what_cannot_be_kept_stays_in_the_box(
        self, learner_client, conversation, tutor, extra, content
    ):
        response = send(learner_client, conversation, content, **extra)
        assert response.status_code == 422
        assert contents(conversation) == []
        if not extra:
            assert response.context["form"]["content"].value() == content

    def test_half_a_surrogate_arrives_as_a_replacement(
        self, learner_client, conversation, tutor
    ):
        body = b"content=a%ED%A0%80b&client_id=one"
        kind = "application/x-www-form-urlencoded"
        learner_client.post(address(conversation), body, content_type=kind)
        assert contents(conversation)[0].startswith("a\ufffd")

    @pytest.mark.parametrize(
        ("field", "value"),
        [("client_id", ""), ("client_id", "x" * 101), ("after", "-1"), ("after", "x")],
    )
    def test_a_message_without_its_keys_is_refused(
        self, learner_client, conversation, tutor, field, value
    ):
        given = {"content": "Hola", "client_id": "one", "after": "0", field: value}
        response = learner_client.post(address(conversation), given)
        assert response.status_code == 422
        assert contents(conversation) == []

    def test_another_text_under_the_same_id_is_a_conflict(
        self, learner_client, conversation, tutor, extra
    ):
        send(learner_client, conversation, "Hola")
        response = send(learner_client, conversation, "Adiós", **extra)
        assert response.status_code == 409
        assert "was used for another message" in response.text

    def test_a_paused_conversation_takes_none_but_the_text_stays(
        self, learner_client, paused, tutor, extra
    ):
        response = send(learner_client, paused, "Mi texto", **extra)
        assert response.status_code == 409
        assert "takes no new messages" in response.text
        if not extra:
            assert "Mi texto</textarea>" in response.text

    def test_a_refusal_is_shown_by_the_box(self, learner_client, conversation):
        response = send(learner_client, conversation, "", **HTMX)
        assert response["HX-Retarget"] == "#message-refusal"
        assert response.text.strip() == "<p>Write something first.</p>"

    def test_too_many_at_once_are_told_to_wait(
        self, learner_client, conversation, tutor, extra, one_turn_a_minute
    ):
        send(learner_client, conversation, "Uno", "first", **extra)
        response = send(learner_client, conversation, "Dos", "second", **extra)
        assert response.status_code == 429
        assert "Send it again in" in response.text
        assert contents(conversation) == ["Uno", "Muy bien."]

    def test_a_conversation_deleted_meanwhile_is_not_found(
        self, learner_client, conversation, tutor, extra, deleted_meanwhile
    ):
        deleted_meanwhile()
        assert send(learner_client, conversation, **extra).status_code == 404

    def test_after_signing_in_again_one_is_back_at_the_talk(
        self, learner_client, conversation
    ):
        response = learner_client.get(address(conversation))
        assert response.url == conversation.get_absolute_url()


class TestSilence:
    @pytest.fixture
    def silent(self, tutor):
        tutor.error = RuntimeError("no tutor")
        return tutor

    def test_the_message_is_kept_and_can_be_asked_again(
        self, learner_client, conversation, silent, extra
    ):
        response = send(learner_client, conversation, **extra)
        assert response.status_code == 503
        assert "Your message is kept" in response.text
        assert address(conversation, "turn-retry", 1) in response.text
        assert contents(conversation) == ["Hola"]

    def test_asking_again_answers_it(self, learner_client, conversation, silent):
        send(learner_client, conversation)
        silent.error = None
        again = address(conversation, "turn-retry", 1)
        for _ in range(2):
            response = learner_client.post(again)
            assert response.url == f"{conversation.get_absolute_url()}#latest"
        assert contents(conversation) == ["Hola", "Muy bien."]

    def test_the_answer_takes_the_place_of_the_question_for_it(
        self, learner_client, conversation, silent
    ):
        send(learner_client, conversation)
        said = conversation.messages.get()
        silent.error = None
        again = address(conversation, "turn-retry", 1)

        part = learner_client.post(again, {"after": "1"}, **HTMX)

        assert [one.content for one in part.context["shown"]] == ["Muy bien."]
        assert f'<div id="unanswered-{said.pk}" hx-swap-oob="delete">' in part.text
        assert "<html" not in part.text
        whole = learner_client.post(again, {"after": "x"}, **HTMX)
        assert [one.content for one in whole.context["shown"]] == ["Muy bien."]

    def test_a_turn_takes_no_place(self, learner_client, conversation, tutor):
        part = send(learner_client, conversation, **HTMX)
        assert 'hx-swap-oob="delete"' not in part.text

    def test_only_what_comes_after_the_page_is_sent(
        self, learner_client, conversation, silent
    ):
        send(learner_client, conversation)
        silent.error = None
        send(learner_client, conversation, content="Otra vez", client_id="two")
        again = address(conversation, "turn-retry", 1)

        part = learner_client.post(again, {"after": "3"}, **HTMX)

        assert [one.position for one in part.context["shown"]] == [4]

    def test_asking_in_vain_says_so_in_a_part_too(
        self, learner_client, conversation, silent
    ):
        send(learner_client, conversation)
        again = address(conversation, "turn-retry", 1)
        part = learner_client.post(again, {"after": "1"}, **HTMX)
        assert part.status_code == 503
        assert part.context["shown"] == []
        assert "could not reply" in part.text

    def test_asking_in_vain_says_so(self, learner_client, conversation, silent):
        send(learner_client, conversation)
        response = learner_client.post(address(conversation, "turn-retry", 1))
        assert response.status_code == 503
        assert "could not reply" in response.text

    def test_asking_too_often_is_told_to_wait(
        self, learner_client, conversation, silent, one_turn_a_minute
    ):
        send(learner_client, conversation)
        response = learner_client.post(address(conversation, "turn-retry", 1))
        assert response.status_code == 429

    def test_looking_at_it_asks_nothing(self, learner_client, conversation, silent):
        send(learner_client, conversation)
        response = learner_client.get(address(conversation, "turn-retry", 1))
        assert response.url == conversation.get_absolute_url()
        assert len(silent.asked) == 1

    def test_only_ones_own_messages_can_be_asked_again(
        self, learner_client, conversation, tutor
    ):
        send(learner_client, conversation)
        for position in (2, 3, 2**70):
            again = address(conversation, "turn-retry", position)
            assert learner_client.post(again).status_code == 404

    def test_a_stranger_cannot_ask(
        self, stranger_client, learner_client, conversation, silent
    ):
        send(learner_client, conversation)
        again = address(conversation, "turn-retry", 1)
        assert stranger_client.post(again).status_code == 404

    def test_a_conversation_deleted_meanwhile_is_not_found(
        self, learner_client, conversation, silent, deleted_meanwhile
    ):
        send(learner_client, conversation)
        silent.error = None
        deleted_meanwhile()
        again = address(conversation, "turn-retry", 1)
        assert learner_client.post(again).status_code == 404

    def test_a_closed_conversation_offers_no_retry(
        self, learner_client, conversation, silent
    ):
        send(learner_client, conversation)
        lifecycle.move(conversation, Status.COMPLETED)
        page = learner_client.get(conversation.get_absolute_url()).text
        assert "not answered yet" in page
        assert address(conversation, "turn-retry", 1) not in page
