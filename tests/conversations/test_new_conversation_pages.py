"""Beginning a conversation: the form, and what it makes."""

import pytest
from django.urls import reverse

from conversations import tutors
from conversations.models import Conversation, ConversationMessage, ScenarioRun
from tests.factories import ConversationFactory

CREATE = reverse("conversations:create")


def wish(**fields):
    """What the form for a new conversation sends."""
    return {
        "language": "es",
        "vocabulary_level": "beginner",
        "about": "",
        "own_topic": "",
        "learning_focus": "conversation",
        "learning_goals": "",
        "conversation_id": "mine",
        **fields,
    }


def test_it_proposes_another_language_than_ones_own(learner_client):
    shown = learner_client.get(CREATE).context["form"]
    assert shown["language"].value() == "es"


def test_it_remembers_the_last_choice(learner_client, learner):
    ConversationFactory(
        learner=learner,
        language="it",
        vocabulary_level="advanced",
        learning_focus="grammar",
    )
    shown = learner_client.get(CREATE).context["form"]
    assert shown["language"].value() == "it"
    assert shown["vocabulary_level"].value() == "advanced"
    assert shown["learning_focus"].value() == "grammar"


def test_what_to_talk_about_can_be_chosen_in_the_address(learner_client, scenarios):
    query = {"about": "scenario:cafe", "language": "fr"}
    shown = learner_client.get(CREATE, query).context["form"]
    assert shown["about"].value() == "scenario:cafe"
    assert shown["language"].value() == "fr"


def test_a_conversation_begins_with_the_tutors_words(learner_client, learner):
    given = wish(own_topic="Bread", learning_goals="Order\n\n Pay \n")
    response = learner_client.post(CREATE, given)
    conversation = Conversation.objects.get()
    assert response.url == conversation.get_absolute_url()
    assert conversation.learner == learner
    assert conversation.title == "Bread"
    assert conversation.learning_goals == ["Order", "Pay"]
    said = ConversationMessage.objects.of(conversation).get()
    assert said.role == ConversationMessage.Role.ASSISTANT


def test_a_topic_of_the_list_gives_its_title(learner_client):
    learner_client.post(CREATE, wish(about="topic:family"))
    assert Conversation.objects.get().topic == "Family and friends"


def test_a_scene_begins_its_run(learner_client, scenarios):
    learner_client.post(CREATE, wish(about="scenario:cafe"))
    conversation = Conversation.objects.get()
    assert conversation.scenario == scenarios["cafe"]
    assert conversation.title == "Ordering in a café"
    assert ScenarioRun.objects.get().conversation == conversation


def test_the_form_sent_twice_begins_one_conversation(learner_client):
    first = learner_client.post(CREATE, wish())
    second = learner_client.post(CREATE, wish())
    assert first.url == second.url
    assert ConversationMessage.objects.count() == 1


def test_with_a_silent_tutor_the_learner_can_begin(learner_client, monkeypatch):
    def fail(*args):
        raise RuntimeError

    monkeypatch.setattr(tutors, "opening", fail)
    response = learner_client.post(CREATE, wish(), follow=True)
    assert response.status_code == 200
    assert "The tutor is silent just now." in response.text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("language", "xx"),
        ("vocabulary_level", "divine"),
        ("about", "topic:nothing"),
        ("own_topic", "x" * 201),
        ("own_topic", "a\x00b"),
        ("learning_goals", "\n".join(map(str, range(21)))),
        ("learning_goals", "x" * 201),
        ("conversation_id", "a/b"),
        ("conversation_id", ""),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused(learner_client, field, value):
    response = learner_client.post(CREATE, wish(**{field: value}))
    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {field}
    assert not Conversation.objects.exists()


def test_a_scene_and_an_own_topic_exclude_each_other(learner_client, scenarios):
    given = wish(about="scenario:cafe", own_topic="Bread")
    response = learner_client.post(CREATE, given)
    assert response.status_code == 422
    assert "own_topic" in response.context["form"].errors


def test_the_same_id_of_somebody_else_is_no_hindrance(learner_client, stranger):
    ConversationFactory(learner=stranger, conversation_id="mine")
    learner_client.post(CREATE, wish())
    assert Conversation.objects.count() == 2
