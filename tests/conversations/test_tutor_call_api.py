"""What was sent to a provider, for programs."""

import pytest

from conversations.models import TutorCall
from conversations.turn_taking import take_turn
from tests.factories import ConversationFactory
from tests.provider import COST, fails


def calls_of(conversation):
    return f"/api/v1/conversations/{conversation.conversation_id}/tutor-calls/"


@pytest.mark.django_db(transaction=True)
def test_each_request_is_listed_with_what_became_of_it(api, modelled, provider):
    provider.then(fails(400))
    with pytest.raises(Exception, match="kept"):
        take_turn(modelled, "Hola", client_id="a")
    take_turn(modelled, "Hola", client_id="a")

    failed, answered = api.get(calls_of(modelled)).json()["results"]

    assert (failed["outcome"], failed["answer"]) == ("error", "")
    assert (answered["outcome"], answered["answer"]) == ("ok", "¿Y tú?")
    assert answered["cost"] == float(COST)
    assert answered["position"] == 1
    assert answered["sent"][0]["role"] == "system"
    assert (answered["tokens_in"], answered["tokens_out"]) == (1000, 100)


def test_a_talk_with_the_guided_tutor_sent_nothing(api, conversation):
    assert api.get(calls_of(conversation)).json()["results"] == []


def test_a_stranger_finds_nothing(stranger_api, conversation):
    assert stranger_api.get(calls_of(conversation)).status_code == 404


@pytest.mark.parametrize("count", [1, 50])
def test_it_takes_the_same_queries_for_any_number(
    api, learner, count, django_assert_num_queries
):
    conversation = ConversationFactory(learner=learner, turns=count)
    for said in conversation.messages.filter(role="user"):
        TutorCall.objects.create(
            learner=learner,
            conversation=conversation,
            message=said,
            model="openai:x",
            prompt_version=1,
            purpose="reply",
            outcome="ok",
            expires_at=said.created_at,
        )

    with django_assert_num_queries(3):  # conversation, calls, messages
        found = api.get(calls_of(conversation)).json()["results"]

    assert len(found) == count
