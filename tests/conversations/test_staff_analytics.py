"""The analytics of staff: every figure leads to the rows that it comes from."""

import csv
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from conversations import lifecycle
from conversations.models import ConversationMessage, TutorCall
from conversations.staff_figures import TABLES
from lingo.models import Learner
from progress.models import StudyDay, StudySession
from tests.factories import ConversationFactory, LearnerFactory, introduce
from vocabulary.models import VocabularyItem
from vocabulary.reviewing import review, undo

AGAIN, GOOD, EASY = 1, 3, 4
PAGE = reverse("staff:analytics")
NOW = datetime(2026, 12, 2, 12, tzinfo=UTC)  # a Wednesday
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def staff(db):
    return LearnerFactory(is_staff=True, is_superuser=True, date_joined=LONG_AGO)


@pytest.fixture
def client(staff):
    client = Client()
    client.force_login(staff)
    return client


@pytest.fixture
def rows(client):
    """Return a function that gives the rows of a table, each by its first cell."""

    def rows(name, **query):
        page = client.get(PAGE, query)
        assert page.status_code == 200
        [table] = [one for one in page.context["tables"] if one.name == name]
        return {str(row[0]): row for row in table.rows}

    return rows


@pytest.fixture
def listed(client):
    """Return a function that follows a figure's link to its rows."""

    def listed(cell):
        page = client.get(cell.url)
        assert page.status_code == 200, page.url
        assert cell.url.partition("?")[0].startswith("/admin/")
        return list(page.context["cl"].queryset)

    return listed


def joins(at=LONG_AGO, **fields):
    return LearnerFactory(date_joined=at, **fields)


def study(learner, *dates, language="es", **tallies):
    for day in dates:
        StudyDay.objects.record(learner, language, day, **(tallies or {"turns": 1}))


def at(month, day, hour=12, minute=0):
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def test_active_learners_are_counted_once_by_day_week_and_month(rows, listed):
    ada, bob = joins(), joins(at(11, 24))
    study(ada, date(2026, 11, 23), date(2026, 11, 29), date(2026, 11, 30))
    study(ada, date(2026, 11, 23), language="fr")
    study(bob, date(2026, 11, 24))
    study(bob, date(2026, 11, 25), turns=0)

    weeks = rows("active")
    assert [str(cell) for cell in weeks["2026-11-23"]] == ["2026-11-23", "2", "1"]
    assert [str(cell) for cell in weeks["2026-11-30"]] == ["2026-11-30", "1", "0"]
    assert list(weeks)[-1] == "2026-09-14"
    assert {day.learner for day in listed(weeks["2026-11-23"][1])} == {ada, bob}
    assert listed(weeks["2026-11-23"][2]) == [bob]

    days = rows("active", step="day", since="2026-11-23", until="2026-11-25")
    assert [(str(day[0]), day[1].value) for day in days.values()] == [
        ("2026-11-25", 0),
        ("2026-11-24", 1),
        ("2026-11-23", 1),
    ]
    months = rows("active", step="month", since="2026-11-29", until="2026-12-31")
    assert [(str(one[0]), one[1].value) for one in months.values()] == [
        ("2026-12-01", 0),
        ("2026-11-01", 1),
    ]
    assert [day.date.day for day in listed(months["2026-11-01"][1])] == [30, 29]


def test_active_learners_are_those_of_the_languages_asked_for(rows, listed):
    ada = joins(at(11, 24), native_language="de")
    bob = joins(at(11, 24), native_language="fr")
    joins(at(11, 24), native_language="de")
    study(ada, date(2026, 11, 24), date(2026, 11, 25))
    study(ada, date(2026, 11, 24), language="it")
    study(bob, date(2026, 11, 24), language="it")

    def figures(**query):
        row = rows("active", **query)["2026-11-23"]
        return [
            len({getattr(one, "learner", one) for one in listed(row[n])})
            for n in (1, 2)
        ], [cell.value for cell in row[1:]]

    assert figures() == ([2, 3], [2, 3])
    assert figures(language="es") == ([1, 1], [1, 1])
    assert figures(language="it") == ([2, 2], [2, 2])
    assert figures(language="it", native_language="de") == ([1, 1], [1, 1])
    assert figures(native_language="de") == ([1, 2], [1, 2])


def test_joining_counts_on_the_calendar_of_the_one_who_asks(rows, staff, listed):
    bob = joins(at(11, 29, 23, 30))
    assert rows("active")["2026-11-23"][2].value == 1

    staff.time_zone = "Pacific/Auckland"
    staff.save()

    row = rows("active")["2026-11-30"]
    assert row[2].value == 1
    assert listed(row[2]) == [bob]


def learned(learner, word, *ratings, language="es", first=date(2026, 10, 1)):
    """Return a word that was learned on a day and reviewed so, every five days."""
    start = datetime.combine(first, datetime.min.time(), UTC)
    [item] = introduce(learner, word, at=start, date=first, language=language)
    for n, rating in enumerate((EASY, *ratings)):
        moment = start + n * timedelta(days=5)
        review(item, rating, client_id=f"{item.pk} {n}", at=moment)
    return item


def test_recall_stands_beside_the_prediction(rows, listed):
    ada, bob = joins(native_language="de"), joins()
    learned(ada, "casa", GOOD, AGAIN)
    learned(ada, "pan", GOOD, GOOD)
    learned(bob, "vino", AGAIN)
    learned(bob, "maison", AGAIN, language="fr", first=date(2026, 11, 1))

    table = rows("recall")
    recalled = [(str(row[1]), *map(str, row[2:5])) for row in table.values()]
    assert recalled == [
        ("French", "90.0%", "1", "0.0%"),
        ("Spanish", "90.0%", "5", "60.0%"),
    ]
    row = table["2026-10"]
    reviews = listed(row[3])
    assert len(reviews) == 5
    assert row[4].value == sum(one.is_correct for one in reviews) / 5
    mean = sum(one.predicted for one in reviews) / 5
    assert row[5].value == pytest.approx(mean)

    part = rows("recall", since="2026-10-07", native_language="de", language="es")
    assert list(part) == ["2026-10"]
    assert (part["2026-10"][3].value, str(part["2026-10"][4])) == (2, "50.0%")
    assert len(listed(part["2026-10"][3])) == 2
    assert rows("recall", language="it") == {}


def test_talk_counts_conversations_and_study(rows, listed):
    ada, bob = joins(native_language="de"), joins()
    talk = ConversationFactory(learner=ada, started_at=at(11, 23), turns=2)
    lifecycle.move(talk, "completed", ended_at=at(11, 24))
    lifecycle.move(talk, "archived")
    before = ConversationFactory(learner=bob, started_at=at(1, 1), turns=1)
    lifecycle.move(before, "completed", ended_at=at(11, 25))
    given_up = ConversationFactory(learner=bob, started_at=at(11, 25), language="fr")
    lifecycle.move(given_up, "archived")
    study(ada, date(2026, 11, 30), turns=0, study_seconds=113)

    table = rows("talk")
    assert list(table) == [
        "English",
        "Spanish",
        "French",
        "German",
        "Italian",
        "Portuguese",
    ]
    spanish = table["Spanish"]
    assert [cell.value for cell in spanish[1:]] == [1, 2, 1, 4, 2, 1]
    assert listed(spanish[1]) == [talk]
    assert set(listed(spanish[2])) == {talk, before}
    days = listed(spanish[5])
    assert sum(day.turns for day in days) == 2
    assert sum(day.study_seconds for day in days) == 119
    assert [cell.value for cell in table["French"][1:]] == [1, 0, 0, 0, 0, 0]

    [only] = rows("talk", language="es", native_language="de").values()
    assert [cell.value for cell in only[1:]] == [1, 1, 1, 3, 2, 1]
    assert listed(only[2]) == [talk]


def test_sessions_are_counted_by_language_with_their_rows(rows, listed):
    ada, bob = joins(native_language="de"), joins()
    for learner, moment, language, kind, items in (
        (ada, at(11, 23), "es", "conversation", 2),
        (ada, at(11, 24), "es", "review", 0),  # of which nothing is left
        (ada, at(11, 25), "fr", "review", 3),
        (bob, at(11, 25), "es", "scenario", 1),
        (bob, at(1, 25), "es", "review", 1),
    ):
        StudySession.objects.create(
            learner=learner,
            language=language,
            kind=kind,
            started_at=moment,
            last_at=moment,
            date=moment.date(),
            items=items,
        )

    table = rows("talk")
    assert (table["Spanish"][3].value, table["French"][3].value) == (2, 1)
    found = {(one.learner, one.kind) for one in listed(table["Spanish"][3])}
    assert found == {(ada, "conversation"), (bob, "scenario")}

    [german] = rows("talk", language="es", native_language="de").values()
    assert german[3].value == len(listed(german[3])) == 1


def test_words_are_introduced_reviewed_and_known(rows, listed):
    ada, bob = joins(native_language="de"), joins()
    casa = learned(ada, "casa", GOOD)
    pan = learned(bob, "pan", first=date(2026, 5, 1))
    sol = learned(bob, "sol", first=date(2026, 5, 1))
    VocabularyItem.objects.filter(pk__in=[casa.pk, pan.pk, sol.pk]).update(stability=30)
    VocabularyItem.objects.filter(pk=sol.pk).update(is_suspended=True)
    undo(review(casa, AGAIN, client_id="x", at=at(11, 2))[0])

    spanish = rows("words")["Spanish"]
    assert [cell.value for cell in spanish[1:]] == [1, 2, 2]
    assert listed(spanish[1]) == [casa]
    assert {one.item for one in listed(spanish[2])} == {casa}
    assert set(listed(spanish[3])) == {casa, pan}

    german = rows("words", native_language="de", language="es", since="2026-10-04")
    assert [cell.value for cell in german["Spanish"][1:]] == [0, 1, 1]
    assert listed(german["Spanish"][3]) == [casa]


def answers(learner, *times, tutor="guided", language="es", cost="0.001", on=None):
    """Give the learner a conversation whose answers took these times in ms."""
    fields = {"tutor": tutor, "language": language, "started_at": on or at(11, 23)}
    talk = ConversationFactory(learner=learner, **fields)
    for time in times:
        said = ConversationMessage(
            role="user", content="Hola", created_at=talk.started_at
        )
        ConversationMessage.objects.append(talk, [said])
        if time is not None:
            answer = ConversationMessage(
                role="assistant",
                content="Dime",
                created_at=talk.started_at,
                token_count=10,
                estimated_cost=Decimal(cost),
                processing_time_ms=time,
            )
            ConversationMessage.objects.append(talk, [answer])
    return talk


@pytest.mark.parametrize(
    ("times", "median", "slow"),
    [
        ((7,), 7, 7),
        ((30, 10), 10, 30),
        ((30, 10, 20), 20, 30),
        ((5, 5, 5, 5), 5, 5),
        (range(20, 0, -1), 10, 19),
        (range(1, 101), 50, 95),
        (range(1, 102), 51, 96),
    ],
)
def test_times_to_answer_are_nearest_ranks(rows, times, median, slow):
    answers(joins(), *times)

    row = rows("tutors")["guided"]

    assert [cell.value for cell in row[5:]] == [median, slow]


def call(talk, outcome="ok", cost="0.002", model="openai:gpt", on=None):
    return TutorCall.objects.create(
        learner=talk.learner,
        conversation=talk,
        model=model,
        prompt_version=1,
        purpose="reply",
        outcome=outcome,
        tokens_in=100,
        tokens_out=10,
        reserved_cost=Decimal("0.01"),
        cost=cost and Decimal(cost),
        created_at=on or at(11, 23),
        expires_at=on or at(11, 23),
    )


def test_models_show_requests_failures_tokens_and_cost(rows, listed):
    talk, french = answers(joins()), answers(joins(), language="fr")
    fine, late = call(talk), call(talk, "time-out", cost=None)
    call(talk, "pending")
    call(talk, "ok", model="ollama:llama", cost="0")
    call(talk, on=at(1, 1))
    call(french, "refused")

    table = rows("models")

    assert list(table) == ["ollama:llama", "openai:gpt"]
    gpt = table["openai:gpt"]
    shown = ["4", "1", "1", "0", "0", "0", "0", "1", "0", "440", "0.016000"]
    assert list(map(str, gpt[1:])) == shown
    assert listed(gpt[2]) == [fine]
    assert listed(gpt[3]) == [late]
    assert len(listed(gpt[1])) == 4
    assert str(rows("models", language="fr")["openai:gpt"][1]) == "1"


def test_tutors_show_answers_failures_cost_and_time(rows, listed):
    ada, bob = joins(native_language="de"), joins()
    answers(ada, 100, 300, None, tutor="openai:gpt")
    answers(bob, 200, tutor="openai:gpt")
    answers(bob, 1, None, language="fr")
    answers(bob, 9_000, tutor="openai:gpt", on=at(1, 1))
    answers(bob, None, tutor="=cmd()")

    table = rows("tutors")

    assert list(table) == ["=cmd()", "guided", "openai:gpt"]
    model = table["openai:gpt"]
    assert list(map(str, model[1:])) == ["3", "1", "30", "0.003000", "200", "300"]
    assert {one.processing_time_ms for one in listed(model[1])} == {100, 200, 300}
    [waiting] = listed(model[2])
    assert (waiting.learner, waiting.role) == (ada, "user")
    assert sum(one.token_count for one in listed(model[3])) == 30
    assert sum(one.estimated_cost for one in listed(model[4])) == Decimal("0.003")
    assert list(map(str, table["=cmd()"][1:])) == ["0", "1", "0", "0.000000", "–", "–"]

    [only] = rows("tutors", language="es", native_language="de").values()
    assert [str(cell) for cell in only] == [
        "openai:gpt",
        "2",
        "1",
        "20",
        "0.002000",
        "100",
        "300",
    ]
    assert len(listed(only[1])) == 2


def test_cohorts_show_who_of_a_week_came_back(rows, listed):
    ada, bob = joins(at(10, 5)), joins(at(10, 11), native_language="de")
    joins(at(10, 12))
    study(ada, date(2026, 10, 5), date(2026, 10, 6), date(2026, 10, 25))
    study(bob, date(2026, 10, 12), date(2026, 12, 14))
    study(bob, date(2026, 10, 18), language="fr")

    table = rows("cohorts")

    first = table["2026-10-05"]
    shown = [
        "2",
        "50.0%",
        "50.0%",
        "50.0%",
        "0.0%",
        "0.0%",
        "0.0%",
        "0.0%",
        "0.0%",
        "–",
    ]
    assert [str(cell) for cell in first[1:]] == shown
    assert set(listed(first[1])) == {ada, bob}
    assert [day.date.day for day in listed(first[2])] == [6, 5]
    assert {day.learner for day in listed(first[3])} == {bob}
    assert [str(cell) for cell in table["2026-10-12"][1:4]] == ["1", "0.0%", "0.0%"]

    german = rows("cohorts", native_language="de", language="fr")
    assert list(german) == ["2026-10-05"]
    row = german["2026-10-05"]
    assert [str(cell) for cell in row[1:5]] == ["1", "0.0%", "100.0%", "0.0%"]
    assert [day.language for day in listed(row[3])] == ["fr"]


@pytest.mark.parametrize(
    ("zone", "joined", "day"),
    [
        ("Pacific/Auckland", at(10, 11, 23), date(2026, 10, 12)),
        ("America/Los_Angeles", at(10, 12, 2), date(2026, 10, 11)),
    ],
)
def test_the_first_week_is_of_the_learners_own_calendar(rows, zone, joined, day):
    study(joins(joined, time_zone=zone), day)

    [cohort] = rows("cohorts").values()

    assert [str(cell) for cell in cohort[1:4]] == ["1", "100.0%", "0.0%"]


def test_without_any_rows_every_table_says_so_or_shows_zeros(client):
    page = client.get(PAGE, {"since": "2026-11-01"})

    assert page.status_code == 200
    assert page.text.count("Nothing in this period.") == 5
    assert "style=" not in page.text.split("<main", 1)[-1]
    assert "<script>" not in page.text


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"since": "2026-12-01", "until": "2026-11-01"}, "since"),
        ({"since": "2020-01-01"}, "since"),
        ({"since": "yesterday"}, "since"),
        ({"since": "0001-01-01"}, "since"),
        ({"until": "9999-12-31"}, "until"),
        ({"until": "2026-11-31"}, "until"),
        ({"until": "\x00"}, "until"),
        ({"until": "9" * 10_000}, "until"),
        ({"step": "year"}, "step"),
        ({"language": "xx"}, "language"),
        ({"native_language": "x" * 10_000}, "native_language"),
    ],
)
def test_a_wrong_filter_is_told_beside_its_field(client, query, field):
    page = client.get(PAGE, query)

    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert page.context["tables"] == []
    csv_page = client.get(reverse("staff:analytics-csv", args=["talk"]), query)
    assert csv_page.status_code == 302
    assert client.get(csv_page.url).status_code == 422


@pytest.mark.parametrize("name", TABLES)
def test_every_table_is_a_csv_of_the_same_figures(client, name):
    ada = joins(at(11, 9), native_language="de")
    learned(ada, "casa", GOOD)
    answers(ada, 7, None)
    study(ada, date(2026, 11, 10))
    query = {"native_language": "de", "since": "2026-10-01"}
    page = client.get(PAGE, query)
    [table] = [one for one in page.context["tables"] if one.name == name]
    address = reverse("staff:analytics-csv", args=[name])
    assert f'href="{address}?native_language=de&amp;since=2026-10-01"' in page.text

    answer = client.get(address, query)

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == f'attachment; filename="lingo-{name}.csv"'
    head, *lines = csv.reader(answer.content.decode("utf-8-sig").splitlines())
    assert head == list(table.columns)
    assert lines == [
        ["" if cell.value is None else str(cell.value) for cell in row]
        for row in table.rows
    ]


def test_no_spreadsheet_takes_a_cell_for_a_formula(client):
    answers(joins(), 7, tutor='=HYPERLINK("https://example.org")')

    answer = client.get(reverse("staff:analytics-csv", args=["tutors"]))

    [_, row] = csv.reader(answer.content.decode("utf-8-sig").splitlines())
    assert row[0] == '\'=HYPERLINK("https://example.org")'


def test_there_is_no_csv_of_anything_else(client):
    assert (
        client.get(reverse("staff:analytics-csv", args=["learners"])).status_code == 404
    )


def test_it_takes_the_same_queries_for_any_number(client):
    def fill(count):
        for n in range(count):
            ada = joins(at(9, 21) + timedelta(days=n))
            item = introduce(ada, "casa", at=at(10, 1), date=date(2026, 10, 1))[0]
            for day in range(3):
                review(item, EASY, client_id=f"{day}", at=at(10, 1 + 5 * day))
            talk = lifecycle.move(
                answers(ada, 7, None, tutor=f"tutor {n}"), "completed"
            )
            call(talk, model=f"openai:{n}")
            study(ada, date(2026, 10, 1), date(2026, 11, 1))

    fill(1)
    with CaptureQueriesContext(connection) as one:
        client.get(PAGE)
    fill(50)
    with CaptureQueriesContext(connection) as many:
        assert client.get(PAGE).status_code == 200

    # session, staff; active: 2; recall; talk: 4; words: 3; tutors: 3; models: 1;
    # corrections: 3; cohorts: 2
    assert len(one) == len(many) == 21


def test_the_index_leads_to_it(client):
    assert f'href="{PAGE}"' in client.get(reverse("admin:index")).text


@pytest.mark.parametrize(
    "address", [PAGE, reverse("staff:analytics-csv", args=["talk"])]
)
def test_it_is_for_staff_who_may_see_conversations(address, learner):
    client = Client()
    assert "login" in client.get(address).url
    client.force_login(learner)
    assert "/admin/login/" in client.get(address).url
    clerk = LearnerFactory(is_staff=True)
    client.force_login(clerk)
    assert client.get(address).status_code == 403
    assert PAGE not in client.get(reverse("admin:index")).text
    may = Permission.objects.get(codename="view_conversation")
    clerk.user_permissions.add(may)
    assert client.get(address).status_code == 200
    assert client.post(address).status_code == 405
    assert Learner.objects.filter(is_superuser=True).count() == 0
