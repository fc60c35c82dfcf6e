"""Study counts for the learner's own date: by their wall clock, wherever they are."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from conversations import lifecycle
from conversations.turn_taking import take_turn
from progress.models import StudyDay
from tests.factories import ConversationFactory, introduce
from vocabulary.models import VocabularyItem
from vocabulary.reviewing import review, undo

ZONES = ("Pacific/Auckland", "Asia/Kathmandu", "America/Los_Angeles", "Europe/Berlin")
# Ordinary days; the days on which clocks go forward or back, somewhere; a leap day.
DATES = (
    date(2026, 1, 1),
    date(2026, 3, 8),
    date(2026, 3, 29),
    date(2026, 4, 5),
    date(2026, 9, 27),
    date(2026, 10, 25),
    date(2026, 11, 1),
    date(2028, 2, 29),
)


@pytest.fixture
def clock(monkeypatch):
    """Return a function that sets the clock to a moment, as text or as a datetime."""

    def set_to(moment):
        if isinstance(moment, str):
            moment = datetime.fromisoformat(moment).replace(tzinfo=UTC)

        class Clock(datetime):
            @classmethod
            def now(cls, tz=None):
                return moment.astimezone(tz)

        monkeypatch.setattr(timezone, "datetime", Clock)

    return set_to


def live_in(learner, zone):
    learner.time_zone = zone
    learner.save()


def study(learner, name):
    """Take a turn, review a word and complete the conversation, all now."""
    conversation = ConversationFactory(learner=learner)
    take_turn(conversation, "Hola", client_id=f"turn {name}")
    word = introduce(learner, f"zq{name}k")[0]
    word.learner = learner
    review(word, 3, client_id=f"review {name}")
    lifecycle.move(conversation, "completed")
    return conversation


def tallies(learner):
    """Return {date: (turns, reviews, conversations)}."""
    days = StudyDay.objects.for_learner(learner)
    return {day.date: (day.turns, day.reviews, day.conversations) for day in days}


@pytest.mark.parametrize("day", DATES, ids=str)
@pytest.mark.parametrize("zone", ZONES)
def test_a_day_lasts_from_midnight_to_midnight(learner, tutor, clock, zone, day):
    live_in(learner, zone)
    minute = 59
    moments = [
        datetime(day.year, day.month, day.day, 0, 0, tzinfo=ZoneInfo(zone)),
        datetime(day.year, day.month, day.day, 3, 30, tzinfo=ZoneInfo(zone)),
        datetime(day.year, day.month, day.day, 23, minute, 59, tzinfo=ZoneInfo(zone)),
    ]
    for number, moment in enumerate(moments):
        clock(moment)
        study(learner, number)

    assert tallies(learner) == {day: (3, 3, 3)}


@pytest.mark.parametrize(
    ("zone", "moment", "day"),
    [
        # The day of 23 hours: its last second, and the first of the next.
        ("Pacific/Auckland", "2026-09-27T10:59:59", date(2026, 9, 27)),
        ("Pacific/Auckland", "2026-09-27T11:00:00", date(2026, 9, 28)),
        ("America/Los_Angeles", "2026-03-09T06:59:59", date(2026, 3, 8)),
        ("America/Los_Angeles", "2026-03-09T07:00:00", date(2026, 3, 9)),
        # The day of 25 hours: an hour is there twice, and the day is one.
        ("Pacific/Auckland", "2026-04-05T11:59:59", date(2026, 4, 5)),
        ("Pacific/Auckland", "2026-04-05T12:00:00", date(2026, 4, 6)),
        ("America/Los_Angeles", "2026-11-01T08:30:00", date(2026, 11, 1)),
        ("America/Los_Angeles", "2026-11-01T09:30:00", date(2026, 11, 1)),
        ("America/Los_Angeles", "2026-11-02T07:59:59", date(2026, 11, 1)),
        ("America/Los_Angeles", "2026-11-02T08:00:00", date(2026, 11, 2)),
        # Five hours and 45 minutes ahead, all year.
        ("Asia/Kathmandu", "2026-03-28T18:14:59", date(2026, 3, 28)),
        ("Asia/Kathmandu", "2026-03-28T18:15:00", date(2026, 3, 29)),
    ],
)
def test_study_counts_for_the_date_on_the_wall(
    learner, tutor, clock, zone, moment, day
):
    live_in(learner, zone)
    clock(moment)

    study(learner, 1)

    assert tallies(learner) == {day: (1, 1, 1)}


def test_moving_changes_nothing_that_is_counted(learner, tutor, clock):
    live_in(learner, "Pacific/Auckland")
    clock("2026-06-10T12:30")  # the 11th in Auckland, the 10th in Los Angeles
    study(learner, 1)

    live_in(learner, "America/Los_Angeles")
    study(learner, 2)

    assert tallies(learner) == {
        date(2026, 6, 11): (1, 1, 1),
        date(2026, 6, 10): (1, 1, 1),
    }


def test_what_is_taken_back_after_moving_goes_from_the_date_it_counted_for(
    learner, tutor, clock
):
    live_in(learner, "Pacific/Auckland")
    clock("2026-06-10T12:30")
    conversation = study(learner, 1)

    live_in(learner, "America/Los_Angeles")
    lifecycle.delete(conversation)
    undo(VocabularyItem.objects.get().reviews.get())

    assert tallies(learner) == {date(2026, 6, 11): (0, 0, 0)}


def test_a_turn_begun_before_midnight_counts_for_the_day_it_began(
    learner, tutor, clock
):
    live_in(learner, "Asia/Kathmandu")
    clock("2026-03-28T18:14:59")

    def think_past_midnight(answer=tutor.reply):
        clock("2026-03-28T18:15:09")
        return answer()

    tutor.reply = think_past_midnight
    take_turn(ConversationFactory(learner=learner), "Hola", client_id="a")

    assert tallies(learner) == {date(2026, 3, 28): (1, 0, 0)}


def test_a_streak_goes_on_through_both_clock_changes(learner, tutor, clock):
    live_in(learner, "America/Los_Angeles")
    for day in (7, 8, 9):  # on the 8th of March clocks go forward
        clock(datetime(2026, 3, day, 23, 30, tzinfo=ZoneInfo(learner.time_zone)))
        study(learner, f"march{day}")
    for day in (31, 32, 33):  # on the 1st of November they go back
        month, day = (10, 31) if day == 31 else (11, day - 31)
        clock(datetime(2026, month, day, 0, 30, tzinfo=ZoneInfo(learner.time_zone)))
        study(learner, f"november{day}")

    streak = StudyDay.objects.for_learner(learner).streak(learner.local_date())

    assert (streak.current, streak.longest) == (3, 3)
