"""A learner's own scenario: its shape, its checks, its versions, and playing it."""

import json

import pytest
from django.db import IntegrityError, transaction

from conversations import lifecycle, own_scenario
from conversations.errors import InvalidScenario, TooManyScenarios
from conversations.models import Conversation, Scenario
from conversations.scenario_managers import MOST_OWN
from conversations.turn_taking import open_talk, take_turn
from conversations.tutors import content
from tests.factories import LearnerFactory, scene
from tests.scenes import objective, own, own_data, with_objective


def problems(data):
    with pytest.raises(InvalidScenario) as refused:
        own_scenario.read(data)
    return refused.value.problems


class TestShape:
    def test_what_is_saved_comes_out_as_it_went_in(self, learner):
        assert own_scenario.dump(own_scenario.of(own(learner))) == own_data()

    def test_what_may_be_left_out_may_be_left_out(self, learner):
        data = own_data(closing=[], words=[], phrases=[])
        del data["culture"]
        saved = own(learner, **{**data, "culture": None})
        assert own_scenario.dump(own_scenario.of(saved)) == data

    def test_without_a_name_the_same_texts_get_the_same(self):
        data = own_data()
        del data["slug"]
        first, again = own_scenario.read(data), own_scenario.read(data)
        other = own_scenario.read({**data, "title": "Elsewhere"})
        assert first.name == again.name != other.name
        assert own_scenario.read(own_scenario.dump(first)).name == first.name

    def test_texts_are_one_line_in_nfc(self):
        made = own_scenario.read(own_data(title="  Cafe\u0301 \n bar "))
        assert made.title == "Café bar"

    def test_languages_may_go_by_name(self):
        made = own_scenario.read(own_data(language="Spanish", native_language="eng"))
        assert (made.language, made.native_language) == ("es", "en")

    @pytest.mark.parametrize(
        ("changes", "path"),
        [
            ({"slug": "cafe"}, "slug"),
            ({"format": "other"}, "format"),
            ({"language": "la"}, "language"),
            ({"language": "en"}, "native_language"),
            ({"category": "moon"}, "category"),
            ({"level": "divine"}, "level"),
            ({"title": "  "}, "title"),
            ({"title": "x" * 101}, "title"),
            ({"title": "a\x00b"}, "title"),
            ({"setting": "x" * 301}, "setting"),
            ({"phases": []}, "phases"),
            ({"closing": ["a"] * 6}, "closing"),
            ({"words": [{"text": "pan"}]}, "words.0.translation"),
            ({"words": [{"text": "a", "translation": "b"}] * 41}, "words"),
            ({"phrases": [{"text": "", "translation": "b"}]}, "phrases.0.text"),
            ({"culture": "x" * 1001}, "culture"),
            ({"more": 1}, "more"),
        ],
    )
    def test_what_is_wrong_is_told_by_field(self, changes, path):
        assert problems(own_data(**changes)).keys() == {path}

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"ask": []}, "ask"),
            ({"answers": []}, "answers"),
            ({"hint": ""}, "hint"),
            ({"answers": ["el de la"], "model": "El de la."}, "answers.0"),
            ({"answers": ["pan|"]}, "answers.0"),
            ({"answers": ["bla|un pan"]}, "answers"),
            ({"model": "Quiero agua."}, "model"),
            ({"answers": ["quiero …"], "recast": ["{answer}."]}, "recast"),
        ],
    )
    def test_objectives_are_checked_as_those_of_content_files(self, changes, field):
        found = problems(with_objective(**changes))
        assert f"phases.0.objectives.0.{field}" in found

    def test_there_are_not_too_many_objectives(self):
        phase = {"title": "A", "objectives": [objective()] * 6}
        assert problems(own_data(phases=[phase] * 3)).keys() == {"phases"}

    @pytest.mark.parametrize("data", [None, [], "x", 1])
    def test_what_is_no_table_is_told(self, data):
        assert problems(data).keys() == {"scenario"}

    def test_notes_say_what_to_look_at(self):
        data = with_objective(ask=["¿Xilófono?"])
        data["words"] = [{"text": "queso", "translation": "cheese"}]
        notes = own_scenario.read(data).notes()
        assert len(notes) == len(set(notes))
        assert any("Phase 1, objective 1: “¿Xilófono?”" in note for note in notes)
        assert any(note.startswith("the tutor never says “queso”") for note in notes)
        assert not any("intermediate" in note for note in notes)

    def test_notes_of_a_harder_one_are_for_its_level(self):
        data = with_objective(ask=["¿Xilófono?"])
        notes = own_scenario.read({**data, "level": "advanced"}).notes()
        assert any("(intermediate)" in note for note in notes)
        assert not any("(beginner)" in note for note in notes)


class TestFiles:
    def test_one_and_many_are_read(self):
        one, many = own_data(), {"scenarios": [own_data(), own_data(slug="own-b")]}
        assert [made.name for made in own_scenario.read_many(one)] == ["own-bakery"]
        names = [made.name for made in own_scenario.read_many(many)]
        assert names == ["own-bakery", "own-b"]

    @pytest.mark.parametrize(
        ("content", "path"),
        [
            (b"{", "file"),
            (b"\xff", "file"),
            (b"[" * 100_000, "file"),
            (b'{"scenarios": 1}', "scenarios"),
            (b'{"scenarios": [], "more": 1}', "more"),
            (json.dumps({"scenarios": [1] * 101}).encode(), "scenarios"),
            (b'{"scenarios": [1]}', "scenarios.0.scenario"),
        ],
    )
    def test_what_is_wrong_with_a_file_is_told(self, content, path):
        with pytest.raises(InvalidScenario) as refused:
            own_scenario.read_file(content)
        assert refused.value.problems.keys() == {path}


class TestSaving:
    def test_saving_again_changes_nothing(self, learner):
        assert own(learner) == own(learner)
        assert Scenario.objects.count() == 1

    def test_a_change_is_another_version(self, learner):
        first, second = own(learner), own(learner, title="Bread")
        first.refresh_from_db()
        assert (first.version, first.is_current) == (1, False)
        assert (second.version, second.is_current) == (2, True)

    def test_everybody_has_names_of_their_own(self, learner, stranger):
        assert own(learner).pk != own(stranger).pk

    def test_there_is_a_most(self, learner, monkeypatch):
        monkeypatch.setattr("conversations.scenario_managers.MOST_OWN", 2)
        own(learner)
        own(learner, slug="own-b")
        with pytest.raises(TooManyScenarios, match="You have 2 scenarios"):
            own(learner, slug="own-c")
        own(learner, title="Still allowed")
        assert MOST_OWN > 2

    def test_several_are_saved_all_or_none(self, learner, monkeypatch):
        monkeypatch.setattr("conversations.scenario_managers.MOST_OWN", 2)
        many = [own_scenario.read(own_data(slug=f"own-{at}")) for at in range(3)]
        with pytest.raises(TooManyScenarios):
            Scenario.objects.write(learner, many)
        assert not Scenario.objects.exists()

    @pytest.mark.parametrize(
        ("slug", "is_own"), [("own-scene", False), ("scene", True)]
    )
    def test_the_library_and_own_ones_never_share_a_name(self, learner, slug, is_own):
        owner = learner if is_own else None
        with pytest.raises(IntegrityError), transaction.atomic():
            scene(slug, owner=owner)

    @pytest.mark.parametrize("is_own", [True, False])
    @pytest.mark.parametrize("version", [1, 2])
    def test_a_scenario_has_each_version_once_and_one_current(
        self, learner, is_own, version
    ):
        slug, owner = ("own-a", learner) if is_own else ("a", None)
        scene(slug, owner=owner, version=1)
        with pytest.raises(IntegrityError), transaction.atomic():
            scene(slug, owner=owner, version=version, is_current=version == 2)


class TestPlaying:
    def begin(self, learner, scenario):
        conversation, _ = Conversation.objects.begin(
            learner, language="es", scenario=scenario
        )
        open_talk(conversation)
        return conversation

    def say(self, conversation, text):
        client_id = str(conversation.message_count)
        return take_turn(conversation, text, client_id=client_id).reply.content

    def test_the_guided_tutor_plays_it_to_its_end(self, learner):
        conversation = self.begin(learner, own(learner))
        first = conversation.messages.get().content
        assert first in ("¿Qué quiere?", "Dígame.")
        assert "Un pan, muy bien." in self.say(conversation, "Quiero un pan.")
        agreed = content.common().agree["es"]
        reply = self.say(conversation, "Me llamo Ana.")
        assert any(content.fill(line, {"name": "Ana"}) in reply for line in agreed)
        assert "¡Hasta mañana!" in self.say(conversation, "Con tarjeta.")
        assert conversation.runs.get().finished_at

    def test_without_last_words_it_ends_kindly(self, learner):
        data = {**with_objective(), "closing": []}
        conversation = self.begin(learner, own(learner, **data))
        reply = self.say(conversation, "Un pan.")
        assert any(line in reply for line in content.common().finished["es"])

    def test_hints_are_in_the_language_that_it_is_told_in(self, learner):
        scenario = own(learner)
        learner.native_language = "de"
        learner.save()
        conversation = self.begin(learner, scenario)
        reply = self.say(conversation, "Xyzzy.")
        assert "Say what you want." in reply
        assert "Hint:" in reply

    def test_a_running_conversation_keeps_its_version(self, learner):
        conversation = self.begin(learner, own(learner))
        own(learner, **with_objective(answers=["agua"], model="Agua."))
        assert "Un pan, muy bien." in self.say(conversation, "Quiero un pan.")

    def test_a_deleted_one_is_played_on(self, learner):
        conversation = self.begin(learner, own(learner))
        Scenario.objects.withdraw("own-bakery", owner=learner)
        assert not Scenario.objects.offered_to(learner).exists()
        assert "Un pan, muy bien." in self.say(conversation, "Quiero un pan.")

    def test_deleting_forgets_the_versions_that_nobody_plays(self, learner):
        own(learner)
        second = own(learner, title="Bread")
        conversation = self.begin(learner, second)
        own(learner, title="More bread")

        Scenario.objects.withdraw("own-bakery", owner=learner)
        assert Scenario.objects.get() == second

        lifecycle.delete(conversation)
        assert not Scenario.objects.exists()

    def test_deleting_a_conversation_leaves_what_is_current(self, learner):
        scenario = own(learner)
        lifecycle.delete(self.begin(learner, scenario))
        assert Scenario.objects.get() == scenario

    def test_an_account_is_deleted_with_its_scenarios(self, learner):
        conversation = self.begin(learner, own(learner))
        self.say(conversation, "Quiero un pan.")
        learner.delete()
        assert not Scenario.objects.exists()
        assert not Conversation.objects.exists()

    def test_a_strangers_cannot_be_begun(self, learner):
        other = LearnerFactory()
        own(other)
        assert not Scenario.objects.offered_to(learner).exists()
        assert not Scenario.objects.reachable_by(learner).exists()


class TestPublishing:
    def test_a_copy_joins_the_library(self, learner, stranger):
        scenario = own(learner)
        shared = Scenario.objects.publish(scenario)
        assert shared.slug == f"shared-bakery-{learner.pk}"
        assert shared.tables() == scenario.tables()
        assert list(Scenario.objects.offered_to(stranger)) == [shared]

    def test_again_it_is_the_next_version(self, learner):
        first = Scenario.objects.publish(own(learner))
        assert Scenario.objects.publish(own(learner)) == first
        second = Scenario.objects.publish(own(learner, title="Bread"))
        assert (second.slug, second.version) == (first.slug, 2)

    def test_it_is_offered_to_those_who_read_the_language_it_is_told_in(self, learner):
        Scenario.objects.publish(own(learner))
        german = LearnerFactory(native_language="de")
        assert not Scenario.objects.offered_to(german).exists()
