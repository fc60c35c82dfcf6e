"""Where the rows are that a figure adds up."""

from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.html import format_html

from lingo.templatetags.lingo import number
from progress.models import Goal, LearningProgress

register = template.Library()

TALKED = {"status": "all", "when": "talked"}
COMPLETED = {"status": "all", "when": "completed"}

# The page that shows the rows of a study day's tally, and how it is narrowed.
OF_TALLY = {
    "study_seconds": ("progress:study-days", {}),
    "turns": ("conversations:list", TALKED),
    "reviews": ("vocabulary:review-list", {}),
    "weak_points": ("conversations:weak-point-reviews", {}),
    "words": ("vocabulary:list", {}),
    "conversations": ("conversations:list", COMPLETED),
}
OF_GOAL = {
    Goal.Kind.MINUTES: "study_seconds",
    Goal.Kind.REVIEWS: "reviews",
    Goal.Kind.WORDS: "words",
    Goal.Kind.CONVERSATIONS: "conversations",
}
# The same of a column of a skill.
OF_SKILL = {
    "conversations_completed": ("conversations:list", COMPLETED),
    "sessions": ("conversations:list", COMPLETED),
    "words_learned": ("vocabulary:list", {"counted": "learned"}),
    "words_known": ("vocabulary:list", {"counted": "known"}),
    "level": ("vocabulary:list", {"counted": "known"}),
    "percentage": ("vocabulary:list", {"counted": "known"}),
    "accuracy": ("vocabulary:review-list", {}),
}
# All that grammar has comes from these.
OF_GRAMMAR = OF_TALLY["weak_points"]


@register.simple_tag(takes_context=True)
def rows(context, day, tally):
    """A tally of a study day, as a link to its rows."""
    query = {"language": day.language, "since": day.date, "until": day.date}
    return _linked(context, getattr(day, tally), *OF_TALLY[tally], **query)


@register.simple_tag(takes_context=True)
def rows_of_goal(context, standing):
    """What a goal's standing came to, as a link to its rows."""
    goal = standing.goal
    query = {"since": standing.first, "until": standing.last}
    if goal.language:
        query["language"] = goal.language
    return _linked(context, standing.done, *OF_TALLY[OF_GOAL[goal.kind]], **query)


@register.simple_tag(takes_context=True)
def rows_of_skill(context, skill, column, value):
    """The value of a skill's column, as a link to its rows where a page has them."""
    if value is None:
        return "–"
    if column == "minutes":
        # Where its own rows say how long they took.
        is_talk = skill.skill == LearningProgress.Skill.CONVERSATION
        column = "conversations_completed" if is_talk else "accuracy"
    if column not in OF_SKILL:  # the target is the learner's wish
        return number(context, value)
    is_grammar = skill.skill == LearningProgress.Skill.GRAMMAR
    shown = OF_GRAMMAR if is_grammar else OF_SKILL[column]
    return _linked(context, value, *shown, language=skill.language)


def _linked(context, value, url_name, query, **narrowed):
    shown = number(context, value)
    if not value:
        return shown
    address = f"{reverse(url_name)}?{urlencode({**query, **narrowed})}"
    return format_html('<a href="{}">{}</a>', address, shown)
