"""What a word went through: reviews and undoing, and what must hold all along."""

from datetime import timedelta
from itertools import count

from django.utils import timezone

from tests.factories import introduce
from vocabulary import scheduling
from vocabulary.memories import rebuild
from vocabulary.models import VocabularyItem
from vocabulary.reviewing import review, undo

# What reviews change of an item.
COLUMNS = (*scheduling.Memory._fields, "times_correct", "times_incorrect", "lapses")
UNDO = "undo"
numbers = count()


def state_of(item):
    """Return all that reviews change of the item, as it is saved."""
    found = VocabularyItem.objects.get(pk=item.pk)
    return [getattr(found, name) for name in COLUMNS]


def live_through(learner, steps):
    """Take a new word through the steps: (rating, seconds since the last), or UNDO.

    Undoing gives back exactly what was before, and the log always gives the memory.
    """
    at = timezone.now()
    item = introduce(learner, f"zq{next(numbers)}k", at=at, date=at.date())[0]
    states, standing = [state_of(item)], []
    for n, step in enumerate(steps):
        if step != UNDO:
            rating, seconds = step
            at += timedelta(seconds=seconds)
            made, _ = review(item, rating, client_id=f"{item} {n}", at=at)
            standing.append(made)
            states.append(state_of(item))
        elif standing:
            undo(standing.pop())
            states.pop()
        assert state_of(item) == states[-1]
    assert rebuild()[1] == 0
    assert state_of(item) == states[-1]
