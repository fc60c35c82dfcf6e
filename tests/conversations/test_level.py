"""The estimate of the level: its page and endpoint, from the learner's own rows."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from conversations import level, lifecycle
from conversations.models import ConversationMessage
from progress.models import StudyDay
from tests.conversations.test_estimating import TEXTS
from tests.factories import ConversationFactory

PAGE = reverse("conversations:level-estimate")
API = "/api/v1/progress/level-estimate/"


def say(conversation, *texts, **fields):
    messages = [
        ConversationMessage(
            **{"role": "user", "content": text, "created_at": timezone.now(), **fields}
        )
        for text in texts
    ]
    return ConversationMessage.objects.append(conversation, messages)


@pytest.fixture
def talked(learner):
    """A conversation in which the learner tells of a journey, in Spanish."""
    conversation = ConversationFactory(learner=learner, language="es")
    say(conversation, *TEXTS["es"]["independent"])
    return conversation


def words(shown):
    return " ".join(strip_tags(shown.text.replace("<", " <")).split())


class TestPage:
    def test_the_range_is_shown_as_an_estimate(self, learner_client, talked):
        shown = words(learner_client.get(PAGE, {"language": "es"}))

        assert "B1–B2 Spanish: an estimate, not a certificate" in shown
        assert "222 words of yours in 14 sentences" in shown
        for name in ("Hawkins", "Covington", "Treffers-Daller", "Laufer", "wordfreq"):
            assert name in shown

    def test_its_figures_are_shown_with_what_they_are_typical_of(
        self, learner_client, talked
    ):
        shown = words(learner_client.get(PAGE, {"language": "es"}))

        assert "Words a sentence 15.9 C1" in shown
        assert "Different words among 50 in a row 40.0 B2" in shown
        assert "Different rarer words among 50 in a row 4.8 B1" in shown

    def test_each_sentence_leads_to_its_message_and_rarer_words(
        self, learner_client, talked
    ):
        shown = learner_client.get(PAGE, {"language": "es"})

        rows = shown.context["rows"]
        assert [one.text for one, _ in rows] == TEXTS["es"]["independent"][::-1]
        for position, (_, address) in enumerate(reversed(rows), start=1):
            assert address == f"{talked.get_absolute_url()}#message-{position}"
            assert f'href="{address}"' in shown.text
        word = reverse("conversations:word", args=["es", "pescadores"])
        assert f'<a lang="es" href="{word}">pescadores</a>' in shown.text

    def test_frequency_bands_are_called_frequency_bands(self, learner_client, talked):
        shown = words(learner_client.get(PAGE, {"language": "es"}))

        assert "Your words by frequency band" in shown
        assert "3 and more 7" in shown

    def test_many_sentences_are_paged(self, learner_client, learner):
        conversation = ConversationFactory(learner=learner, language="es")
        say(conversation, *(f"Ayer vi a {n} amigos" for n in range(60)))

        first = learner_client.get(PAGE, {"language": "es"})
        second = learner_client.get(PAGE, {"language": "es", "page": "2"})

        assert [len(first.context["rows"]), len(second.context["rows"])] == [50, 10]
        assert "language=es&amp;page=2" in first.text

    def test_with_too_little_text_it_says_how_much_is_needed(
        self, learner_client, learner
    ):
        conversation = ConversationFactory(learner=learner, language="es")
        say(conversation, "Ayer comí pescado en casa.")

        shown = words(learner_client.get(PAGE, {"language": "es"}))

        assert "needs 200 words of yours in Spanish, and there are 5." in shown
        assert "Ayer comí pescado en casa." in shown
        assert "Where it comes from" not in shown

    def test_without_a_word_it_says_what_to_do(self, learner_client):
        shown = learner_client.get(PAGE)

        assert shown.status_code == 200
        assert reverse("conversations:create") in shown.text
        assert "The sentences" not in shown.text

    def test_the_language_studied_last_is_shown_unless_another_is_chosen(
        self, learner_client, learner
    ):
        today = timezone.now().date()
        StudyDay.objects.record(learner, "fr", today, turns=1)
        StudyDay.objects.record(learner, "de", today - timedelta(days=1), turns=1)

        assert learner_client.get(PAGE).context["language"].code == "fr"
        chosen = learner_client.get(PAGE, {"language": "de"})
        assert chosen.context["language"].code == "de"

    @pytest.mark.parametrize("language", ["", "xx", "x" * 1000, "a\x00"])
    def test_another_language_is_refused(self, learner_client, language):
        shown = learner_client.get(PAGE, {"language": language})

        assert shown.status_code == 422
        assert "errorlist" in shown.text

    def test_a_stranger_sees_nothing_of_it(self, stranger_client, talked):
        shown = stranger_client.get(PAGE, {"language": "es"})

        assert shown.context["found"].sentences == []

    @pytest.mark.parametrize("conversations", [1, 50])
    def test_it_takes_a_constant_number_of_statements(
        self, learner_client, learner, conversations, django_assert_num_queries
    ):
        for n in range(conversations):
            conversation = ConversationFactory(learner=learner, turns=1)
            say(conversation, f"Ayer vi a {n} amigos en la plaza")

        with django_assert_num_queries(4):  # session, learner, messages, conversations
            learner_client.get(PAGE, {"language": "es"})

    def test_progress_and_the_weekly_report_lead_there(self, learner_client, learner):
        last_week = timezone.now() - timedelta(days=7)
        for days in (0, 30):
            at = last_week - timedelta(days=days)
            conversation = ConversationFactory(learner=learner, started_at=at, turns=1)
            say(conversation, "Ayer vi a mis amigos", created_at=at)
        lifecycle.move(conversation, "completed")

        href = f'href="{PAGE}?language=es"'
        assert href in learner_client.get(reverse("week:last")).text
        assert href in learner_client.get(reverse("progress:overview")).text


class TestWhatIsRead:
    def test_only_messages_of_both_sides_in_the_language_count(self, learner):
        spanish = ConversationFactory(learner=learner, language="es")
        say(spanish, "Ayer vi a mis amigos")
        say(spanish, "Una nota del sistema aquí", role="system")
        say(spanish, "Una mesa para dos", role="assistant")
        say(spanish, "una mesa para dos")
        other = ConversationFactory(learner=learner, language="pt")
        say(other, "Ontem vi os meus amigos")

        found = level.estimate(learner, "es").sentences

        assert [one.text for one in found] == ["Ayer vi a mis amigos"]

    def test_asides_of_the_tutors_are_no_models(self, learner):
        conversation = ConversationFactory(learner=learner, language="es")
        parts = [["en", "Ayer vi a mis amigos"], ["es", "¿Una mesa para dos?"]]
        say(conversation, "…", role="assistant", parts=parts)
        say(conversation, "Ayer vi a mis amigos", "Una mesa para dos")

        found = level.estimate(learner, "es").sentences

        assert [one.text for one in found] == ["Ayer vi a mis amigos"]

    def test_of_a_long_history_the_latest_messages_are_read(self, learner, monkeypatch):
        monkeypatch.setattr(level, "MESSAGES", 2)
        monkeypatch.setattr(level, "CHARACTERS", 15)
        conversation = ConversationFactory(learner=learner, language="es")
        say(conversation, *(f"Ayer vi a {n} amigos" for n in range(10, 20)))

        found = level.estimate(learner, "es").sentences

        assert [one.text for one in found] == ["Ayer vi a 19 am", "Ayer vi a 18 am"]

    def test_a_conversation_deleted_meanwhile_is_left_out(self, learner, talked):
        found = level.estimate(learner, "es").sentences
        talked.delete()

        assert level.with_addresses(learner, found) == []


class TestApi:
    def test_it_gives_the_range_with_all_that_it_comes_from(self, api, talked):
        sent = api.get(API, {"language": "es"}).json()

        assert (sent["lowest"], sent["highest"]) == ("B1", "B2")
        assert sent["note"] == "an estimate, not a certificate"
        assert (sent["words"], sent["words_needed"]) == (222, 200)
        assert [one["name"] for one in sent["figures"]] == [
            "sentence",
            "different",
            "rarer",
        ]
        assert sent["figures"][2]["level"] == "B1"
        assert sent["bands"][3]["zipf_from"] == 3
        assert "manta" in sent["bands"][3]["words"]
        assert sent["sentences"][-1] == {
            "text": TEXTS["es"]["independent"][0],
            "words": 18,
            "rarer": ["océano", "pescado"],
            "url": f"{talked.get_absolute_url()}#message-1",
        }

    def test_with_too_little_there_is_no_level(self, api):
        sent = api.get(API, {"language": "es"}).json()

        assert (sent["lowest"], sent["highest"], sent["figures"]) == (None, None, [])

    @pytest.mark.parametrize(
        ("query", "field"),
        [({}, "language"), ({"language": "xx"}, "language"), ({"lang": "es"}, "lang")],
    )
    def test_a_wrong_query_is_named(self, api, query, field):
        answer = api.get(API, query)

        assert answer.status_code == 400
        assert field in answer.json()["errors"]

    def test_a_stranger_gets_nothing_of_it(self, stranger_api, talked):
        assert stranger_api.get(API, {"language": "es"}).json()["sentences"] == []
