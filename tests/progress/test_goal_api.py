"""Goals for programs."""

import json
from datetime import timedelta

import pytest

from progress.models import Goal, StudyDay

LIST = "/api/v1/progress/goals/"
GIVEN = {"kind": "reviews", "amount": 20, "period": "week", "language": "es"}


def begin(learner, amount=20, **series):
    series = {"kind": "reviews", "period": "week", "language": "es", **series}
    return Goal.objects.begin(learner, amount, **series)[0]


def address(goal):
    return f"{LIST}{goal.pk}/"


def test_a_goal_is_set_once(api):
    today = api.learner.local_date()
    StudyDay.objects.record(api.learner, "es", today, reviews=5)
    monday = today - timedelta(days=today.weekday())

    answers = [api.post(LIST, GIVEN) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 200]
    first, again = (answer.json() for answer in answers)
    assert (
        first
        == again
        == {
            **GIVEN,
            "id": Goal.objects.get().pk,
            "started_on": str(today),
            "ended_on": None,
            "is_active": True,
            "progress": {
                "first": str(monday),
                "last": str(monday + timedelta(days=6)),
                "done": 5,
                "is_reached": False,
            },
        }
    )


def test_a_goal_for_all_languages_needs_no_language(api):
    given = {name: GIVEN[name] for name in ("kind", "amount", "period")}

    assert api.post(LIST, given).json()["language"] == ""
    assert api.post(LIST, {**given, "language": ""}).status_code == 200


def test_goals_are_listed_and_filtered(api, stranger):
    begin(stranger, 9)
    ended = begin(api.learner, kind="words", period="day")
    Goal.objects.end(ended)
    active = begin(api.learner)

    def listed(**wanted):
        return [goal["id"] for goal in api.get(LIST, wanted).json()["results"]]

    assert listed() == [active.pk, ended.pk]
    assert listed(is_active="true") == [active.pk]
    assert listed(is_active="false") == [ended.pk]
    assert listed(kind="words") == listed(period="day") == [ended.pk]
    assert listed(language="fr") == []


def test_an_ended_goal_is_read_without_progress(api):
    goal = begin(api.learner)
    Goal.objects.end(goal)

    answer = api.get(address(goal)).json()

    assert (answer["is_active"], answer["progress"]) == (False, None)
    assert answer["ended_on"] == str(api.learner.local_date())


def test_a_change_begins_a_new_goal_once(api):
    goal = begin(api.learner)

    first, again = (api.patch(address(goal), {"amount": 30}) for _ in range(2))

    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()
    assert first.json()["amount"] == 30
    assert first.json()["id"] != goal.pk
    assert Goal.objects.count() == 2


def test_a_goal_that_ended_otherwise_is_not_changed(api):
    goal = begin(api.learner)
    Goal.objects.end(goal)

    answer = api.patch(address(goal), {"amount": 30})

    assert answer.status_code == 409
    assert "has ended" in answer.json()["detail"]


def test_deleting_ends_a_goal_and_keeps_it(api):
    goal = begin(api.learner)

    assert api.delete(address(goal)).status_code == 204
    assert api.delete(address(goal)).status_code == 204
    assert api.get(address(goal)).json()["is_active"] is False


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"kind": "hours"}, "kind"),
        ({"kind": None}, "kind"),
        ({"amount": 0}, "amount"),
        ({"amount": 10_081}, "amount"),
        ({"amount": 10**40}, "amount"),
        ({"amount": "many\x00"}, "amount"),
        ({"amount": 1441, "kind": "minutes", "period": "day"}, "amount"),
        ({"period": "month"}, "period"),
        ({"language": "xx"}, "language"),
        ({"started_on": "2020-01-01"}, "started_on"),
    ],
)
def test_a_goal_that_makes_no_sense_is_refused(api, sent, field):
    answer = api.post(LIST, {**GIVEN, **sent})

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"].keys() == {field}
    assert not Goal.objects.exists()


@pytest.mark.parametrize("field", GIVEN)
def test_half_a_surrogate_is_refused(api, field):
    sent = json.dumps({**GIVEN, field: "\ud800"})

    answer = api.post(LIST, sent, content_type="application/json")

    assert answer.status_code == 400
    assert answer.json()["errors"].keys() == {field}


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "amount"),
        ({"amount": 0}, "amount"),
        ({"amount": 1441}, "amount"),
        ({"amount": 20, "kind": "words"}, "kind"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(api, sent, field):
    goal = begin(api.learner, kind="minutes", period="day")

    answer = api.patch(address(goal), sent)

    assert answer.status_code == 400
    assert answer.json()["errors"].keys() == {field}


def test_a_goal_is_not_replaced(api):
    assert api.put(address(begin(api.learner)), GIVEN).status_code == 405


@pytest.mark.parametrize("method", ["get", "patch", "delete"])
def test_a_strangers_goal_is_not_found(stranger_api, learner, method):
    goal = begin(learner)

    assert getattr(stranger_api, method)(address(goal)).status_code == 404
    assert Goal.objects.get().is_active


@pytest.mark.parametrize("count", [1, 50])
def test_goals_take_the_same_queries_for_any_number(
    api, count, django_assert_num_queries
):
    for number in range(count):
        begin(api.learner, number + 1)
        date = api.learner.local_date() - timedelta(days=number)
        StudyDay.objects.record(api.learner, "es", date, reviews=1)
    for kind in ("words", "minutes", "conversations")[:count]:
        begin(api.learner, kind=kind)

    with django_assert_num_queries(2):  # goals, days
        api.get(LIST)


@pytest.mark.parametrize("wanted", [{"is_active": "perhaps"}, {"kind": "\x00"}])
def test_a_wrong_filter_is_refused_or_left_out(api, wanted):
    assert api.get(LIST, wanted).status_code in (200, 400)


class TestHistory:
    def goal(self, learner, since, until=None, **fields):
        """A goal that held from so many days ago on, until so many days ago."""
        today = learner.local_date()
        goal = begin(learner, **fields)
        dates = {"started_on": today - timedelta(days=since)}
        if until is not None:
            dates["ended_on"] = today - timedelta(days=until)
        Goal.objects.filter(pk=goal.pk).update(**dates)
        return goal

    def history(self, api, goal, **query):
        return api.get(f"{address(goal)}history/", query).json()

    def study(self, learner, *days_ago, **tallies):
        for days in days_ago:
            date = learner.local_date() - timedelta(days=days)
            StudyDay.objects.record(learner, "es", date, **tallies)

    def test_an_ended_goal_tells_what_it_came_to(self, api):
        learner = api.learner
        goal = self.goal(learner, 5, until=2, amount=4, period="day")
        self.study(learner, *range(9), reviews=3)
        self.study(learner, 4, reviews=1)

        today = learner.local_date()
        assert self.history(api, goal) == [
            {
                "first": str(today - timedelta(days=days)),
                "last": str(today - timedelta(days=days)),
                "done": done,
                "is_reached": done >= 4,
            }
            for days, done in ((3, 3), (4, 4), (5, 3))
        ]

    def test_an_active_goal_tells_of_what_is_over(self, api):
        goal = self.goal(api.learner, 3, period="day")

        today = api.learner.local_date()
        dates = [one["first"] for one in self.history(api, goal)]
        assert dates == [str(today - timedelta(days=days)) for days in (1, 2, 3)]

    def test_a_week_counts_for_the_goal_that_holds_on_its_last_day(self, api):
        learner = api.learner
        today = learner.local_date()
        goal = self.goal(learner, 28 + today.weekday() - 2, until=7)
        self.study(learner, *range(50), reviews=1)

        history = self.history(api, goal)

        mondays = [today - timedelta(days=today.weekday() + 7 * n) for n in (2, 3, 4)]
        assert [one["first"] for one in history] == [str(day) for day in mondays]
        assert {one["done"] for one in history} == {7}

    def test_a_long_history_is_given_in_parts(self, api, django_assert_num_queries):
        goal = self.goal(api.learner, 150, period="day")

        with django_assert_num_queries(2):  # goal, days
            latest = self.history(api, goal)
        earlier = self.history(api, goal, before=latest[-1]["first"])

        assert (len(latest), len(earlier)) == (100, 50)
        days = [one["first"] for one in latest + earlier]
        assert days == sorted(set(days), reverse=True)

    @pytest.mark.parametrize("before", ["0001-01-01", "1999-01-01"])
    def test_before_it_began_there_is_none(self, api, before):
        goal = self.goal(api.learner, 9)

        assert self.history(api, goal, before=before) == []

    @pytest.mark.parametrize("query", [{"before": "x"}, {"since": "2026-01-01"}])
    def test_a_wrong_query_is_named(self, api, query):
        goal = begin(api.learner)

        answer = api.get(f"{address(goal)}history/", query)

        assert answer.status_code == 400
        assert answer.json()["errors"].keys() == query.keys()

    def test_a_strangers_goal_has_none(self, stranger_api, learner):
        goal = begin(learner)

        assert stranger_api.get(f"{address(goal)}history/").status_code == 404


def test_goals_are_found_by_the_days_on_which_they_held(api):
    history = TestHistory()
    old = history.goal(api.learner, 90, until=60)
    new = history.goal(api.learner, 30)
    today = api.learner.local_date()

    def found(**days):
        query = {
            name: str(today - timedelta(days=number)) for name, number in days.items()
        }
        return [one["id"] for one in api.get(LIST, query).json()["results"]]

    assert found(date_after=59) == found(date_after=60) == [new.pk]
    assert found(date_after=61) == [new.pk, old.pk]
    assert found(date_before=31) == [old.pk]
    assert found(date_before=91) == []
    assert found(date_after=50, date_before=40) == []
