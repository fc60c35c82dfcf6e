"""Talk with a language model in pages and in the API."""

import json
import queue
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from conversations import lifecycle, streaming, turn_taking
from conversations.models import Conversation, ConversationMessage, TutorCall
from conversations.turn_taking import take_turn
from conversations.tutors.prompting import PROMPT_VERSION
from lingo.api.throttling import TurnThrottle
from tests.factories import ConversationFactory
from tests.provider import COST, PATIENCE, drips, fails, says, waits

STREAM = {"headers": {"HX-Request": "true", "Accept": "text/event-stream"}}
CREATE = "/new/"


def address(conversation, name, *more):
    return reverse(f"conversations:{name}", args=[conversation.conversation_id, *more])


def send(client, conversation, content="Hola", **extra):
    given = {"content": content, "client_id": "one", "after": "0"}
    return client.post(address(conversation, "turn-create"), given, **extra)


def events(response):
    """Return the (name, data) pairs of a stream that has come to its end."""
    found = []
    for event in b"".join(response.streaming_content).decode().split("\n\n"):
        if event.startswith("event: "):
            name, data = event.split("\n")
            found.append((name[7:], json.loads(data[6:])))
    return found


def new(learner_client, **fields):
    given = {
        "language": "es",
        "vocabulary_level": "beginner",
        "learning_focus": "conversation",
        "conversation_id": "new",
        **fields,
    }
    return learner_client.post(CREATE, given)


class TestChoosing:
    def test_without_a_model_there_is_no_choice(self, learner_client):
        assert "tutor" not in learner_client.get(CREATE).context["form"].fields
        new(learner_client)
        assert Conversation.objects.get().tutor == "guided"

    def test_without_a_model_none_can_be_had(self, learner_client, api):
        new(learner_client, tutor="model")
        assert Conversation.objects.get().tutor == "guided"

        given = {"language": "es", "tutor": "model"}
        answer = api.post("/api/v1/conversations/", given)
        assert answer.status_code == 400
        assert answer.json()["errors"]["tutor"] == ["No language model is set up."]

    def test_a_model_is_chosen_at_the_beginning(self, learner_client, provider):
        provider.then(says("Hola."))
        page = learner_client.get(CREATE).text
        assert "Language model (openai:gpt-4o-mini)" in page

        new(learner_client, tutor="model")

        assert Conversation.objects.get().tutor == "model"
        assert provider.requests == []  # the page asks for the opening
        form = learner_client.get(CREATE).context["form"]
        assert form["tutor"].value() == "model"

    def test_the_guided_tutor_is_the_first_choice(self, learner_client, provider):
        new(learner_client)
        assert Conversation.objects.get().tutor == "guided"
        assert provider.requests == []

    def test_a_scene_can_be_played_with_a_model(
        self, learner_client, provider, scenarios
    ):
        page = learner_client.get("/scenarios/cafe/").text
        assert 'name="tutor"' in page

    def test_another_tutor_is_refused(self, learner_client, provider, api):
        assert new(learner_client, tutor="other").status_code == 422
        given = {"language": "es", "tutor": "other"}
        assert api.post("/api/v1/conversations/", given).status_code == 400

    def test_a_tutor_that_somebody_adds_is_a_class_and_a_line(
        self, learner_client, slow_tutor
    ):
        assert "Slow, but sure" in learner_client.get(CREATE).text

        new(learner_client, tutor=slow_tutor)

        conversation = Conversation.objects.get()
        learner_client.post(address(conversation, "turn-open"))
        page = learner_client.get(conversation.get_absolute_url()).text
        for told in ("You talk with a slow tutor", "It takes its time.", "Despacio."):
            assert told in page
        assert "data-streams" in page
        assert "What was sent" not in page

    def test_programs_choose_it_too_and_it_stays(self, api, provider):
        given = {"conversation_id": "c", "language": "es", "tutor": "model"}
        assert api.post("/api/v1/conversations/", given).json()["tutor"] == "model"
        assert api.post("/api/v1/conversations/", given).status_code == 200

        change = api.patch("/api/v1/conversations/c/", {"tutor": "guided"})
        assert change.json()["errors"]["tutor"] == ["This stays as it began."]
        assert api.patch("/api/v1/conversations/c/", {"tutor": "model"}).status_code
        turn = api.post(
            "/api/v1/conversations/c/turns/", {"content": "Hola", "client_id": "1"}
        )
        assert turn.status_code == 201
        assert turn.json()["reply"]["estimated_cost"] == float(COST)

    def test_a_failure_is_told_to_programs_with_the_message(self, api, provider):
        given = {"conversation_id": "c", "language": "es", "tutor": "model"}
        api.post("/api/v1/conversations/", given)
        provider.usual = fails(400)

        turn = api.post(
            "/api/v1/conversations/c/turns/", {"content": "Hola", "client_id": "1"}
        )

        assert turn.status_code == 503
        assert turn.json()["message"]["content"] == "Hola"


class TestAccount:
    def test_dial_and_limit_are_the_learners_own(self, learner_client, provider):
        given = {
            "native_language": "en",
            "time_zone": "UTC",
            "daily_goal": 15,
            "feedback_style": "now",
            "known_words": 92,
            "monthly_cost_limit": "1.5",
        }
        learner_client.post(reverse("profile"), given)

        learner = learner_client.learner
        learner.refresh_from_db()
        assert learner.known_words == 92
        assert learner.monthly_cost_limit == Decimal("1.5")

    @pytest.mark.parametrize(
        ("name", "value"),
        [("known_words", 89), ("known_words", 99), ("monthly_cost_limit", -1)],
    )
    def test_they_have_bounds(self, learner_client, api, provider, name, value):
        page = learner_client.post(reverse("profile"), {name: value})
        assert page.status_code == 422
        assert name in page.context["form"].errors
        assert api.patch("/api/v1/me/", {name: value}).status_code == 400

    def test_programs_set_them_too(self, api):
        given = {"known_words": 98, "monthly_cost_limit": "0.25"}
        answer = api.patch("/api/v1/me/", given)
        assert answer.json()["known_words"] == 98
        assert Decimal(answer.json()["monthly_cost_limit"]) == Decimal("0.25")

    def test_without_a_model_the_page_asks_for_neither(self, learner_client):
        assert "known_words" not in learner_client.get(reverse("profile")).text


class TestTalkPage:
    def test_it_says_that_the_tutor_is_a_model(self, learner_client, modelled):
        page = learner_client.get(modelled.get_absolute_url()).text
        assert "You talk with a language model" in page
        assert "It can be wrong" in page
        assert "data-streams" in page

    def test_a_guided_talk_streams_nothing(self, learner_client, conversation):
        page = learner_client.get(conversation.get_absolute_url()).text
        assert "guided tutor" in page
        assert "data-streams" not in page

    def test_without_javascript_the_page_waits(
        self, learner_client, modelled, provider
    ):
        provider.then(says("Hola."))
        assert send(learner_client, modelled).status_code == 302
        page = learner_client.get(modelled.get_absolute_url())
        assert [one.content for one in page.context["shown"]] == ["Hola", "Hola."]

    def test_explained_words_have_their_meaning_above(
        self, learner_client, modelled, provider
    ):
        hard = "El zorro y la ardilla desayunan berenjena."
        offered = [{"word": "desayunan", "translation": "have breakfast"}]
        provider.usual = says(hard, vocabulary=offered)
        take_turn(modelled, "Hola", client_id="a")
        ConversationMessage.objects.update(
            vocabulary=[],
            glosses=[{"word": "zorro", "lemma": "zorro", "translation": "fox"}],
        )

        page = learner_client.get(modelled.get_absolute_url()).text

        assert '<rt lang="en">fox</rt>' in page

    def test_a_failure_is_told_and_the_answer_asked_for_again(
        self, learner_client, modelled, provider
    ):
        provider.then(fails(400))
        page = send(learner_client, modelled)
        assert page.status_code == 503
        assert "as this site is set up" in page.text
        assert "Ask for the answer again" in page.text

        learner_client.post(address(modelled, "turn-retry", 1))

        assert modelled.messages.count() == 2

    def test_a_reply_that_is_being_written_is_waited_for(
        self, learner_client, modelled, provider
    ):
        provider.then(fails(400))
        send(learner_client, modelled)
        again = 'hx-trigger="submit"'
        assert again in learner_client.get(modelled.get_absolute_url()).text

        TutorCall.objects.update(outcome="pending")

        page = learner_client.get(modelled.get_absolute_url()).text
        assert 'hx-trigger="submit, load"' in page
        for told in ("The tutor is writing.", "Show the answer"):
            assert told in page
        assert "not answered yet" not in page
        older = learner_client.get(modelled.get_absolute_url(), {"before": 2}).text
        assert "hx-trigger" not in older.split('id="unanswered-')[1].split("</form>")[0]


class TestWhatWasSent:
    @pytest.fixture
    def said(self, modelled, provider):
        provider.then(fails(500), says("Hola."))
        return take_turn(modelled, "Hola <b>", client_id="a").said

    def test_each_message_shows_what_was_sent(self, learner_client, modelled, said):
        page = learner_client.get(modelled.get_absolute_url()).text
        assert address(modelled, "sent", 1) in page
        assert address(modelled, "sent", 2) not in page

        page = learner_client.get(address(modelled, "sent", 1)).text

        for text in ("Hola &lt;b&gt;", "patient tutor of Spanish", "Error", COST):
            assert text in page
        assert page.count("patient tutor of Spanish") == 1
        assert page.count("The same went out as in the request before.") == 1
        assert page.count(f"version {PROMPT_VERSION}") == 2

    def test_how_long_a_request_took_is_told(self, learner_client, modelled, said):
        TutorCall.objects.update(time_ms=1234)
        assert "1.2 s" in learner_client.get(address(modelled, "sent", 1)).text

    def test_what_was_asked_again_is_told_whole(
        self, learner_client, modelled, provider
    ):
        provider.then(says("Mira **esto**."), says("Mira esto."))
        take_turn(modelled, "Hola", client_id="a")

        page = learner_client.get(address(modelled, "sent", 1)).text

        assert page.count("patient tutor of Spanish") == 2
        assert "Mira **esto**." in page

    def test_strangers_do_not_see_it(self, stranger_client, modelled, said):
        page = stranger_client.get(address(modelled, "sent", 1))
        assert page.status_code == 404

    def test_a_message_that_is_not_there_has_no_page(self, learner_client, modelled):
        assert learner_client.get(address(modelled, "sent", 9)).status_code == 404

    def test_the_opening_has_its_own(self, learner_client, modelled, provider):
        turn_taking.open_talk(modelled)

        page = learner_client.get(address(modelled, "sent", 1)).text

        assert "Begin the conversation" in page

    def test_where_nothing_was_sent_it_says_so(self, learner_client, conversation):
        take_turn(conversation, "Hola", client_id="a")
        page = learner_client.get(address(conversation, "sent", 1)).text
        assert "Nothing was sent" in page

    def test_what_is_not_known_is_said(self, learner_client, modelled, said):
        TutorCall.objects.update(cost=None, dropped_corrections=2)
        page = learner_client.get(address(modelled, "sent", 1)).text
        assert "not known; counted as" in page
        assert "Corrections dropped" in page

    def test_it_takes_a_constant_number_of_queries(
        self, learner_client, modelled, said, django_assert_num_queries
    ):
        call = TutorCall.objects.first()
        for _ in range(50):
            call.pk, call.outcome = None, "error"
            call.save()
        with django_assert_num_queries(6):
            page = learner_client.get(address(modelled, "sent", 1), {"page": 2})
        assert len(page.context["page"]) == 10


@pytest.mark.django_db(transaction=True)
class TestOpening:
    def open(self, client, conversation, **extra):
        return client.post(address(conversation, "turn-open"), **extra)

    def test_the_page_asks_for_it_where_nobody_spoke(self, learner_client, modelled):
        page = learner_client.get(modelled.get_absolute_url()).text

        assert f'hx-post="{address(modelled, "turn-open")}"' in page
        assert 'hx-trigger="submit, load"' in page
        assert "Let the tutor begin" in page

    def test_it_comes_once(self, learner_client, modelled, provider):
        for _ in range(2):
            answer = self.open(learner_client, modelled)
            assert answer.url == f"{modelled.get_absolute_url()}#latest"

        assert modelled.messages.get().role == "assistant"
        assert len(provider.requests) == 1
        page = learner_client.get(modelled.get_absolute_url()).text
        assert "Let the tutor begin" not in page

    def test_it_is_streamed(self, learner_client, modelled, provider):
        provider.then(says("Hola."))

        told = events(self.open(learner_client, modelled, **STREAM))

        name, data = told[-1]
        assert name == "turn"
        assert 'id="message-1"' in data["html"]

    def test_with_htmx_alone_it_is_a_part_of_the_page(
        self, learner_client, modelled, provider
    ):
        headers = {"HX-Request": "true"}

        assert (
            'id="message-1"'
            in self.open(learner_client, modelled, headers=headers).text
        )

    @pytest.mark.parametrize("extra", [{}, {"headers": {"HX-Request": "true"}}, STREAM])
    def test_with_a_silent_tutor_the_learner_can_begin(
        self, learner_client, modelled, provider, extra
    ):
        provider.usual = fails(400)

        answer = self.open(learner_client, modelled, **extra)

        told = events(answer)[-1][1]["html"] if extra == STREAM else answer.text
        assert "The tutor is silent just now. You can begin." in told
        assert not modelled.messages.exists()

    def test_a_paused_talk_is_not_opened(self, learner_client, modelled, provider):
        lifecycle.move(modelled, "paused")
        page = learner_client.get(modelled.get_absolute_url()).text
        assert "Let the tutor begin" not in page

        self.open(learner_client, modelled)

        assert provider.requests == []

    def test_it_is_not_asked_for_too_often(
        self, learner_client, modelled, provider, monkeypatch
    ):
        cache.clear()
        monkeypatch.setattr(TurnThrottle, "THROTTLE_RATES", {"turns": "1/min"})
        provider.usual = fails(400)
        self.open(learner_client, modelled)

        answer = self.open(learner_client, modelled)

        assert answer.status_code == 429
        assert "Try again in" in answer.text

    def test_its_address_leads_to_the_talk(self, learner_client, modelled):
        page = learner_client.get(address(modelled, "turn-open"))
        assert page.url == modelled.get_absolute_url()

    def test_strangers_open_nothing(self, stranger_client, modelled, provider):
        assert self.open(stranger_client, modelled).status_code == 404
        assert provider.requests == []


class TestCosts:
    PAGE, API = "/costs/", "/api/v1/tutor-costs/"

    @pytest.fixture
    def paid(self, modelled, provider):
        """A turn of this month with a failed try, and one of a month ago."""
        provider.then(fails(500), says("Hola."), says("Hola."))
        take_turn(modelled, "Hola", client_id="a")
        other = ConversationFactory(learner=modelled.learner, tutor="model")
        take_turn(other, "Hola", client_id="b")
        before = timezone.now().replace(day=1) - timedelta(days=1)
        TutorCall.objects.of(other).update(created_at=before, cost=Decimal("0.5"))
        return before

    def test_they_add_up_by_conversation_and_month(
        self, learner_client, modelled, paid, settings
    ):
        modelled.learner.monthly_cost_limit = Decimal(2)
        modelled.learner.save()

        page = learner_client.get(self.PAGE)

        assert page.context["cost"] == Decimal(COST)
        ((conversation, row),) = page.context["rows"]
        assert (conversation, row["number"], row["paid"]) == (
            modelled,
            2,
            Decimal(COST),
        )
        assert [row["paid"] for row in page.context["months"]] == [
            Decimal(COST),
            Decimal("0.5"),
        ]
        for told in (modelled.get_absolute_url(), f"{COST} US", "cost 2 US dollars"):
            assert told in page.text
        settings.TUTOR_LEARNER_LIMIT = modelled.learner.monthly_cost_limit = None
        modelled.learner.save()
        assert "There is no limit." in learner_client.get(self.PAGE).text

    def test_an_earlier_month_has_its_address(self, learner_client, modelled, paid):
        page = learner_client.get(self.PAGE, {"month": f"{paid:%Y-%m}"})

        assert page.context["cost"] == Decimal("0.5")
        assert [row["paid"] for _, row in page.context["rows"]] == [Decimal("0.5")]
        assert "at most, the lower" not in page.text
        this = learner_client.get(self.PAGE, {"month": "2026-13"})
        assert this.context["cost"] == Decimal(COST)

    def test_what_deleted_conversations_cost_still_counts(
        self, learner_client, modelled, paid
    ):
        lifecycle.delete(modelled)

        page = learner_client.get(self.PAGE)

        assert page.context["cost"] == Decimal(COST)
        assert "Deleted ones" in page.text

    def test_months_are_those_of_utc(self, learner_client, modelled, paid):
        """On a page too, whose times are the learner's own."""
        modelled.learner.time_zone = "Pacific/Honolulu"
        modelled.learner.save()
        TutorCall.objects.update(created_at=datetime(2026, 3, 1, 1, tzinfo=UTC))

        page = learner_client.get(self.PAGE).text

        assert "March 2026" in page
        assert "February 2026" not in page

    def test_programs_see_them_too(self, api, learner, paid):
        learner.monthly_cost_limit = Decimal(2)
        learner.save()

        answer = api.get(self.API).json()

        assert answer["limit"] == 2
        assert answer["month"] == answer["months"][0]["month"]
        assert answer["months"][0] | {"month": ""} == {
            "month": "",
            "requests": 2,
            "tokens": 1100,
            "cost": float(COST),
        }
        assert answer["months"][1]["cost"] == 0.5

    def test_they_are_nobody_elses(self, stranger_client, paid):
        page = stranger_client.get(self.PAGE)
        assert (page.context["cost"], page.context["rows"]) == (0, [])

    def test_talk_profile_and_messages_lead_to_them(
        self, learner_client, modelled, conversation, paid
    ):
        for page in (modelled.get_absolute_url(), "/account/profile/"):
            assert f'href="{self.PAGE}"' in learner_client.get(page).text
        assert (
            f'href="{self.PAGE}"'
            in learner_client.get(address(modelled, "sent", 1)).text
        )
        guided = learner_client.get(conversation.get_absolute_url()).text
        assert f'href="{self.PAGE}"' not in guided

    @pytest.mark.parametrize("number", [1, 30])
    def test_they_take_a_constant_number_of_queries(
        self, learner_client, learner, number, django_assert_num_queries
    ):
        for conversation in ConversationFactory.create_batch(number, learner=learner):
            call = TutorCall(learner=learner, conversation=conversation)
            call.prompt_version, call.purpose = 1, "reply"
            TutorCall.objects.begin(call)
        with django_assert_num_queries(7):
            learner_client.get(self.PAGE)


def test_of_drafts_that_come_faster_than_they_are_taken_the_last_is_shown(monkeypatch):
    written, shown = threading.Event(), threading.Event()

    class Late(queue.SimpleQueue):
        def get(self, **options):
            written.wait(PATIENCE)
            return super().get(**options)

    def act(on_draft):
        for draft in ("Me", "Me gusta", "Me gusta el pan."):
            on_draft(draft)
        written.set()
        shown.wait(PATIENCE)

    monkeypatch.setattr(streaming.queue, "SimpleQueue", Late)
    drafts = streaming.run(act)

    assert next(drafts) == "Me gusta el pan."
    shown.set()
    assert list(drafts) == []


@pytest.mark.django_db(transaction=True)
class TestStreaming:
    def test_drafts_come_before_the_turn(self, learner_client, modelled, provider):
        provider.then(drips(provider))

        response = send(learner_client, modelled, **STREAM)

        assert response["Content-Type"] == "text/event-stream"
        assert response["HX-Trigger"] == '{"lingo:said": {"client_id": "one"}}'
        stream = response.streaming_content
        drafts = (json.loads(event.split(b"data: ")[1]) for event in stream)
        assert {"text": "Me gusta much"} in drafts
        provider.go_on.set()
        rest = b"".join(stream).decode()
        assert "event: turn" in rest
        assert ConversationMessage.objects.get(position=2).content == (
            "Me gusta mucho el pan."
        )

    def test_the_turn_is_the_same_part_of_the_page(
        self, learner_client, modelled, provider
    ):
        provider.then(says("Hola."))

        *_, (name, turn) = events(send(learner_client, modelled, **STREAM))

        assert name == "turn"
        assert 'id="message-2"' in turn["html"]
        assert 'id="message-keys"' in turn["html"]

    def test_so_is_an_answer_that_is_asked_for_again(
        self, learner_client, modelled, provider
    ):
        provider.then(fails(400), says("Hola."))
        list(events(send(learner_client, modelled, **STREAM)))
        again = address(modelled, "turn-retry", 1)

        *drafts, (name, turn) = events(
            learner_client.post(again, {"after": "1"}, **STREAM)
        )

        assert ("draft", {"text": "Hola."}) in drafts
        assert name == "turn"
        assert 'id="message-2"' in turn["html"]
        assert 'id="message-1"' not in turn["html"]
        assert 'hx-swap-oob="delete"' in turn["html"]

    def test_a_closed_page_does_not_lose_the_reply(
        self, learner_client, modelled, provider
    ):
        provider.then(waits(provider, says("Hola.")))
        response = send(learner_client, modelled, **STREAM)
        threads = {thread for thread in threading.enumerate() if thread.name == "turn"}
        iterator = iter(response.streaming_content)
        reader = threading.Thread(target=lambda: next(iterator, None), daemon=True)
        reader.start()
        assert provider.arrived.wait(PATIENCE)
        threads |= {thread for thread in threading.enumerate() if thread.name == "turn"}
        provider.go_on.set()
        for thread in threads:
            thread.join(PATIENCE)
        reader.join(PATIENCE)
        response.close()

        page = learner_client.get(modelled.get_absolute_url()).text

        assert 'id="message-2"' in page

    def test_a_failure_is_told_in_the_stream(self, learner_client, modelled, provider):
        provider.then(fails(400))

        [(_, turn)] = events(send(learner_client, modelled, **STREAM))

        assert "as this site is set up" in turn["html"]
        assert "Ask for the answer again" in turn["html"]

    def test_a_crash_is_told_without_its_details(
        self, learner_client, modelled, provider, monkeypatch
    ):
        def crash(*args, **kwargs):
            raise LookupError("secret detail")

        monkeypatch.setattr(turn_taking, "answer", crash)

        [(_, turn)] = events(send(learner_client, modelled, **STREAM))

        assert "could not reply" in turn["html"]
        assert "secret detail" not in turn["html"]

    def test_sent_twice_it_is_one_turn(self, learner_client, modelled, provider):
        for _ in range(2):
            *_, (_, turn) = events(send(learner_client, modelled, **STREAM))

        assert 'id="message-2"' in turn["html"]
        assert len(provider.requests) == 1

    def test_what_is_refused_is_refused_before_anything_streams(
        self, learner_client, modelled, provider
    ):
        Conversation.objects.update(status="paused")

        response = send(learner_client, modelled, **STREAM)

        assert (response.status_code, response.streaming) == (409, False)
        assert not ConversationMessage.objects.exists()

    def test_rates_hold_for_streams_too(
        self, learner_client, modelled, provider, monkeypatch
    ):
        cache.clear()
        monkeypatch.setattr(TurnThrottle, "THROTTLE_RATES", {"turns": "1/min"})
        events(send(learner_client, modelled, **STREAM))

        assert send(learner_client, modelled, **STREAM).status_code == 429

    def test_a_guided_turn_does_not_stream(self, learner_client, learner):
        talk = ConversationFactory(learner=learner)
        assert not send(learner_client, talk, **STREAM).streaming

    def test_no_connection_is_held_while_one_listens(
        self, learner_client, modelled, provider, one_connection
    ):
        provider.then(drips(provider))
        response = send(learner_client, modelled, **STREAM)
        stream = response.streaming_content
        next(stream)

        def count():
            try:
                return ConversationMessage.objects.count()
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as other:
            assert other.submit(count).result() == 1
        provider.go_on.set()
        assert b"event: turn" in b"".join(stream)

    def test_silence_is_filled_so_that_the_connection_stands(
        self, learner_client, modelled, provider, monkeypatch
    ):
        monkeypatch.setattr(streaming, "SILENCE", 0.01)
        provider.then(waits(provider, says("Hola.")))
        stream = send(learner_client, modelled, **STREAM).streaming_content

        assert next(stream) == b": the tutor thinks\n\n"
        provider.go_on.set()
        assert b"event: turn" in b"".join(stream)
