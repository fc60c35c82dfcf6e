"""How pages tell of scenarios."""

from django import template

register = template.Library()


@register.filter
def told_in(scenario, native):
    """The code of the language that its texts are in, for this native reader."""
    return scenario.told_in(native)
