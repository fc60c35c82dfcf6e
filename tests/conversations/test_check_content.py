"""`check_content`: what it finds in content that a test has spoiled."""

import re

import pytest
from django.core.management import CommandError, call_command

from conversations.tutors import content

ALONE = ["common.toml", "asking.toml", "facts.toml", "parts.toml"]
KEPT = {"cafe.toml", "hobbies.toml", *ALONE}


@pytest.fixture
def small(folder):
    """One scenario, one topic, and what every talk shares, to spoil."""
    for path in folder.rglob("*.toml"):
        if path.name not in KEPT:
            path.unlink()
    return folder


@pytest.fixture
def check(small, capsys):
    """Return a function that spoils a file and returns what the command says."""

    def check(name="scenarios/cafe.toml", pattern="", replacement=""):
        path = small / name
        text = path.read_text()
        spoiled = re.sub(pattern, replacement, text, count=1, flags=re.M | re.S)
        path.write_text(spoiled)
        call_command("check_content")
        return capsys.readouterr().out

    return check


def test_it_says_what_there_is_by_category_and_level(check):
    said = check()

    assert "1 scenarios, 1 topics." in said
    assert "By category: travel 0, restaurant 1, shopping 0" in said
    assert "By level: beginner 1, elementary 0" in said
    assert " 0 errors, " not in said
    assert re.search(r"^0 errors, \d+ notes\.$", said, re.M)


def test_the_library_that_comes_with_lingo_is_in_order(capsys):
    call_command("check_content")

    files = list((content.FOLDER / "scenarios").glob("*.toml"))
    said = capsys.readouterr().out
    assert f"{len(files)} scenarios, " in said
    assert not [line for line in said.splitlines() if line.startswith("error")]
    assert "\n0 errors, " in said


@pytest.mark.parametrize("name", ALONE)
def test_what_every_talk_shares_is_checked_too(check, capsys, name):
    with pytest.raises(CommandError, match="not in order"):
        check(name, r"^es = \S.*?$", "")

    assert f"error: {name}, line " in capsys.readouterr().out


def test_malformed_content_fails_with_its_line_and_the_rest_is_read(check, capsys):
    with pytest.raises(CommandError, match="not in order"):
        check("topics/hobbies.toml", r'^es = "[^"]*"\n', "")

    said = capsys.readouterr().out
    assert re.search(r"error: hobbies.toml, line \d+: .*“es” is missing", said)
    assert "1 scenarios, 0 topics." in said


def test_an_objective_that_nonsense_meets_fails(check, capsys):
    with pytest.raises(CommandError, match="not in order"):
        check(pattern=r'^en = "hello\|', replacement='en = "blah|hello|')

    said = capsys.readouterr().out
    where = r"error: scenarios/cafe.toml, line \d+: “Blah blah blah.” meets it"
    assert re.search(where, said)


def test_a_line_beyond_its_band_is_a_note_with_its_words(check):
    said = check(pattern='"Good morning and welcome', replacement='"Xylophone welcome')

    assert re.search(
        r"note: scenarios/cafe.toml, line \d+: “Xylophone welcome to our café!” has "
        r"words rarer than Zipf 4.3 \(beginner\): Xylophone",
        said,
    )


def test_a_word_that_the_file_teaches_is_in_band(check):
    said = check()

    assert (
        "bocadillos, ensaladas" in (content.FOLDER / "scenarios/cafe.toml").read_text()
    )
    assert not re.search(r"words rarer.*: .*bocadillo", said)


def test_a_place_for_what_was_said_is_no_word(check):
    assert "{name}" in (content.FOLDER / "common.toml").read_text()
    assert not re.search(r"words rarer.*: .*name", check())


def test_a_word_that_nobody_says_is_a_note(check):
    said = check(pattern='^en = "bill"$', replacement='en = "xylophone"')

    assert "the tutor never says “xylophone” (en)" in said


def test_an_answer_that_skips_an_objective_is_a_note(check):
    said = check(
        pattern='^en = "Good morning!"$', replacement='en = "Good morning, outside!"'
    )

    assert "“Good morning, outside!” also meets arriving/table, which is" in said


def test_a_scenario_of_two_phases_is_a_note(small, check):
    path = small / "scenarios" / "cafe.toml"
    parts = path.read_text().split("[[phase]]")
    rest = "[closing" + parts[-1].split("[closing", 1)[1]
    path.write_text("[[phase]]".join(parts[:3]) + "\n" + rest)

    assert "a scenario has three to five phases" in check()


def test_a_scenario_for_higher_levels_reacts_as_they_talk(check):
    said = check(pattern="^level.*?$", replacement='level = "intermediate"')

    assert "words rarer than Zipf 4.1 (intermediate): Ravi" in said
    assert "By level: beginner 0, elementary 0, intermediate 1" in said
