"""Which words a learner reviews next, in which order."""

from django.utils import timezone

from vocabulary import scheduling
from vocabulary.models import VocabularyItem

# The learned words due soonest among which those most at risk come first.
BATCH = 50


def queue(learner, plan, now=None, *, language="", limit=1):
    """Return the next words of today's plan, at most `limit`: three queries.

    Words in learning steps come first, since their time is short. Then learned words,
    the most at risk of being forgotten first, with new ones mixed in evenly.
    """
    now = now or timezone.now()
    due = VocabularyItem.objects.for_learner(learner).due(now, learner.day_end(now))
    if language:
        due = due.filter(language=language)
    steps = list(due.in_steps()[: min(limit, plan.steps_left)])
    learned = list(due.learned()[: max(limit, BATCH)])
    learned.sort(key=lambda item: scheduling.retrievability(item.memory, now))
    learned = learned[: plan.reviews_left - plan.steps_left]
    new = list(due.never_reviewed()[: min(limit, plan.new_left)])
    learned_all = plan.learned_done + plan.reviews_left - plan.steps_left
    mixed = [
        *_places(learned, plan.learned_done, learned_all),
        *_places(new, plan.new_done, plan.new_done + plan.new_left),
    ]
    mixed.sort(key=lambda one: one[0])
    found = [*steps, *(item for _, item in mixed)][:limit]
    for item in found:
        item.learner = learner
    return found


def _places(items, done, whole):
    """Return (place, item) for each: where in the day's work it falls, from 0 to 1.

    `done` of `whole` are behind, so that the mixture stays as words are reviewed.
    """
    return [((done + n + 0.5) / whole, item) for n, item in enumerate(items)]
