"""Corrections over time: their chart, the list that it opens, and the advice."""

from datetime import timedelta
from html import unescape
from itertools import count

import pytest
from django.urls import reverse
from django.utils import timezone

from conversations import advising, charts, recurring
from conversations.feedback.candidates import Candidate
from conversations.models import ConversationMessage, Correction, GrammarChart
from progress.charts_data import Asked
from tests.factories import ConversationFactory, LearnerFactory

PAGE = reverse("conversations:correction-list")
numbers = count()


def corrected(learner, *categories, days_ago=0, language="es", **fields):
    """Let a message of the learner's be corrected so; return the corrections."""
    at = timezone.now() - timedelta(days=days_ago)
    talk = ConversationFactory(learner=learner, language=language, started_at=at)
    words = [f"malo{n}" for n, _ in enumerate(categories)]
    said = ConversationMessage(role="user", content=" ".join(words), created_at=at)
    ConversationMessage.objects.append(talk, [said])
    candidates = [
        Candidate(
            **{
                "start": n * 6,
                "end": n * 6 + 5,
                "original": words[n],
                "corrected": "bueno",
                "category": category,
                "priority": "important",
                "reason": f"Reason {next(numbers)}",
                "source": "rule",
                "confidence": 1,
                **fields,
            }
        )
        for n, category in enumerate(categories)
    ]
    return Correction.objects.record(said, candidates)


def judge(correction, verdict):
    mine = Correction.objects.filter(pk=correction.pk)
    Correction.objects.judge(mine, verdict, LearnerFactory())


class TestChart:
    def made(self, learner, **asked):
        chart = charts.chart("corrections", Asked(learner, **asked))
        return chart, {row[0]: row[1:] for row in chart.data.rows if any(row[1:])}

    def test_the_commonest_categories_stand_apart_from_the_others(self, learner):
        corrected(learner, "tense", "tense", "gender")
        corrected(learner, "gender", "tense", "article", "mood", "case", days_ago=3)

        chart, rows = self.made(learner)

        labels = [column.label for column in chart.data.columns]
        assert labels == ["Day", "Tense", "Gender", "Article", "Others"]
        today = learner.local_date()
        assert rows == {today: (2, 1, 0, 0), today - timedelta(days=3): (1, 1, 1, 2)}

    def test_few_categories_need_no_others(self, learner):
        corrected(learner, "tense")

        chart, _ = self.made(learner)

        assert [column.label for column in chart.data.columns] == ["Day", "Tense"]

    def test_without_any_it_is_empty(self, learner, stranger):
        corrected(stranger, "tense")

        chart, rows = self.made(learner)

        assert chart.data.is_empty
        assert rows == {}

    def test_it_keeps_to_period_and_language(self, learner):
        corrected(learner, "tense", days_ago=31)
        corrected(learner, "tense", language="fr")

        assert self.made(learner, days=30, language="es")[1] == {}
        assert len(self.made(learner, days=90, language="es")[1]) == 1
        assert len(self.made(learner, days=90)[1]) == 2
        assert len(self.made(learner, days=365)[1]) == 2

    def test_what_staff_took_back_is_not_counted(self, learner):
        [wrong], [right] = corrected(learner, "tense"), corrected(learner, "tense")
        judge(wrong, "unneeded")
        judge(right, "right")

        assert list(self.made(learner)[1].values()) == [(1,)]

    @pytest.mark.parametrize(("style", "number"), [("off", 0), ("blocking", 1)])
    def test_only_what_the_learner_wants_to_see_is_counted(
        self, learner, style, number
    ):
        corrected(learner, "tense")
        corrected(learner, "gender", priority="critical")
        learner.feedback_style = style

        rows = self.made(learner)[1]

        assert sum(map(sum, rows.values())) == number

    @pytest.mark.parametrize("language", ["", "es", "fr"])
    def test_its_figures_open_as_many_corrections(
        self, learner_client, learner, language
    ):
        corrected(learner, "tense", "gender")
        corrected(learner, "gender", days_ago=3)
        corrected(learner, "mood", language="fr")

        chart, rows = self.made(learner, language=language)

        number = sum(map(sum, rows.values()))
        page = learner_client.get(chart.address).context["page"]
        assert page.paginator.count == number > 0
        for row, place in zip(chart.data.rows, chart.data.places, strict=True):
            page = learner_client.get(place.address).context["page"]
            assert page.paginator.count == sum(row[1:])


class TestList:
    def test_each_is_shown_with_reason_sentence_and_message(
        self, learner_client, learner
    ):
        [one] = corrected(learner, "gender")

        page = learner_client.get(PAGE)

        text = unescape(page.text)
        assert "1 correction<" in text
        assert one.reason in text
        assert "<ins><span" in text
        address = f"{one.message.conversation.get_absolute_url()}#message-1"
        assert f'href="{address}"' in text

    def test_they_are_narrowed(self, learner_client, learner):
        corrected(learner, "gender", days_ago=5)
        corrected(learner, "tense", language="fr")
        today = learner.local_date()

        def shown(**query):
            page = learner_client.get(PAGE, query).context["page"]
            return [one.category for one in page]

        assert shown() == ["tense", "gender"]
        assert shown(language="fr") == shown(category="tense") == ["tense"]
        assert shown(since=today) == ["tense"]
        assert shown(until=today - timedelta(days=1)) == ["gender"]

    @pytest.mark.parametrize("name", ["language", "category", "since", "until"])
    @pytest.mark.parametrize("value", ["x", "\x00", "9" * 10_000])
    def test_what_makes_no_sense_is_left_out_and_said(
        self, learner_client, learner, name, value
    ):
        corrected(learner, "gender")

        page = learner_client.get(PAGE, {name: value})

        assert page.status_code == 200
        assert page.context["form"].errors.keys() == {name}
        assert len(page.context["page"]) == 1

    def test_one_the_learner_disagrees_with_says_so(self, learner_client, learner):
        [one] = corrected(learner, "gender")
        Correction.objects.dispute(one)

        assert "You disagreed" in learner_client.get(PAGE).text

    def test_a_chart_that_explains_it_is_linked(
        self, learner_client, learner, grammar_charts
    ):
        corrected(learner, "gender")
        corrected(learner, "punctuation", days_ago=1)

        page = learner_client.get(PAGE).text

        assert page.count("category=gender") == 1
        assert "category=punctuation" not in page

    def test_without_any_it_says_why(self, learner_client, learner):
        assert "Nothing was corrected yet." in learner_client.get(PAGE).text
        nothing = learner_client.get(PAGE, {"language": "es"}).text
        assert "No correction is like that." in nothing
        learner.feedback_style = "off"
        learner.save()
        assert "Corrections are switched off." in learner_client.get(PAGE).text

    def test_a_stranger_sees_nothing(self, stranger_client, learner):
        corrected(learner, "gender")

        assert list(stranger_client.get(PAGE).context["page"]) == []

    @pytest.mark.parametrize(
        ("native", "name"),
        [("en", "Singular and plural"), ("de", "Einzahl und Mehrzahl")],
    )
    def test_a_category_has_one_name_for_the_learner(
        self, learner_client, learner, native, name
    ):
        learner.native_language = native
        learner.save()
        corrected(learner, "number")

        text = learner_client.get(PAGE).text

        assert f'<option value="number">{name}</option>' in text
        assert f">{name}</strong>" in text
        chart = charts.chart("corrections", Asked(learner))
        assert name in [column.label for column in chart.data.columns]

    @pytest.mark.parametrize("number", [1, 50])
    def test_it_takes_the_same_queries_for_any_number(
        self, learner_client, learner, number, django_assert_num_queries
    ):
        for _ in range(number):
            corrected(learner, "gender")

        # session, learner; number, corrections; charts
        with django_assert_num_queries(5):
            learner_client.get(PAGE)

    def test_it_belongs_to_progress(self, learner_client):
        current = f'href="{reverse("progress:overview")}" aria-current="true"'
        assert current in learner_client.get(PAGE).text


class TestAdvice:
    def advice(self, learner, **asked):
        found = advising.advise(Asked(learner, **asked))
        return [one for one in found if one.kind == "recurs"]

    def test_the_most_recurring_category_opens_its_grammar_chart(
        self, learner, grammar_charts
    ):
        for n in range(4):
            corrected(learner, "gender", "gender", days_ago=n)
        for _ in range(3):
            corrected(learner, "tense")

        [one] = self.advice(learner)

        assert one.text.endswith("was corrected in 4 messages of yours in Spanish.")
        assert "<span lang='en'>" in one.reason
        chart = GrammarChart.objects.get(language="es", slug="gender")
        assert (one.act, one.address) == ("See how it works", chart.get_absolute_url())

    def test_where_no_chart_explains_it_it_is_to_be_practised(self, learner):
        for _ in range(3):
            corrected(learner, "punctuation", language="fr")

        [one] = self.advice(learner)

        assert one.address == reverse("conversations:weak-points")
        assert self.advice(learner, language="es") == []

    def test_a_few_long_ago_or_doubted_ones_say_nothing(self, learner):
        corrected(learner, "gender", "gender", "gender", "gender")
        corrected(learner, "gender")
        corrected(learner, "gender", days_ago=recurring.DAYS)
        [doubted] = corrected(learner, "gender")
        Correction.objects.dispute(doubted)

        assert self.advice(learner) == []
        judge(doubted, "right")
        assert len(self.advice(learner)) == 1
