"""Achievements: what a learner has come to in each, and awarding those reached."""

from typing import NamedTuple

from conversations import measures as talking
from progress import measures as studying
from progress.achievements import Achievement, catalogue
from progress.models import Award
from vocabulary import measures as remembering

MEASURES = {
    "turns": talking.turns,
    "conversations": talking.conversations,
    "words": remembering.words,
    "words-used": remembering.words_used,
    "reviews": remembering.reviews,
    "words-known": remembering.words_known,
    "right-in-row": remembering.right_in_row,
    "days-in-row": studying.days_in_row,
    "study-days": studying.study_days,
    "minutes": studying.minutes,
    "scenarios": talking.scenarios,
    "scenario-runs": talking.scenario_runs,
    "objectives": talking.objectives,
    "languages": studying.languages,
    "topics": talking.topics,
    "focuses": talking.focuses,
}


class Standing(NamedTuple):
    """An achievement, what the learner has come to in it, and the award, if earned."""

    achievement: Achievement
    value: int
    award: Award | None
    is_new: bool


def award(learner):
    """Award what the learner has reached; return the `Standing`s that are new."""
    return [standing for standing in standings(learner) if standing.is_new]


def standings(learner):
    """Award what the learner has reached; return the `Standing` of each achievement.

    In the catalogue's order. One statement for the awards and one for each measure
    that an achievement is still open in, however long the history is; for each new
    award up to three more, which find its proof. Safe to repeat, also at once. The
    value of what was earned is that of its award, whatever became of the rows since.
    """
    earned = {
        award.slug: award
        for award in Award.objects.for_learner(learner)
        if award.slug in catalogue()
    }
    still_open = [one for one in catalogue().values() if one.slug not in earned]
    figures = {name: MEASURES[name](learner) for name in _measured(still_open)}
    new = {}
    for one in still_open:
        figure = figures[one.measure]
        proof = figure.proof(one.at_least) if figure.value >= one.at_least else None
        if proof:
            new[one.slug] = Award(
                learner=learner,
                slug=one.slug,
                awarded_at=proof.at,
                value=figure.value,
                evidence=proof.evidence,
            )
    Award.objects.give(new.values())
    return [
        _standing(one, figures, earned.get(one.slug), new.get(one.slug))
        for one in catalogue().values()
    ]


def _measured(achievements):
    return {one.measure for one in achievements}


def _standing(achievement, figures, earned, new):
    made = earned or new
    value = made.value if made else figures[achievement.measure].value
    return Standing(achievement, value, made, is_new=new is not None)
