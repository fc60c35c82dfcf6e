"""Scenarios for programs: lists, words to learn first, and one's own."""

from urllib.parse import urlencode

import pytest

from conversations.models import Conversation, Scenario
from tests.factories import introduce, scene
from tests.scenes import own, own_data, with_objective
from vocabulary.models import VocabularyItem

LIST = "/api/v1/scenarios/"
ONE = f"{LIST}own-bakery/"


def ids(answer):
    return [scenario["scenario_id"] for scenario in answer.json()["results"]]


class TestRecommended:
    def test_it_says_what_to_play_next_and_why(self, api):
        scene("near", category="restaurant", level="elementary")
        played = scene("played", category="restaurant")
        introduce(api.learner, "gato")
        scene("words", level="advanced", words=["gato"])
        Conversation.objects.begin(
            api.learner,
            language="es",
            scenario=played,
            vocabulary_level="elementary",
        )
        answer = api.get(f"{LIST}recommended/", {"language": "es"})
        assert answer.status_code == 200
        assert answer.json() == [
            {
                "scenario_id": "words",
                "title": "words",
                "reason": "A word that you should review occurs in it:",
                "words": ["gato"],
            },
            {
                "scenario_id": "near",
                "title": "near",
                "reason": "It is about restaurant too.",
                "words": [],
            },
        ]

    def test_a_newcomer_is_taken_for_a_beginner(self, api):
        scene("one")
        (found,) = api.get(f"{LIST}recommended/", {"language": "fr"}).json()
        assert found["reason"] == "It is at your level."

    def test_the_language_must_be_said(self, api):
        answer = api.get(f"{LIST}recommended/")
        assert answer.status_code == 400
        assert answer.json()["errors"].keys() == {"language"}

    def test_what_others_wrote_is_not_recommended(self, api, stranger):
        own(stranger)
        assert api.get(f"{LIST}recommended/", {"language": "es"}).json() == []


class TestReading:
    def test_they_are_in_the_learners_own_language(self, api, scenarios):
        api.learner.native_language = "de"
        api.learner.save()
        found = api.get(LIST, {"category": "restaurant"}).json()["results"]
        one = api.get(f"{LIST}cafe/").json()
        assert [scenario["title"] for scenario in found] == ["Im Café bestellen"]
        assert one == found[0]
        assert one["phases"][0]["objectives"][0]["hint"].startswith("Begrüße")
        assert (one["version"], one["is_own"], one["is_finished"]) == (1, False, False)

    def test_an_own_one_is_in_the_language_that_it_is_told_in(self, api):
        own(api.learner)
        api.learner.native_language = "de"
        api.learner.save()
        one = api.get(ONE).json()
        assert one["title"] == "At the bakery"
        assert (one["language"], one["native_language"]) == ("es", "en")
        assert one["is_own"] is True

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ({"level": "beginner", "mine": "1"}, ["own-bakery"]),
            ({"mine": "true"}, ["own-bakery"]),
            ({"mine": "false", "search": "OLD town"}, ["cafe"]),
            ({"search": "baKEry"}, ["own-bakery"]),
            ({"language": "fr", "category": "shopping"}, []),
            ({"language": "es", "category": "shopping"}, ["own-bakery"]),
            ({"finished": "true"}, []),
        ],
    )
    def test_they_are_filtered_and_searched(self, api, scenarios, query, expected):
        own(api.learner)
        assert ids(api.get(LIST, query)) == expected

    @pytest.mark.parametrize(
        "query", [{"category": "moon"}, {"level": "x"}, {"language": "xx"}]
    )
    def test_a_filter_that_makes_no_sense_is_refused(self, api, query):
        answer = api.get(LIST, query)
        assert answer.status_code == 400
        assert answer.json()["errors"].keys() == query.keys()

    def test_one_that_is_none_is_not_found(self, api):
        assert api.get(f"{LIST}moon/").status_code == 404

    @pytest.mark.parametrize("count", [1, 40])
    def test_the_list_takes_the_same_queries_for_any_number(
        self, api, count, django_assert_num_queries
    ):
        for at in range(count):
            scene(f"scene-{at}")
        with django_assert_num_queries(3):  # scenarios, phases, objectives
            assert len(ids(api.get(LIST))) == count


class TestWords:
    def test_it_tells_what_is_known(self, api):
        own(api.learner)
        (item,) = introduce(api.learner, "tarjeta")
        body = api.get(f"{ONE}words/", {"language": "es"}).json()
        assert [one["state"] for one in body["words"]] == ["new", "learning"]
        assert body["words"][1]["item"] == item.pk
        assert body["phrases"][0] == {
            "text": "¿Algo más?",
            "translation": "Anything else?",
            "state": "new",
            "item": None,
            "can_be_kept": True,
        }
        assert body["culture"] == "Bread is bought every day."

    def test_it_adds_what_is_new_and_only_once(self, api):
        own(api.learner)
        introduce(api.learner, "tarjeta")
        first = api.post(f"{ONE}words/", {"language": "es"}).json()
        again = api.post(f"{ONE}words/", {"language": "es"}).json()
        assert (first["added"], again["added"]) == (2, 0)
        assert {one["state"] for one in first["words"]} == {"learning"}
        item = VocabularyItem.objects.get(lemma="pan")
        assert (item.source, item.source_id) == ("scenario", "own-bakery")
        assert item.example == "Quiero un pan, por favor."
        for _ in range(2):
            assert api.delete(f"{ONE}words/?language=es").status_code == 204
            assert VocabularyItem.objects.get().lemma == "tarjeta"

    @pytest.mark.parametrize("data", [{}, {"language": "xx"}, {"language": "fr"}])
    def test_a_language_that_it_has_not_is_refused(self, api, data):
        own(api.learner)
        for answer in (
            api.get(f"{ONE}words/", data),
            api.post(f"{ONE}words/", data),
            api.delete(f"{ONE}words/?{urlencode(data)}"),
        ):
            assert answer.status_code == 400
            assert answer.json()["errors"].keys() == {"language"}

    def test_the_librarys_words_come_in_any_language(self, api, scenarios):
        body = api.get(f"{LIST}cafe/words/", {"language": "it"}).json()
        assert body["words"][0]["text"] == scenarios["cafe"].words[0]["it"]


class TestWriting:
    def test_it_is_created_once(self, api):
        first, again = api.post(LIST, own_data()), api.post(LIST, own_data())
        assert (first.status_code, again.status_code) == (201, 200)
        assert first.json() == again.json()
        assert first.json()["scenario_id"] == "own-bakery"
        assert Scenario.objects.get().owner == api.learner

    def test_it_is_rewritten(self, api):
        own(api.learner)
        answer = api.put(ONE, own_data(title="Bread"))
        assert answer.status_code == 200
        assert (answer.json()["title"], answer.json()["version"]) == ("Bread", 2)

    def test_the_address_names_it(self, api):
        own(api.learner)
        data = own_data(title="Bread")
        del data["slug"]
        assert api.put(ONE, data).json()["scenario_id"] == "own-bakery"
        wrong = api.put(ONE, own_data(slug="own-other"))
        assert wrong.json()["errors"].keys() == {"slug"}

    def test_it_is_deleted(self, api):
        own(api.learner)
        assert api.delete(ONE).status_code == 204
        assert api.get(ONE).status_code == 404
        assert api.delete(ONE).status_code == 404

    @pytest.mark.parametrize(
        ("data", "path"),
        [
            (own_data(title=""), "title"),
            (own_data(more=1), "more"),
            (with_objective(model="Agua."), "phases.0.objectives.0.model"),
            ({}, "language"),
        ],
    )
    def test_what_is_wrong_is_told_by_field(self, api, data, path):
        own(api.learner)
        for answer in (
            api.post(LIST, data),
            api.put(ONE, data),
            api.post(f"{LIST}check/", data),
        ):
            assert answer.status_code == 400
            assert path in answer.json()["errors"]

    def test_it_is_checked_without_being_saved(self, api):
        answer = api.post(f"{LIST}check/", with_objective(ask=["¿Xilófono?"]))
        assert any("Xilófono" in note for note in answer.json()["notes"])
        assert not Scenario.objects.exists()

    def test_there_is_a_most(self, api, monkeypatch):
        monkeypatch.setattr("conversations.scenario_managers.MOST_OWN", 0)
        assert api.post(LIST, own_data()).status_code == 409

    def test_a_conversation_plays_it_in_its_language(self, api):
        own(api.learner)
        url = "/api/v1/conversations/"
        sent = {"conversation_id": "a", "language": "fr", "scenario": "own-bakery"}
        refused = api.post(url, sent)
        assert refused.json()["errors"] == {"scenario": ["It is only in Spanish."]}
        assert api.post(url, {**sent, "language": "es"}).status_code == 201
        assert Conversation.objects.get().runs.get().scenario.slug == "own-bakery"

    def test_a_repeat_is_the_same_after_a_new_version(self, api):
        own(api.learner)
        url = "/api/v1/conversations/"
        sent = {"conversation_id": "a", "language": "es", "scenario": "own-bakery"}
        api.post(url, sent)
        own(api.learner, title="Bread")
        assert api.post(url, sent).status_code == 200
        assert api.patch(f"{url}a/", {"scenario": "own-bakery"}).status_code == 200
        assert Conversation.objects.get().scenario.version == 1
        assert len(api.get(url, {"scenario": "own-bakery"}).json()["results"]) == 1


class TestFiles:
    def test_one_comes_out_as_it_went_in(self, api):
        own(api.learner)
        assert api.get(f"{ONE}export/").json() == own_data()

    def test_all_go_out_and_come_in_again(self, api, stranger_api, stranger):
        own(api.learner)
        own(api.learner, slug="own-b")
        file = api.get(f"{LIST}export/").json()
        before = list(Scenario.objects.values())
        answer = api.post(f"{LIST}import/", file)
        assert answer.json() == {"scenarios": ["own-b", "own-bakery"]}
        assert list(Scenario.objects.values()) == before
        stranger_api.post(f"{LIST}import/", file)
        assert Scenario.objects.own(stranger).count() == 2

    def test_what_is_wrong_brings_nothing(self, api):
        file = {"scenarios": [own_data(), own_data(title="")]}
        answer = api.post(f"{LIST}import/", file)
        assert answer.json()["errors"].keys() == {"scenarios.1.title"}
        assert not Scenario.objects.exists()

    @pytest.mark.parametrize("count", [1, 30])
    def test_exporting_takes_the_same_queries_for_any_number(
        self, api, count, django_assert_num_queries
    ):
        for at in range(count):
            own(api.learner, slug=f"own-{at}")
        with django_assert_num_queries(3):
            api.get(f"{LIST}export/")


def test_a_strangers_is_not_found(stranger_api, learner):
    own(learner)
    assert ids(stranger_api.get(LIST)) == []
    for answer in (
        stranger_api.get(ONE),
        stranger_api.put(ONE, own_data()),
        stranger_api.delete(ONE),
        stranger_api.get(f"{ONE}export/"),
        stranger_api.get(f"{ONE}words/", {"language": "es"}),
        stranger_api.post(f"{ONE}words/", {"language": "es"}),
        stranger_api.delete(f"{ONE}words/?language=es"),
    ):
        assert answer.status_code == 404
    sent = {"conversation_id": "a", "language": "es", "scenario": "own-bakery"}
    refused = stranger_api.post("/api/v1/conversations/", sent)
    assert refused.json()["errors"].keys() == {"scenario"}
    filtered = stranger_api.get("/api/v1/conversations/", {"scenario": "own-bakery"})
    assert filtered.status_code == 400
    assert Scenario.objects.current().get().owner == learner


def test_the_librarys_are_nobodys_to_change(api, scenarios):
    cafe = f"{LIST}cafe/"
    for answer in (
        api.put(cafe, own_data()),
        api.delete(cafe),
        api.get(f"{cafe}export/"),
    ):
        assert answer.status_code == 404
