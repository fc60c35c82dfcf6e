"""The list of words: finding them, doing something with several, adding one."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from progress.models import StudyDay
from tests.factories import introduce
from vocabulary.adding import add_word
from vocabulary.managers import NewWord
from vocabulary.models import VocabularyItem
from vocabulary.reviewing import review

LIST = reverse("vocabulary:list")
BULK = reverse("vocabulary:bulk")
ADD = reverse("vocabulary:add")


def words_on(response):
    return [item.word for item in response.context["page"]]


@pytest.fixture
def words(learner):
    """Three words that differ in all that can be asked for."""
    now = timezone.now()
    introduce(learner, "vino", level="proficient")
    introduce(learner, NewWord("café", "coffee"), level="intermediate", source="web")
    introduce(learner, "maison", language="fr", level="beginner")
    mine = VocabularyItem.objects.for_learner(learner)
    mine.filter(lemma="vino").update(
        due=now - timedelta(days=2), introduced_at=now - timedelta(days=9)
    )
    mine.filter(lemma="café").update(
        due=now + timedelta(days=9),
        introduced_at=now - timedelta(days=5),
        state=2,
        stability=21,
        difficulty=5,
        last_review=now,
        lapses=8,
    )
    mine.filter(lemma="maison").update(is_suspended=True)
    return {item.lemma: item for item in mine}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["maison", "café", "vino"]),
        ({"language": "es"}, ["café", "vino"]),
        ({"stage": "new"}, ["vino"]),
        ({"stage": "known"}, ["café"]),
        ({"stage": "suspended"}, ["maison"]),
        ({"stage": "leech"}, ["café"]),
        ({"stage": "learning"}, []),
        ({"due": "on"}, ["vino"]),
        ({"source": "web"}, ["café"]),
        ({"difficulty_from": "7"}, ["vino"]),
        ({"difficulty_to": "3"}, ["maison"]),
        ({"difficulty_from": "3", "difficulty_to": "6"}, ["café"]),
        ({"q": "CAFE"}, ["café"]),
        ({"q": "coff", "language": "es", "stage": "known"}, ["café"]),
        ({"q": "coff", "language": "fr"}, []),
        ({"order": "due"}, ["vino", "café", "maison"]),
        ({"order": "hardest"}, ["vino", "café", "maison"]),
        ({"order": "alphabetical"}, ["café", "vino", "maison"]),
        ({"order": "alphabetical", "due": "on"}, ["vino"]),
    ],
)
def test_words_are_filtered_and_ordered(learner_client, words, query, found):
    assert words_on(learner_client.get(LIST, query)) == found


@pytest.mark.parametrize(
    "query",
    [
        {"stage": "asleep"},
        {"source": "\x00"},
        {"difficulty_from": "0"},
        {"difficulty_to": "11"},
        {"difficulty_from": "9" * 5000},
        {"order": "random"},
        {"q": "x" * 10_000},
        {"page": "9" * 5000},
    ],
)
def test_a_filter_that_makes_no_sense_is_left_out(learner_client, words, query):
    response = learner_client.get(LIST, query)

    assert response.status_code == 200
    assert len(words_on(response)) == 3


def test_what_makes_no_sense_is_said_beside_its_field(learner_client, words):
    page = learner_client.get(LIST, {"difficulty_to": "11", "language": "es"})

    assert "A number from 1 to 10." in page.text
    assert words_on(page) == ["café", "vino"]


def test_filters_in_use_are_never_hidden(learner_client, words):
    def are_shown(query):
        return (
            '<details class="more-filters" open>'
            in learner_client.get(LIST, query).text
        )

    assert [are_shown({}), are_shown({"q": "x"})] == [False, False]
    assert [are_shown({"source": "web"}), are_shown({"difficulty_to": "5"})] == [
        True,
        True,
    ]


def test_each_row_says_how_far_the_word_has_come(learner_client, words):
    page = learner_client.get(LIST).text

    for said in (
        "New, due now",
        "Known, due in 9 days",
        "Suspended",
        "Often forgotten",
    ):
        assert said in page


def chosen(words, *lemmas, **data):
    return {"pk": [words[lemma].pk for lemma in lemmas], **data}


def suspended():
    found = VocabularyItem.objects.filter(is_suspended=True).order_by("lemma")
    return [str(item) for item in found]


def test_several_words_are_suspended_and_resumed(learner_client, words):
    data = chosen(words, "vino", "café")

    done = learner_client.post(BULK, {**data, "action": "suspend"}, follow=True)
    assert suspended() == ["café", "maison", "vino"]
    assert "2 words suspended." in done.text

    done = learner_client.post(
        BULK, {**chosen(words, "vino"), "action": "resume"}, follow=True
    )
    assert suspended() == ["café", "maison"]
    assert "1 word resumed." in done.text


def test_doing_it_again_changes_nothing(learner_client, words):
    data = chosen(words, "vino", action="suspend")

    answers = [learner_client.post(BULK, data, follow=True) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert suspended() == ["maison", "vino"]


def test_the_filter_stays_in_the_address(learner_client, words):
    filters = "?q=caf%C3%A9&stage=known&page=2"
    page = learner_client.get(LIST + filters)

    done = learner_client.post(BULK + filters, chosen(words, "café", action="suspend"))

    assert f'action="{BULK}{filters}"'.replace("&", "&amp;") in page.text
    assert done.url == LIST + filters


def test_all_that_the_page_shows_can_be_chosen_at_once(learner_client, words):
    shown = [words["vino"].pk, words["café"].pk]

    learner_client.post(BULK, {"all": "on", "shown": shown, "action": "suspend"})

    assert suspended() == ["café", "maison", "vino"]


def test_the_page_says_what_it_shows_and_lets_choose(learner_client, words):
    page = learner_client.get(LIST, {"language": "fr"}).text

    pk = words["maison"].pk
    assert f'<input type="hidden" name="shown" value="{pk}">' in page
    assert f'name="pk" value="{pk}" aria-label="Choose “maison”"' in page


def test_deleting_several_asks_first(learner_client, words):
    data = chosen(words, "vino", "café", action="delete")

    page = learner_client.post(f"{BULK}?language=es", data)

    assert page.status_code == 200
    assert "Delete 2 words?" in page.text
    assert f'action="{BULK}?language=es"' in page.text
    assert f'href="{LIST}?language=es"' in page.text
    assert VocabularyItem.objects.count() == 3


def test_deleting_several_takes_what_they_counted(learner_client, learner):
    items = [add_word(learner, "es", word)[0] for word in ("casa", "pan", "vino")]
    review(items[0], 3, client_id="a")
    data = {"pk": [item.pk for item in items[:2]], "action": "delete", "sure": "yes"}

    done = learner_client.post(BULK, data, follow=True)
    again = learner_client.post(BULK, data, follow=True)

    assert "2 words deleted." in done.text
    assert "0 words deleted." in again.text
    assert words_on(again) == ["vino"]
    totals = StudyDay.objects.for_learner(learner).totals()
    assert (totals["words"], totals["reviews"]) == (1, 0)


@pytest.mark.parametrize("sure", [{}, {"sure": "yes"}])
@pytest.mark.parametrize("action", ["suspend", "resume", "delete"])
def test_a_strangers_words_are_passed_over(stranger_client, words, action, sure):
    data = chosen(words, *words, action=action, **sure)

    answer = stranger_client.post(BULK, data, follow=True)

    assert answer.status_code == 200
    assert ("0 words" in answer.text) or ("Nothing to delete" in answer.text)
    assert suspended() == ["maison"]
    assert VocabularyItem.objects.count() == 3


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"action": "suspend"}, "Choose at least one word."),
        ({"action": "suspend", "all": "on"}, "Choose at least one word."),
        ({"pk": "1"}, "Choose what to do."),
        ({"pk": "1", "action": "eat"}, "Choose what to do."),
        ({"pk": "1", "action": "\x00"}, "Choose what to do."),
    ],
)
def test_what_cannot_be_done_is_said(learner_client, words, data, said):
    answer = learner_client.post(f"{BULK}?language=es", data)

    assert answer.status_code == 422
    assert said in answer.text
    assert words_on(answer) == ["café", "vino"]


def test_a_choice_that_failed_is_kept(learner_client, words):
    answer = learner_client.post(BULK, chosen(words, "vino"))

    pk = words["vino"].pk
    assert f'value="{pk}" aria-label="Choose “vino”" checked' in answer.text
    assert answer.text.count(" checked") == 1


@pytest.mark.parametrize("key", ["x", "\x00", "-1", "9" * 18, "9" * 19, "1.5", "²", ""])
def test_keys_that_are_none_are_passed_over(learner_client, words, key):
    data = {"pk": [key, words["vino"].pk], "action": "suspend"}

    done = learner_client.post(BULK, data, follow=True)

    assert "1 word suspended." in done.text


def test_bulk_leads_back_after_signing_in_again(learner_client):
    assert learner_client.get(f"{BULK}?q=casa").url == f"{LIST}?q=casa"


@pytest.mark.parametrize("count", [1, 50])
def test_bulk_takes_the_same_queries_for_any_number(
    learner_client, learner, count, django_assert_num_queries
):
    items = introduce(learner, *(f"zq{n}k" for n in range(count)))
    data = {"pk": [item.pk for item in items]}

    with django_assert_num_queries(3):  # session, learner, update
        learner_client.post(BULK, {**data, "action": "suspend"})
    with django_assert_num_queries(3):  # session, learner, words
        learner_client.post(BULK, {**data, "action": "delete"})


WORD = {
    "language": "es",
    "word": "casas",
    "translation": "houses",
    "definition": "Where one lives.",
    "example": "Dos casas.\r\nY una más.",
}


def test_a_word_is_added_by_hand(learner_client, learner):
    done = learner_client.post(ADD, WORD, follow=True)

    item = VocabularyItem.objects.get()
    assert done.redirect_chain == [(item.get_absolute_url(), 302)]
    assert "“casas” is added." in done.text
    assert (item.learner, item.lemma, item.source) == (learner, "casa", "learner")
    assert (item.translation, item.definition) == ("houses", "Where one lives.")
    assert item.example == "Dos casas.\nY una más."
    assert StudyDay.objects.get().words == 1


def test_a_word_that_is_there_is_shown_as_it_is(learner_client, learner):
    item, _ = add_word(learner, "es", "casa", translation="home")

    done = learner_client.post(ADD, WORD, follow=True)

    assert done.redirect_chain == [(item.get_absolute_url(), 302)]
    assert "was among your words already" in done.text
    assert VocabularyItem.objects.get().translation == "home"
    assert StudyDay.objects.get().words == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"word": ""}, "This field is required."),
        ({"word": "123"}, "A word needs a letter."),
        ({"word": "x" * 101}, "at most 100 characters"),
        ({"word": "a\x00"}, "can&#x27;t be stored"),
        ({"language": "xx"}, "not one of the available choices"),
        ({"translation": "x" * 201}, "at most 200 characters"),
        ({"definition": "x" * 10_000}, "at most 2000 characters"),
        ({"example": "a\x00"}, "can&#x27;t be stored"),
    ],
)
def test_what_is_no_word_is_refused_and_the_text_kept(learner_client, changes, said):
    answer = learner_client.post(ADD, {**WORD, **changes})

    assert answer.status_code == 422
    assert said in answer.text
    kept = {**WORD, **changes}
    form = answer.context["form"]
    assert {name: form[name].value() for name in kept} == kept
    assert not VocabularyItem.objects.exists()


def test_the_form_begins_with_the_language_of_the_last_word(learner_client, learner):
    assert learner_client.get(ADD).context["form"]["language"].value() == "es"
    introduce(learner, "maison", language="fr")
    assert learner_client.get(ADD).context["form"]["language"].value() == "fr"


def test_a_word_can_be_given_in_the_address(learner_client):
    form = learner_client.get(ADD, {"word": "hund", "language": "de"}).context["form"]

    assert (form["word"].value(), form["language"].value()) == ("hund", "de")


def test_a_page_of_the_web_leads_back_to_it(learner_client, learner):
    page = "https://example.org/a?b=1&c=2"
    source = {"source": VocabularyItem.Source.WEB, "source_url": page}
    item, _ = add_word(learner, "es", "casa", **source)

    shown = learner_client.get(item.get_absolute_url()).text

    assert 'href="https://example.org/a?b=1&amp;c=2" rel="noreferrer"' in shown
