"""What must hold of the settings before anything is served."""

from django.conf import settings
from django.core.checks import Error, register

from conversations.tutors import provider


@register
def tutor_has_price(app_configs, **options):
    """A limit on what a model costs needs its price."""
    limits = {settings.TUTOR_SITE_LIMIT, settings.TUTOR_LEARNER_LIMIT} - {None}
    if not settings.TUTOR_MODEL or not limits or provider.price(0, 0) is not None:
        return []
    model = settings.TUTOR_MODEL
    return [
        Error(
            f"The price of {model} is not known, so no limit of it holds.",
            hint="Set LINGO_TUTOR_PRICES to the US dollars that a million tokens cost, "
            "in and out (0.15,0.60; 0,0 for a server of your own), or both "
            "LINGO_TUTOR_SITE_LIMIT and LINGO_TUTOR_LEARNER_LIMIT to nothing.",
            id="conversations.E001",
        )
    ]
