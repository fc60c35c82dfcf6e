from datetime import timedelta

import pytest
from django.utils import timezone

from progress.models import LearningProgress, StudyDay, StudySession
from progress.sessions import Act

LIST = "/api/v1/progress/"


def test_progress_is_listed_by_language_and_skill(api, stranger):
    now = timezone.now()
    record = LearningProgress.objects.record
    record(api.learner, "es", "conversation", at=now, sessions=2, study_seconds=130)
    record(api.learner, "fr", "vocabulary", at=now, words_learned=5)
    record(stranger, "es", "vocabulary", at=now, words_learned=9)

    rows = api.get(LIST).json()["results"]

    assert [(row["language"], row["skill"]) for row in rows] == [
        ("es", "conversation"),
        ("fr", "vocabulary"),
    ]
    assert (rows[0]["sessions"], rows[0]["minutes"]) == (2, 2)
    assert (rows[0]["level"], rows[0]["accuracy"]) == (None, None)
    assert (rows[0]["status"], rows[1]["status"]) == ("in-progress", "in-progress")
    only = api.get(LIST, {"language": "fr", "skill": "vocabulary"}).json()["results"]
    assert only == rows[1:]


def test_the_summary_adds_up_the_days(api, stranger):
    today = api.learner.local_date()
    record = StudyDay.objects.record
    record(api.learner, "es", today, turns=2, words=1, study_seconds=60)
    record(api.learner, "fr", today - timedelta(days=1), turns=1, reviews=4)
    record(stranger, "es", today, turns=9)

    summary = api.get(f"{LIST}summary/").json()
    assert summary.pop("streaks")[0]["language"] == ""
    assert summary == {
        "today": {
            "turns": 2,
            "reviews": 0,
            "words": 1,
            "conversations": 0,
            "study_seconds": 60,
        },
        "total": {
            "turns": 3,
            "reviews": 4,
            "words": 1,
            "conversations": 0,
            "study_seconds": 60,
        },
        "study_days": 2,
        "streak": 2,
        "daily_goal": api.learner.daily_goal,
    }


def test_the_summary_tells_streaks_overall_and_by_language(api):
    today = api.learner.local_date()
    for days_ago in (*range(7), *range(8, 15)):
        language = "fr" if days_ago == 0 else "es"
        date = today - timedelta(days=days_ago)
        StudyDay.objects.record(api.learner, language, date, turns=1)
    day = lambda days_ago: str(today - timedelta(days=days_ago))  # noqa: E731

    overall, spanish, french = api.get(f"{LIST}summary/").json()["streaks"]

    assert overall == {
        "language": "",
        "current": 14,
        "longest": 14,
        "freezes_left": 1,
        "frozen_dates": [day(7)],
        "milestones": [
            {"days": 3, "reached_on": day(12)},
            {"days": 7, "reached_on": day(8)},
            {"days": 14, "reached_on": day(0)},
        ],
    }
    assert (spanish["language"], spanish["current"]) == ("es", 13)
    assert (french["language"], french["current"]) == ("fr", 1)


def test_the_summary_is_narrowed_by_language_and_dates(api):
    today = api.learner.local_date()
    for days_ago, language in ((0, "es"), (1, "es"), (1, "fr"), (9, "es")):
        date = today - timedelta(days=days_ago)
        StudyDay.objects.record(api.learner, language, date, turns=1)

    def summary(**query):
        sent = api.get(f"{LIST}summary/", query).json()
        return (
            sent["today"]["turns"],
            sent["total"]["turns"],
            sent["study_days"],
            sent["streak"],
        )

    assert summary() == (1, 4, 3, 2)
    assert summary(language="es") == (1, 3, 3, 2)
    assert summary(language="fr") == (0, 1, 1, 1)
    since = str(today - timedelta(days=1))
    assert summary(date_after=since) == (1, 3, 2, 2)
    assert summary(date_before=since, language="es") == (1, 2, 2, 2)


@pytest.mark.parametrize(
    "query", [{"language": "xx"}, {"date_after": "x"}, {"date_before": "2026-02-30"}]
)
def test_a_wrong_narrowing_of_the_summary_is_named(api, query):
    answer = api.get(f"{LIST}summary/", query)

    assert answer.status_code == 400
    assert answer.json()["errors"].keys() == query.keys()


def test_study_days_are_listed_latest_first(api):
    today = api.learner.local_date()
    for days in range(3):
        StudyDay.objects.record(
            api.learner, "es", today - timedelta(days=days), turns=days + 1
        )

    days = api.get(f"{LIST}study-days/").json()["results"]
    assert [day["turns"] for day in days] == [1, 2, 3]
    since = api.get(f"{LIST}study-days/", {"date_after": str(today)}).json()["results"]
    assert [day["date"] for day in since] == [str(today)]


@pytest.mark.parametrize("count", [1, 50])
def test_days_take_the_same_queries_for_any_number(
    api, count, django_assert_num_queries
):
    today = api.learner.local_date()
    for days in range(count):
        date = today - timedelta(days=days)
        StudyDay.objects.record(api.learner, "es", date, turns=1)

    with django_assert_num_queries(1):
        api.get(f"{LIST}study-days/")
    with django_assert_num_queries(4):
        api.get(f"{LIST}summary/")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("page", ["", "summary/", "study-days/", "sessions/"])
def test_figures_are_not_taken_from_a_caller(api, method, page):
    assert getattr(api, method)(f"{LIST}{page}", {"sessions": 99}).status_code == 405


def test_a_wrong_date_is_refused(api):
    answer = api.get(f"{LIST}study-days/", {"date_after": "yesterday"})

    assert answer.status_code == 400


def study(learner, days_ago=0, language="es", kind="review", source_id="", items=1):
    at = timezone.now() - timedelta(days=days_ago)
    act = Act(language, kind, source_id, at, 90, items=items, correct=0)
    StudySession.objects.record_many(learner, [act])


def test_sessions_are_listed_latest_first(api, stranger):
    study(api.learner, days_ago=2, kind="scenario", source_id="talk", items=4)
    study(api.learner, days_ago=1, language="fr")
    study(api.learner)
    study(stranger)

    rows = api.get(f"{LIST}sessions/").json()["results"]

    assert [row["language"] for row in rows] == ["es", "fr", "es"]
    first = rows[2]
    assert (first["kind"], first["source_id"], first["items"]) == (
        "scenario",
        "talk",
        4,
    )
    assert (first["minutes"], first["study_seconds"], first["correct"]) == (1, 90, 0)
    assert first["ended_at"] == first["last_at"] == first["started_at"]
    for query, found in (
        ({"language": "fr"}, [rows[1]]),
        ({"kind": "scenario"}, [first]),
        ({"date_after": rows[1]["date"]}, rows[:2]),
        ({"date_before": first["date"]}, [first]),
    ):
        assert api.get(f"{LIST}sessions/", query).json()["results"] == found


def test_a_session_of_which_nothing_is_left_is_not_listed(api):
    study(api.learner)
    StudySession.objects.update(items=0, study_seconds=0)

    assert api.get(f"{LIST}sessions/").json()["results"] == []


@pytest.mark.parametrize("count", [1, 50])
def test_sessions_take_one_query_for_any_number(api, count, django_assert_num_queries):
    for days in range(count):
        study(api.learner, days_ago=days)

    with django_assert_num_queries(1):
        api.get(f"{LIST}sessions/", {"kind": "review"})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "dream"),
        ("kind", "\x00"),
        ("language", "x" * 10_000),
        ("date_after", "yesterday"),
        ("date_before", "9" * 400),
    ],
)
def test_wrong_filters_of_sessions_are_named(api, field, value):
    answer = api.get(f"{LIST}sessions/", {field: value})

    assert answer.status_code == 400
    assert field.split("_")[0] in str(answer.json()["errors"])
