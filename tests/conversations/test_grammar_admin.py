"""Grammar flow charts as staff edit them."""

import json

import pytest
from django.urls import reverse

from conversations.models import GrammarChart
from lingo.languages import LANGUAGES


@pytest.fixture
def chart(grammar_charts):
    return GrammarChart.objects.get(language="es", slug="ser-estar")


@pytest.fixture
def load(grammar_contents):
    """Return a function that loads the charts as `load_content` does."""

    def load():
        for language, slug, content in grammar_contents:
            GrammarChart.objects.load(language, slug, content)

    return load


@pytest.fixture
def edit(staff_client, chart):
    """Return a function that posts the chart's form with changes; texts as they are."""
    address = reverse("admin:conversations_grammarchart_change", args=[chart.pk])

    def edit(**changes):
        fields = {
            "title": chart.title,
            "categories": chart.categories,
            "nodes": chart.nodes,
            **changes,
        }
        sent = {
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in fields.items()
        }
        return staff_client.post(address, sent)

    edit.address = address
    return edit


def test_staff_edits_a_chart_and_the_content_leaves_it_so(edit, chart, load):
    answer = edit(title=dict.fromkeys(LANGUAGES, "Ser"), categories=["tense"])

    assert answer.status_code == 302
    load()
    chart.refresh_from_db()
    assert (chart.title["de"], chart.categories) == ("Ser", ["tense"])
    assert chart.is_edited


def test_saving_without_a_change_is_no_edit(edit, chart):
    assert edit().status_code == 302

    chart.refresh_from_db()
    assert not chart.is_edited


def test_saving_again_keeps_it_edited(edit, chart):
    GrammarChart.objects.filter(pk=chart.pk).update(is_edited=True)

    edit()

    chart.refresh_from_db()
    assert chart.is_edited


def test_the_page_shows_readable_json_and_leads_to_the_learners_page(
    staff_client, edit, chart
):
    page = staff_client.get(edit.address).text

    assert f'href="{chart.get_absolute_url()}"' in page
    assert "&quot;Soy médica.&quot;\n" in page.replace(",\n", "\n")


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (
            lambda nodes: nodes[0].update(next="moon"),
            "node 1 (“start”): “start” leads to “moon”",
        ),
        (
            lambda nodes: nodes.append({**nodes[-1], "id": "x"}),
            "(“x”): no path leads to",
        ),
        (
            lambda nodes: nodes[2]["text"].pop("pt"),
            "node 3 (“place”), text: “pt” is missing",
        ),
        (lambda nodes: nodes[2]["branch"].pop(), "needs two or more branches"),
        (lambda nodes: nodes[2].pop("id"), "node 3, id: Field required"),
        (lambda nodes: nodes.insert(0, 5), "node 1: Input should be"),
        (lambda nodes: nodes.clear(), "This field is required."),
        (lambda nodes: nodes[0]["text"].update(en="a\x00b"), "can&#x27;t be stored"),
    ],
)
def test_a_chart_in_which_a_path_does_not_end_is_refused_with_its_node(
    edit, chart, spoil, reason
):
    nodes = json.loads(json.dumps(chart.nodes))
    spoil(nodes)

    page = edit(nodes=nodes)

    assert page.status_code == 200
    assert reason in page.text
    assert not GrammarChart.objects.filter(is_edited=True).exists()


@pytest.mark.parametrize("field", ["title", "categories", "nodes"])
@pytest.mark.parametrize(
    "typed",
    [
        "",
        "{",
        "null",
        "7",
        '"x"',
        "NaN",
        '{"en": "\\ud800"}',
        '["\\u0000"]',
        "9" * 10_000,
        "[" * 100_000,
        '[{"id": 1}, {"kind": 2}]',
        "x" * 10_000,
    ],
)
def test_anything_else_is_refused_and_stays_as_it_was_typed(edit, chart, field, typed):
    page = edit(**{field: typed})

    assert page.status_code == 200
    assert "errorlist" in page.text
    assert typed.replace('"', "&quot;") in page.text
    assert not GrammarChart.objects.filter(is_edited=True).exists()


def test_a_form_without_its_fields_is_refused(staff_client, edit):
    page = staff_client.post(edit.address, {})

    assert page.text.count("This field is required.") == 3


def test_an_edited_chart_is_given_back_to_the_content(staff_client, edit, chart, load):
    edit(title=dict.fromkeys(LANGUAGES, "Mine"))
    sent = {"action": "take_back", "_selected_action": [chart.pk]}

    page = staff_client.post(
        reverse("admin:conversations_grammarchart_changelist"), sent, follow=True
    )
    load()

    assert "Given back, for the next load_content: 1." in page.text
    chart.refresh_from_db()
    assert (chart.title["en"], chart.is_edited) == ("To be: ser or estar", False)


def test_charts_are_neither_added_nor_deleted(staff_client, chart):
    names = (
        reverse("admin:conversations_grammarchart_add"),
        reverse("admin:conversations_grammarchart_delete", args=[chart.pk]),
    )

    assert [staff_client.post(name).status_code for name in names] == [403, 403]
