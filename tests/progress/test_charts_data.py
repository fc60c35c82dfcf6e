"""What study days make charts of, by days and by weeks."""

from datetime import UTC, date, datetime, timedelta

import pytest

from progress import charts_data, periods
from progress.charts_data import Asked
from progress.models import StudyDay

NOW = datetime(2026, 6, 17, 12, tzinfo=UTC)  # a Wednesday
TODAY = NOW.date()
TALLIES = ["minutes", "turns", "reviews", "words"]


def study(learner, days_ago=0, language="es", **tallies):
    date = TODAY - timedelta(days=days_ago)
    StudyDay.objects.record(learner, language, date, **tallies)


def rows(name, learner, days=30, **asked):
    data = charts_data.CHARTS[name].make(Asked(learner, days, now=NOW, **asked))
    assert {len(row) for row in data.rows} == {len(data.columns)}
    return data.rows


def something(name, learner, **asked):
    return [row for row in rows(name, learner, **asked) if any(row[1:])]


@pytest.mark.parametrize("days", [30, 90])
def test_a_short_period_goes_by_days_up_to_today(days):
    period = periods.period(days, TODAY)

    assert len(period.starts) == days
    assert period.starts[-1] == TODAY
    assert all(period.start_of(date) == date for date in period.starts)


def test_a_year_goes_by_whole_weeks():
    period = periods.period(365, TODAY)

    assert len(period.starts) == 53
    assert {date.weekday() for date in period.starts} == {0}
    assert period.starts[-1] == date(2026, 6, 15)
    assert period.start_of(TODAY) == date(2026, 6, 15)
    assert period.start <= TODAY - timedelta(days=364)


def test_a_year_of_study_has_each_day_whatever_the_period(learner):
    study(learner, turns=2, reviews=3, study_seconds=150)
    study(learner, 1, "fr", turns=1)
    study(learner, 1, "es", turns=1)

    year = rows("activity", learner)

    assert year[-2:] == [(TODAY - timedelta(days=1), 2, 0), (TODAY, 5, 2)]
    assert year[0][0].weekday() == 0
    assert [row[0] for row in year] == [
        year[0][0] + timedelta(days=n) for n in range(len(year))
    ]
    assert rows("activity", learner, days=365) == year


@pytest.mark.parametrize("name", TALLIES)
def test_each_tally_is_shown_by_days(learner, name):
    amounts = {"turns": 2, "reviews": 3, "words": 4, "study_seconds": 330}
    study(learner, 3, **amounts)
    study(learner, 3, "fr", **amounts)
    study(learner, 30, **amounts)

    shown = something(name, learner)

    doubled = {name: 2 * amount for name, amount in amounts.items()}
    doubled["minutes"] = doubled["study_seconds"] // 60
    assert shown == [(TODAY - timedelta(days=3), doubled[name])]


def test_over_a_year_it_is_shown_by_weeks(learner):
    for days_ago in (0, 1, 2, 3):
        study(learner, days_ago, turns=1)

    asked = Asked(learner, 365, now=NOW)
    data = charts_data.CHARTS["turns"].make(asked)

    assert [row for row in data.rows if row[1]] == [
        (date(2026, 6, 8), 1),
        (date(2026, 6, 15), 3),
    ]
    assert (data.columns[0].label, data.unit) == ("Week from", "Turns a week")


def test_a_language_has_its_own_figures(learner):
    study(learner, 0, "es", turns=2)
    study(learner, 0, "fr", turns=5)

    assert something("turns", learner, language="fr") == [(TODAY, 5)]
    assert something("activity", learner, language="fr") == [(TODAY, 5, 0)]


def test_the_last_day_is_today_by_the_learners_clock(learner):
    learner.time_zone = "Pacific/Auckland"
    tomorrow = TODAY + timedelta(days=1)
    study(learner, -1, turns=1)

    assert something("turns", learner) == [(tomorrow, 1)]


def test_a_strangers_days_are_not_counted(learner, stranger):
    study(stranger, turns=2)

    assert something("turns", learner) == []


def test_all_of_them_take_one_query(learner, django_assert_num_queries):
    asked = Asked(learner, now=NOW)
    with django_assert_num_queries(1):
        for source in charts_data.CHARTS.values():
            source.make(asked)
