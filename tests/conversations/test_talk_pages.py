"""The talk page: what it shows of a conversation, and how it goes back in it."""

import re

import pytest
from django.urls import reverse

from conversations import lifecycle, turn_taking
from conversations.models import Conversation, ConversationMessage
from tests.factories import ConversationFactory, reply
from tests.scenes import own
from vocabulary.managers import NewWord

HTMX = {"headers": {"HX-Request": "true"}}
Status = Conversation.Status


def address(conversation, name):
    return reverse(f"conversations:{name}", args=[conversation.conversation_id])


def as_read(response):
    """Return the page without the links that its words are."""
    return re.sub(r'<a class="word[^>]*>([^<]*)</a>', r"\1", response.text)


@pytest.fixture
def paused(conversation):
    return lifecycle.move(conversation, Status.PAUSED)


class TestShowing:
    def test_it_shows_who_said_what_in_which_language(self, learner_client, learner):
        conversation = ConversationFactory(learner=learner, turns=1)
        page = as_read(learner_client.get(conversation.get_absolute_url()))
        assert '<span class="who">You</span>' in page
        assert '<span class="who">Tutor</span>' in page
        assert '<p lang="es" dir="auto">Hola 0</p>' in page

    def test_in_a_scene_the_tutor_has_its_role(self, learner_client, learner, scenario):
        conversation = ConversationFactory(learner=learner, scenario=scenario, turns=1)
        page = learner_client.get(conversation.get_absolute_url()).text
        assert '<span class="who">A café</span>' in page

    def test_a_note_is_neither_yours_nor_the_tutors(self, learner_client, conversation):
        note = ConversationMessage(role="system", content="Speak slowly.")
        ConversationMessage.objects.append(conversation, [note])
        page = learner_client.get(conversation.get_absolute_url()).text
        assert '<span class="who">Note</span>' in page

    def test_it_says_what_the_tutor_is(self, learner_client, conversation):
        page = learner_client.get(conversation.get_absolute_url()).text
        assert "You talk with a guided tutor" in page
        assert "guided tutor" in page

    def test_an_empty_talk_invites_to_begin(self, learner_client, conversation):
        page = learner_client.get(conversation.get_absolute_url()).text
        assert "Nothing is said yet." in page

    def test_paragraphs_keep_their_own_language(
        self, learner_client, conversation, tutor
    ):
        parts = [["en", "Try again."], ["es", "¿Qué desea?"]]
        tutor.reply = lambda: reply("Try again.\n\n¿Qué desea?", parts=parts)
        turn_taking.take_turn(conversation, "?", client_id="one")
        page = as_read(learner_client.get(conversation.get_absolute_url()))
        assert '<p lang="en" dir="auto" class="aside">Try again.</p>' in page
        assert '<p lang="es" dir="auto">¿Qué desea?</p>' in page

    def test_new_words_are_marked_with_their_translation(
        self, learner_client, conversation, tutor
    ):
        words = [NewWord("cuenta", "bill", "La cuenta."), NewWord("por favor")]
        tutor.reply = lambda: _with_words("<La Cuenta, por favor>, la cuenta.", words)
        turn_taking.take_turn(conversation, "Hola", client_id="one")
        page = learner_client.get(conversation.get_absolute_url())
        assert 'class="word learning new-word"' in page.text
        ruby = '&lt;La <ruby>Cuenta<rp> (</rp><rt lang="en">bill</rt><rp>)</rp></ruby>'
        assert f"{ruby}, por favor&gt;, la cuenta." in as_read(page)
        assert ">por favor</a>" in page.text

    def test_a_word_deleted_since_is_as_new_as_others(
        self, learner_client, learner, conversation, tutor
    ):
        tutor.reply = lambda: reply("La mesa.", words=["mesa"])
        turn_taking.take_turn(conversation, "Hola", client_id="one")
        learner.vocabulary_items.all().delete()
        page = learner_client.get(conversation.get_absolute_url()).text
        assert 'class="word new new-word"' in page

    def test_what_a_learner_writes_is_never_markup(
        self, learner_client, conversation, tutor
    ):
        turn_taking.take_turn(
            conversation, "<script>alert(1)</script>", client_id="one"
        )
        page = as_read(learner_client.get(conversation.get_absolute_url()))
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page

    def test_a_scene_shows_its_objectives(self, learner_client, learner, scenario):
        phase = scenario.phases.get()
        phase.objectives.create(
            slug="drink", position=1, title={"en": "Order a drink"}, prompt={}
        )
        conversation, _ = Conversation.objects.begin(
            learner, language="es", scenario=scenario
        )
        page = learner_client.get(conversation.get_absolute_url()).text
        assert 'aria-current="step"' in page
        assert "Order a drink" in page

    def test_a_met_objective_shows_the_sentence_that_met_it(
        self, learner_client, learner, scenarios
    ):
        conversation, _ = Conversation.objects.begin(
            learner, language="es", scenario=scenarios["cafe"]
        )
        turn_taking.take_turn(conversation, "Ah. ¡Buenos días! Ya.", client_id="a")
        page = learner_client.get(conversation.get_absolute_url()).text
        assert '<q lang="es" dir="auto">¡Buenos días!</q>' in page

    def test_a_scene_played_to_its_end_can_be_completed_there(
        self, learner_client, learner
    ):
        conversation, _ = Conversation.objects.begin(
            learner, language="es", scenario=own(learner)
        )
        page = conversation.get_absolute_url()
        complete = address(conversation, "complete")

        def say(text, client_id):
            sent = {"content": text, "client_id": client_id}
            path = address(conversation, "turn-create")
            return learner_client.post(path, sent, **HTMX).text

        assert "played to its end" not in learner_client.get(page).text
        assert "played to its end" not in say("Un pan, por favor.", "a")
        say("Me llamo Ana.", "b")
        for text in (say("Con tarjeta.", "c"), learner_client.get(page).text):
            over = text.partition('id="scene-over"')[2]
            assert "The scene is played to its end." in over
            assert f'action="{complete}"' in over
        lifecycle.move(conversation, Status.COMPLETED)
        over = learner_client.get(page).text.partition('id="scene-over"')[2]
        assert "The scene is played to its end." in over
        assert f'action="{complete}"' not in over

    def test_a_completed_conversation_leads_to_its_summary(
        self, learner_client, conversation
    ):
        lifecycle.move(conversation, Status.COMPLETED)
        page = learner_client.get(conversation.get_absolute_url()).text
        assert "This conversation is completed." in page
        assert 'name="content"' not in page

    def test_a_paused_conversation_can_be_resumed(self, learner_client, paused):
        page = learner_client.get(paused.get_absolute_url()).text
        assert address(paused, "resume") in page
        assert 'name="content"' not in page

    @pytest.mark.parametrize("turns", [1, 25])
    def test_it_takes_the_same_queries_for_any_number_of_messages(
        self, learner_client, learner, turns, django_assert_num_queries
    ):
        conversation = ConversationFactory(learner=learner, turns=turns)
        # session, learner, conversation, messages, unanswered, corrections, items,
        # marks, run, woven words
        with django_assert_num_queries(10):
            learner_client.get(conversation.get_absolute_url())


class TestEarlier:
    @pytest.fixture
    def long(self, learner):
        return ConversationFactory(learner=learner, turns=40)

    def test_the_last_fifty_are_shown_at_first(self, learner_client, long):
        response = learner_client.get(long.get_absolute_url())
        shown = [message.position for message in response.context["shown"]]
        assert shown == list(range(31, 81))
        assert "?before=31" in response.text

    def test_those_before_come_as_a_part(self, learner_client, long):
        response = learner_client.get(
            address(long, "earlier"), {"before": "31"}, **HTMX
        )
        shown = [message.position for message in response.context["shown"]]
        assert shown == list(range(1, 31))
        assert "Earlier messages" not in response.text
        assert "<html" not in response.text

    def test_without_javascript_they_are_a_page(self, learner_client, long):
        response = learner_client.get(
            address(long, "earlier"), {"before": "31"}, follow=True
        )
        assert response.redirect_chain[0][0].endswith("?before=31")
        assert "Back to the latest messages" in response.text

    @pytest.mark.parametrize("before", ["", "0", "-1", "x", str(2**70), "\x00"])
    def test_no_such_part_is_not_found(self, learner_client, long, before):
        response = learner_client.get(address(long, "earlier"), {"before": before})
        assert response.status_code == 404
        page = learner_client.get(long.get_absolute_url(), {"before": before})
        assert len(page.context["shown"]) == 50


def _with_words(content, words):
    spoken = reply(content)
    spoken.vocabulary = words
    return spoken
