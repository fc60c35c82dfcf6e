"""Measures of how a learner talks: counts that add up, and claim no more than that."""

from datetime import timedelta

import pytest
from django.utils import timezone

from conversations import speaking
from conversations.feedback import fluency
from conversations.models import ConversationMessage
from lingo.languages import LANGUAGES
from tests.factories import ConversationFactory

# A sentence with two fillers, and one where the same letters are no filler.
FILLERS = {
    "en": (
        "Um, I like, you know, rice.",
        "The umbrella is in her room.",
        ["um", "you know"],
    ),
    "es": (
        "Eh, me gusta, o sea, el arroz.",
        "El ehecatl sale a verano.",
        ["eh", "o sea"],
    ),
    "fr": (
        "Euh, j'aime, en fait, le riz.",
        "Je mange du riz en famille.",
        ["euh", "en fait"],
    ),
    "de": (
        "Äh, ich mag halt Reis.",
        "Der Zug hält an der Haltestelle.",
        ["äh", "halt"],
    ),
    "it": ("Ehm, mi piace, cioè, il riso.", "Il riso è buono.", ["ehm", "cioè"]),
    "pt": ("Hum, eu gosto, né, de arroz.", "A neve é bonita.", ["hum", "né"]),
}
SPANISH = "Me gusta comer arroz con pollo los domingos en casa de mi familia."
ENGLISH = "I really like to eat rice with chicken on Sundays with my whole family."


class TestFillers:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_they_are_whole_words(self, language):
        text, without, found = FILLERS[language]

        assert fluency.fillers_in(text, language) == found
        assert fluency.fillers_in(without, language) == []

    def test_there_are_some_for_each_language(self):
        words = fluency.filler_words()

        assert words.keys() == LANGUAGES.keys()
        assert all(len(found) == len(set(found)) >= 10 for found in words.values())

    def test_case_and_spaces_do_not_matter(self):
        assert fluency.fillers_in("O  SEA, sí. A\nver…", "es") == ["o sea", "a ver"]

    def test_a_phones_apostrophe_is_no_end_of_a_word(self):
        assert fluency.fillers_in("L’eh d’eh", "fr") == []

    def test_a_part_of_a_compound_is_none(self):
        assert fluency.fillers_in("Halt-Stelle, halt!", "de") == ["halt"]


class TestOneMessage:
    def test_words_and_different_words_are_counted(self):
        measured = fluency.measure("La casa, las casas y la mesa.", "es")

        assert measured.words == 7
        assert measured.different_words == 4
        assert measured.target_share == 1

    def test_words_in_another_language_are_no_range(self):
        measured = fluency.measure(f"{SPANISH} {ENGLISH}", "es")

        assert measured.words == 13 + 14
        assert measured.target_words == 13
        assert measured.target_share == pytest.approx(13 / 27)
        assert measured.different_words <= 13

    @pytest.mark.parametrize("text", ["", "…", "!!"])
    def test_without_words_nothing_is_known(self, text):
        measured = fluency.measure(text, "es", seconds=10)

        assert measured.words == measured.seconds == 0
        assert measured.target_share is None
        assert measured.words_per_minute is None
        assert measured.lexical_range is None

    @pytest.mark.parametrize(
        ("seconds", "pace"),
        [(13, 60), (300, 2.6), (None, None), (0.5, None), (301, None), (-3, None)],
    )
    def test_pace_is_by_the_clock_where_it_says_something(self, seconds, pace):
        measured = fluency.measure(SPANISH, "es", seconds)

        assert measured.words_per_minute == (pace and pytest.approx(pace))

    def test_range_is_known_from_fifty_words_on(self):
        assert fluency.Measured(lemmas=["a"] * 49).lexical_range is None
        assert fluency.Measured(lemmas=["a"] * 50).lexical_range == 1 / 50

    def test_range_is_the_mean_over_all_windows(self):
        lemmas = [*"abcde" * 10, *"vwxyz" * 4]
        windows = [lemmas[n : n + 50] for n in range(len(lemmas) - 49)]
        mean = sum(len(set(window)) / 50 for window in windows) / len(windows)

        assert fluency.Measured(lemmas=lemmas).lexical_range == pytest.approx(mean)


class TestSeveralMessages:
    def test_together_they_add_up(self):
        one = fluency.measure("Eh, la casa.", "es", seconds=6)
        other = fluency.measure("Eh, las casas.", "es", seconds=400)

        both = fluency.together([one, other])

        assert both.words == 6
        assert both.different_words == one.different_words
        assert both.fillers == {"eh": 2}
        assert both.filler_count == 2
        assert both.words_per_minute == 30

    def test_of_none_there_is_nothing(self):
        nothing = fluency.together([])

        assert nothing == fluency.Measured()

    def test_a_trend_compares_first_and_last_third(self):
        texts = [
            "una casa",
            "una",
            "x",
            "x",
            "una casa muy grande",
            "una casa muy bonita",
        ]
        measured = [fluency.measure(text, "es", seconds=60) for text in texts]

        found = fluency.trends(measured)

        assert found["words"] == (1.5, 4)
        assert found["words_per_minute"] == (1.5, 4)
        assert found["words"].direction == "up"

    def test_few_messages_have_no_trend(self):
        assert fluency.trends([fluency.measure("una casa", "es")] * 5) == {}

    def test_where_no_time_is_known_there_is_no_trend_of_pace(self):
        assert fluency.trends([fluency.measure("una casa", "es")] * 6).keys() == {
            "words"
        }

    @pytest.mark.parametrize(
        ("last", "direction"), [(5, "level"), (5.4, "level"), (5.6, "up"), (4, "down")]
    )
    def test_a_change_below_a_tenth_is_none(self, last, direction):
        assert fluency.Trend(5, last).direction == direction


def talked(learner, *texts, seconds=30, **fields):
    """Return a conversation in which the learner said these texts, one each minute."""
    conversation = ConversationFactory(learner=learner, **fields)
    start = timezone.now() - timedelta(days=1)
    messages = []
    for turn, text in enumerate(texts):
        at = start + timedelta(minutes=turn)
        messages += [
            ConversationMessage(role="assistant", content="¿Y tú?", created_at=at),
            ConversationMessage(
                role="user", content=text, created_at=at + timedelta(seconds=seconds)
            ),
        ]
    ConversationMessage.objects.append(conversation, messages)
    return conversation


def address(conversation, name="measures"):
    return f"/conversations/{conversation.conversation_id}/{name}/"


class TestReading:
    def test_pace_is_from_the_tutors_message_to_the_learners(self, learner):
        conversation = talked(learner, "una casa", "una casa muy bonita")

        measured = speaking.of(conversation)

        assert measured.total.words_per_minute == pytest.approx(6)
        paces = [one.measured.words_per_minute for one in measured.said]
        assert paces == [pytest.approx(4), pytest.approx(8)]
        assert measured.words_per_message == 3

    def test_without_a_tutors_message_before_there_is_no_pace(self, learner):
        conversation = ConversationFactory(learner=learner)
        ConversationMessage.objects.append(
            conversation,
            [
                ConversationMessage(role="user", content="una casa"),
                ConversationMessage(role="user", content="una casa"),
                ConversationMessage(role="system", content="Note."),
            ],
        )

        measured = speaking.of(conversation)

        assert len(measured.said) == 2
        assert measured.total.words_per_minute is None

    def test_the_latest_messages_are_measured(self, learner, monkeypatch):
        monkeypatch.setattr(speaking, "LATEST", 4)
        conversation = talked(learner, "uno", "dos casas", "tres casas más")

        measured = speaking.of(conversation)

        assert [one.measured.words for one in measured.said] == [2, 3]
        assert not measured.is_all

    def test_it_takes_one_statement(self, learner, django_assert_num_queries):
        for turns in (1, 50):
            conversation = talked(learner, *["una casa"] * turns)
            with django_assert_num_queries(1):
                speaking.of(conversation)


class TestPages:
    def test_the_page_shows_figures_and_each_message(self, learner_client):
        texts = [f"Eh, {'una casa ' * turn}." for turn in range(1, 8)]
        conversation = talked(learner_client.learner, *texts)

        page = learner_client.get(address(conversation)).content.decode()

        assert "up from" in page
        assert "Message by message" in page
        assert "<svg" in page
        assert "#message-2" in page
        assert "<script" not in page.split("<main")[1]

    def test_many_messages_are_shown_in_part(self, learner_client, monkeypatch):
        monkeypatch.setattr(speaking, "LATEST", 120)
        conversation = talked(learner_client.learner, *["una casa"] * 70)

        page = learner_client.get(address(conversation)).content.decode()

        assert "The latest 50." in page
        assert "Of the latest 60 of your messages." in page
        assert page.count('<th scope="row">') == 50

    def test_before_anything_is_said_it_says_what_to_do(self, learner_client):
        conversation = ConversationFactory(learner=learner_client.learner)

        page = learner_client.get(address(conversation)).content.decode()

        assert "Say something first" in page
        assert "<table" not in page

    def test_a_message_of_no_words_has_no_figures(self, learner_client):
        conversation = talked(learner_client.learner, "!!")

        page = learner_client.get(address(conversation)).content.decode()

        assert "not known" in page
        assert "–" in page

    def test_different_words_are_of_those_in_the_language(self, learner_client):
        texts = ["una casa", "I don't know how to say this in Spanish"]
        conversation = talked(learner_client.learner, *texts)

        page = learner_client.get(address(conversation)).content.decode()

        assert "<dd>2 of 2 in Spanish</dd>" in page

    def test_with_htmx_it_is_the_figures_alone(self, learner_client):
        conversation = talked(learner_client.learner, "una casa")

        part = learner_client.get(address(conversation), headers={"HX-Request": "true"})

        assert "<html" not in part.content.decode()
        assert "Words a message" in part.content.decode()

    def test_the_talk_page_leads_there(self, learner_client):
        conversation = talked(learner_client.learner, "una casa")

        page = learner_client.get(conversation.get_absolute_url()).content.decode()

        assert f'hx-get="{address(conversation)}"' in page
        assert f'href="{address(conversation)}"' in page

    def test_the_summary_has_them_folded(self, learner_client):
        conversation = talked(learner_client.learner, "una casa")

        page = learner_client.get(address(conversation, "summary")).content.decode()

        assert "How you talked" in page
        assert "Words a message" in page

    def test_a_strangers_are_not_found(self, stranger_client, learner):
        conversation = talked(learner, "una casa")

        assert stranger_client.get(address(conversation)).status_code == 404

    def test_long_or_short_it_takes_the_same_statements(
        self, learner_client, django_assert_num_queries
    ):
        for turns in (1, 50):
            conversation = talked(learner_client.learner, *["una casa"] * turns)
            with django_assert_num_queries(4):  # session, learner, talk, messages
                learner_client.get(address(conversation))


def test_the_api_tells_them_with_the_summary(api):
    conversation = talked(api.learner, *["Eh, una casa."] * 6)

    answer = api.get(f"/api/v1{address(conversation, 'summary')}").json()

    measures = answer["measures"]
    assert measures["messages"] == 6
    assert measures["words"] == 18
    assert measures["words_per_message"] == 3
    assert measures["words_per_minute"] == pytest.approx(6)
    assert measures["fillers"] == {"eh": 6}
    assert measures["lexical_range"] is None
    assert measures["target_share"] == 1
    assert (measures["different_words"], measures["target_words"]) == (3, 18)
    assert measures["trends"]["words"] == {"first": 3, "last": 3}
    assert len(measures["latest"]) == 6
    assert measures["latest"][0]["position"] == 12
