import pytest

from conversations.models import Correction
from conversations.turn_taking import take_turn
from tests.factories import ConversationFactory, LearnerFactory

LIST = "/api/v1/corrections/"
WRONG = "Yo soy 20 años y la problema es dificil."


@pytest.fixture
def corrected(conversation):
    return take_turn(conversation, WRONG, client_id="a").said


def talk(conversation, rest):
    return f"/api/v1/conversations/{conversation.conversation_id}/{rest}"


def test_a_turn_answers_with_its_corrections(api, conversation):
    sent = {"content": WRONG, "client_id": "a"}

    for _ in range(2):  # the same again gives the same
        answer = api.post(talk(conversation, "turns/"), sent).json()
        first = answer["corrections"][0]
        assert first.pop("id")
        assert first == {
            "start": 3,
            "end": 6,
            "original": "soy",
            "corrected": "tengo",
            "category": "verb-choice",
            "priority": "important",
            "reason": first["reason"],
            "source": "rule",
            "confidence": 0.9,
            "disputed_at": None,
            "outcome": None,
            "is_withdrawn": False,
        }
        assert len(answer["corrections"]) == len(answer["message"]["corrections"]) == 3
        assert answer["reply"]["corrections"] == []


def test_they_come_whatever_the_pages_show(api, learner, conversation, corrected):
    learner.feedback_style = "off"
    learner.save()

    assert len(api.get(LIST).json()["results"]) == 3


def test_messages_come_with_them(api, conversation, corrected):
    said, answered = api.get(talk(conversation, "messages/")).json()["results"]

    assert [one["original"] for one in said["corrections"]] == ["soy", "la", "dificil"]
    assert answered["corrections"] == []


def test_a_message_kept_again_comes_with_them(api, conversation, corrected):
    sent = {"role": "user", "content": WRONG, "client_id": "a"}

    answer = api.post(talk(conversation, "messages/"), sent)

    assert (answer.status_code, len(answer.json()["corrections"])) == (200, 3)


def test_the_list_says_where_each_is(api, conversation, corrected):
    first = api.get(LIST).json()["results"][-1]

    assert first["conversation_id"] == conversation.conversation_id
    assert (first["position"], first["language"]) == (1, "es")
    assert first == api.get(f"{LIST}{first['id']}/").json()


def test_the_list_is_filtered(api, corrected, learner):
    french = ConversationFactory(learner=learner, language="fr")
    take_turn(french, "Je aime le pomme.", client_id="b")

    def found(**query):
        return {one["original"] for one in api.get(LIST, query).json()["results"]}

    assert found(language="fr") == {"Je ", "le"}
    assert found(category="spelling") == {"dificil"}
    assert found(source="agreement") == {"la", "le"}
    assert found(priority="minor") == {"dificil", "Je "}
    assert found(conversation=french.conversation_id) == {"Je ", "le"}


@pytest.mark.parametrize(
    "query",
    [
        {"language": "xx"},
        {"category": "style"},
        {"source": "oracle"},
        {"priority": "urgent"},
        {"conversation": "\x00"},
    ],
)
def test_a_wrong_filter_is_refused(api, query):
    answer = api.get(LIST, query)

    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == set(query)


def test_the_list_is_paged_newest_first(api, conversation):
    for number in range(3):
        take_turn(conversation, WRONG, client_id=f"{number}")

    first = api.get(LIST, {"page_size": 5}).json()
    second = api.get(first["next"]).json()

    keys = [one["id"] for one in first["results"] + second["results"]]
    assert keys == sorted(keys, reverse=True)
    assert len(keys) == 9


@pytest.mark.parametrize("count", [1, 25])
def test_the_list_takes_the_same_queries_for_any_number(
    api, conversation, count, django_assert_num_queries
):
    for number in range(count):
        take_turn(conversation, WRONG, client_id=f"{number}")

    with django_assert_num_queries(1):
        api.get(LIST)


def test_disagreeing_is_safe_to_repeat(api, corrected):
    path = f"{LIST}{corrected.corrections.first().pk}/dispute/"

    first, again = api.post(path), api.post(path)

    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()
    assert first.json()["disputed_at"]


def test_disagreeing_can_be_taken_back(api, corrected):
    path = f"{LIST}{corrected.corrections.first().pk}/dispute/"
    api.post(path)

    for _ in range(2):
        answer = api.delete(path)
        assert answer.status_code == 200
        assert answer.json()["disputed_at"] is None


def test_what_was_judged_stays_disputed(api, corrected):
    correction = corrected.corrections.first()
    Correction.objects.dispute(correction)
    mine = Correction.objects.filter(pk=correction.pk)
    Correction.objects.judge(mine, "right", LearnerFactory())

    answer = api.delete(f"{LIST}{correction.pk}/dispute/").json()

    assert answer["disputed_at"]
    assert answer["outcome"] == "rejected"


def test_the_outcome_is_told(api, corrected):
    correction = corrected.corrections.first()
    Correction.objects.dispute(correction)
    mine = Correction.objects.filter(pk=correction.pk)
    Correction.objects.judge(mine, "unneeded", LearnerFactory())

    answer = api.get(f"{LIST}{correction.pk}/").json()

    assert (answer["outcome"], answer["is_withdrawn"]) == ("accepted", True)


def test_a_stranger_finds_none(stranger_api, corrected):
    correction = corrected.corrections.first()

    assert stranger_api.get(LIST).json()["results"] == []
    assert stranger_api.get(f"{LIST}{correction.pk}/").status_code == 404
    assert stranger_api.post(f"{LIST}{correction.pk}/dispute/").status_code == 404
    assert stranger_api.delete(f"{LIST}{correction.pk}/dispute/").status_code == 404
    correction.refresh_from_db()
    assert correction.disputed_at is None


def test_nothing_of_them_can_be_written(api, corrected):
    path = f"{LIST}{corrected.corrections.first().pk}/"

    assert api.patch(path, {"corrected": "x"}).status_code == 405
    assert api.delete(path).status_code == 405
    assert api.post(LIST, {}).status_code == 405


def test_the_style_is_read_and_set(api, learner):
    assert api.get("/api/v1/me/").json()["feedback_style"] == "now"
    answer = api.patch("/api/v1/me/", {"feedback_style": "blocking"})
    assert answer.json()["feedback_style"] == "blocking"
    assert api.patch("/api/v1/me/", {"feedback_style": "loud"}).status_code == 400
