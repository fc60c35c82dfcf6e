"""Writing a scenario of one's own: the form, the preview, files, deleting."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from conversations import own_scenario
from conversations.models import Conversation, Scenario
from tests.scenes import as_form, own, own_data, with_objective

CREATE = reverse("conversations:scenario-create")
IMPORT = reverse("conversations:scenario-import")
EXPORT = reverse("conversations:scenario-export-all")


def address(name, slug="own-bakery"):
    return reverse(f"conversations:{name}", args=[slug])


def saved():
    return own_scenario.dump(own_scenario.of(Scenario.objects.current().get()))


class TestWriting:
    def test_the_form_proposes_the_languages(self, learner_client):
        page = learner_client.get(CREATE)
        form = page.context["form"]
        assert (form["language"].value(), form["native_language"].value()) == (
            "es",
            "en",
        )
        assert form["slug"].value().startswith("own-")
        assert len(page.context["objectives"].forms) == 3

    def test_it_saves_what_was_written(self, learner_client, learner):
        page = learner_client.post(CREATE, as_form(save="1"), follow=True)
        assert page.redirect_chain[-1][0] == "/scenarios/own-bakery/"
        assert "“At the bakery” is saved." in page.text
        assert saved() == own_data()
        assert Scenario.objects.get().owner == learner

    def test_sent_twice_it_is_saved_once(self, learner_client):
        for _ in range(2):
            learner_client.post(CREATE, as_form(save="1"))
        assert Scenario.objects.get().version == 1

    def test_objectives_left_empty_are_passed_over(self, learner_client):
        sent = as_form(**{"objective-TOTAL_FORMS": 7})
        learner_client.post(CREATE, sent)
        assert saved() == own_data()

    def test_a_first_objective_without_a_phase_begins_one(self, learner_client):
        learner_client.post(CREATE, as_form(**{"objective-0-phase": ""}))
        assert saved()["phases"][0]["title"] == "At the bakery"

    @pytest.mark.parametrize(
        ("changes", "field", "why"),
        [
            ({"title": ""}, "title", "required"),
            ({"title": "x" * 200}, "title", "more than 100 characters"),
            ({"title": "a\x00b"}, "title", "stored"),
            ({"native_language": "es"}, "native_language", "to be learned"),
            ({"words": "pan"}, "words", "Line 1: Write it as “word = meaning”."),
            ({"words": "pan = bread\n= x"}, "words", "Line 2: This is empty."),
            ({"slug": "cafe"}, "slug", "pattern"),
        ],
    )
    def test_errors_are_beside_their_field_and_the_text_stays(
        self, learner_client, changes, field, why
    ):
        answer = learner_client.post(CREATE, as_form(**changes))
        assert answer.status_code == 422
        form = answer.context["form"]
        assert why in str(form.errors[field])
        assert form["setting"].value() == "You want bread for breakfast."
        assert not Scenario.objects.exists()

    @pytest.mark.parametrize(
        ("changes", "at", "field", "why"),
        [
            ({"objective-0-hint": ""}, 0, "hint", "required"),
            ({"objective-1-model": "Hola."}, 1, "model", "meets no answer"),
            ({"objective-2-answers": "el de"}, 2, "answers", "only function words"),
            ({"objective-2-ask": "x" * 301}, 2, "ask", "more than 300"),
            ({"objective-2-phase": "x" * 301}, 2, "phase", "at most 300"),
        ],
    )
    def test_errors_of_an_objective_are_beside_its_field(
        self, learner_client, changes, at, field, why
    ):
        answer = learner_client.post(CREATE, as_form(**changes))
        assert answer.status_code == 422
        objectives = answer.context["objectives"]
        assert why in str(objectives.forms[at].errors[field])
        assert objectives.forms[1]["title"].value() == "Say your name"

    def test_too_many_in_a_phase_is_said_beside_the_phase(self, learner_client):
        data = own_data()
        data["phases"][0]["objectives"] *= 4
        answer = learner_client.post(CREATE, as_form(data))
        assert "phase" in answer.context["objectives"].forms[0].errors

    def test_too_many_phases_is_said_of_all(self, learner_client):
        data = own_data()
        data["phases"] *= 4
        answer = learner_client.post(CREATE, as_form(data))
        assert answer.context["form"].non_field_errors()

    def test_a_scenario_needs_an_objective(self, learner_client):
        data = own_data(phases=[])
        answer = learner_client.post(CREATE, as_form(data))
        assert "needs at least one objective" in answer.text
        assert answer.status_code == 422

    def test_more_objectives_than_there_may_be_are_refused(self, learner_client):
        sent = as_form(**{"objective-TOTAL_FORMS": 16})
        answer = learner_client.post(CREATE, sent)
        assert answer.status_code == 422
        assert "at most 15" in answer.text

    @pytest.mark.parametrize("total", [None, "many", "-1", "1" * 30])
    def test_a_form_that_was_tampered_with_is_refused(self, learner_client, total):
        sent = as_form(**{"objective-TOTAL_FORMS": total or ""})
        if total is None:
            del sent["objective-TOTAL_FORMS"]
        assert learner_client.post(CREATE, sent).status_code == 422

    def test_what_is_wrong_is_listed_first_each_with_a_way_there(self, learner_client):
        sent = as_form(**{"title": "", "objective-1-model": ""})
        page = learner_client.post(CREATE, sent).text
        listed = page[: page.index("<form method")].split('role="alert"')[1]
        assert re.findall(r'<a href="#(\S+)">(.+?)</a>', listed) == [
            ("id_title", "Title"),
            ("id_objective-1-model", "Objective 2: Model sentence"),
        ]
        assert 'id="id_title"' in page
        assert "Not saved yet" not in learner_client.get(CREATE).text

    def test_there_is_a_most(self, learner_client, learner, monkeypatch):
        monkeypatch.setattr("conversations.scenario_managers.MOST_OWN", 1)
        own(learner, slug="own-first")
        answer = learner_client.post(CREATE, as_form())
        assert answer.status_code == 409
        assert "delete one to write another" in answer.text
        assert answer.context["form"]["title"].value() == "At the bakery"


class TestMoreRoom:
    def test_it_keeps_what_was_written_and_checks_nothing(self, learner_client):
        sent = as_form(more="1", title="", **{"objective-0-hint": ""})
        page = learner_client.post(CREATE, sent)
        assert page.status_code == 200
        objectives = page.context["objectives"]
        assert len(objectives.forms) == 5
        assert objectives.forms[1]["title"].value() == "Say your name"
        assert page.context["form"]["setting"].value().startswith("You want")
        assert "This field is required" not in page.text
        assert not Scenario.objects.exists()

    def test_at_the_most_no_more_is_offered(self, learner_client):
        sent = as_form(more="1", **{"objective-TOTAL_FORMS": 15})
        page = learner_client.post(CREATE, sent)
        assert len(page.context["objectives"].forms) == 15
        assert 'name="more"' not in page.text


class TestPreview:
    def test_it_shows_what_it_would_be_and_saves_nothing(self, learner_client):
        page = learner_client.post(CREATE, as_form(preview="1"))
        assert page.status_code == 200
        assert "Nothing is saved yet." in page.text
        assert '<blockquote lang="es">¿Qué quiere?</blockquote>' in page.text
        assert '<span lang="en">Say who you are.</span>' in page.text
        assert page.context["form"]["title"].value() == "At the bakery"
        assert not Scenario.objects.exists()

    def test_it_says_what_to_look_at(self, learner_client):
        sent = as_form(**{"objective-0-ask": "¿Xilófono?", "preview": "1"})
        page = learner_client.post(CREATE, sent).text
        assert "Have a look at" in page
        assert "Xilófono" in page

    def test_where_all_is_fine_it_says_so(self, learner_client, monkeypatch):
        monkeypatch.setattr(own_scenario.OwnScenario, "notes", lambda self: [])
        page = learner_client.post(CREATE, as_form(preview="1")).text
        assert "The checks find nothing to look at." in page


class TestRewriting:
    def test_it_shows_what_is_written(self, learner_client, learner):
        own(learner)
        page = learner_client.get(address("scenario-edit"))
        form, objectives = page.context["form"], page.context["objectives"]
        shown = {name: form[name].value() for name in form.fields}
        sent = as_form()
        assert shown == {name: sent[name] for name in shown}
        for at, objective in enumerate(objectives.forms):
            for name in objective.fields:
                assert objective[name].value() == sent[f"objective-{at}-{name}"]

    def test_it_saves_another_version(self, learner_client, learner):
        own(learner)
        sent = as_form(title="Bread", slug="own-other")
        learner_client.post(address("scenario-edit"), sent)
        assert saved() == own_data(title="Bread")
        assert Scenario.objects.current().get().version == 2

    def test_objectives_can_be_taken_out(self, learner_client, learner):
        own(learner)
        names = own_data()["phases"][0]["objectives"][1]
        gone = {f"objective-1-{name}": "" for name in names}
        learner_client.post(address("scenario-edit"), as_form(**gone))
        assert len(saved()["phases"][0]["objectives"]) == 1

    def test_a_small_one_has_room_for_more(self, learner_client, learner):
        own(learner, **with_objective())
        page = learner_client.get(address("scenario-edit"))
        assert len(page.context["objectives"].forms) == 3


class TestItsPage:
    def test_it_leads_to_what_can_be_done_with_it(self, learner_client, learner):
        page = learner_client.get(own(learner).get_absolute_url()).text
        for name in ("edit", "export", "delete"):
            assert address(f"scenario-{name}") in page
        assert "Begin in Spanish" in page
        assert "Bread is bought every day." in page

    def test_it_is_only_in_its_own_languages(self, learner_client, learner):
        scenario = own(learner)
        learner.native_language = "de"
        learner.save()
        page = learner_client.get(scenario.get_absolute_url(), {"language": "fr"})
        assert page.context["language"] == "es"
        assert '<h1 lang="en">At the bakery</h1>' in page.text

    def test_without_words_it_has_none_to_learn(self, learner_client, learner):
        scenario = own(learner, words=[], phrases=[])
        assert "Learn first" not in learner_client.get(scenario.get_absolute_url()).text
        scenario = own(learner, words=[])
        page = learner_client.get(scenario.get_absolute_url()).text
        assert ("Key words" in page, "Useful phrases" in page) == (False, True)

    def test_it_is_begun_in_its_language_only(self, learner_client, learner):
        own(learner)
        sent = {
            "language": "fr",
            "vocabulary_level": "beginner",
            "about": "scenario:own-bakery",
            "learning_focus": "conversation",
            "conversation_id": "a",
        }
        create = reverse("conversations:create")
        answer = learner_client.post(create, sent)
        assert "This scene is only in Spanish." in str(answer.context["form"].errors)
        learner_client.post(create, {**sent, "language": "es"})
        assert Conversation.objects.get().scenario.slug == "own-bakery"

    def test_one_deleted_in_the_same_moment_is_not_begun(
        self, learner_client, learner, api, monkeypatch
    ):
        own(learner)
        sent = {"language": "es", "conversation_id": "a", "learning_focus": "grammar"}
        hold = Scenario.objects.hold

        def late(scenario):
            Scenario.objects.withdraw(scenario.slug, owner=learner)
            hold(scenario)

        monkeypatch.setattr(Scenario.objects, "hold", late)
        form = {"about": "scenario:own-bakery", "vocabulary_level": "beginner"}
        create = reverse("conversations:create")
        page = learner_client.post(create, {**sent, **form}, follow=True)
        assert "This scenario was deleted." in page.text
        own(learner)
        answer = api.post("/api/v1/conversations/", {**sent, "scenario": "own-bakery"})
        assert answer.status_code == 409
        assert not Conversation.objects.exists()

    def test_it_is_marked_in_the_library(self, learner_client, learner, scenarios):
        own(learner)
        library = reverse("conversations:scenario-list")
        assert "Yours</span>" in learner_client.get(library).text
        page = learner_client.get(library, {"show": "own"})
        assert [one.slug for one in page.context["page"]] == ["own-bakery"]
        page = learner_client.get(library, {"language": "fr", "show": "own"})
        assert list(page.context["page"]) == []


class TestDeleting:
    def test_it_asks_first(self, learner_client, learner):
        own(learner)
        assert (
            "Delete “At the bakery”?"
            in learner_client.get(address("scenario-delete")).text
        )
        assert Scenario.objects.exists()

    def test_it_deletes(self, learner_client, learner):
        own(learner)
        learner_client.post(address("scenario-delete"))
        assert not Scenario.objects.exists()


class TestFiles:
    def bring_in(self, client, content):
        if not isinstance(content, bytes):
            content = json.dumps(content).encode()
        return client.post(IMPORT, {"file": SimpleUploadedFile("a.json", content)})

    def test_one_goes_out_and_comes_in_elsewhere(
        self, learner_client, learner, stranger_client, stranger
    ):
        own(learner)
        file = learner_client.get(address("scenario-export"))
        assert file["Content-Disposition"] == (
            'attachment; filename="lingo-own-bakery.json"'
        )
        assert "¿Qué quiere?" in file.text
        self.bring_in(stranger_client, file.content)
        theirs = Scenario.objects.get(owner=stranger)
        assert own_scenario.dump(own_scenario.of(theirs)) == own_data()

    def test_all_go_out_and_come_in_again(self, learner_client, learner):
        own(learner)
        own(learner, slug="own-b")
        file = learner_client.get(EXPORT).content
        before = list(Scenario.objects.values())
        answer = self.bring_in(learner_client, file)
        assert answer.url == reverse("conversations:scenario-list")
        assert list(Scenario.objects.values()) == before

    def test_there_is_a_page_for_it(self, learner_client):
        assert "Bring scenarios in" in learner_client.get(IMPORT).text

    def test_it_is_told_what_had_not_changed(self, learner_client):
        both = [own_data(slug="own-first"), own_data(slug="own-second")]
        for sent, said in [
            (both[:1], "1 scenario brought in."),
            (both, "1 scenario brought in. 1 had not changed."),
            (both, "0 scenarios brought in. 2 had not changed."),
        ]:
            self.bring_in(learner_client, {"scenarios": sent})
            (told,) = learner_client.get(IMPORT).context["messages"]
            assert str(told) == said

    @pytest.mark.parametrize(
        ("content", "why"),
        [
            (b"{", "This is no JSON"),
            (own_data(title=""), "title: This is empty."),
            ({"scenarios": [own_data(), {}]}, "scenarios.1.title: Field required"),
            (b" " * (2 * 2**20 + 1), "at most 2.0"),
        ],
    )
    def test_a_file_that_is_wrong_brings_nothing(self, learner_client, content, why):
        answer = self.bring_in(learner_client, content)
        assert answer.status_code == 422
        assert why in answer.text.replace("\xa0", " ")
        assert not Scenario.objects.exists()

    def test_no_file_is_told(self, learner_client):
        assert learner_client.post(IMPORT).status_code == 422

    def test_there_is_a_most(self, learner_client, monkeypatch):
        monkeypatch.setattr("conversations.scenario_managers.MOST_OWN", 0)
        answer = self.bring_in(learner_client, own_data())
        assert answer.status_code == 409
        assert "You have 0 scenarios" in answer.text


@pytest.mark.parametrize("name", ["edit", "delete", "export", "detail", "learn"])
def test_a_stranger_finds_no_such_page(stranger_client, learner, name):
    own(learner)
    path = address(f"scenario-{name}")
    assert stranger_client.get(path).status_code == 404
    if name not in ("export", "detail"):
        assert stranger_client.post(path, as_form()).status_code == 404
    assert saved() == own_data()


def test_a_stranger_finds_it_in_no_list(stranger_client, learner):
    own(learner)
    page = stranger_client.get(reverse("conversations:scenario-list"))
    assert list(page.context["page"]) == []
    assert page.context["recommended"] == []
    sent = {"about": "scenario:own-bakery", "language": "es", "conversation_id": "a"}
    answer = stranger_client.post(reverse("conversations:create"), sent)
    assert "about" in answer.context["form"].errors
    assert stranger_client.get(EXPORT).json() == {"scenarios": []}


def test_the_librarys_are_nobodys_to_change(learner_client, scenarios):
    for name in ("scenario-edit", "scenario-delete", "scenario-export"):
        assert learner_client.get(address(name, "cafe")).status_code == 404


@pytest.mark.parametrize("count", [1, 30])
def test_taking_all_out_takes_the_same_queries_for_any_number(
    learner_client, count, django_assert_num_queries
):
    for at in range(count):
        own(learner_client.learner, slug=f"own-{at}")
    # session, learner, scenarios, phases, objectives
    with django_assert_num_queries(5):
        file = learner_client.get(EXPORT)
    assert len(file.json()["scenarios"]) == count
