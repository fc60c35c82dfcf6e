"""The goals page, and goals at home: set, changed and ended without JavaScript."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from progress.models import Goal, StudyDay

PAGE = reverse("progress:goals")
HOME = reverse("conversations:home")
GIVEN = {"kind": "reviews", "amount": "20", "period": "week", "language": "es"}


def change(goal):
    return reverse("progress:goal-change", args=[goal.pk])


def end(goal):
    return reverse("progress:goal-end", args=[goal.pk])


def begin(learner, amount=20, **series):
    series = {"kind": "reviews", "period": "week", "language": "es", **series}
    return Goal.objects.begin(learner, amount, **series)[0]


def study(learner, days_ago=0, language="es", **tallies):
    date = learner.local_date() - timedelta(days=days_ago)
    StudyDay.objects.record(learner, language, date, **tallies)


def test_the_daily_goal_comes_first(learner_client, learner):
    study(learner, study_seconds=300)
    page = strip_tags(learner_client.get(PAGE).text)
    assert "15 minutes a day" in page
    assert "5 of 15 today, 10 to go." in page


def test_a_goal_is_set_once(learner_client, learner):
    for said in ("Your goal is set", "This was your goal already"):
        page = learner_client.post(PAGE, GIVEN, follow=True).text
        assert f"{said}: 20 reviews a week in Spanish." in page
    goal = Goal.objects.for_learner(learner).get()
    assert goal.started_on == learner.local_date()
    assert goal.is_active


def test_it_shows_what_goals_came_to(learner_client, learner):
    begin(learner, 20)
    begin(learner, 4, kind="words", language="")
    study(learner, reviews=5, words=4)
    page = strip_tags(learner_client.get(PAGE).text)
    assert "5 of 20 this week, 15 to go." in page
    assert "4 of 4 this week: reached." in page


def test_it_shows_the_periods_before(learner_client, learner):
    begin(learner, 5, period="day")
    ended = begin(learner, 7, period="day", kind="words")
    yesterday = learner.local_date() - timedelta(days=1)
    Goal.objects.update(started_on=yesterday)
    Goal.objects.end(ended)
    study(learner, days_ago=1, reviews=5)
    response = learner_client.get(PAGE)
    (course, _), *_ = response.context["active"]
    assert [each.first for each in course.before] == [yesterday]
    assert "<td>Yes</td>" in response.text
    assert "<td>No</td>" in response.text
    assert [each.goal for each in response.context["earlier"]] == [ended]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", ""),
        ("kind", "hours\x00"),
        ("amount", ""),
        ("amount", "0"),
        ("amount", "-1"),
        ("amount", "10081"),
        ("amount", "9" * 400),
        ("amount", "many"),
        ("period", "month"),
        ("period", "x" * 10_000),
        ("language", "xx"),
    ],
)
def test_a_goal_that_makes_no_sense_is_refused(learner_client, field, value):
    response = learner_client.post(PAGE, {**GIVEN, field: value})
    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {field}
    assert not Goal.objects.exists()


def test_what_was_typed_is_kept(learner_client):
    page = learner_client.post(PAGE, {**GIVEN, "amount": "10082"}).text
    assert 'value="10082"' in page


def test_a_day_has_no_more_minutes_than_it_has(learner_client):
    given = {"kind": "minutes", "amount": "1441", "period": "day"}
    response = learner_client.post(PAGE, given)
    assert response.status_code == 422
    assert "A day has 1440 minutes." in response.text
    assert learner_client.post(PAGE, {**given, "amount": "1440"}).status_code == 302


def test_a_goal_is_changed_from_today(learner_client, learner):
    goal = begin(learner, 20)
    for _ in range(2):  # the second is a double click
        page = learner_client.post(change(goal), {"amount": "30"}, follow=True).text
        assert "Your goal is now: 30 reviews a week in Spanish." in page
    amounts = Goal.objects.values_list("amount", "ended_on")
    assert list(amounts) == [(30, None), (20, learner.local_date())]


@pytest.mark.parametrize("amount", ["", "0", "10081", "many", "9" * 400])
def test_a_change_that_makes_no_sense_is_refused_beside_its_goal(
    learner_client, learner, amount
):
    goal, other = begin(learner, 20), begin(learner, 30, kind="words")
    response = learner_client.post(change(goal), {"amount": amount})
    assert response.status_code == 422
    forms = {course.goal: form for course, form in response.context["active"]}
    assert forms[goal].errors.keys() == {"amount"}
    assert not forms[other].errors
    assert f'value="{amount}"' in response.text or not amount
    assert Goal.objects.active().count() == 2


def test_a_change_of_a_day_of_minutes_stays_within_the_day(learner_client, learner):
    goal = begin(learner, kind="minutes", period="day")
    assert learner_client.post(change(goal), {"amount": "1441"}).status_code == 422


def test_changing_a_goal_that_has_ended_says_so(learner_client, learner):
    goal = begin(learner)
    Goal.objects.end(goal)
    page = learner_client.post(change(goal), {"amount": "30"}, follow=True).text
    assert "This goal has ended." in page
    assert not Goal.objects.active().exists()


def test_a_wrong_change_of_a_goal_that_has_ended_is_refused(learner_client, learner):
    goal = begin(learner)
    Goal.objects.end(goal)
    assert learner_client.post(change(goal), {"amount": "0"}).status_code == 422


def test_a_goal_is_ended(learner_client, learner):
    goal = begin(learner)
    for _ in range(2):
        page = learner_client.post(end(goal), follow=True).text
        assert "This is no longer your goal: 20 reviews a week in Spanish." in page
    assert Goal.objects.get().ended_on == learner.local_date()


@pytest.mark.parametrize("address", [change, end])
def test_after_signing_in_again_the_goals_are_shown(learner_client, learner, address):
    goal = begin(learner)
    assert learner_client.get(address(goal)).url == PAGE
    assert Goal.objects.active().exists()


@pytest.mark.parametrize("address", [change, end])
def test_a_strangers_goal_is_not_found(stranger_client, learner, address):
    goal = begin(learner)
    answer = stranger_client.post(address(goal), {"amount": "30"})
    assert answer.status_code == 404
    assert Goal.objects.get().is_active
    assert "20 reviews" not in stranger_client.get(PAGE).text
    assert "reviews this week" not in stranger_client.get(HOME).text


@pytest.mark.parametrize("address", [change, end])
def test_a_goal_that_is_none_is_not_found(learner_client, address):
    for pk in (0, 10**30):
        assert learner_client.post(address(Goal(pk=pk))).status_code == 404


def test_home_shows_active_goals(learner_client, learner):
    begin(learner, 20)
    begin(learner, 2, kind="conversations", period="day", language="")
    Goal.objects.end(begin(learner, 3, kind="words"))
    study(learner, reviews=5)
    study(learner, language="fr", reviews=9, conversations=1)
    response = learner_client.get(HOME)
    shown = [(each.goal.kind, each.done) for each in response.context["goals"]]
    assert shown == [("conversations", 1), ("reviews", 5)]
    assert "reviews this week in Spanish" in response.text
    assert "conversations today" in response.text


@pytest.mark.parametrize("count", [1, 50])
def test_goals_take_the_same_queries_for_any_number(
    learner_client, learner, count, django_assert_num_queries
):
    for number in range(count):
        begin(learner, number + 1)  # each ends the one before
        study(learner, days_ago=number, reviews=1)
    Goal.objects.exclude(ended_on=None).update(started_on="2026-01-01")
    for kind in ("words", "minutes", "conversations")[:count]:
        begin(learner, kind=kind)
    with django_assert_num_queries(4):  # session, learner, goals, days
        learner_client.get(PAGE)
    # session, learner, week, due, done, streak, goals, any, scenario, open
    with django_assert_num_queries(10):
        learner_client.get(HOME)
