"""The catalogue of achievements: whole, and refused with its line where it isn't."""

import re

import pytest
from django.core.management import CommandError, call_command

from lingo.content import MalformedContent
from lingo.languages import LANGUAGES
from progress import achievements

CATALOGUE = achievements.catalogue()


@pytest.fixture
def file(tmp_path, monkeypatch):
    """A copy of the catalogue that a test may spoil."""
    copy = tmp_path / achievements.FILE.name
    copy.write_text(achievements.FILE.read_text())
    monkeypatch.setattr(achievements, "FILE", copy)
    achievements.catalogue.cache_clear()
    yield copy
    achievements.catalogue.cache_clear()


def test_there_are_many_of_every_category_and_rarity():
    assert len(CATALOGUE) >= 28
    for name, kinds in (
        ("category", achievements.CATEGORIES),
        ("rarity", achievements.RARITIES),
        ("measure", achievements.MEASURES),
    ):
        assert {getattr(one, name) for one in CATALOGUE.values()} == set(kinds)


@pytest.mark.parametrize("one", CATALOGUE.values(), ids=CATALOGUE)
def test_each_is_said_in_all_six_languages(one):
    for texts in (one.title, one.description):
        assert set(texts) == set(LANGUAGES)
    if one.at_least > 1:
        for text in one.description.values():
            assert str(one.at_least) in re.sub(r"[.,\u00a0]", "", text)


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_two_share_a_title_or_description(code):
    for texts in ("title", "description"):
        said = [getattr(one, texts)[code] for one in CATALOGUE.values()]
        assert len(said) == len(set(said))


def test_of_one_measure_more_is_worth_more():
    for measure in achievements.MEASURES:
        steps = [one for one in CATALOGUE.values() if one.measure == measure]
        steps.sort(key=lambda one: one.at_least)
        worth = [(achievements.RARITIES.index(one.rarity), one.points) for one in steps]
        assert worth == sorted(worth)


def test_a_unit_is_said_of_one_and_of_several():
    assert CATALOGUE["first-turn"].unit == "turn"
    assert CATALOGUE["hundred-turns"].unit == "turns"


@pytest.mark.parametrize(
    ("pattern", "replacement", "line", "reason"),
    [
        (r'^category = "conv.*$', 'category = "space"', 5, "“space” is none of"),
        (r'^measure = "turns"$', 'measure = "luck"', 6, "“luck” is none of"),
        (r'^rarity = "common"$', 'rarity = "unique"', 9, "“unique” is none of"),
        (r"^at_least = 1$", "at_least = 0", 7, "greater than or equal to 1"),
        (r"^points = 5$", 'points = "many"', 8, "valid integer"),
        (r"^points = 5$", "extra = 5", 3, "points: Field required"),
        (r"^pt = .*$", "", 10, "“pt” is missing"),
        (r'^slug = "hundred-turns"$', 'slug = "first-turn"', 1, "is there twice"),
        (r"^at_least = 100$", "at_least = 1", 1, r"is there twice \(measure\)"),
        (r"^points = 5$", "points =", 8, "Invalid value"),
    ],
)
def test_a_malformed_catalogue_is_refused_with_file_line_and_reason(
    file, pattern, replacement, line, reason
):
    text = file.read_text()
    spoiled = re.sub(pattern, replacement, text, count=1, flags=re.MULTILINE)
    assert spoiled != text
    file.write_text(spoiled)

    with pytest.raises(MalformedContent, match=rf"\w+\.toml, line {line}: .*{reason}"):
        achievements.catalogue()


def test_loading_content_checks_the_catalogue(db, file):
    file.write_text("achievement = []")

    with pytest.raises(CommandError, match="achievements.toml, line 1"):
        call_command("load_content", verbosity=0)
