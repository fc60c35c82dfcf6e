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
