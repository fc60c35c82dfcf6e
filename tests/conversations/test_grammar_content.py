"""Grammar flow charts: what their files must hold, and loading them."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError

from conversations import grammar
from conversations.models import GrammarChart
from conversations.tutors import content
from lingo.content import MalformedContent
from lingo.languages import LANGUAGES

SER = ("es", "ser-estar")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A copy of the content whose charts a test may spoil."""
    for path in content.FOLDER.rglob("*.toml"):
        copy = tmp_path / path.relative_to(content.FOLDER)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(path.read_text())
    monkeypatch.setattr(content, "FOLDER", tmp_path)
    return tmp_path / "grammar"


def same(text="Text"):
    return dict.fromkeys(LANGUAGES, text)


def toml(**texts):
    return "\n".join(f'{code} = "{text}"' for code, text in (same() | texts).items())


CHART = f"""
categories = ["tense"]

[title]
{toml()}

[[node]]
id = "start"
kind = "start"
next = "ask"
[node.text]
{toml()}

[[node]]
id = "ask"
kind = "question"
[node.text]
{toml()}
[[node.branch]]
next = "step"
[node.branch.text]
{toml(en="Yes")}
[[node.branch]]
next = "end"
[node.branch.text]
{toml(en="No")}

[[node]]
id = "step"
kind = "step"
next = "example"
[node.text]
{toml()}

[[node]]
id = "example"
kind = "example"
next = "end"
examples = ["Uno."]

[[node]]
id = "end"
kind = "end"
examples = ["Dos."]
[node.text]
{toml()}
"""


def read(tmp_path, text):
    path = tmp_path / "chart.toml"
    path.write_text(text)
    return content.read(path, grammar.ChartContent)


def paths(nodes, first):
    """Yield every path from a node, as the nodes on it."""
    node = nodes[first]
    following = [node["next"]] if "next" in node else []
    following += [branch["next"] for branch in node.get("branch", [])]
    if not following:
        yield [node]
    for one in following:
        for path in paths(nodes, one):
            yield [node, *path]


def test_a_chart_of_every_kind_of_node_is_fine(tmp_path):
    assert len(read(tmp_path, CHART).node) == 5


def test_there_are_four_charts_for_each_language():
    languages = [language for language, *_ in grammar.charts()]

    assert {code: languages.count(code) for code in LANGUAGES} == dict.fromkeys(
        LANGUAGES, 4
    )


def test_every_path_of_every_chart_leads_from_its_start_to_an_end():
    for _, slug, chart in grammar.charts():
        nodes = {node["id"]: node for node in chart.nodes()}
        seen = set()
        for path in paths(nodes, chart.node[0].id):
            seen |= {node["id"] for node in path}
            assert (path[0]["kind"], path[-1]["kind"]) == ("start", "end"), slug
            assert path[-1]["examples"], slug
        assert seen == set(nodes), slug


BRANCH = f"""[[node.branch]]
next = "end"
[node.branch.text]
{toml(en="No")}
"""
OF_STEP = f"""next = "example"
[node.text]
{toml()}
"""
NUL = "a\\u0000b"


@pytest.mark.parametrize(
    ("text", "spoiled", "line", "reason"),
    [
        ('["tense"]', '["sense"]', "categories", "Input should be"),
        ('["tense"]', "[]", "categories", "at least 1 item"),
        ('pt = "Text"', "", "[title]", "“pt” is missing"),
        ('pt = "Text"', 'pt = "Text"\nxx = "Text"', "[title]", "no such language"),
        ('en = "No"', "", "[node.branch.text]", "“en” is missing"),
        ('it = "Text"', f'it = "{NUL}"', "[title]", "can't be stored"),
        ('"Dos."', f'"{NUL}"', "examples", "can't be stored"),
        ('kind = "step"', 'kind = "stop"', "kind", "Input should be"),
        ('id = "step"', 'id = "A step"', "id", "should match pattern"),
        ("kind", "extra = 1\nkind", "extra", "Extra inputs"),
        ('id = "step"', 'id = "ask"', 3, "“ask” is there twice"),
        ('kind = "step"', 'kind = "start"', 3, "first node, and no other"),
        ('kind = "start"', 'kind = "step"', 1, "first node, and no other"),
        ('next = "ask"', 'next = "moon"', 1, "“start” leads to “moon”: no such node"),
        ('next = "end"', 'next = "moon"', 2, "“ask” leads to “moon”: no such node"),
        ('next = "example"', 'next = "ask"', 2, "a path comes back to “ask”"),
        ('next = "example"', 'next = "end"', 4, "no path leads to “example”"),
        ('next = "ask"', "", 1, "“start” needs a next"),
        ('kind = "end"', 'kind = "end"\nnext = "ask"', 5, "“end” takes no next"),
        ('examples = ["Dos."]', "", 5, "“end” needs examples"),
        ('next = "ask"', 'next = "ask"\nexamples = ["A"]', 1, "takes no examples"),
        ('next = "step"', 'next = "end"', 2, "two branches of “ask” lead to the same"),
        (BRANCH, "", 2, "“ask” needs two or more branches"),
        (OF_STEP, 'next = "example"', 3, "“step” needs a text"),
        (OF_STEP, OF_STEP + BRANCH, 3, "“step” takes no branch"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path, text, spoiled, line, reason):
    """`line` is how the line begins, or the number of the node that it is in."""
    assert text in CHART
    source = CHART.replace(text, spoiled, 1)

    with pytest.raises(MalformedContent, match=reason) as refused:
        read(tmp_path, source)

    number = int(re.match(r"chart.toml, line (\d+): ", str(refused.value))[1])
    *above, at = source.splitlines()[:number]
    if isinstance(line, int):
        assert [*above, at].count("[[node]]") == line
    else:
        assert at.startswith(line)


def test_loading_again_changes_nothing(db, grammar_charts):
    before = list(GrammarChart.objects.values())

    assert all(
        GrammarChart.objects.load(language, slug, chart)
        for language, slug, chart in grammar.charts()
    )

    assert list(GrammarChart.objects.values()) == before
    assert len(before) == 4 * len(LANGUAGES)


@pytest.mark.usefixtures("grammar_charts")
def test_a_changed_file_changes_its_chart(folder):
    path = folder / "es" / "ser-estar.toml"
    path.write_text(path.read_text().replace("Soy médica.", "Soy médico."))

    call_command("load_content", verbosity=0)

    chart = GrammarChart.objects.get(language="es", slug="ser-estar")
    assert "Soy médico." in str(chart.nodes)
    assert str(chart) == "To be: ser or estar"


def test_what_staff_edited_stays_and_is_named(db, grammar_charts, capsys):
    mine = GrammarChart.objects.filter(language="es", slug="ser-estar")
    mine.update(title=same("Mine"), is_edited=True)

    call_command("load_content")

    assert "The chart es/ser-estar was edited, and stays." in capsys.readouterr().out
    assert mine.get().title == same("Mine")


def test_a_malformed_chart_is_refused_before_anything_is_loaded(db, folder):
    path = folder / "es" / "ser-estar.toml"
    path.write_text(path.read_text().replace('next = "what"', 'next = "moon"', 1))

    with pytest.raises(CommandError, match=r"ser-estar.toml, line \d+: .*“moon”"):
        call_command("load_content", verbosity=0)

    assert not GrammarChart.objects.exists()


def test_a_folder_of_no_language_is_refused(folder):
    (folder / "xx").mkdir()
    (folder / "xx" / "chart.toml").write_text(CHART)

    with pytest.raises(MalformedContent, match="line 1: no language “xx”"):
        list(grammar.charts())


def test_a_language_has_a_slug_once(db, grammar_charts):
    with pytest.raises(IntegrityError):
        GrammarChart.objects.create(
            language="es", slug="ser-estar", categories=[], title={}, nodes=[]
        )
