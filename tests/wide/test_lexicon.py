"""Words are told apart in whatever anybody may write."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lingo.languages import LANGUAGES
from vocabulary import lexicon

# Any text, and text made of what words are cut at and joined by.
PIECES = st.sampled_from(
    [
        *"aeélsx A2'’-‑.@/_ \n\u0301\u0130\u200d",
        "l'",
        "-t-il",
        "-lo",
        "www.",
        "ß",
        "👋",
        "م",
    ]
)
TEXTS = st.one_of(st.text(), st.lists(PIECES).map("".join))


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=300, deadline=None)
@given(text=TEXTS)
def test_words_stand_in_the_text_in_order_and_apart(language, text):
    end = 0
    for token in lexicon.tokens(text, language):
        assert text[token.start : token.end] == token.text
        assert end <= token.start < token.end
        end = token.end


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=300, deadline=None)
@given(text=TEXTS)
def test_any_base_form_is_its_own_base_form(language, text):
    for token in lexicon.tokens(text, language):
        base = lexicon.lemma(token.text, language)

        assert lexicon.lemma(base, language) == base
        assert lexicon.is_worth_learning(token.text, language) in (True, False)
