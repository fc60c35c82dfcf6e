"""The progress page: every figure is what the rows add up to."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from progress.models import LearningProgress, StudyDay

PAGE = reverse("progress:overview")
Skill = LearningProgress.Skill


def study(learner, days_ago=0, language="es", **tallies):
    date = learner.local_date() - timedelta(days=days_ago)
    tallies = tallies or {"turns": 3, "words": 2, "study_seconds": 90}
    StudyDay.objects.record(learner, language, date, **tallies)


def test_without_any_study_it_says_how_to_begin(learner_client):
    assert "Nothing is counted yet." in learner_client.get(PAGE).text


def test_totals_and_streak_come_from_the_study_days(learner_client, learner):
    study(learner)
    study(learner, days_ago=1, language="fr")
    study(learner, days_ago=5)
    shown = learner_client.get(PAGE).context
    assert shown["streak"].current == 2
    assert shown["totals"]["turns"] == 9
    assert shown["totals"]["words"] == 6
    assert shown["totals"]["minutes"] == 4


def test_the_streak_tells_its_frozen_days_and_milestones(learner_client, learner):
    for days_ago in (*range(5), *range(6, 13)):
        study(learner, days_ago=days_ago)
    page = learner_client.get(PAGE).text
    assert "You studied on 12 days in a row. The next milestone is 14 days." in page
    frozen = learner.local_date() - timedelta(days=5)
    assert "Your streak went on over <time datetime=" in page
    assert f'went on over <time datetime="{frozen}"' in page
    assert "a freeze that you had earned kept it" in page
    assert "7 days, first on" in page
    assert "You have no freeze." in page
    assert "Streaks by language" not in page


def test_each_language_has_its_streak(learner_client, learner):
    for days_ago in (0, 1):
        study(learner, days_ago=days_ago)
    for days_ago in (1, 2):
        study(learner, days_ago=days_ago, language="fr")
    response = learner_client.get(PAGE)
    lengths = [(name, each.current) for name, each in response.context["streaks"]]
    assert lengths == [("Spanish", 2), ("French", 2)]
    assert response.context["streak"].current == 3
    assert "Streaks by language" in response.text


def test_a_streak_that_ended_is_told_kindly(learner_client, learner):
    study(learner, days_ago=3)
    page = learner_client.get(PAGE).text
    assert "It begins again with the next day of study." in page


def test_a_learner_may_do_without_streaks(learner_client, learner):
    learner.shows_streak = False
    learner.save()
    study(learner)
    page = learner_client.get(PAGE).text
    assert "in a row" not in page
    assert "in a row" not in learner_client.get(reverse("conversations:home")).text


def test_the_latest_thirty_days_are_listed(learner_client, learner):
    for days_ago in range(35):
        study(learner, days_ago=days_ago)
    shown = [day.date for day in learner_client.get(PAGE).context["days"]]
    today = learner.local_date()
    assert shown == [today - timedelta(days=n) for n in range(30)]


def test_a_day_without_study_is_not_listed(learner_client, learner):
    study(learner, turns=1)
    study(learner, turns=-1)
    assert learner_client.get(PAGE).context["days"] == []


def test_each_language_shows_its_skills_without_empty_columns(learner_client, learner):
    at = timezone.now()
    record = LearningProgress.objects.record
    record(learner, "es", Skill.CONVERSATION, at=at, conversations_completed=2)
    record(learner, "es", Skill.VOCABULARY, at=at, words_learned=7)
    record(learner, "de", Skill.VOCABULARY, at=at, words_learned=1)
    german, spanish = learner_client.get(PAGE).context["languages"]
    assert german["headings"] == ["Words learned"]
    assert spanish["headings"] == ["Conversations completed", "Words learned"]
    assert [row["values"] for row in spanish["rows"]] == [
        [("conversations_completed", 2), ("words_learned", 0)],
        [("conversations_completed", 0), ("words_learned", 7)],
    ]


def test_a_column_that_one_skill_lacks_shows_a_dash(learner_client, learner):
    at = timezone.now()
    record = LearningProgress.objects.record
    record(learner, "es", Skill.CONVERSATION, at=at, sessions=1)
    record(learner, "es", Skill.VOCABULARY, at=at, words_known=1)
    assert '<td class="figure">–</td>' in learner_client.get(PAGE).text


def test_the_year_is_drawn_with_its_table_and_leads_to_all_charts(
    learner_client, learner
):
    study(learner, days_ago=2, turns=17)
    page = learner_client.get(PAGE)
    assert '<svg xmlns="http://www.w3.org/2000/svg" class="chart calendar"' in page.text
    assert '<td class="figure">17</td>' in page.text
    assert f'href="{reverse("charts:page")}"' in page.text
    assert f'href="{reverse("charts:csv", args=["activity"])}"' in page.text


def test_a_stranger_sees_only_their_own(stranger_client, learner):
    study(learner)
    assert "Nothing is counted yet." in stranger_client.get(PAGE).text


@pytest.mark.parametrize("days", [1, 50])
def test_it_takes_the_same_queries_for_any_number_of_days(
    learner_client, learner, days, django_assert_num_queries
):
    for days_ago in range(days):
        study(learner, days_ago=days_ago)
    # session, learner, totals, days, skills, the year, streaks, study sessions
    with django_assert_num_queries(8):
        learner_client.get(PAGE)
