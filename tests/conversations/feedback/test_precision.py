import pytest

from lingo.languages import LANGUAGES
from tests import precision


@pytest.mark.parametrize("language", LANGUAGES)
def test_at_most_two_in_a_hundred_right_sentences_are_corrected(language):
    found = precision.corrected(language)

    share = 100 * len(found) / len(precision.sentences(language))
    assert share <= precision.MOST, found


@pytest.mark.parametrize("language", LANGUAGES)
def test_right_sentences_are_all_different(language):
    sentences = precision.sentences(language)

    assert len(set(sentences)) == len(sentences) >= 30


@pytest.mark.parametrize("language", LANGUAGES)
def test_most_everyday_errors_are_put_right(language):
    errors, missed = precision.errors(language), precision.missed(language)

    assert 100 * (len(errors) - len(missed)) >= precision.LEAST * len(errors), missed


@pytest.mark.parametrize("language", LANGUAGES)
def test_errors_are_all_different_and_lead_to_what_is_right(language):
    errors = precision.errors(language)

    assert len({wrong for wrong, _ in errors}) == len(errors) >= 100
    assert all(wrong != right for wrong, right in errors)
