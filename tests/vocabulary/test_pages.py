"""The vocabulary list and the word page."""

import pytest
from django.urls import reverse

from lingo.text import UNSTORABLE
from progress.models import StudyDay
from tests.factories import ConversationFactory, introduce
from vocabulary.managers import NewWord
from vocabulary.models import VocabularyItem

LIST = reverse("vocabulary:list")


def words_on(response):
    return [item.word for item in response.context["page"]]


@pytest.fixture
def item(learner):
    word = NewWord("cuenta", "bill", "La cuenta, por favor.")
    return introduce(learner, word)[0]


def test_an_empty_vocabulary_says_where_words_come_from(learner_client):
    assert "Words that come up while you talk" in learner_client.get(LIST).text


def test_each_word_is_listed_with_translation_example_and_due(learner_client, item):
    page = learner_client.get(LIST).text
    for shown in ("cuenta", "bill", "La cuenta, por favor.", "due now"):
        assert shown in page


def test_words_are_narrowed_by_language(learner_client, learner, item):
    introduce(learner, "table", language="fr")
    assert words_on(learner_client.get(LIST, {"language": "fr"})) == ["table"]


def test_words_are_found_by_word_and_by_translation(learner_client, learner, item):
    introduce(learner, "mesa")
    assert words_on(learner_client.get(LIST, {"q": "CUEN"})) == ["cuenta"]
    assert words_on(learner_client.get(LIST, {"q": "bill"})) == ["cuenta"]


def test_only_those_due_can_be_listed(learner_client, learner, item):
    introduce(learner, "mesa")
    VocabularyItem.objects.filter(word="mesa").update(is_suspended=True)
    assert words_on(learner_client.get(LIST, {"due": "on"})) == ["cuenta"]


def test_nothing_found_is_said(learner_client, item):
    page = learner_client.get(LIST, {"q": "nothing like it"}).text
    assert "No word is like that." in page


@pytest.mark.parametrize(
    "query", [{"q": "\x00"}, {"language": "xx"}, {"page": "0"}, {"q": "x" * 101}]
)
def test_a_filter_that_makes_no_sense_is_left_out(learner_client, item, query):
    response = learner_client.get(LIST, query)
    assert response.status_code == 200
    assert words_on(response) == ["cuenta"]


def test_the_list_comes_in_pages_of_fifty(learner_client, learner):
    introduce(learner, *(f"zq{n}k" for n in range(60)))
    first = learner_client.get(LIST, {"language": "es"})
    assert len(words_on(first)) == 50
    assert "?language=es&amp;page=2" in first.text
    assert len(words_on(learner_client.get(LIST, {"page": 2}))) == 10


@pytest.mark.parametrize("count", [1, 50])
def test_the_list_takes_the_same_queries_for_any_number(
    learner_client, learner, count, django_assert_num_queries
):
    introduce(learner, *(f"zq{n}k" for n in range(count)))
    with django_assert_num_queries(4):  # session, learner, count, items
        learner_client.get(LIST)


def test_a_word_shows_all_that_is_known_of_it(learner_client, item):
    page = learner_client.get(item.get_absolute_url()).text
    for shown in ("cuenta", "bill", "La cuenta, por favor.", "Spanish", "Learning"):
        assert shown in page


def test_a_word_leads_back_to_its_conversation(learner_client, learner):
    conversation = ConversationFactory(learner=learner)
    source = {
        "source": VocabularyItem.Source.CONVERSATION,
        "source_id": conversation.conversation_id,
    }
    item = introduce(learner, "mesa", **source)[0]
    assert (
        conversation.get_absolute_url()
        in learner_client.get(item.get_absolute_url()).text
    )


def test_a_word_outlives_its_conversation(learner_client, learner):
    source = {"source": VocabularyItem.Source.CONVERSATION, "source_id": "gone"}
    item = introduce(learner, "mesa", **source)[0]
    assert learner_client.get(item.get_absolute_url()).status_code == 200


def test_translation_and_definition_can_be_changed(learner_client, item):
    given = {"translation": "check", "definition": "What one pays."}
    response = learner_client.post(item.get_absolute_url(), given)
    assert response.url == item.get_absolute_url()
    item.refresh_from_db()
    assert (item.translation, item.definition) == ("check", "What one pays.")


@pytest.mark.parametrize("translation", ["x" * 201, "bi\x00ll"])
def test_a_translation_that_cannot_be_kept_is_refused(
    learner_client, item, translation
):
    given = {"translation": translation, "definition": ""}
    response = learner_client.post(item.get_absolute_url(), given)
    assert response.status_code == 422
    item.refresh_from_db()
    assert item.translation == "bill"


def test_half_a_surrogate_is_named(item):
    from vocabulary.forms import VocabularyItemForm

    form = VocabularyItemForm({"translation": "\ud800"}, instance=item)
    assert form.errors["translation"] == [UNSTORABLE]


def test_deleting_asks_first(learner_client, item):
    address = reverse("vocabulary:delete", args=[item.pk])
    assert learner_client.get(address).status_code == 200
    assert VocabularyItem.objects.filter(pk=item.pk).exists()


def test_deleting_takes_the_word_and_what_it_counted(learner_client, learner):
    from vocabulary.adding import add_word

    item, _ = add_word(learner, "es", "mesa")
    response = learner_client.post(reverse("vocabulary:delete", args=[item.pk]))
    assert response.url == LIST
    assert not VocabularyItem.objects.exists()
    assert StudyDay.objects.for_learner(learner).totals()["words"] == 0


@pytest.mark.parametrize("name", ["detail", "delete"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_finds_no_such_word(stranger_client, item, name, method):
    address = reverse(f"vocabulary:{name}", args=[item.pk])
    assert getattr(stranger_client, method)(address).status_code == 404
    assert VocabularyItem.objects.filter(pk=item.pk).exists()


def test_a_stranger_lists_none_of_it(stranger_client, item):
    assert words_on(stranger_client.get(LIST)) == []


def test_an_impossible_number_is_no_such_word(learner_client):
    address = reverse("vocabulary:detail", args=[2**70])
    assert learner_client.get(address).status_code == 404
