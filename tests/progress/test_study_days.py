from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from progress.models import LearningProgress, StudyDay

TODAY = date(2026, 3, 29)


def study(learner, *days_ago, language="es", **tallies):
    for days in days_ago:
        StudyDay.objects.record(
            learner, language, TODAY - timedelta(days=days), **(tallies or {"turns": 1})
        )


def streak(learner):
    return StudyDay.objects.for_learner(learner).streak(TODAY).current


def test_a_day_adds_up(learner):
    study(learner, 0, turns=1, words=2, study_seconds=90)
    study(learner, 0, turns=2, study_seconds=45)

    day = StudyDay.objects.get()
    assert (day.turns, day.words, day.study_seconds, day.minutes) == (3, 2, 135, 2)


def test_many_days_add_up_at_once(learner, django_assert_max_num_queries):
    study(learner, 0, words=2, reviews=1)
    study(learner, 1, language="fr", words=5)
    before = TODAY - timedelta(days=1)
    days = {
        ("es", TODAY): {"words": 3},
        ("es", before): {"words": 1, "turns": 2},
        ("fr", before): {"reviews": 4},
        **{("de", TODAY - timedelta(days=n)): {"words": 1} for n in range(400)},
    }

    with django_assert_max_num_queries(8):  # SQLite takes so many values a statement
        StudyDay.objects.record_many(learner, days)

    found = StudyDay.objects.exclude(language="de").order_by("date", "language")
    names = ("language", "date", "words", "reviews", "turns")
    assert list(found.values_list(*names)) == [
        ("es", before, 1, 0, 2),
        ("fr", before, 5, 4, 0),
        ("es", TODAY, 5, 1, 0),
    ]
    assert StudyDay.objects.filter(language="de", words=1).count() == 400


def test_no_days_are_no_statement(learner, django_assert_num_queries):
    with django_assert_num_queries(0):
        StudyDay.objects.record_many(learner, {})


def test_a_day_takes_back_what_was_recorded(learner):
    study(learner, 0, turns=3)
    study(learner, 0, turns=-1)

    assert StudyDay.objects.get().turns == 2


def test_a_day_takes_back_no_more_than_there_was(learner):
    study(learner, 0, turns=1)

    with pytest.raises(IntegrityError), transaction.atomic():
        study(learner, 0, turns=-2)


def test_languages_have_days_of_their_own(learner):
    study(learner, 0)
    study(learner, 0, language="fr")

    assert StudyDay.objects.count() == 2
    assert StudyDay.objects.for_learner(learner).totals()["turns"] == 2


def test_a_learner_has_one_day_per_language_and_date(learner):
    study(learner, 0)

    with pytest.raises(IntegrityError), transaction.atomic():
        StudyDay.objects.create(learner=learner, language="es", date=TODAY)


def test_a_streak_spans_languages_and_counts_a_date_once(learner):
    study(learner, 0, 2)
    study(learner, 0, 1, language="fr")

    assert streak(learner) == 3


def test_a_day_that_was_taken_back_breaks_the_streak(learner):
    study(learner, 0, 1, 2)
    study(learner, 1, turns=-1)

    assert streak(learner) == 1


def test_a_streak_is_the_learners_own(learner, stranger):
    study(stranger, 0, 1)

    assert streak(learner) == 0


@pytest.mark.parametrize(
    ("zone", "moment", "local"),
    [
        ("Pacific/Auckland", "2026-03-28T12:00", date(2026, 3, 29)),
        ("America/Los_Angeles", "2026-03-29T06:59", date(2026, 3, 28)),
        ("America/Los_Angeles", "2026-03-29T07:00", date(2026, 3, 29)),
        ("Asia/Kathmandu", "2026-03-28T18:14", date(2026, 3, 28)),
        ("Asia/Kathmandu", "2026-03-28T18:15", date(2026, 3, 29)),
        ("Europe/Berlin", "2026-03-29T21:59", date(2026, 3, 29)),  # summer time begins
        ("Europe/Berlin", "2026-10-25T22:59", date(2026, 10, 25)),  # and ends
    ],
)
def test_dates_are_the_learners_own(learner, zone, moment, local):
    learner.time_zone = zone
    utc = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo("UTC"))

    assert learner.local_date(utc) == local


def test_days_and_progress_read_well(learner):
    study(learner, 0)
    LearningProgress.objects.record(
        learner, "es", "conversation", at=timezone.now(), study_seconds=125
    )

    assert str(StudyDay.objects.get()) == "Spanish on 2026-03-29"
    progress = LearningProgress.objects.for_learner(learner).get()
    assert (str(progress), progress.minutes) == ("Conversation in Spanish", 2)


def test_progress_adds_up_and_keeps_its_span(learner):
    record = LearningProgress.objects.record
    noon = timezone.now()

    for hours, sessions in ((0, 1), (-2, 2), (-1, 3)):
        at = noon + timedelta(hours=hours)
        record(learner, "es", "conversation", at=at, sessions=sessions)

    progress = LearningProgress.objects.get()
    assert progress.sessions == 6
    assert progress.first_activity_at == noon - timedelta(hours=2)
    assert progress.last_activity_at == noon
    assert progress.status == "in-progress"


@pytest.mark.parametrize(
    "wrong",
    [
        {"target_level": 0},
        {"target_level": 11},
        {"reviews_recalled": 1},
        {"words_known": -1},
        {"sessions": -1},
        {"last_activity_at": "2000-01-01T00:00Z"},
    ],
)
def test_the_database_refuses_wrong_progress(learner, wrong):
    LearningProgress.objects.record(
        learner, "es", "vocabulary", at=timezone.now(), sessions=1
    )

    with pytest.raises(IntegrityError), transaction.atomic():
        LearningProgress.objects.update(**wrong)


def test_a_skill_has_one_row_per_language(learner):
    now = timezone.now()
    LearningProgress.objects.record(learner, "es", "vocabulary", at=now)

    with pytest.raises(IntegrityError), transaction.atomic():
        LearningProgress.objects.create(
            learner=learner,
            language="es",
            skill="vocabulary",
            first_activity_at=now,
            last_activity_at=now,
        )
