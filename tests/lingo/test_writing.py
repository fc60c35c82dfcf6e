import contextlib
import threading
from datetime import date

import psycopg
import pytest
from django.db import IntegrityError, OperationalError

from lingo.writing import ATTEMPTS, first_wins
from progress.models import StudyDay
from tests.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_first_wins_gives_up_where_trying_again_does_not_help(learner):
    tried = []

    def write():
        tried.append(StudyDay(learner=learner, language="es", date="2026-05-01"))
        StudyDay.objects.bulk_create([tried[-1]] * 2)

    with pytest.raises(IntegrityError):
        first_wins(write)

    assert len(tried) == ATTEMPTS
    assert not StudyDay.objects.exists()


def test_writes_that_wait_for_each_other_are_both_done(learner):
    """In opposite order, so that PostgreSQL breaks one off to let the other go on."""
    days = [date(2026, 5, 1), date(2026, 5, 2)]
    for day in days:
        StudyDay.objects.record(learner, "es", day, turns=1)
    both_hold_one = threading.Barrier(2)

    def write(first, second):
        StudyDay.objects.record(learner, "es", first, turns=1)
        # SQLite lets only one of them in: the wait is over soon.
        with contextlib.suppress(threading.BrokenBarrierError):
            both_hold_one.wait(0.2)
        StudyDay.objects.record(learner, "es", second, turns=1)

    at_once(
        lambda: first_wins(lambda: write(*days)),
        lambda: first_wins(lambda: write(*reversed(days))),
    )

    assert [day.turns for day in StudyDay.objects.all()] == [3, 3]


def test_a_broken_off_write_is_tried_again():
    broken_off = OperationalError("deadlock detected")
    broken_off.__cause__ = psycopg.errors.DeadlockDetected()
    outcomes = [broken_off, None]

    def write():
        if error := outcomes.pop(0):
            raise error
        return "done"

    assert first_wins(write) == "done"


def test_another_database_error_is_not_tried_again():
    def write():
        tried.append(1)
        raise OperationalError("disk full")

    tried = []
    with pytest.raises(OperationalError):
        first_wins(write)
    assert len(tried) == 1
