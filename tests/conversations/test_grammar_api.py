"""Grammar flow charts through the API."""

import pytest
from rest_framework.test import APIClient

from conversations.models import GrammarChart

LIST = "/api/v1/grammar/"


def test_charts_are_in_the_learners_own_language(api, grammar_charts):
    api.learner.native_language = "de"

    one = api.get(f"{LIST}es/ser-estar/").json()

    assert one["title"] == "Sein: ser oder estar"
    assert (one["language"], one["slug"]) == ("es", "ser-estar")
    assert one["categories"] == ["verb-choice"]
    start, asked, end = one["nodes"][:3]
    assert (start["kind"], start["ways"]) == ("start", [{"answer": "", "to": "what"}])
    assert asked["ways"][1] == {"answer": "Wo es ist", "to": "place"}
    assert {node["kind"] for node in one["nodes"]} == {"start", "question", "end"}
    assert one["nodes"][-1]["examples"] == ["Estoy cansado.", "La puerta está abierta."]
    assert end["text"] == "Worum geht es?"


def test_the_list_is_paged_filtered_and_as_each_one(api, grammar_charts):
    found = api.get(LIST, {"language": "de", "category": "gender"}).json()["results"]

    assert found == [api.get(f"{LIST}de/gender/").json()]
    first = api.get(LIST, {"page_size": 20}).json()
    second = api.get(first["next"]).json()
    slugs = [
        (one["language"], one["slug"]) for one in first["results"] + second["results"]
    ]
    assert slugs == sorted(slugs)
    assert len(slugs) == len(grammar_charts)


@pytest.mark.parametrize(
    "query", [{"language": "xx"}, {"category": "moon"}, {"category": "\x00"}]
)
def test_a_wrong_filter_is_refused(api, query):
    answer = api.get(LIST, query)

    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == set(query)


@pytest.mark.parametrize(
    "path", ["es/moon/", "xx/ser-estar/", "fr/ser-estar/", "%00/ser-estar/", "es/%00/"]
)
def test_a_chart_that_is_none_is_not_found(api, grammar_charts, path):
    assert api.get(f"{LIST}{path}").status_code == 404


def test_charts_are_only_read_and_only_by_learners(api, grammar_charts):
    assert api.post(LIST, {}).status_code == 405
    assert api.put(f"{LIST}es/ser-estar/", {}).status_code == 405
    assert APIClient().get(LIST).status_code == 401


@pytest.mark.parametrize("count", [1, 50])
def test_the_list_takes_the_same_queries_for_any_number_of_charts(
    api, count, django_assert_num_queries
):
    for number in range(count):
        GrammarChart.objects.create(
            language="es",
            slug=f"chart-{number}",
            categories=["tense"],
            title={"en": "Chart"},
            nodes=[],
        )

    with django_assert_num_queries(1):
        assert len(api.get(LIST).json()["results"]) == count
