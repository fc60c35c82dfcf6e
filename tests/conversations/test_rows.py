"""Each figure opens the rows that it adds up: as many as it says."""

import re
from datetime import timedelta
from html import unescape
from itertools import product

import pytest
from django.urls import reverse
from django.utils import timezone

from conversations import charts, lifecycle, rebuilding, studying
from conversations.models import Conversation, ConversationMessage
from progress.charts_data import Asked
from progress.models import Goal
from tests.factories import ConversationFactory, introduce
from vocabulary import counting
from vocabulary.models import Review
from vocabulary.reviewing import review, undo


def turns_of(page):
    answers = [
        ConversationMessage.objects.of(talk).filter(in_reply_to__isnull=False).count()
        for talk in page.context["page"]
    ]
    return sum(answers)


def number_of(page):
    return page.context["page"].paginator.count


# What a chart's figures count on the page of their rows.
COUNTED = {
    "activity": lambda page: sum(
        page.context["totals"][name] for name in ("turns", "reviews")
    ),
    "turns": turns_of,
    "reviews": number_of,
    "words": number_of,
    "scenarios": number_of,
}


@pytest.fixture
def history(learner, stranger, scenarios):
    """Talk, words and reviews on several days, in two languages."""
    now = timezone.now()
    for n, (days, language) in enumerate(
        [(0, "es"), (3, "fr"), (3, "es"), (29, "es"), (60, "es")]
    ):
        at = now - timedelta(days=days)
        talk = ConversationFactory(
            learner=learner,
            language=language,
            started_at=at,
            turns=n + 1,
            scenario=scenarios["cafe"] if n % 2 else None,
        )
        if n < 3:
            lifecycle.move(talk, "completed", ended_at=at)
        if n == 1:
            lifecycle.move(talk, "archived")
        words = introduce(
            learner,
            f"zq{n}a",
            f"zq{n}b",
            language=language,
            at=at,
            date=learner.local_date(at),
        )
        counting.record(learner, words, [], at=at)
        for item in words:
            item.learner = learner
            for again in range(n % 3 + 1):
                moment = at + again * timedelta(days=days / 3)
                key = f"{item}{again}"
                review(item, 4, client_id=key, at=moment, duration_ms=2000)
    undo(review(item, 1, client_id="undone", at=now, duration_ms=9)[0])
    ConversationFactory(learner=stranger, turns=3)
    introduce(stranger, "casa")


def address_in(page, start):
    """Return the address of the first link that begins so."""
    found = re.search(f'href="({re.escape(start)}[^"]*)"', page.text)
    return unescape(found[1])


@pytest.mark.parametrize("name", COUNTED)
def test_a_charts_rows_are_as_many_as_it_says(learner_client, learner, history, name):
    for days, language in product([30, 90], ["", "es", "fr"]):
        chart = charts.chart(name, Asked(learner, days, language))
        figures = [row[1] for row in chart.data.rows]

        assert COUNTED[name](learner_client.get(chart.address)) == sum(figures) > 0
        for figure, place in zip(figures, chart.data.places, strict=True):
            if figure:
                assert COUNTED[name](learner_client.get(place.address)) == figure


@pytest.mark.parametrize("name", ["retention", "pace"])
def test_the_reviews_of_retention_and_pace_are_as_many_as_they_say(
    learner_client, learner, history, name
):
    chart = charts.chart(name, Asked(learner, 90))

    number = sum(row[-1] for row in chart.data.rows)
    assert 0 < number < Review.objects.for_learner(learner).count()
    assert number_of(learner_client.get(chart.address)) == number
    for row, place in zip(chart.data.rows, chart.data.places, strict=True):
        assert number_of(learner_client.get(place.address)) == row[-1]


def test_every_chart_opens_its_rows(learner, history):
    for chart in charts.every(Asked(learner)):
        assert chart.address or all(chart.data.places)


def test_a_charts_table_leads_to_the_rows_of_each_step(
    learner_client, learner, history
):
    page = learner_client.get(reverse("charts:page"), {"language": "fr"})

    at = learner.local_date(timezone.now() - timedelta(days=3))
    query = f"language=fr&amp;since={at}&amp;until={at}"
    assert f'{reverse("vocabulary:review-list")}?{query}"' in page.text


@pytest.mark.parametrize(
    ("column", "start"),
    [
        ("conversations_completed", "conversations:list"),
        ("words_learned", "vocabulary:list"),
        ("words_known", "vocabulary:list"),
    ],
)
def test_the_figures_of_a_skill_open_their_rows(
    learner_client, learner, history, column, start
):
    learner_client.post(
        reverse("vocabulary:add"), {"language": "es", "word": "mesa"}, follow=True
    )
    shown = learner_client.get(reverse("progress:overview"))

    [spanish] = [one for one in shown.context["languages"] if one["code"] == "es"]
    value = max(dict(row["values"])[column] for row in spanish["rows"])
    text = shown.text[shown.text.index('aria-label="Skills in Spanish"') :]
    pattern = f'href="([^"]*)">{value}</a></td>'
    [address, *_] = [
        unescape(one)
        for one in re.findall(pattern, text)
        if one.startswith(reverse(start)) and "since" not in one
    ]
    assert number_of(learner_client.get(address)) == value > 0


@pytest.mark.parametrize("skill", ["conversation", "vocabulary"])
def test_the_minutes_of_a_skill_open_rows_that_took_them(
    learner_client, learner, history, skill
):
    talk = ConversationFactory(learner=learner, started_at=timezone.now(), turns=70)
    lifecycle.move(talk, "completed")
    mine = Review.objects.for_learner(learner).standing()
    pk = mine.filter(item__language="es").latest_first()[0].pk
    Review.objects.filter(pk=pk).update(study_seconds=200)
    rebuilding.rebuild()

    shown = learner_client.get(reverse("progress:overview"))

    [spanish] = [one for one in shown.context["languages"] if one["code"] == "es"]
    [row] = [row for row in spanish["rows"] if row["skill"].skill == skill]
    minutes = dict(row["values"])["minutes"]
    starts = {
        "conversation": (
            f"{reverse('conversations:list')}?status=all&amp;when=completed"
            "&amp;language=es"
        ),
        "vocabulary": f"{reverse('vocabulary:review-list')}?language=es",
    }
    page = learner_client.get(address_in(shown, starts[skill]))
    assert page.context["minutes"] == minutes > 0


def test_accuracy_opens_the_reviews_that_it_is_of(learner_client, learner, history):
    shown = learner_client.get(reverse("progress:overview"))

    page = learner_client.get(
        address_in(shown, f"{reverse('vocabulary:review-list')}?language=es")
    )
    [spanish] = [one for one in shown.context["languages"] if one["code"] == "es"]
    accuracy = max(dict(row["values"])["accuracy"] or 0 for row in spanish["rows"])
    assert page.context["recalled"] * 100 // number_of(page) == accuracy


@pytest.mark.parametrize(
    ("kind", "start"),
    [
        ("reviews", "vocabulary:review-list"),
        ("words", "vocabulary:list"),
        ("conversations", "conversations:list"),
    ],
)
@pytest.mark.parametrize("language", ["", "es"])
def test_what_a_goal_came_to_opens_its_rows(
    learner_client, learner, history, kind, start, language
):
    Goal.objects.begin(learner, 1, kind=kind, period="day", language=language)

    page = learner_client.get(reverse("progress:goals"))

    [(course, _)] = page.context["active"]
    today = learner.local_date()
    address = address_in(page, f"{reverse(start)}?")
    query = f"since={today}&until={today}" + (f"&language={language}" * bool(language))
    assert address.endswith(query)
    assert number_of(learner_client.get(address)) == course.now.done > 0


def test_minutes_of_a_goal_open_the_days_that_they_are_of(learner_client, learner):
    talk = ConversationFactory(learner=learner, started_at=timezone.now(), turns=40)

    page = learner_client.get(reverse("progress:goals"))

    days = learner_client.get(address_in(page, f"{reverse('progress:study-days')}?"))
    assert days.context["minutes"] == page.context["daily"].done == 2
    assert [day.language for day in days.context["page"]] == [talk.language]


def test_a_study_day_opens_what_was_done_on_it(learner_client, learner, history):
    at = learner.local_date(timezone.now() - timedelta(days=3))
    days = learner_client.get(
        reverse("progress:study-days"), {"since": at, "until": at, "language": "es"}
    )

    [day] = days.context["page"]
    expected = {
        "vocabulary:review-list": day.reviews,
        "vocabulary:list": day.words,
        "conversations:list": 1,
    }
    for url_name, number in expected.items():
        page = learner_client.get(address_in(days, f"{reverse(url_name)}?"))
        assert number_of(page) == number > 0


class TestConversations:
    PAGE = reverse("conversations:list")

    def shown(self, client, **query):
        page = client.get(self.PAGE, query).context["page"]
        return sorted(talk.topic for talk in page)

    @pytest.fixture
    def talks(self, learner):
        now = timezone.now()
        for days in (0, 5, 9):
            at = now - timedelta(days=days)
            ConversationFactory(learner=learner, topic=f"{days}", started_at=at)
        return [learner.local_date(now - timedelta(days=n)) for n in (0, 5, 9)]

    def test_those_begun_on_some_days_are_found(self, learner_client, talks):
        _, before, _ = talks

        assert self.shown(learner_client, since=before) == ["0", "5"]
        assert self.shown(learner_client, until=before) == ["5", "9"]
        assert self.shown(learner_client, since=before, until=before) == ["5"]

    @pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles"])
    def test_a_day_is_of_the_learners_own_calendar(self, learner_client, learner, zone):
        learner.time_zone = zone
        learner.save()
        midnight = learner.day_start(learner.local_date())
        second = timedelta(seconds=1)
        for n, at in enumerate((midnight - second, midnight)):
            ConversationFactory(learner=learner, topic=f"{n}", started_at=at)

        today = learner.local_date()
        assert self.shown(learner_client, since=today) == ["1"]
        assert self.shown(learner_client, until=today - timedelta(days=1)) == ["0"]

    def test_those_talked_in_and_those_completed_are_found(
        self, learner_client, learner, talks
    ):
        today, before, _ = talks
        talk = Conversation.objects.get(learner=learner, topic="5")
        said = ConversationMessage(role="user", content="Hola")
        answer = ConversationMessage(role="assistant", content="Dime")
        ConversationMessage.objects.append(talk, [said, answer])
        studying.record(talk, [answer], words=[])

        assert self.shown(learner_client, when="talked") == ["5"]
        assert self.shown(learner_client, when="talked", since=today) == ["5"]
        assert self.shown(learner_client, when="talked", until=before) == []

        lifecycle.move(talk, "completed")
        assert self.shown(learner_client, when="completed", since=today) == ["5"]
        assert self.shown(learner_client, when="completed", until=before) == []

    def test_archived_ones_are_shown_where_all_are_asked_for(
        self, learner_client, learner, talks
    ):
        lifecycle.move(Conversation.objects.get(learner=learner, topic="5"), "archived")

        assert self.shown(learner_client) == ["0", "9"]
        assert self.shown(learner_client, status="all") == ["0", "5", "9"]
        assert self.shown(learner_client, status="archived") == ["5"]

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ({"since": "yesterday"}, "since"),
            ({"until": "9" * 10_000}, "until"),
            ({"since": "\x00"}, "since"),
            ({"when": "x"}, "when"),
            ({"scene": "a b"}, "scene"),
        ],
    )
    def test_what_makes_no_sense_is_left_out_and_said(
        self, learner_client, talks, query, field
    ):
        page = learner_client.get(self.PAGE, query)

        assert page.status_code == 200
        assert field in page.context["form"].errors
        assert number_of(page) == 3
