"""Home, the list, moving, summing up and deleting conversations."""

from datetime import timedelta

import pytest
from django.urls import reverse

from conversations import lifecycle
from conversations.models import (
    Conversation,
    ConversationMessage,
    MetObjective,
)
from progress.models import StudyDay
from tests.factories import (
    ConversationFactory,
    introduce,
    prompt,
)
from vocabulary.models import VocabularyItem

HOME = reverse("conversations:home")
LIST = reverse("conversations:list")
CREATE = reverse("conversations:create")
Status = Conversation.Status


def address(conversation, name):
    return reverse(f"conversations:{name}", args=[conversation.conversation_id])


def titles_on(response):
    return [conversation.title for conversation in response.context["page"]]


class TestHome:
    def test_a_newcomer_is_told_what_to_do(self, learner_client):
        page = learner_client.get(HOME).text
        assert "Begin your first conversation" in page
        assert CREATE in page

    def test_todays_figures_are_what_the_rows_add_up_to(self, learner_client, learner):
        today = learner.local_date()
        for days_ago, seconds in ((0, 130), (1, 600)):
            date = today - timedelta(days=days_ago)
            StudyDay.objects.record(learner, "es", date, turns=1, study_seconds=seconds)
        introduce(learner, "mesa", "silla")
        shown = learner_client.get(HOME).context
        assert (shown["daily"].done, shown["streak"].current, shown["due"]) == (2, 2, 2)

    def test_the_latest_open_conversations_can_be_continued(
        self, learner_client, learner
    ):
        for title in ("One", "Two", "Three", "Four"):
            ConversationFactory(learner=learner, topic=title)
        lifecycle.move(Conversation.objects.get(topic="Four"), Status.COMPLETED)
        shown = [c.title for c in learner_client.get(HOME).context["open"]]
        assert shown == ["Three", "Two", "One"]

    def test_with_all_finished_it_offers_a_new_one(self, learner_client, learner):
        lifecycle.move(ConversationFactory(learner=learner), Status.COMPLETED)
        assert "Nothing is open" in learner_client.get(HOME).text

    def test_it_suggests_another_scene_than_the_last(
        self, learner_client, learner, scenario
    ):
        (one,) = learner_client.get(HOME).context["recommended"]
        assert one.scenario == scenario
        Conversation.objects.begin(learner, language="es", scenario=scenario)
        assert learner_client.get(HOME).context["recommended"] == []

    @pytest.mark.parametrize("count", [1, 50])
    def test_it_takes_the_same_queries_for_any_number(
        self, learner_client, learner, count, django_assert_num_queries
    ):
        for _ in range(count):
            ConversationFactory(learner=learner, turns=1)
        # session, learner, latest, week, due, done, streak, goals, scenarios, open
        with django_assert_num_queries(10):
            learner_client.get(HOME)


class TestList:
    def test_an_empty_list_says_how_to_begin(self, learner_client):
        assert "You have not talked yet." in learner_client.get(LIST).text

    def test_it_shows_each_with_its_last_message(self, learner_client, learner):
        ConversationFactory(learner=learner, topic="Bread", turns=2)
        page = learner_client.get(LIST).text
        assert "Bread" in page
        assert "Dime 1" in page

    def test_archived_ones_are_hidden_unless_chosen(self, learner_client, learner):
        lifecycle.move(ConversationFactory(learner=learner), Status.ARCHIVED)
        assert titles_on(learner_client.get(LIST)) == []
        assert len(titles_on(learner_client.get(LIST, {"status": "archived"}))) == 1

    def test_it_is_narrowed_by_language(self, learner_client, learner):
        ConversationFactory(learner=learner, topic="Pan")
        ConversationFactory(learner=learner, topic="Brot", language="de")
        assert titles_on(learner_client.get(LIST, {"language": "de"})) == ["Brot"]

    def test_titles_and_messages_are_searched(self, learner_client, learner):
        ConversationFactory(learner=learner, topic="Bread", turns=1)
        ConversationFactory(learner=learner, topic="Wine")
        assert titles_on(learner_client.get(LIST, {"q": "dime 0"})) == ["Bread"]
        assert titles_on(learner_client.get(LIST, {"q": "wine"})) == ["Wine"]

    def test_nothing_found_is_said(self, learner_client, learner):
        page = learner_client.get(LIST, {"q": "nothing like it"}).text
        assert "No conversation is like that." in page

    @pytest.mark.parametrize(
        "query",
        [{"q": "\x00"}, {"language": "xx"}, {"status": "lost"}, {"page": "many"}],
    )
    def test_a_filter_that_makes_no_sense_is_left_out(
        self, learner_client, learner, query
    ):
        ConversationFactory(learner=learner, topic="Bread")
        response = learner_client.get(LIST, query)
        assert response.status_code == 200
        assert titles_on(response) == ["Bread"]

    def test_it_comes_in_pages_of_twenty(self, learner_client, learner):
        for _ in range(25):
            ConversationFactory(learner=learner)
        assert len(titles_on(learner_client.get(LIST))) == 20
        assert len(titles_on(learner_client.get(LIST, {"page": 2}))) == 5

    @pytest.mark.parametrize("count", [1, 50])
    def test_it_takes_the_same_queries_for_any_number(
        self, learner_client, learner, count, django_assert_num_queries
    ):
        for _ in range(count):
            ConversationFactory(learner=learner, turns=1)
        with django_assert_num_queries(4):  # session, learner, count, page
            learner_client.get(LIST)

    def test_a_stranger_finds_none_of_it(self, stranger_client, learner):
        ConversationFactory(learner=learner, topic="Bread", turns=1)
        assert titles_on(stranger_client.get(LIST)) == []
        assert titles_on(stranger_client.get(LIST, {"q": "Bread"})) == []


class TestMoving:
    @pytest.mark.parametrize(
        ("path", "status"),
        [
            (["pause"], Status.PAUSED),
            (["pause", "resume"], Status.ACTIVE),
            (["complete"], Status.COMPLETED),
            (["archive"], Status.ARCHIVED),
        ],
    )
    def test_a_conversation_changes_its_state(
        self, learner_client, conversation, path, status
    ):
        for name in path:
            response = learner_client.post(address(conversation, name), follow=True)
            assert response.status_code == 200
        conversation.refresh_from_db()
        assert conversation.status == status

    def test_completing_leads_to_the_summary(self, learner_client, conversation):
        response = learner_client.post(address(conversation, "complete"))
        assert response.url == address(conversation, "summary")

    def test_a_forbidden_move_says_why(self, learner_client, conversation):
        lifecycle.move(conversation, Status.COMPLETED)
        response = learner_client.post(address(conversation, "pause"))
        assert response.status_code == 409
        assert "that is completed can’t become paused" in response.text.replace(
            "&#x27;", "’"
        )

    def test_looking_at_a_move_changes_nothing(self, learner_client, conversation):
        response = learner_client.get(address(conversation, "complete"))
        assert response.url == conversation.get_absolute_url()
        conversation.refresh_from_db()
        assert conversation.is_active

    def test_a_conversation_deleted_meanwhile_is_not_found(
        self, learner_client, conversation, deleted_meanwhile
    ):
        deleted_meanwhile()
        for name in ("complete", "delete"):
            assert learner_client.post(address(conversation, name)).status_code == 404


class TestDeleting:
    def test_it_asks_first(self, learner_client, conversation):
        response = learner_client.get(address(conversation, "delete"))
        assert conversation.title in response.text
        assert Conversation.objects.exists()

    def test_it_deletes(self, learner_client, conversation):
        response = learner_client.post(address(conversation, "delete"))
        assert response.url == LIST
        assert not Conversation.objects.exists()


class TestSummary:
    def test_it_shows_minutes_messages_and_words(self, learner_client, learner):
        conversation = ConversationFactory(learner=learner, turns=40)
        introduce(
            learner,
            "mesa",
            source=VocabularyItem.Source.CONVERSATION,
            source_id=conversation.conversation_id,
        )
        shown = learner_client.get(address(conversation, "summary")).context
        assert (shown["minutes"], shown["said"]) == (2, 40)
        assert [item.word for item in shown["words"]] == ["mesa"]

    def test_it_shows_each_objective_with_the_sentence_that_met_it(
        self, learner_client, learner, scenario
    ):
        phase = scenario.phases.get()
        for position, (slug, answer) in enumerate(
            [("drink", "un té"), ("food", "pan")], start=1
        ):
            phase.objectives.create(
                slug=slug,
                position=position,
                title={"en": f"Order {slug}"},
                prompt=prompt(answer),
            )
        conversation, _ = Conversation.objects.begin(
            learner, language="es", scenario=scenario
        )
        said = ConversationMessage(
            role="user", content="Buenos días. Un té, por favor."
        )
        ConversationMessage.objects.append(conversation, [said])
        MetObjective.objects.create(
            learner=learner,
            run=conversation.runs.get(),
            objective=phase.objectives.get(slug="drink"),
            message=said,
        )
        page = learner_client.get(address(conversation, "summary")).text
        assert ">Un té, por favor.<" in page
        assert page.count("Still open") == 1

    def test_a_completed_one_says_what_to_play_next(
        self, learner_client, learner, scenarios
    ):
        conversation, _ = Conversation.objects.begin(
            learner, language="es", scenario=scenarios["cafe"]
        )
        path = address(conversation, "summary")
        assert learner_client.get(path).context["recommended"] == []
        lifecycle.move(conversation, Status.COMPLETED)
        page = learner_client.get(path)
        assert "What to play next" in page.text
        slugs = [one.scenario.slug for one in page.context["recommended"]]
        assert "cafe" not in slugs
        assert slugs

    def test_an_unfinished_conversation_without_words_has_one_too(
        self, learner_client, conversation
    ):
        page = learner_client.get(address(conversation, "summary")).text
        assert "No new word came up." in page


PAGES = ["detail", "summary", "delete", "earlier"]
ACTS = ["turn-create", "pause", "resume", "complete", "archive", "delete"]
STRANGE_IDS = [
    "%00",
    "a%00b",
    "%2F",
    "a%5Cb",
    "%0A",
    "%20",
    "..",
    "%ED%A0%80",
    "x" * 101,
]


@pytest.mark.parametrize("name", PAGES)
def test_a_stranger_finds_no_such_page(stranger_client, conversation, name):
    response = stranger_client.get(address(conversation, name))
    assert response.status_code == 404


@pytest.mark.parametrize("name", ACTS)
def test_a_stranger_can_do_nothing_with_it(stranger_client, conversation, name):
    given = {"content": "Hola", "client_id": "one"}
    response = stranger_client.post(address(conversation, name), given)
    assert response.status_code == 404
    conversation.refresh_from_db()
    assert conversation.is_active
    assert conversation.message_count == 0


@pytest.mark.parametrize("strange", STRANGE_IDS)
@pytest.mark.parametrize("rest", ["", "summary/", "turns/", "turns/1/"])
def test_a_strange_id_is_no_such_page(learner_client, strange, rest):
    response = learner_client.post(f"/conversations/{strange}/{rest}")
    assert response.status_code in (404, 405)
    assert learner_client.get(f"/conversations/{strange}/{rest}").status_code == 404
