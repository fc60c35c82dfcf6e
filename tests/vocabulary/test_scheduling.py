"""When words are due: py-fsrs, with intervals that are spread by a seed."""

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import fsrs
import pytest

from vocabulary.scheduling import Memory, new_memory, retrievability, reviewed

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
AGAIN, HARD, GOOD, EASY = 1, 2, 3, 4
LEARNING, REVIEW = 1, 2


def after(*ratings, desired_retention=0.9, seed="", zone=UTC):
    """Return the memory of a word rated so, each time when it was due."""
    memory = new_memory(START)
    for rating in ratings:
        memory = reviewed(
            memory,
            rating,
            memory.due.astimezone(zone),
            desired_retention=desired_retention,
            seed=seed,
        )
    return memory


def test_a_new_word_is_due_at_once_without_a_memory():
    assert new_memory(START) == Memory(LEARNING, 0, None, None, START, None)


def test_memory_is_what_py_fsrs_makes_of_it():
    scheduler = fsrs.Scheduler(enable_fuzzing=False)
    card = fsrs.Card(card_id=1, due=START)
    memory = new_memory(START)
    for rating in (GOOD, GOOD, HARD, AGAIN, GOOD, EASY):
        at = memory.due
        card, _ = scheduler.review_card(card, fsrs.Rating(rating), at)
        memory = reviewed(memory, rating, at, desired_retention=0.9, seed="")
        assert (memory.state, memory.step) == (card.state.value, card.step)
        assert memory.stability == pytest.approx(card.stability)
        assert memory.difficulty == pytest.approx(card.difficulty)
        # The next moment may be spread: py-fsrs goes on from there.
        card.due = memory.due


def test_learning_steps_are_short_and_not_spread():
    assert after(AGAIN).due - START == timedelta(minutes=1)
    assert after(GOOD).due - START == timedelta(minutes=10)


@pytest.mark.parametrize("ratings", [(EASY,), (EASY, GOOD), (EASY, GOOD, GOOD, GOOD)])
def test_long_intervals_are_spread_within_py_fsrs_ranges(ratings):
    memories = [after(*ratings[:-1], ratings[-1], seed=f"{n}") for n in range(50)]
    plain = fsrs.Scheduler(enable_fuzzing=False)
    dues = set()
    for memory in memories:
        days = (memory.due - memory.last_review).days
        whole = plain._next_interval(stability=memory.stability)
        ranges = fsrs.scheduler.FUZZ_RANGES
        most = 1 + sum(
            one["factor"] * max(min(whole, one["end"]) - one["start"], 0)
            for one in ranges
        )
        assert abs(days - whole) <= round(most)
        dues.add(memory.due)
    assert len(dues) > 1


def test_one_seed_is_one_interval():
    assert after(EASY, GOOD, seed="es:casa") == after(EASY, GOOD, seed="es:casa")


def test_the_moment_may_be_of_any_zone():
    tokyo = ZoneInfo("Asia/Tokyo")
    assert after(GOOD, GOOD, EASY, zone=tokyo) == after(GOOD, GOOD, EASY)


def test_wanting_more_makes_intervals_shorter():
    dues = [after(EASY, EASY, desired_retention=wanted).due for wanted in (0.8, 0.97)]
    assert dues[0] > dues[1]


@pytest.mark.parametrize("ratings", [(), (GOOD,), (EASY, GOOD, AGAIN)])
def test_a_memory_outlives_json(ratings):
    memory = after(*ratings)
    assert Memory.from_json(memory.as_json()) == memory


@pytest.mark.parametrize(
    ("spoiled", "error"),
    [
        ({"due": "soon"}, ValueError),
        ({"due": None}, None),
        ({"last_review": 7}, TypeError),
    ],
)
def test_what_is_no_memory_is_refused(spoiled, error):
    values = {**after(GOOD).as_json(), **spoiled}
    if error is None:
        del values["due"]
        error = KeyError
    with pytest.raises(error):
        Memory.from_json(values)


def test_retrievability_falls_with_time():
    memory = after(EASY)
    days = (0, 5, 50)
    at = [memory.last_review + timedelta(days=number) for number in days]
    chances = [retrievability(memory, moment) for moment in at]
    assert chances == sorted(chances, reverse=True)
    assert (chances[0], retrievability(new_memory(START), START)) == (1, None)


def recalled(desired_retention, count):
    """Return which share of `count` reviews of learned words a learner recalls.

    Words are reviewed for three years, each when it is due, and recalled with the
    chance that FSRS gives them at that moment.
    """
    chance = random.Random(f"retention {desired_retention}")
    end = START + timedelta(days=3 * 365)
    seen = right = word = 0
    while seen < count:
        word += 1
        memory = new_memory(START)
        while (at := memory.due) < end:
            rating = GOOD
            if memory.state == REVIEW:
                rating = GOOD if chance.random() < retrievability(memory, at) else AGAIN
                seen += 1
                right += rating == GOOD
            memory = reviewed(
                memory,
                rating,
                at,
                desired_retention=desired_retention,
                seed=f"{word}:{seen}",
            )
    return right / seen


@pytest.mark.parametrize("wanted", [0.80, 0.90, 0.97])
def test_the_schedule_holds_the_wanted_retention(wanted):
    assert recalled(wanted, 10_000) == pytest.approx(wanted, abs=0.02)
