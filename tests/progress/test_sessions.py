"""Study sessions: acts that follow each other without a long break."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from django.db import IntegrityError, transaction

from progress.models import StudySession
from progress.sessions import BREAK, Act

NOON = datetime(2026, 3, 28, 12, tzinfo=UTC)
FIGURES = ("started_at", "last_at", "ended_at", "study_seconds", "items", "correct")


def at(minutes):
    return NOON + timedelta(minutes=minutes)


def act(minutes, seconds=60, *, items=1, correct=1, kind="review", source_id=""):
    return Act("es", kind, source_id, at(minutes), seconds, items, correct)


def record(learner, *acts):
    for one in acts:
        StudySession.objects.record(learner, one)


def sessions(learner, kind="review"):
    mine = StudySession.objects.for_learner(learner).filter(kind=kind)
    return list(mine.order_by("started_at", "pk").values_list(*FIGURES))


def test_acts_without_a_long_break_are_one_session(learner):
    record(learner, act(0), act(20, 300, correct=0), act(50))

    assert sessions(learner) == [(at(0), at(50), None, 420, 3, 2)]


def test_after_a_long_break_another_begins(learner):
    record(learner, act(0), act(20), act(51), act(52))

    assert sessions(learner) == [
        (at(0), at(20), at(20), 120, 2, 2),
        (at(51), at(52), None, 120, 2, 2),
    ]


def test_languages_kinds_and_conversations_have_sessions_of_their_own(
    learner, stranger
):
    record(
        learner,
        act(0),
        act(1)._replace(language="fr"),
        act(2, kind="scenario", source_id="a"),
        act(3, kind="scenario", source_id="b"),
    )
    record(stranger, act(4))

    assert len(sessions(learner)) == len(sessions(learner, "scenario")) == 2
    assert len(sessions(stranger)) == 1


def test_of_two_at_once_either_may_be_first(learner):
    record(learner, act(1), act(0))

    assert sessions(learner) == [(at(0), at(1), None, 120, 2, 2)]


def test_a_clock_that_went_back_begins_another_session(learner):
    record(learner, act(600), act(0), act(1))

    assert sessions(learner) == [
        (at(0), at(1), None, 120, 2, 2),
        (at(600), at(600), at(600), 60, 1, 1),
    ]


def test_a_session_counts_for_the_local_date_on_which_it_began(learner):
    learner.time_zone = "Pacific/Auckland"  # 13 hours ahead
    record(learner, act(-61), act(-59), act(-31))

    session = StudySession.objects.get()
    assert session.date == date(2026, 3, 28)
    assert (str(session), session.minutes) == ("Review in Spanish", 3)


def test_ending_closes_with_the_last_act_and_twice_changes_nothing(learner):
    talk = {"kind": "conversation", "source_id": "a"}
    record(learner, act(0, **talk), act(5, **talk), act(6))

    for _ in range(2):
        StudySession.objects.end(learner, "a")

    assert sessions(learner, "conversation") == [(at(0), at(5), at(5), 120, 2, 2)]
    assert sessions(learner) == [(at(6), at(6), None, 60, 1, 1)]
    record(learner, act(7, **talk))
    StudySession.objects.end(learner, "a")
    assert [row[2] for row in sessions(learner, "conversation")] == [at(5), at(7)]


@pytest.mark.parametrize("minutes", [0, 1, 7, 20, 200])
def test_what_is_recorded_is_taken_back(learner, minutes):
    done = [act(n * minutes, 10 + n, correct=n % 2) for n in range(6)]
    record(learner, *done)
    before = sessions(learner)
    StudySession.objects.take_back(learner, done[::2])
    assert sum(row[4] for row in sessions(learner)) == 3

    StudySession.objects.record_many(learner, done[::2])
    assert sessions(learner) == before
    StudySession.objects.take_back(learner, done)

    assert {row[3:] for row in sessions(learner)} == {(0, 0, 0)}
    assert not StudySession.objects.studied().exists()


def test_what_no_session_spans_takes_nothing_back(learner, stranger):
    record(learner, act(0))
    record(stranger, act(50))
    before = sessions(learner)

    StudySession.objects.take_back(learner, [act(50), act(-1)])
    StudySession.objects.take_back(learner, [act(0, source_id="a")])

    assert sessions(learner) == before
    assert sessions(stranger) == [(at(50), at(50), None, 60, 1, 1)]


def test_no_more_is_taken_back_than_there_was(learner):
    record(learner, act(0, 30))
    StudySession.objects.take_back(learner, [act(0, 60), act(0, 60)])

    assert sessions(learner) == [(at(0), at(0), None, 0, 0, 0)]


def test_many_acts_make_up_sessions_that_are_over(learner):
    StudySession.objects.record_many(learner, [act(n) for n in (90, 0, 30, 31, 95)])

    assert sessions(learner) == [
        (at(0), at(31), at(31), 180, 3, 3),
        (at(90), at(95), at(95), 120, 2, 2),
    ]


def test_many_acts_go_on_with_an_open_session_but_not_with_one_that_ended(learner):
    record(learner, act(0, source_id="a"), act(0, source_id="b"))
    StudySession.objects.end(learner, "a")

    StudySession.objects.record_many(
        learner, [act(n, source_id=name) for n in (5, 10) for name in "ab"]
    )

    of = StudySession.objects.filter
    assert [one.last_at for one in of(source_id="b")] == [at(10)]
    assert [one.items for one in of(source_id="a")] == [2, 1]


def test_imported_acts_between_two_sessions_leave_those_as_they_are(learner):
    record(learner, act(0), act(100))

    StudySession.objects.record_many(learner, [act(n) for n in (0, 40, 60)])

    assert [row[4] for row in sessions(learner)] == [2, 2, 1]
    StudySession.objects.take_back(learner, [act(n) for n in (40, 60, 100)])
    assert [row[4] for row in sessions(learner)] == [2, 0, 0]


def test_no_acts_are_no_statement(learner, django_assert_num_queries):
    with django_assert_num_queries(0):
        StudySession.objects.record_many(learner, [])
        StudySession.objects.take_back(learner, [])


def test_recording_takes_one_statement_and_three_after_a_break(
    learner, django_assert_num_queries
):
    for minutes, statements in ((0, 1), (1, 1), (2, 1), (90, 3), (95, 1)):
        with django_assert_num_queries(statements):
            record(learner, act(minutes))


def test_many_acts_take_the_statements_of_few(learner, django_assert_num_queries):
    record(learner, act(0))
    with django_assert_num_queries(3):  # sessions, their figures, new ones
        StudySession.objects.record_many(learner, [act(-n * 50) for n in range(80)])


@pytest.mark.parametrize("seed", range(20))
def test_sessions_are_what_a_slow_reference_says(learner, seed):
    random = Random(seed)
    minutes, done = 0, []
    for _ in range(40):
        minutes += random.choice([1, 5, 29, 30, 31, 200])
        done.append(act(minutes, random.randrange(300), correct=random.randrange(2)))
    expected = [[done[0]]]
    for before, now in pairwise(done):
        if now.at - before.at > BREAK:
            expected.append([])
        expected[-1].append(now)

    record(learner, *done)
    one_by_one = sessions(learner)
    StudySession.objects.all().delete()
    random.shuffle(done)
    StudySession.objects.record_many(learner, done)

    figures = [
        (
            acts[0].at,
            acts[-1].at,
            acts[-1].at,
            sum(one.seconds for one in acts),
            len(acts),
            sum(one.correct for one in acts),
        )
        for acts in expected
    ]
    assert sessions(learner) == figures
    assert one_by_one == [*figures[:-1], (*figures[-1][:2], None, *figures[-1][3:])]


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "dream"},
        {"last_at": at(-1)},
        {"ended_at": at(1)},
        {"items": 0},
        {"study_seconds": -1},
    ],
)
def test_the_database_refuses_wrong_sessions(learner, wrong):
    record(learner, act(0))

    with pytest.raises(IntegrityError), transaction.atomic():
        StudySession.objects.update(**wrong)


def test_one_session_is_open_at_a_time(learner):
    record(learner, act(0), act(90))

    with pytest.raises(IntegrityError), transaction.atomic():
        StudySession.objects.update(ended_at=None)
