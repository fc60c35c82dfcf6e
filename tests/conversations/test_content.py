"""Content files: checked, and loaded as often as one likes."""

import re
from collections import Counter

import pytest
from django.core.management import CommandError, call_command

from conversations.feedback import rules
from conversations.models import MetObjective, Objective, Scenario, ScenarioRun
from conversations.turn_taking import take_turn
from conversations.tutors import content
from conversations.tutors.hearing import Heard
from lingo.content import MalformedContent, line_of
from lingo.languages import LANGUAGES, Level
from tests.factories import ConversationFactory
from vocabulary.models import Gloss

KINDS = ("scenarios/*", "topics/*", "grammar/*/*")
CAFE = content.FOLDER / "scenarios" / "cafe.toml"


def test_loading_again_changes_nothing(db):
    call_command("load_content", verbosity=0)
    rows = [model.objects.order_by("pk").values() for model in (Objective, Gloss)]
    before = [list(of_model) for of_model in rows]

    call_command("load_content", verbosity=0)

    assert [list(of_model.all()) for of_model in rows] == before
    assert all(before)
    files = (content.FOLDER / "scenarios").iterdir()
    slugs = Scenario.objects.values_list("slug", flat=True)
    assert list(slugs) == sorted(path.stem for path in files)


def test_loading_says_what_was_loaded(db, capsys):
    call_command("load_content")

    counts = [len(list(content.FOLDER.glob(f"{kind}.toml"))) for kind in KINDS]
    said = capsys.readouterr().out
    count = sum(len(found) for _, found in rules.files())
    assert said == (
        "{} scenarios, {} topics and {} grammar charts loaded, {} rules of common "
        "errors checked.\n".format(*counts, count)
    )


def test_a_malformed_file_is_refused_with_file_line_and_reason(db, folder):
    path = folder / "scenarios" / "cafe.toml"
    path.write_text(path.read_text() + '\n[[word]]\nen = "key"\n')
    line = path.read_text().count("\n") - 1

    with pytest.raises(
        CommandError, match=rf"cafe.toml, line {line}: .*“es” is missing"
    ):
        call_command("load_content", verbosity=0)

    assert not Scenario.objects.exists()


def spoil(path, pattern, replacement):
    text = path.read_text()
    spoiled = re.sub(pattern, replacement, text, count=1, flags=re.MULTILINE)
    assert spoiled != text
    path.write_text(spoiled)


@pytest.mark.parametrize(
    ("name", "pattern", "replacement", "reason"),
    [
        ("scenarios/cafe.toml", r"^category.*$", 'category = "space"', "category"),
        ("scenarios/cafe.toml", r"^level.*$", 'level = "hard"', "level"),
        ("scenarios/cafe.toml", r"^category", "extra = 1\ncategory", "extra"),
        ("scenarios/cafe.toml", r"^\[title\]", "[title", "line 1|at line"),
        ("scenarios/cafe.toml", r"^slug = .*$", 'slug = "Not a slug"', "slug"),
        (
            "scenarios/cafe.toml",
            r"(?s)(^\[\[phrase\]\].*?)^\[\[phrase\]\].*?(?=^\[culture)",
            r"\1",
            "phrase: .* at least 5",
        ),
        ("scenarios/cafe.toml", r"(?s)^\[culture.de\].*?(?=^\[|\Z)", "", "culture"),
        (
            "topics/hobbies.toml",
            r"^\[title\]$",
            '[title]\nxx = "?"',
            "no such language",
        ),
        (
            "common.toml",
            r"(?s)^\[unclear\].*?\]$",
            '[unclear]\nen = ["What?"]',
            "unclear",
        ),
    ],
)
def test_what_is_wrong_is_said(folder, name, pattern, replacement, reason):
    path = folder / name
    spoil(path, pattern, replacement)
    kind = {
        "scenarios": content.ScenarioContent,
        "topics": content.TopicContent,
    }.get(name.split("/")[0], content.Common)

    with pytest.raises(MalformedContent, match=rf"{path.name}, line \d+: .*({reason})"):
        content.read(path, kind)


def question(**changes):
    same = dict.fromkeys(LANGUAGES, "Coffee")
    lines = {code: ["Coffee one?", "Coffee two?"] for code in LANGUAGES}
    return {
        "hint": same,
        "ask": {"beginner": lines, "intermediate": lines},
        "recast": lines,
        "model": {"beginner": same, "intermediate": same},
        "answer": [same],
        **changes,
    }


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"answer": [dict.fromkeys(LANGUAGES, "a")]}, "only function words"),
        ({"answer": [dict.fromkeys(LANGUAGES, "name is …")]}, "needs recast = false"),
        ({"answer": [dict.fromkeys(LANGUAGES, "tea")]}, "meets no answer"),
        (
            {
                "answer": [{**dict.fromkeys(LANGUAGES, "coffee"), "recast": False}],
                "recast": {code: ["{answer}!"] for code in LANGUAGES},
            },
            "needs a line without",
        ),
        ({"recast": {"en": ["Yes."]}}, "“es” is missing"),
        (
            {
                "ask": question()["ask"]
                | {"beginner": dict.fromkeys(LANGUAGES, ["?", "?"])}
            },
            "or more different lines",
        ),
    ],
)
def test_a_prompt_must_fit_together(changes, reason):
    with pytest.raises(ValueError, match=reason):
        content.Prompt.model_validate(question(**changes))


def test_no_two_questions_of_free_talk_are_asked_in_the_same_words():
    wordings = [
        (code, line)
        for topic in content.topics().values()
        for question in topic.question
        for lines in (question.ask.beginner, question.ask.intermediate)
        for code in LANGUAGES
        for line in lines[code]
    ]

    twice = [one for one, count in Counter(wordings).items() if count > 1]
    assert twice == []


def test_a_prompt_that_fits_together_is_fine():
    assert content.Prompt.model_validate(question())


@pytest.mark.parametrize(
    ("text", "is_met"),
    [
        ("Hola, me llamo Ana.", True),
        ("¡ME LLAMO José!", True),
        ("me llamo", False),
        ("me llamo y", False),
        ("Ana", False),
    ],
)
def test_an_open_answer_needs_a_word_after_it(text, is_met):
    same = {**dict.fromkeys(LANGUAGES, "me llamo …"), "recast": False}
    answer = content.Answer.model_validate(same)

    assert bool(answer.met_in(Heard(text, "es"), "es")) is is_met


def test_an_error_is_at_the_line_of_its_key():
    source = CAFE.read_text()
    lines = source.splitlines()
    place = ("phase", 1, "objective", 0, "title", "es")

    number = line_of(source, place)

    assert lines[number - 1].startswith("es = ")
    above = "\n".join(lines[:number])
    assert above.count("[[phase]]") == 2
    assert above.splitlines()[-3].startswith("[phase.objective.title]") or (
        "[phase.objective.title]" in lines[number - 3 : number]
    )


def test_an_error_without_a_place_is_at_the_first_line():
    assert line_of("a = 1\n", ("nothing",)) == 1


def load(slug, **changes):
    read = content.read(CAFE, content.ScenarioContent)
    return Scenario.objects.load(slug, read.model_copy(update=changes))


def test_changed_content_is_another_version(db):
    phases = list(content.read(CAFE, content.ScenarioContent).phase)
    first = load("cafe")
    before = first.tables()

    second = load("cafe", phase=phases[:2])

    assert (second.version, second.is_current) == (2, True)
    assert [phase["slug"] for phase in second.tables()["phase"]] == [
        phase.slug for phase in phases[:2]
    ]
    first.refresh_from_db()
    assert (first.is_current, first.tables()) == (False, before)
    assert Scenario.objects.current().get() == second


def test_going_back_is_another_version_too(db):
    load("cafe")
    load("cafe", level=Level.ADVANCED)

    assert load("cafe").version == 3


def test_a_running_conversation_keeps_its_version(learner):
    phases = list(content.read(CAFE, content.ScenarioContent).phase)
    scenario = load("cafe")
    conversation = ConversationFactory(learner=learner, scenario=scenario)
    run = ScenarioRun.objects.create(
        learner=learner,
        conversation=conversation,
        scenario=scenario,
        phase=scenario.phases.first(),
    )
    model = phases[0].objective[0].model.beginner["es"]
    take_turn(conversation, model, client_id="a")
    assert MetObjective.objects.get().objective.slug == phases[0].objective[0].slug

    load("cafe", phase=phases[1:])

    answer = take_turn(conversation, "Xyzzy", client_id="b")[1]
    assert answer.cue == f"cafe/{phases[0].slug}/{phases[0].objective[1].slug}"
    run.refresh_from_db()
    assert (run.scenario, run.phase.slug) == (scenario, phases[0].slug)


def test_scenarios_read_well(scenarios):
    phase = scenarios["cafe"].phases.first()

    assert str(scenarios["cafe"]) == "Ordering in a café"
    assert str(phase) == phase.title["en"]
    assert str(phase.objectives.first()) == phase.objectives.first().title["en"]
