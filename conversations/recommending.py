"""Which scenario to play next, and why."""

from typing import NamedTuple

from django.utils import timezone

from conversations.models import Scenario
from lingo.languages import Level
from vocabulary import lexicon
from vocabulary.models import VocabularyItem

MOST = 3
# How many due words are looked for, the longest overdue first, and how many are named.
DUE, NAMED = 200, 3
READ = (
    *("slug", "owner", "language", "native_language", "category", "level"),
    *("title", "setting", "words"),
)


class Recommendation(NamedTuple):
    """A scenario and the reason for it; `words` are those of the reason, as said."""

    scenario: Scenario
    reason: str
    words: tuple[str, ...] = ()


def recommend(learner, language, level, after=None):
    """Return at most three `Recommendation`s of what the learner has not finished yet.

    One for the words that are due, one of the category of the scenario `after` which it
    is, and one for the level, as far as there is such. Two queries.
    """
    offered = Scenario.objects.offered_to(learner).playable_in(language)
    fresh = offered.with_finished(learner, language).filter(is_finished=False)
    left = list(fresh.easiest_first().only(*READ))
    if after:
        left = [scenario for scenario in left if scenario.slug != after.slug]
    found = []
    for choose in (_by_due_words, _by_category, _by_level):
        chosen = choose(left, learner, language, level, after)
        if chosen:
            found.append(chosen)
            left.remove(chosen.scenario)
    return found[:MOST]


def _by_due_words(scenarios, learner, language, level, after):
    """The one in which most words occur that wait for review."""
    mine = VocabularyItem.objects.for_learner(learner).filter(language=language)
    due = mine.due(timezone.now(), learner.day_end())
    lemmas = set(due.values_list("lemma", flat=True)[:DUE]) if scenarios else set()
    words = {
        scenario: [
            word[language]
            for word in scenario.words
            if lexicon.lemma(word[language], language) in lemmas
        ]
        for scenario in scenarios
    }
    best = max(scenarios, key=lambda one: len(words[one]), default=None)
    if best is None or not words[best]:
        return None
    number = len(words[best])
    noun = "A word" if number == 1 else f"{number} words"
    reason = f"{noun} that you should review occur{'s' if number == 1 else ''} in it"
    reason += ", such as:" if number > NAMED else ":"
    return Recommendation(best, reason, tuple(words[best][:NAMED]))


def _by_category(scenarios, learner, language, level, after):
    """The nearest in level of those of the category that was just played."""
    if after is None:
        return None
    alike = [one for one in scenarios if one.category == after.category]
    best = min(alike, key=lambda one: _distance(one.level, after.level), default=None)
    if best is None:
        return None
    category = best.get_category_display().lower()
    return Recommendation(best, f"It is about {category} too.")


def _by_level(scenarios, learner, language, level, after):
    """The first at the learner's level, else the nearest to it."""
    best = min(scenarios, key=lambda one: _distance(one.level, level), default=None)
    if best is None:
        return None
    steps = _place(best.level) - _place(level)
    near = {
        0: "It is at your level.",
        1: "The next level up.",
        -1: "A little below your level.",
    }
    return Recommendation(best, near.get(steps, "One of the nearest to your level."))


def _distance(one, other):
    """How far apart two levels are; of two as far apart, the lower is nearer."""
    return abs(_place(one) - _place(other)) + (_place(one) > _place(other)) / 2


def _place(level):
    return list(Level).index(level)
