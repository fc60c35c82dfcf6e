"""Memories rebuilt from the log: nothing changes unless something is wrong."""

import random
from datetime import timedelta
from itertools import count

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import introduce
from tests.histories import UNDO, live_through, state_of
from vocabulary import memories
from vocabulary.errors import NotTheLatestReview
from vocabulary.memories import rebuild
from vocabulary.models import Review, VocabularyItem
from vocabulary.reviewing import review, undo

GOOD = 3
words = (f"zq{n}k" for n in count())


def reviewed(learner, *ratings, word="casa"):
    """Return a word reviewed so, an hour or more between two reviews."""
    start = timezone.now() - timedelta(days=400)
    item = introduce(learner, word, at=start, date=start.date())[0]
    for n, rating in enumerate(ratings):
        at = start + timedelta(hours=n**3)
        review(item, rating, client_id=f"{word} {n}", at=at)
    return item


@pytest.mark.parametrize("seed", range(8))
def test_nothing_is_to_mend_whatever_was_reviewed_and_undone(learner, seed):
    chance = random.Random(seed)
    learner.desired_retention = chance.uniform(0.8, 0.97)
    spans = (0, 60, 3_600, 86_400, 30 * 86_400)
    steps = [
        (chance.randint(1, 4), chance.randint(0, chance.choice(spans)))
        for _ in range(20)
    ]
    for _ in range(6):
        steps.insert(chance.randint(0, 20), UNDO)

    live_through(learner, steps)


@pytest.mark.parametrize("ratings", [(), (3, 3, 4, 1, 3, 2, 3)])
@pytest.mark.parametrize(
    "spoiled",
    [
        {"state": 3, "step": 0},
        {"due": timezone.now()},
        {"times_correct": 77, "lapses": 9},
        {"stability": 5.5, "difficulty": 5.5, "last_review": timezone.now()},
    ],
)
def test_a_spoiled_memory_is_mended(learner, ratings, spoiled):
    item = reviewed(learner, *ratings)
    right, other = state_of(item), state_of(reviewed(learner, 3, word="pan"))
    VocabularyItem.objects.filter(pk=item.pk).update(**spoiled)

    assert rebuild() == (2, 1)

    assert state_of(item) == right
    assert state_of(VocabularyItem.objects.get(lemma="pan")) == other


def test_each_review_counts_with_what_was_wanted_then(learner):
    item = reviewed(learner, 4, 3)
    learner.desired_retention = 0.8
    review(item, GOOD, client_id="later")

    assert rebuild() == (1, 0)


def test_a_learners_words_come_in_batches(learner, monkeypatch):
    for word in ("casa", "pan", "vino"):
        reviewed(learner, 3, 3, 3, word=word)
    VocabularyItem.objects.update(lapses=5)
    monkeypatch.setattr(memories, "BATCH", 2)

    assert rebuild() == (3, 3)
    assert rebuild() == (3, 0)


def test_a_batch_takes_the_same_statements_for_any_number(learner):
    def statements():
        VocabularyItem.objects.update(lapses=5)
        with CaptureQueriesContext(connection) as found:
            rebuild()
        return len(found)

    reviewed(learner, 3, 3)
    one = statements()
    for _ in range(49):
        reviewed(learner, 3, 3, word=next(words))

    assert statements() == one


def test_the_command_says_what_it_did(learner, capsys):
    reviewed(learner, 3)
    spoiled = reviewed(learner, 3, word="pan")
    VocabularyItem.objects.filter(pk=spoiled.pk).update(lapses=5)

    call_command("rebuild_memories")

    assert capsys.readouterr().out == "2 words checked, 1 mended.\n"


def test_the_log_itself_stays_as_it_is(learner):
    reviewed(learner, 3, 3, 1)
    VocabularyItem.objects.update(lapses=5)
    before = list(Review.objects.values())

    rebuild()

    assert list(Review.objects.values()) == before


def test_no_memory_is_built_on_an_undone_review(learner):
    item = reviewed(learner, 3, 3, 1)
    first, _, last = Review.objects.order_by("pk")
    with pytest.raises(NotTheLatestReview):
        undo(first)
    undo(last)

    assert rebuild() == (1, 0)
    assert VocabularyItem.objects.get(pk=item.pk).times_incorrect == 0
