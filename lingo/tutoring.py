"""What the settings of the tutor that is a language model may be."""

from decimal import Decimal, InvalidOperation

from django.core.exceptions import ImproperlyConfigured

PROVIDERS = ("openai", "anthropic", "ollama")


def tutor_model(text):
    """Return `provider:model`, or "" for none. Raises ImproperlyConfigured."""
    provider, _, name = text.partition(":")
    if text and (provider not in PROVIDERS or not name):
        raise ImproperlyConfigured(
            f"LINGO_TUTOR_MODEL is “{text}”; it must be like openai:gpt-4o-mini, with "
            f"one of {', '.join(PROVIDERS)}."
        )
    return text


def dollars(text):
    """Return an amount of US dollars, or None where none is given.

    Raises ImproperlyConfigured.
    """
    if not text:
        return None
    try:
        amount = Decimal(text.strip())
    except InvalidOperation:
        amount = Decimal("NaN")
    if not (amount.is_finite() and amount >= 0):
        raise ImproperlyConfigured(f"“{text}” is no amount of US dollars.")
    return amount


def prices(text):
    """Return what a million tokens cost, in and out, in US dollars; None if not given.

    `text` is such as "0.15,0.60". Raises ImproperlyConfigured.
    """
    if not text:
        return None
    amounts = [dollars(part) for part in text.split(",")]
    if len(amounts) != 2 or None in amounts:
        raise ImproperlyConfigured(
            f"LINGO_TUTOR_PRICES is “{text}”; it must be like 0.15,0.60: US dollars "
            "for a million tokens in, and out."
        )
    return tuple(amounts)
