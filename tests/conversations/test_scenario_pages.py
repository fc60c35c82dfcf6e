"""The library of scenarios, one scenario, and learning its words first."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conversations import learning_first
from conversations.models import Conversation, Scenario, ScenarioRun
from progress.models import LearningProgress, StudyDay
from tests.factories import LearnerFactory, introduce, scene
from vocabulary.models import VocabularyItem, WordMark
from vocabulary.reviewing import review

LIST = reverse("conversations:scenario-list")


def slugs(response):
    return [scenario.slug for scenario in response.context["page"]]


def play(learner, scenario, language="es", finished=True):
    conversation, _ = Conversation.objects.begin(
        learner, language=language, scenario=scenario
    )
    if finished:
        runs = ScenarioRun.objects.filter(learner=learner, conversation=conversation)
        runs.update(phase=None, finished_at=timezone.now())
    return conversation


def library(count):
    return [scene(f"scene-{at:02}") for at in range(count)]


class TestList:
    def test_without_content_the_library_says_what_is_missing(self, learner_client):
        assert "No scenario is loaded yet." in learner_client.get(LIST).text

    def test_the_library_is_in_the_native_language(self, db, scenarios):
        client = Client()
        client.force_login(LearnerFactory(native_language="es"))
        page = client.get(LIST).text
        assert scenarios["cafe"].title["es"] in page
        assert '<h3 lang="es">' in page

    def test_easier_ones_come_first(self, learner_client, db):
        for scenario, level in zip(
            library(3), ("proficient", "beginner", "elementary"), strict=True
        ):
            Scenario.objects.filter(pk=scenario.pk).update(level=level)
        assert slugs(learner_client.get(LIST)) == ["scene-01", "scene-02", "scene-00"]

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ({"category": "restaurant"}, ["cafe"]),
            ({"level": "advanced"}, []),
            ({"q": "OLD towN"}, ["cafe"]),
            ({"q": "nothing like it"}, []),
            ({"show": "played"}, ["cafe"]),
            ({"show": "own"}, []),
            ({"category": "moon", "q": "\x00", "show": "?"}, None),
            ({"language": "xx", "page": "x"}, None),
        ],
    )
    def test_it_is_searched_and_filtered(
        self, learner_client, learner, scenarios, query, expected
    ):
        play(learner, scenarios["cafe"])
        answer = learner_client.get(LIST, query)
        assert sorted(slugs(answer)) == (
            sorted(scenarios) if expected is None else expected
        )

    def test_what_is_not_played_yet_can_be_shown(
        self, learner_client, learner, scenarios
    ):
        play(learner, scenarios["cafe"])
        play(learner, scenarios["hotel"], finished=False)
        left = slugs(learner_client.get(LIST, {"show": "new"}))
        assert sorted(left) == ["getting-to-know", "hotel"]

    def test_played_is_what_was_finished_in_this_language(
        self, learner_client, learner, scenarios
    ):
        play(learner, scenarios["cafe"], language="fr")
        spanish = learner_client.get(LIST, {"language": "es", "q": "cafe"}).text
        french = learner_client.get(LIST, {"language": "fr", "q": "cafe"}).text
        assert ("Played</span>" in spanish, "Played</span>" in french) == (False, True)

    def test_an_earlier_version_counts_as_played(
        self, learner_client, learner, scenarios
    ):
        play(learner, scenarios["cafe"])
        scenarios["cafe"].pk = None
        Scenario.objects.filter(slug="cafe").update(is_current=False)
        scenarios["cafe"].version = 2
        scenarios["cafe"].save()
        page = learner_client.get(LIST, {"language": "es", "category": "restaurant"})
        assert slugs(page) == ["cafe"]
        assert "Played</span>" in page.text

    def test_nobody_elses_runs_count(self, learner_client, stranger, scenarios):
        play(stranger, scenarios["cafe"])
        assert slugs(learner_client.get(LIST, {"show": "played"})) == []

    def test_it_comes_in_pages_of_twelve(self, learner_client, db):
        library(15)
        assert len(slugs(learner_client.get(LIST))) == 12
        assert len(slugs(learner_client.get(LIST, {"page": 2}))) == 3

    @pytest.mark.parametrize("count", [1, 50])
    def test_it_takes_the_same_queries_for_any_number(
        self, learner_client, learner, count, django_assert_num_queries
    ):
        for scenario in library(count):
            play(learner, scenario)
        introduce(learner, "mesa")
        scene("fresh")
        # session, learner, latest conversation; fresh ones, due words; count, page
        with django_assert_num_queries(7):
            learner_client.get(LIST)

    def test_it_recommends_only_where_nothing_is_filtered(
        self, learner_client, scenarios
    ):
        assert "For you" in learner_client.get(LIST).text
        assert "For you" in learner_client.get(LIST, {"language": "it"}).text
        assert "For you" not in learner_client.get(LIST, {"q": "cafe"}).text


class TestDetail:
    def test_it_shows_what_there_is_to_do(self, learner_client, scenarios):
        scenario = scenarios["cafe"]
        page = learner_client.get(scenario.get_absolute_url()).text
        for phase in scenario.phases.all():
            assert phase.title["en"] in page
            for objective in phase.objectives.all():
                assert objective.title["en"] in page
        for text in (scenario.setting, scenario.tutor_role, scenario.learner_role):
            assert text["en"] in page
        assert 'value="scenario:cafe"' in page

    @pytest.mark.parametrize("language", ["es", "de"])
    def test_words_phrases_and_customs_are_of_the_language_wanted(
        self, learner_client, scenarios, language
    ):
        scenario = scenarios["cafe"]
        scenario.phrases = [{"en": "The bill!", "es": "¡La cuenta!", "de": "Zahlen!"}]
        scenario.culture = {"es": {"en": "Tips are small."}}
        scenario.save()
        page = learner_client.get(
            scenario.get_absolute_url(), {"language": language}
        ).text
        assert scenario.words[0][language] in page
        assert scenario.phrases[0][language] in page
        assert ("Tips are small." in page) == (language == "es")
        assert f'name="language" value="{language}"' in page

    def test_it_is_in_the_language_of_the_last_talk_at_first(
        self, learner_client, learner, scenarios
    ):
        play(learner, scenarios["hotel"], language="it")
        page = learner_client.get(scenarios["cafe"].get_absolute_url())
        assert page.context["language"] == "it"

    def test_in_ones_own_language_nothing_is_translated(self, db, scenarios):
        client = Client()
        client.force_login(LearnerFactory(native_language="es"))
        page = client.get(scenarios["cafe"].get_absolute_url(), {"language": "es"})
        assert {one.translation for one in page.context["useful"].words} == {""}

    def test_an_unknown_scene_is_not_found(self, learner_client, scenarios):
        for name in ("scenario-detail", "scenario-learn"):
            path = reverse(f"conversations:{name}", args=["nothing"])
            assert learner_client.get(path).status_code == 404

    @pytest.mark.parametrize("count", [1, 50])
    def test_it_takes_the_same_queries_for_any_number_of_words(
        self, learner_client, scenarios, count, django_assert_num_queries
    ):
        scenario = scenarios["cafe"]
        scenario.words = scenario.words[:1] * count
        scenario.save()
        # session, learner, scenario, last conversation; items and marks; those from
        # here; the form's last conversation and scenarios; phases, objectives
        with django_assert_num_queries(11):
            learner_client.get(scenario.get_absolute_url())


class TestLearnFirst:
    @pytest.fixture
    def scenario(self, scenarios):
        scenario = scenarios["cafe"]
        scenario.phrases = [
            {"es": "La cuenta, por favor.", "en": "The bill, please."},
            {"es": "Una frase " + "muy " * 30 + "larga", "en": "A long one"},
        ]
        scenario.save()
        return scenario

    @pytest.fixture
    def learn(self, learner_client, scenario):
        path = reverse("conversations:scenario-learn", args=["cafe"])

        def learn(**query):
            return learner_client.post(path, {"language": "es", **query}, follow=True)

        return learn

    def test_one_click_adds_what_is_new(self, learn, learner, scenario):
        introduce(learner, "cuentas", "mesa")
        WordMark.objects.create(
            learner=learner, language="es", lemma="tarjeta", mark="known"
        )

        page = learn()

        had = {"cuenta", "mesa", "tarjeta"}
        new = VocabularyItem.objects.filter(source="scenario", source_id="cafe")
        words = {word["es"] for word in scenario.words} - had
        assert {item.word for item in new} == words | {"La cuenta, por favor."}
        assert f"{len(new)} words and phrases added" in page.text
        assert page.redirect_chain[-1][0].endswith("/scenarios/cafe/?language=es#words")
        assert "You have all words and phrases" in page.text
        assert page.context["useful"].new == []

    def test_they_come_with_translation_and_a_sentence_of_the_scene(self, learn):
        learn()

        item = VocabularyItem.objects.get(lemma="cuenta")
        assert item.translation == "bill"
        assert "cuenta" in item.example

    def test_a_phrase_is_kept_as_it_stands(self, learn):
        learn()

        item = VocabularyItem.objects.get(word="La cuenta, por favor.")
        assert item.lemma == "la cuenta, por favor."
        assert item.translation == "The bill, please."

    def test_a_phrase_too_long_for_a_card_is_only_shown(self, learn):
        page = learn().text

        assert "Too long to become a card" in page
        assert not VocabularyItem.objects.filter(word__contains="larga").exists()

    def test_again_it_adds_nothing(self, learn):
        learn()
        before = list(VocabularyItem.objects.values())

        assert "0 words and phrases added" in learn().text

        assert list(VocabularyItem.objects.values()) == before

    def test_it_counts_as_words_of_today(self, learn, learner):
        learn()

        count = VocabularyItem.objects.count()
        assert StudyDay.objects.get(learner=learner).words == count
        skill = LearningProgress.objects.get(learner=learner, skill="vocabulary")
        assert skill.words_learned == count

    def test_what_was_added_can_be_taken_out_again(self, learn, learner):
        introduce(learner, "mesa")
        before = set(VocabularyItem.objects.values_list("pk", flat=True))
        page = learn()
        added = VocabularyItem.objects.exclude(pk__in=before)
        number = added.count()
        assert f"{number} of them came from here and aren’t" in page.text

        page = learn(undo="1")

        assert f"{number} words and phrases taken out of" in page.text
        assert "Take them out again" not in page.text
        assert set(VocabularyItem.objects.values_list("pk", flat=True)) == before
        assert StudyDay.objects.get(learner=learner).words == 0

    def test_what_was_reviewed_since_stays(self, learn, learner, scenario):
        learn()
        first, second = VocabularyItem.objects.filter(source="scenario")[:2]
        others = VocabularyItem.objects.exclude(pk__in=[first.pk, second.pk])
        others.delete()
        review(first, 3, client_id="a")

        page = learn(undo="1")

        assert "One word or phrase taken out" in page.text
        assert VocabularyItem.objects.get() == first

    def test_others_keep_what_they_have(self, learn, stranger, scenario):
        learning_first.learn(scenario, stranger, "es")
        learn()

        learn(undo="1")

        assert VocabularyItem.objects.for_learner(stranger).exists()

    def test_looking_at_it_changes_nothing(self, learner_client, scenario):
        path = reverse("conversations:scenario-learn", args=["cafe"])

        answer = learner_client.get(path, {"language": "de"})

        assert answer.url == "/scenarios/cafe/?language=de#words"
        assert not VocabularyItem.objects.exists()

    def test_known_and_ignored_words_are_told(self, learner_client, learner, scenario):
        for lemma, mark in (("tarjeta", "known"), ("cuenta", "ignored")):
            WordMark.objects.create(
                learner=learner, language="es", lemma=lemma, mark=mark
            )
        introduce(learner, "pagar")

        page = learner_client.get(scenario.get_absolute_url(), {"language": "es"}).text

        for said in ("Known</span>", "Ignored</span>", "In your vocabulary</a>"):
            assert page.count(said) == 1
