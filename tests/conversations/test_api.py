"""Conversations through the API."""

import pytest

from conversations import lifecycle
from conversations.models import Conversation, ConversationMessage
from progress.models import LearningProgress, StudyDay
from tests.factories import ConversationFactory, introduce, reply
from vocabulary.models import VocabularyItem

LIST = "/api/v1/conversations/"


def path(conversation, action=""):
    return f"{LIST}{conversation.conversation_id}/{action}"


@pytest.fixture
def conversation(learner):
    return ConversationFactory(learner=learner, conversation_id="talk-1")


def turn(content="Hola", client_id="a"):
    return {"content": content, "client_id": client_id}


def test_a_conversation_is_begun_without_a_word(api):
    answer = api.post(LIST, {"conversation_id": "c", "language": "es", "topic": "Pan"})

    assert answer.status_code == 201
    begun = answer.json()
    assert begun["conversation_id"] == "c"
    assert begun["title"] == "Pan"
    assert (begun["status"], begun["is_active"]) == ("active", True)
    assert (begun["message_count"], begun["total_tokens"]) == (0, 0)
    assert begun["estimated_cost"] == 0


def test_an_id_is_made_where_none_is_given(api):
    assert len(api.post(LIST, {"language": "es"}).json()["conversation_id"]) == 36


def test_beginning_again_gives_the_same_conversation(api):
    data = {"conversation_id": "c", "language": "es"}
    first = api.post(LIST, data)

    again = api.post(LIST, data)

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert Conversation.objects.count() == 1


def test_beginning_again_with_other_values_is_a_conflict(api):
    api.post(LIST, {"conversation_id": "c", "language": "es"})

    answer = api.post(LIST, {"conversation_id": "c", "language": "fr"})

    assert answer.status_code == 409
    assert "language" in answer.json()["detail"]


def test_a_scenario_begins_with_its_run(api, scenarios):
    data = {"conversation_id": "c", "language": "es", "scenario": "cafe"}

    assert api.post(LIST, data).json()["scenario"] == "cafe"
    answer = api.post(f"{LIST}c/turns/", turn("Hola, buenos días")).json()

    assert answer["scenario"]["scenario_id"] == "cafe"
    assert answer["scenario"]["is_finished"] is False
    met = [aim for aim in answer["scenario"]["objectives"] if aim["is_met"]]
    assert met[0]["sentence"] == "Hola, buenos días"
    assert met[0]["position"] == 1


def test_a_turn_gives_message_and_reply(api, conversation, tutor):
    tutor.reply = lambda: reply("Hay pan.", words=["pan"])

    answer = api.post(path(conversation, "turns/"), turn())

    assert answer.status_code == 201
    body = answer.json()
    assert set(body) == {"message", "reply", "corrections", "vocabulary", "scenario"}
    assert body["message"]["position"] == 1
    assert body["message"]["client_id"] == "a"
    assert body["reply"]["content"] == "Hay pan."
    assert body["reply"]["in_reply_to"] == 1
    assert body["reply"]["token_count"] == 12
    assert body["reply"]["estimated_cost"] == 0.000345
    assert body["vocabulary"] == [{"word": "pan", "lemma": "pan", "translation": ""}]
    assert body["scenario"] is None


def test_a_repeated_turn_is_the_same_turn(api, conversation, tutor):
    first = api.post(path(conversation, "turns/"), turn())

    again = api.post(path(conversation, "turns/"), turn())

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert api.get(path(conversation)).json()["message_count"] == 2


def test_another_turn_under_the_same_client_id_is_a_conflict(api, conversation, tutor):
    api.post(path(conversation, "turns/"), turn())

    answer = api.post(path(conversation, "turns/"), turn("Adiós"))

    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"


def test_a_silent_tutor_leaves_the_message_kept(api, conversation, tutor):
    tutor.error = TimeoutError()
    answer = api.post(path(conversation, "turns/"), turn())
    assert answer.status_code == 503
    assert answer.json()["message"]["position"] == 1

    tutor.error = None
    assert api.post(path(conversation, "turns/"), turn()).status_code == 201


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"client_id": "a"}, "content"),
        ({"content": "Hola"}, "client_id"),
        (turn(""), "content"),
        (turn("  \n\t"), "content"),
        (turn("x" * 10_001), "content"),
        (turn("a\x00b"), "content"),
        (turn(5.5, True), "client_id"),
        (turn(["Hola"]), "content"),
        (turn(None), "content"),
        (turn(client_id=""), "client_id"),
        (turn(client_id="x" * 101), "client_id"),
        (turn(client_id="\x00"), "client_id"),
        ({**turn(), "role": "user"}, "role"),
    ],
)
def test_a_wrong_turn_is_refused_naming_the_field(
    api, conversation, tutor, data, field
):
    answer = api.post(path(conversation, "turns/"), data)

    assert answer.status_code == 400
    assert field in answer.json()["errors"]
    assert not ConversationMessage.objects.exists()


@pytest.mark.parametrize(
    "content", ["x" * 10_000, "👩‍🏫", "مرحبا", "\u202etxet", " a "]
)
def test_unusual_messages_are_kept_as_they_are(api, conversation, tutor, content):
    answer = api.post(path(conversation, "turns/"), turn(content))

    assert answer.status_code == 201
    assert answer.json()["message"]["content"] == content


@pytest.mark.parametrize("body", ["{", "[]", '"text"', "null", "[" * 50_000, "NaN", ""])
def test_a_body_that_is_no_object_is_refused(api, conversation, tutor, body):
    answer = api.post(
        path(conversation, "turns/"), body, content_type="application/json"
    )

    assert answer.status_code == 400
    assert answer.json()["status"] == 400


def test_half_a_surrogate_is_refused_naming_the_field(api, conversation, tutor):
    body = r'{"content": "half \ud83d", "client_id": "a"}'

    answer = api.post(
        path(conversation, "turns/"), body, content_type="application/json"
    )

    assert answer.status_code == 400
    assert "content" in answer.json()["errors"]


def test_a_body_that_is_not_utf8_is_refused(api, conversation):
    answer = api.generic(
        "POST", path(conversation, "turns/"), b"\xff\xfe", "application/json"
    )

    assert answer.status_code == 400


def test_a_body_that_is_no_json_is_refused(api, conversation):
    answer = api.post(path(conversation, "turns/"), "a=b", content_type="text/plain")

    assert answer.status_code == 415


def test_a_body_that_is_too_large_is_not_read(api, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    data = {"language": "es", "messages": [{"role": "user", "content": "x" * 2000}]}

    answer = api.put(f"{LIST}c/transcript/", data)

    assert answer.status_code == 413
    assert "1000 bytes" in answer.json()["detail"]
    assert not Conversation.objects.exists()


@pytest.mark.parametrize(
    ("action", "status"),
    [("pause", "paused"), ("complete", "completed"), ("archive", "archived")],
)
def test_states_are_moved_and_may_be_moved_again(api, conversation, action, status):
    for _ in range(2):
        answer = api.post(path(conversation, f"{action}/"))
        assert answer.status_code == 200
        assert answer.json()["status"] == status


def test_a_paused_conversation_takes_no_turn_until_resumed(api, conversation, tutor):
    api.post(path(conversation, "pause/"))
    assert api.post(path(conversation, "turns/"), turn()).status_code == 409

    assert api.post(path(conversation, "resume/")).json()["is_active"] is True
    assert api.post(path(conversation, "turns/"), turn()).status_code == 201


def test_a_forbidden_move_is_a_conflict(api, conversation):
    lifecycle.move(conversation, "completed")

    answer = api.post(path(conversation, "resume/"))

    assert answer.status_code == 409
    assert "completed can't become active" in answer.json()["detail"]


def test_what_it_is_about_can_be_changed(api, conversation):
    answer = api.patch(
        path(conversation),
        {"title": "Mine", "learning_goals": ["pedir"], "vocabulary_level": "advanced"},
    )

    assert answer.status_code == 200
    assert answer.json()["title"] == "Mine"
    assert answer.json()["learning_goals"] == ["pedir"]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"language": "fr"}, "language"),
        ({"conversation_id": "other"}, "conversation_id"),
        ({"scenario": "cafe"}, "scenario"),
        ({"status": "completed"}, "status"),
        ({"message_count": 9}, "message_count"),
        ({"learning_focus": "singing"}, "learning_focus"),
        ({"learning_goals": ["x" * 201]}, "learning_goals.0"),
        ({"learning_goals": "pedir"}, "learning_goals"),
        ({"title": "x" * 201}, "title"),
        ({"topic": "\x00"}, "topic"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_stays_cannot_be_changed(api, conversation, scenarios, data, field):
    answer = api.patch(path(conversation), data)

    assert answer.status_code == 400
    assert field in answer.json()["errors"]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "language"),
        ({"language": "tlh"}, "language"),
        ({"language": "es", "scenario": "moon"}, "scenario"),
        ({"language": "es", "conversation_id": "a/b"}, "conversation_id"),
        ({"language": "es", "conversation_id": " a"}, "conversation_id"),
        ({"language": "es", "conversation_id": "\x00"}, "conversation_id"),
        ({"language": "es", "conversation_id": "x" * 101}, "conversation_id"),
        ({"language": "es", "conversation_id": ""}, "conversation_id"),
    ],
)
def test_a_wrong_conversation_is_refused(api, data, field):
    answer = api.post(LIST, data)

    assert answer.status_code == 400
    assert field in answer.json()["errors"]


def test_a_conversation_deleted_meanwhile_is_not_found(api, conversation, tutor):
    def forget():
        lifecycle.delete(conversation)
        return reply()

    tutor.reply = forget

    assert api.post(path(conversation, "turns/"), turn()).status_code == 404


def test_deleting_is_real(api, conversation, tutor):
    api.post(path(conversation, "turns/"), turn())

    assert api.delete(path(conversation)).status_code == 204

    assert api.get(path(conversation)).status_code == 404
    assert not ConversationMessage.objects.exists()


@pytest.mark.parametrize(
    ("method", "action"),
    [
        ("get", ""),
        ("patch", ""),
        ("put", ""),
        ("delete", ""),
        ("post", "turns/"),
        ("get", "messages/"),
        ("post", "messages/"),
        ("get", "transcript/"),
        ("get", "summary/"),
        ("post", "pause/"),
        ("post", "resume/"),
        ("post", "complete/"),
        ("post", "archive/"),
    ],
)
def test_a_stranger_finds_nothing(stranger_api, conversation, method, action):
    answer = getattr(stranger_api, method)(path(conversation, action), {})

    assert answer.status_code == 404
    conversation.refresh_from_db()
    assert conversation.status == "active"


@pytest.mark.parametrize("strange", ["a%00", "%20", "x" * 101, "%2e%2e", "%0A"])
def test_a_strange_id_is_not_found(api, strange):
    assert api.get(f"{LIST}{strange}/").status_code == 404
    transcript = {"language": "es", "messages": []}
    assert api.put(f"{LIST}{strange}/transcript/", transcript).status_code in (400, 404)


def test_a_stranger_sees_no_conversation_in_lists(stranger_api, conversation):
    assert stranger_api.get(LIST).json()["results"] == []


def test_a_strangers_transcript_is_another_conversation(
    stranger_api, conversation, stranger
):
    data = {"language": "fr", "messages": []}

    assert stranger_api.put(path(conversation, "transcript/"), data).status_code == 201

    assert Conversation.objects.for_learner(stranger).get().language == "fr"


@pytest.mark.parametrize("count", [1, 50])
def test_the_list_takes_the_same_queries_for_any_number(
    api, scenarios, count, django_assert_num_queries
):
    ConversationFactory.create_batch(
        count, learner=api.learner, scenario=scenarios["cafe"]
    )

    with django_assert_num_queries(2):
        assert len(api.get(LIST).json()["results"]) == count


def test_the_list_is_paged_latest_first(api):
    ConversationFactory.create_batch(3, learner=api.learner)

    first = api.get(LIST, {"page_size": 2}).json()
    second = api.get(first["next"]).json()

    found = [one["last_message_at"] for one in first["results"] + second["results"]]
    assert len(found) == 3
    assert found == sorted(found, reverse=True)
    assert second["next"] is None


def test_the_list_is_filtered_searched_and_ordered(api, scenarios):
    make = ConversationFactory
    pan = make(learner=api.learner, topic="Pan", turns=1)
    vino = make(learner=api.learner, topic="Vino", language="fr")
    cafe = make(learner=api.learner, topic="Café", scenario=scenarios["cafe"])
    lifecycle.move(vino, "paused")

    def titles(**query):
        return [one["title"] for one in api.get(LIST, query).json()["results"]]

    assert titles(language="fr") == ["Vino"]
    assert titles(status="paused") == ["Vino"]
    assert titles(scenario="cafe") == [cafe.title]
    assert titles(search="pa") == ["Pan"]
    assert titles(search="hola 0") == [pan.title]
    assert titles(ordering="message_count")[-1] == "Pan"


@pytest.mark.parametrize(
    "query",
    [{"language": "xx"}, {"status": "open"}, {"scenario": "moon"}, {"search": "\x00"}],
)
def test_a_wrong_filter_is_refused(api, query):
    answer = api.get(LIST, query)

    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == set(query)


def test_messages_come_in_order_and_paged(api, conversation):
    ConversationFactory(learner=api.learner, conversation_id="long", turns=30)

    first = api.get(f"{LIST}long/messages/").json()
    second = api.get(first["next"]).json()

    positions = [one["position"] for one in first["results"] + second["results"]]
    assert positions == list(range(1, 61))
    assert first["results"][1]["in_reply_to"] == 1
    newer = api.get(f"{LIST}long/messages/", {"after": 58, "role": "user"}).json()
    assert [one["position"] for one in newer["results"]] == [59]


@pytest.mark.parametrize("turns", [1, 25])
def test_messages_take_the_same_queries_for_any_number(
    api, turns, django_assert_num_queries
):
    ConversationFactory(learner=api.learner, conversation_id="long", turns=turns)

    # conversation, messages, those that they answer, corrections
    with django_assert_num_queries(4):
        api.get(f"{LIST}long/messages/")


def message(role="user", content="Hola", client_id="m1", **more):
    return {"role": role, "content": content, "client_id": client_id, **more}


def test_messages_said_elsewhere_are_kept_and_counted(api, conversation):
    first = api.post(path(conversation, "messages/"), message("Human"))
    second = api.post(
        path(conversation, "messages/"),
        message(
            "AI",
            "Dime",
            "m2",
            token_count=7,
            estimated_cost=0.002,
            processing_time_ms=30,
            language="es",
        ),
    )

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["role"] == "user"
    assert second.json()["in_reply_to"] == 1
    kept = api.get(path(conversation)).json()
    assert (kept["message_count"], kept["total_tokens"]) == (2, 7)
    assert kept["estimated_cost"] == 0.002
    assert StudyDay.objects.get().turns == 1


def test_a_repeated_message_is_kept_once(api, conversation):
    first = api.post(path(conversation, "messages/"), message())

    again = api.post(path(conversation, "messages/"), message())

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert conversation.messages.count() == 1


def test_a_message_of_another_role_under_the_same_client_id_is_a_conflict(
    api, conversation
):
    api.post(path(conversation, "messages/"), message())

    answer = api.post(path(conversation, "messages/"), message("assistant"))

    assert answer.status_code == 409


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"role": "narrator"}, "role"),
        ({"role": ""}, "role"),
        ({"content": " "}, "content"),
        ({"token_count": -1}, "token_count"),
        ({"token_count": 2**31}, "token_count"),
        ({"estimated_cost": "NaN"}, "estimated_cost"),
        ({"estimated_cost": 0.00000001}, "estimated_cost"),
        ({"language": "e"}, "language"),
        ({"position": 4}, "position"),
    ],
)
def test_a_wrong_message_is_refused(api, conversation, changes, field):
    answer = api.post(path(conversation, "messages/"), {**message(), **changes})

    assert answer.status_code == 400
    assert field in answer.json()["errors"]


def transcript(**changes):
    said = [{"role": "user", "content": "Hola"}, {"role": "ai", "content": "Dime"}]
    return {"conversation_id": "c", "language": "es", "messages": said, **changes}


def test_a_transcript_is_saved_and_given_back(api):
    first = api.put(f"{LIST}c/transcript/", transcript())
    given = api.get(f"{LIST}c/transcript/").json()
    again = api.put(f"{LIST}c/transcript/", given)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == given == again.json()
    assert given["user_id"] == api.learner.pk
    assert [one["role"] for one in given["messages"]] == ["user", "assistant"]


def test_a_contradicting_transcript_is_a_conflict_at_its_position(api):
    api.put(f"{LIST}c/transcript/", transcript())
    other = transcript()
    other["messages"][1]["content"] = "Otra cosa"

    answer = api.put(f"{LIST}c/transcript/", other)

    assert answer.status_code == 409
    assert answer.json()["position"] == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"conversation_id": "other"}, "conversation_id"),
        ({"user_id": "somebody"}, "user_id"),
        ({"language": "tlh"}, "language"),
        ({"messages": [{"role": "user"}]}, "messages.0.content"),
        ({"extra": 1}, "extra"),
    ],
)
def test_a_wrong_transcript_is_refused(api, changes, field):
    answer = api.put(f"{LIST}c/transcript/", transcript(**changes))

    assert answer.status_code == 400
    assert field in answer.json()["errors"]
    assert not Conversation.objects.exists()


def test_a_summary_is_what_the_rows_add_up_to(api, tutor):
    conversation = ConversationFactory(learner=api.learner, turns=2)
    introduce(
        api.learner,
        "pan",
        source="conversation",
        source_id=conversation.conversation_id,
    )

    came_to = api.get(path(conversation, "summary/")).json()

    assert came_to.pop("measures")["messages"] == 2
    assert came_to == {
        "conversation_id": conversation.conversation_id,
        "status": "active",
        "message_count": 4,
        "turns": 2,
        "minutes": 0,
        "study_seconds": 6,
        "words": [{"word": "pan", "lemma": "pan", "translation": ""}],
        "reviews": [],
        "scenario": None,
    }


def test_completing_counts_once(api, conversation, tutor):
    tutor.reply = lambda: reply(words=["pan"])
    api.post(path(conversation, "turns/"), turn())

    for _ in range(2):
        api.post(path(conversation, "complete/"))

    progress = LearningProgress.objects.for_learner(api.learner)
    assert progress.get(skill="conversation").conversations_completed == 1
    assert progress.get(skill="vocabulary").words_learned == 1
    assert VocabularyItem.objects.count() == 1
