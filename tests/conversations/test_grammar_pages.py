"""Grammar flow charts as pages: found, read, drawn and walked through."""

import re
from html import unescape
from xml.etree import ElementTree

import pytest

from conversations.models import GrammarChart
from lingo.languages import LANGUAGES
from tests.factories import ConversationFactory

SVG = "{http://www.w3.org/2000/svg}"
SER = "/grammar/es/ser-estar/"


def links(page, start):
    """Return the addresses on the page that begin like this, in order."""
    found = re.findall(r'href="([^"]*)"', page.content.decode())
    return [address for address in map(unescape, found) if address.startswith(start)]


def drawing(page):
    found = re.search(r"(?s)<svg xmlns.*?</svg>", page.content.decode())
    return ElementTree.fromstring(found[0])


def chart(**fields):
    """Make a chart in which two paths meet, and whose texts look like markup."""

    def text(english):
        return dict.fromkeys(LANGUAGES, english)

    nodes = [
        {"id": "start", "kind": "start", "text": text("<b>&"), "next": "ask"},
        {
            "id": "ask",
            "kind": "question",
            "text": text("Which?"),
            "branch": [
                {"text": text("One <i>"), "next": "step"},
                {"text": text("Other"), "next": "show"},
            ],
        },
        {"id": "step", "kind": "step", "text": text("Think."), "next": "show"},
        {"id": "show", "kind": "example", "examples": ["<u>Ser</u>"], "next": "end"},
        {"id": "end", "kind": "end", "text": text("Done."), "examples": ["Ya."]},
    ]
    return GrammarChart.objects.create(
        **{
            "language": "es",
            "slug": "markup",
            "categories": ["tense"],
            "title": text("A & <B>"),
            "nodes": nodes,
            **fields,
        }
    )


def test_the_charts_of_the_language_talked_last_are_listed(
    learner_client, grammar_charts
):
    ConversationFactory(learner=learner_client.learner, language="fr")

    page = learner_client.get("/grammar/")

    assert links(page, "/grammar/fr/")[::2] == [
        "/grammar/fr/auxiliary/",
        "/grammar/fr/cest-ilest/",
        "/grammar/fr/partitive/",
        "/grammar/fr/past/",
    ]
    assert not links(page, "/grammar/es/")


def test_a_newcomer_finds_the_charts_of_a_foreign_language(
    learner_client, grammar_charts
):
    learner_client.learner.native_language = "en"
    learner_client.learner.save()

    assert links(learner_client.get("/grammar/"), "/grammar/es/")


def test_the_list_is_filtered_by_language_and_category(learner_client, grammar_charts):
    page = learner_client.get("/grammar/", {"language": "de", "category": "case"})

    assert links(page, "/grammar/de/") == [
        "/grammar/de/cases/",
        "/grammar/de/cases/walk/",
    ]


def test_categories_are_named_as_with_corrections(learner_client, grammar_charts):
    text = learner_client.get("/grammar/").text

    assert '<option value="number">Singular and plural</option>' in text


def test_a_category_without_a_chart_says_so(learner_client, grammar_charts):
    page = learner_client.get("/grammar/", {"language": "en", "category": "case"})

    assert "There is no such chart for English." in page.text


@pytest.mark.parametrize(
    "query",
    [
        {"language": "xx"},
        {"language": ""},
        {"category": "moon"},
        {"category": "\x00"},
        {"language": "a" * 10_000},
    ],
)
def test_a_filter_that_cannot_be_understood_is_left_out_and_said(
    learner_client, grammar_charts, query
):
    page = learner_client.get("/grammar/", query)

    assert page.status_code == 200
    assert "errorlist" in page.text
    assert links(page, "/grammar/es/")


def test_texts_are_in_the_native_language_and_examples_in_the_other(
    learner_client, grammar_charts
):
    learner_client.learner.native_language = "de"
    learner_client.learner.save()

    page = learner_client.get(SER)

    assert '<h1 lang="de">Sein: ser oder estar</h1>' in page.text
    assert '<p class="example" lang="es">Soy médica.</p>' in page.text


def test_a_chart_is_drawn_with_title_and_description(learner_client, db):
    made = chart()

    svg = drawing(learner_client.get(made.get_absolute_url()))

    assert svg.get("role") == "img"
    ids = {one.get("id"): one.tag for one in svg.iter() if one.get("id")}
    assert ids[svg.get("aria-labelledby")] == f"{SVG}title"
    assert ids[svg.get("aria-describedby")] == f"{SVG}desc"
    assert svg.find(f"{SVG}title").text == "A & <B>"
    texts = {text.text for text in svg.iter(f"{SVG}text")}
    answers = {"One <i>", "Other"}
    assert texts == answers | {"<b>&", "Which?", "Think.", "<u>Ser</u>", "Done.", "Ya."}


def test_a_chart_says_in_words_all_that_it_draws(learner_client, db):
    page = learner_client.get(chart().get_absolute_url()).content.decode()

    told = re.search(r'(?s)<div class="told">(.*?)</div>', page)[1]
    root = ElementTree.fromstring(f"<div>{told}</div>")
    said = [text.strip() for text in root.itertext() if text.strip()]
    assert said == [
        "<b>&",
        "Which?",
        "One <i>",
        "Think.",
        "<u>Ser</u>",
        "Done.",
        "Ya.",
        "Other",
        "As above",
    ]
    assert root.find(".//a").get("href") == "#node-show"


@pytest.mark.parametrize("native", LANGUAGES)
def test_every_chart_is_drawn_well_formed_in_every_language(
    learner_client, grammar_charts, native
):
    learner_client.learner.native_language = native
    learner_client.learner.save()

    for made in grammar_charts:
        page = learner_client.get(made.get_absolute_url())

        drawn = "".join(text.text for text in drawing(page).iter(f"{SVG}text"))
        for node in made.nodes:
            texts = [text[native] for key, text in node.items() if key == "text"]
            for text in texts + node.get("examples", []):
                assert text.replace(" ", "") in drawn.replace(" ", "")
        assert "style=" not in page.content.decode()


def test_every_path_of_every_chart_can_be_walked(learner_client, grammar_charts):
    for made in grammar_charts:
        ends, steps = set(), [f"{made.get_absolute_url()}walk/"]
        while steps:
            page = learner_client.get(steps.pop())
            here = page.context["here"]
            answers = links(page, f"{made.get_absolute_url()}walk/?")
            ahead = [one["address"] for one in page.context["answers"]]
            assert set(ahead) <= set(answers)
            steps += ahead
            if not ahead:
                assert here[-1].kind == "end"
                assert all(
                    example in unescape(page.text) for example in here[-1].examples
                )
                ends.add(here[-1].id)
        assert ends == {node["id"] for node in made.nodes if node["kind"] == "end"}


def test_a_walk_asks_one_question_at_a_time_and_leads_back(
    learner_client, grammar_charts
):
    first = learner_client.get(f"{SER}walk/")
    second = learner_client.get(f"{SER}walk/?at=place")
    third = learner_client.get(f"{SER}walk/?at=place&at=estar-place")

    assert links(first, f"{SER}walk/")[:2] == [
        f"{SER}walk/?at=ser-what",
        f"{SER}walk/?at=place",
    ]
    assert links(second, f"{SER}walk/")[0] == f"{SER}walk/"
    assert links(third, f"{SER}walk/")[:2] == [f"{SER}walk/", f"{SER}walk/?at=place"]
    assert "Where it is" in third.text
    assert "Madrid está en España." in third.text


@pytest.mark.parametrize(
    "query",
    [
        "at=moon",
        "at=estar-place",
        "at=what",
        "at=",
        "at=place&at=place",
        "at=ser-what&at=place",
        "at=%00",
        "at=%ED%A0%80",
        f"at={'a' * 10_000}",
        "at=place&" * 900,
    ],
)
def test_a_walk_that_the_chart_does_not_lead_is_not_found(
    learner_client, grammar_charts, query
):
    assert learner_client.get(f"{SER}walk/?{query}").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/grammar/es/moon/",
        "/grammar/es/moon/walk/",
        "/grammar/xx/ser-estar/",
        "/grammar/fr/ser-estar/",
        "/grammar/%00/ser-estar/",
        "/grammar/es/%00/",
    ],
)
def test_a_chart_that_is_none_is_not_found(learner_client, grammar_charts, address):
    assert learner_client.get(address).status_code == 404


@pytest.mark.parametrize("address", ["/grammar/", SER, f"{SER}walk/"])
def test_charts_are_for_learners_only_and_only_read(
    client, learner_client, grammar_charts, address
):
    assert client.get(address).url.startswith("/account/login/")
    assert learner_client.post(address).status_code == 405


@pytest.mark.parametrize("count", [1, 50])
def test_the_list_takes_the_same_queries_for_any_number_of_charts(
    learner_client, count, django_assert_num_queries
):
    for number in range(count):
        chart(slug=f"chart-{number}")

    with django_assert_num_queries(4):  # session, learner, latest language, charts
        learner_client.get("/grammar/", {"category": "tense"})


@pytest.mark.parametrize("address", [SER, f"{SER}walk/?at=place"])
def test_a_chart_takes_one_query(
    learner_client, grammar_charts, address, django_assert_num_queries
):
    with django_assert_num_queries(3):  # session, learner, chart
        learner_client.get(address)


def test_the_charts_are_reached_from_progress_scenarios_and_words(learner_client, db):
    for address in ("/progress/", "/scenarios/", "/words/fr/maison/"):
        assert links(learner_client.get(address), "/grammar/")
    word = learner_client.get("/words/fr/maison/")
    assert links(word, "/grammar/") == ["/grammar/?language=fr"]
