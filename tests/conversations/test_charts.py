"""The page of charts, their CSV, and what programs get of them."""

import csv
import io
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.urls import reverse
from django.utils import timezone

from conversations import charts
from conversations.models import Conversation, Scenario
from progress.charts_data import Asked
from progress.models import StudyDay
from tests.conversations.test_recurring import corrected
from tests.factories import LearnerFactory, introduce
from tests.scenes import own
from vocabulary.models import Review, VocabularyItem
from vocabulary.reviewing import review

PAGE = reverse("charts:page")
API = "/api/v1/progress/charts/"
SVG = "{http://www.w3.org/2000/svg}"
# session, learner; days, words, moves, forecast, retention, pace, hardest words,
# corrections, conversations, scenarios; for advice the plan, what waits, days, what is
# open (asked twice by one who was silent), corrections, leeches, retention, scenarios.
QUERIES = 22
WRONG = ["7", "x", "\x00", "9" * 400, "-30", "30.0", "x" * 10_000]


def csv_of(name):
    return reverse("charts:csv", args=[name])


def study(learner, count=1, words=1):
    """Give the learner rows of every kind that charts and advice read."""
    today, now = learner.local_date(), timezone.now()
    for days_ago in range(count):
        date = today - timedelta(days=days_ago + 4)
        tallies = {"turns": 3, "words": 1, "study_seconds": 90}
        StudyDay.objects.record(learner, "es", date, **tallies)
        Conversation.objects.begin(
            learner, language="es", scenario=Scenario.objects.first(), topic="T"
        )
    made = [f"zq{'bcdfghklmn'[n % 10]}o{'bcdfg'[n // 10]}a" for n in range(words)]
    for item in introduce(learner, *made, at=now - timedelta(days=40)):
        for n in range(2):
            review(item, 4, client_id=f"{item}{n}", at=now, duration_ms=900)
    corrected(learner, "gender")
    VocabularyItem.objects.for_learner(learner).update(
        lapses=9, due=now - timedelta(days=2)
    )


def table(answer):
    text = answer.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


class TestPage:
    def test_each_chart_has_its_drawing_table_and_csv(self, learner_client, scenario):
        study(learner_client.learner)

        page = learner_client.get(PAGE)

        assert page.status_code == 200
        assert [chart.name for chart in page.context["charts"]] == list(charts.CHARTS)
        for chart in page.context["charts"]:
            assert not chart.data.is_empty
            assert f'href="{csv_of(chart.name)}?period=90"' in page.text
        assert page.text.count("<svg xmlns=") == len(charts.CHARTS)
        assert page.text.count("<summary>Table: ") == len(charts.CHARTS)
        assert "style=" not in page.text

    def test_a_newcomer_gets_neither_charts_nor_advice(self, learner_client):
        page = learner_client.get(PAGE)

        assert page.text.count("There is nothing to show yet.") == len(charts.CHARTS)
        assert "<svg xmlns=" not in page.text
        assert page.context["advice"] == []

    def test_period_and_language_stay_in_every_address(self, learner_client):
        learner = learner_client.learner
        StudyDay.objects.record(learner, "fr", learner.local_date(), turns=1)

        page = learner_client.get(PAGE, {"period": 365, "language": "fr"})

        assert f'{csv_of("turns")}?period=365&amp;language=fr"' in page.text
        assert f'{reverse("vocabulary:list")}?language=fr"' in page.text
        assert f'{reverse("vocabulary:list")}?order=due&amp;language=fr"' in page.text
        assert '<option value="365" selected>' in page.text
        assert '<option value="fr" selected>' in page.text
        turns = next(one for one in page.context["charts"] if one.name == "turns")
        assert len(turns.data.rows) == 53

    @pytest.mark.parametrize("name", ["period", "language"])
    @pytest.mark.parametrize("value", WRONG)
    def test_what_can_not_be_shown_is_refused(self, learner_client, name, value):
        for address in (PAGE, csv_of("turns")):
            page = learner_client.get(address, {name: value})

            assert page.status_code == 422
            assert page.context["form"].errors.keys() == {name}
            assert "<svg xmlns=" not in page.text

    def test_a_word_is_shown_as_text_in_its_language(self, learner_client):
        learner = learner_client.learner
        study(learner)
        hostile = VocabularyItem.objects.for_learner(learner)
        hostile.update(word='<b onclick="x">', language="fr")

        page = learner_client.get(PAGE)

        assert "<b onclick" not in page.text
        assert 'lang="fr">&lt;b onclick=' in page.text

    @pytest.mark.parametrize("count", [1, 50])
    def test_it_takes_the_same_queries_for_any_number_of_rows(
        self, learner_client, scenario, count, django_assert_num_queries
    ):
        study(learner_client.learner, count, words=count)
        study(LearnerFactory(), count)

        with django_assert_num_queries(QUERIES):
            learner_client.get(PAGE)

    def test_a_stranger_sees_only_their_own(self, learner, stranger_client, scenario):
        study(learner)

        page = stranger_client.get(PAGE)

        assert all(chart.data.is_empty for chart in page.context["charts"])

    def test_nobody_else_sees_it(self, client, db):
        assert client.get(PAGE).status_code == 302
        assert client.get(csv_of("turns")).status_code == 302

    def test_it_belongs_to_progress_in_the_navigation(self, learner_client):
        page = learner_client.get(PAGE)

        assert f'href="{reverse("progress:overview")}" aria-current="true"' in page.text


class TestCsv:
    def test_it_has_every_row_of_the_chart(self, learner_client):
        learner = learner_client.learner
        today = learner.local_date()
        StudyDay.objects.record(learner, "es", today, turns=4)

        answer = learner_client.get(csv_of("turns"), {"period": 30})

        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        assert 'filename="lingo-turns.csv"' in answer["Content-Disposition"]
        [names, *rows] = table(answer)
        assert names == ["date", "turns"]
        assert len(rows) == 30
        assert rows[-1] == [str(today), "4"]

    def test_no_cell_is_a_formula(self, learner_client):
        study(learner_client.learner)
        VocabularyItem.objects.update(word="=1+1")

        assert table(learner_client.get(csv_of("hardest-words")))[1][0] == "'=1+1"

    def test_nothing_known_is_an_empty_cell(self, learner_client):
        rows = table(learner_client.get(csv_of("retention")))

        assert rows[1][1:] == ["", "", "0"]

    @pytest.mark.parametrize("name", ["none", "Turns", "turns-", "a" * 300])
    def test_an_unknown_chart_is_not_found(self, learner_client, name):
        assert learner_client.get(csv_of(name)).status_code == 404


class TestScenarios:
    def begin(self, learner, scenario=None, **fields):
        return Conversation.objects.begin(
            learner, language="es", scenario=scenario, **fields
        )[0]

    def rows(self, learner, **asked):
        made = charts.chart("scenarios", Asked(learner, **asked)).data
        return made.rows

    def test_conversations_are_counted_by_what_they_play(self, learner, scenarios):
        learner.native_language = "de"
        cafe, hotel = scenarios["cafe"], scenarios["hotel"]
        self.begin(learner)
        self.begin(learner, hotel)
        self.begin(learner, cafe)
        done = self.begin(learner, cafe)
        mine = Conversation.objects.filter(pk=done.pk)
        mine.update(status="completed", ended_at=timezone.now())

        made = charts.chart("scenarios", Asked(learner)).data

        assert made.rows[0] == (cafe.title["de"], 2, 1)
        assert set(made.rows[1:]) == {(charts.FREE, 1, 0), (hotel.title["de"], 1, 0)}
        assert "scene=cafe&" in made.places[0].address
        assert len(made.places) == 3

    def test_all_versions_are_one_scene_also_once_it_is_deleted(
        self, learner_client, learner
    ):
        for title in ("Bakery", "Bread"):
            self.begin(learner, own(learner, title=title))
        Scenario.objects.withdraw("own-bakery", owner=learner)

        made = charts.chart("scenarios", Asked(learner)).data

        assert made.rows == [("Bread", 2, 0)]
        (place,) = made.places
        assert len(learner_client.get(place.address).context["page"]) == 2

    def test_only_those_of_the_period_and_language_are(self, learner, stranger):
        now = timezone.now()
        self.begin(learner, started_at=now - timedelta(days=31))
        self.begin(stranger)

        assert self.rows(learner, days=30) == []
        assert self.rows(learner, days=90) == [(charts.FREE, 1, 0)]
        assert self.rows(learner, days=90, language="fr") == []


class TestApi:
    def test_all_charts_are_named(self, api):
        named = api.get(API).json()

        assert [one["name"] for one in named] == list(charts.CHARTS)
        assert named[1] == {"name": "minutes", "title": "Minutes of study"}

    def test_a_chart_has_columns_and_rows(self, api):
        today = api.learner.local_date()
        StudyDay.objects.record(api.learner, "es", today, turns=4)
        StudyDay.objects.record(api.learner, "fr", today, turns=1)

        made = api.get(f"{API}turns/", {"period": 30, "language": "es"}).json()

        assert (made["name"], made["title"]) == ("turns", "Turns")
        assert made["about"] == "What you said and the tutor answered, each day."
        assert made["columns"] == [
            {"name": "date", "label": "Day", "type": "date"},
            {"name": "turns", "label": "Turns", "type": "number"},
        ]
        assert len(made["rows"]) == 30
        assert made["rows"][-1] == [str(today), 4]
        assert made["rows_url"].startswith(reverse("conversations:list"))
        assert len(api.get(f"{API}turns/").json()["rows"]) == 90

    @pytest.mark.parametrize("name", charts.CHARTS)
    def test_each_has_a_drawing(self, api, scenario, name):
        study(api.learner)

        answer = api.get(f"{API}{name}/svg/", {"period": 365})

        assert answer["Content-Type"] == "image/svg+xml"
        drawing = ElementTree.fromstring(answer.content)
        assert drawing.find(f"{SVG}title").text == charts.CHARTS[name].title
        assert api.get(f"{API}{name}/").status_code == 200

    def test_a_drawing_is_given_whatever_the_program_accepts(self, api):
        answer = api.get(f"{API}turns/svg/", headers={"Accept": "image/svg+xml"})

        assert answer.status_code == 200

    @pytest.mark.parametrize("end", ["", "svg/"])
    @pytest.mark.parametrize("name", ["period", "language"])
    @pytest.mark.parametrize("value", WRONG)
    def test_what_can_not_be_given_is_refused(self, api, end, name, value):
        answer = api.get(f"{API}turns/{end}", {name: value})

        assert answer.status_code == 400
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["errors"].keys() == {name}

    @pytest.mark.parametrize("end", ["", "svg/"])
    @pytest.mark.parametrize("name", ["none", "Turns", "%00", "a" * 300])
    def test_an_unknown_chart_is_not_found(self, api, end, name):
        assert api.get(f"{API}{name}/{end}").status_code == 404

    def test_a_stranger_gets_only_their_own(self, learner, stranger_api, scenario):
        study(learner)

        rows = stranger_api.get(f"{API}hardest-words/").json()["rows"]
        assert rows == []
        assert Review.objects.for_learner(learner).exists()
