"""Achievements on pages where a learner may just have reached one."""

from django import template

from conversations import awarding

register = template.Library()


@register.inclusion_tag("conversations/_new_achievements.html", takes_context=True)
def new_achievements(context):
    """Award what the learner has reached, and say in a line what is new of it."""
    learner = context["request"].user
    return {"user": learner, "new": awarding.award(learner)}
