"""How each figure of `LearningProgress` comes from the learner's rows.

Tallies are added and taken back by the acts, and `manage.py rebuild_progress` counts
them anew from the rows named here:

- `sessions`, `conversations_completed` (conversation): completed conversations.
- `study_seconds`: of conversation, what the answered messages of completed
  conversations took; of vocabulary, what standing reviews took. Time between two acts
  counts up to five minutes: beyond that the learner was away.
- `words_learned` (vocabulary): words added, imported, or met in a conversation since
  completed, as long as they are kept.
- `reviews`, `reviews_recalled` (vocabulary): standing reviews of kept words, and those
  of them rated better than "again".
- `study_seconds`, `reviews`, `reviews_recalled` (grammar): the same of standing reviews
  of weak points.
- `words_known` (vocabulary): words that left their learning steps with a stability of
  21 days or more ("mature" in Anki), suspended or not.

What follows from the tallies is below, as expressions that the database itself
computes with each change, so that it is never out of step. A skill that nothing
measures has no level, no percentage and no accuracy. The target is the learner's wish.
"""

from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Least

# From how many known words each level is reached. Vocabulary sizes at CEFR levels are
# those of Milton and Alexiou (2009), "Vocabulary size and the Common European Framework
# of Reference for Languages", in Richards et al. (eds), Vocabulary Studies in First and
# Second Language Acquisition, pp. 194–211, for English: A2 from 1,500, B1 from 2,750,
# B2 from 3,250, C1 from 3,750, C2 from 4,500 to 5,000. That these are ten levels, with
# steps at 1, 500, 1,000 and 2,000 between, and the same for all languages, is Lingo's
# own rounding: it says how many words were learned here, and is no CEFR certificate.
WORDS = {
    1: 1,
    2: 500,
    3: 1000,
    4: 1500,
    5: 2000,
    6: 2750,
    7: 3250,
    8: 3750,
    9: 4500,
    10: 5000,
}
HIGHEST = max(WORDS)


def level():
    """The highest level whose words are known; none before the first."""
    downwards = sorted(WORDS.items(), reverse=True)
    return Case(
        *(When(words_known__gte=words, then=Value(level)) for level, words in downwards)
    )


def percentage():
    """Known words in per cent of the target's, rounded down, at most 100.

    None without a target. All counts from the first word, not from the last level: so
    it never falls back when a level is reached.
    """
    return Case(
        *(
            When(
                target_level=target,
                then=Least(F("words_known") * 100 / words, Value(100)),
            )
            for target, words in WORDS.items()
        )
    )


def accuracy():
    """Recalled reviews in per cent of all, rounded down; none without a review."""
    return Case(When(reviews__gt=0, then=F("reviews_recalled") * 100 / F("reviews")))


def status(Status, tallies):
    """Mastered at the highest level, completed at the target, begun with any tally."""
    reached = Q()
    for target, words in WORDS.items():
        reached |= Q(target_level=target, words_known__gte=words)
    begun = Q()
    for name in tallies:
        begun |= Q(**{f"{name}__gt": 0})
    return Case(
        When(words_known__gte=WORDS[HIGHEST], then=Value(Status.MASTERED.value)),
        When(reached, then=Value(Status.COMPLETED.value)),
        When(begun, then=Value(Status.IN_PROGRESS.value)),
        default=Value(Status.NOT_STARTED.value),
    )
