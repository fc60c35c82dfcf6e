"""When a word is due: FSRS, as py-fsrs computes it.

The intervals are spread ("fuzz") within py-fsrs's own ranges, but by a seed: what a
button promises is what happens, and a memory rebuilt from its reviews is the same.
"""

import random
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

# FSRS's own bounds of what is worth wanting; the default is py-fsrs's.
LEAST_RETENTION, MOST_RETENTION, DEFAULT_RETENTION = 0.80, 0.97, 0.90
# Intervals below this many days are not spread, as in py-fsrs.
FUZZ_FROM_DAYS = 2.5


class Memory(NamedTuple):
    """What FSRS knows of a word; stability in days, None before the first review."""

    state: int
    step: int | None
    stability: float | None
    difficulty: float | None
    due: datetime
    last_review: datetime | None

    def as_json(self):
        """Return values ready for JSON; `from_json` gives the same memory."""
        return {
            **self._asdict(),
            "due": self.due.isoformat(),
            "last_review": self.last_review and self.last_review.isoformat(),
        }

    @classmethod
    def from_json(cls, values):
        """Return the memory of `as_json`. Raises ValueError, TypeError or KeyError."""
        values = {name: values[name] for name in cls._fields}
        for name in ("due", "last_review"):
            if values[name] is not None:
                values[name] = datetime.fromisoformat(values[name])
        return cls(**values)


def new_memory(at):
    """Return the `Memory` of a word just introduced.

    py-fsrs starts a card in the first learning step, due at once, without stability
    or difficulty: those come with the first review.
    """
    from fsrs import Card

    # An id of its own, or py-fsrs would wait a millisecond to make a unique one.
    card = Card(card_id=0, due=at)
    return _memory(card)


def reviewed(memory, rating, at, *, desired_retention, seed):
    """Return the `Memory` after a review with `rating` (1–4) at the moment `at`.

    `seed` is a text that decides how a longer interval is spread.
    """
    from fsrs import Rating

    at = at.astimezone(UTC)
    scheduler = _scheduler(desired_retention)
    card, _ = scheduler.review_card(_card(memory), Rating(rating), at)
    interval = card.due - at
    if interval >= timedelta(days=FUZZ_FROM_DAYS):
        card.due = at + timedelta(days=_spread(interval.days, seed))
    return _memory(card)


def retrievability(memory, at):
    """Return the chance that the word is recalled at `at`; None before any review."""
    if memory.last_review is None:
        return None
    return _scheduler().get_card_retrievability(_card(memory), at.astimezone(UTC))


def _spread(days, seed):
    """Return a number of days near `days`, within py-fsrs's ranges for fuzz."""
    from fsrs.scheduler import FUZZ_RANGES

    delta = 1 + sum(
        one["factor"] * max(min(days, one["end"]) - one["start"], 0)
        for one in FUZZ_RANGES
    )
    least, most = max(2, round(days - delta)), round(days + delta)
    return random.Random(seed).randint(least, most)  # noqa: S311


def _scheduler(desired_retention=DEFAULT_RETENTION):
    from fsrs import Scheduler

    return Scheduler(desired_retention=desired_retention, enable_fuzzing=False)


def _card(memory):
    from fsrs import Card, State

    last = memory.last_review and memory.last_review.astimezone(UTC)
    return Card(
        card_id=0,
        state=State(memory.state),
        step=memory.step,
        stability=memory.stability,
        difficulty=memory.difficulty,
        due=memory.due.astimezone(UTC),
        last_review=last,
    )


def _memory(card):
    return Memory(
        card.state.value,
        card.step,
        card.stability,
        card.difficulty,
        card.due,
        card.last_review,
    )
