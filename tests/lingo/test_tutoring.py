"""What the settings of a language model may be."""

from decimal import Decimal

import pytest
from django.core.exceptions import ImproperlyConfigured

from lingo.tutoring import dollars, prices, tutor_model


@pytest.mark.parametrize("text", ["", "openai:gpt-4o-mini", "ollama:qwen3:4b"])
def test_a_model_has_its_provider(text):
    assert tutor_model(text) == text


@pytest.mark.parametrize("text", ["gpt-4o", "openai:", "other:x", ":x"])
def test_a_model_of_no_known_provider_is_refused(text):
    with pytest.raises(ImproperlyConfigured, match="LINGO_TUTOR_MODEL"):
        tutor_model(text)


@pytest.mark.parametrize(
    ("text", "amount"), [("", None), ("0", Decimal(0)), ("2.50", Decimal("2.5"))]
)
def test_a_limit_is_an_amount_or_none(text, amount):
    assert dollars(text) == amount


@pytest.mark.parametrize("text", ["much", "-1", "nan", "inf"])
def test_a_limit_that_is_no_amount_is_refused(text):
    with pytest.raises(ImproperlyConfigured, match="no amount"):
        dollars(text)


@pytest.mark.parametrize(
    ("text", "both"),
    [
        ("", None),
        ("0,0", (Decimal(0), Decimal(0))),
        ("0.15, 0.60", (Decimal("0.15"), Decimal("0.6"))),
    ],
)
def test_prices_are_two_amounts_or_none(text, both):
    assert prices(text) == both


@pytest.mark.parametrize("text", ["1", "1,2,3", "1,", ",", "1,much"])
def test_prices_that_are_not_two_amounts_are_refused(text):
    with pytest.raises(ImproperlyConfigured):
        prices(text)
