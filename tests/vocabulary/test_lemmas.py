import tomllib
from collections import Counter
from pathlib import Path

import pytest

from lingo.languages import LANGUAGES
from tests import lemmas
from vocabulary import lexicon

README = Path(__file__).resolve().parent.parent.parent / "README.md"
# The least share of right base forms, in percent: of chosen words, of drawn ones.
LEAST = {
    "en": (100, 100),
    "es": (100, 100),
    "fr": (100, 100),
    "de": (99, 97),
    "it": (100, 97),
    "pt": (100, 96),
}


def corrections(language):
    """Return the corrected base forms and the other forms, each as a list."""
    text = tomllib.loads(lexicon.LEMMAS.read_text(encoding="utf-8"))[language]
    bases, forms = [], []
    for line in text.strip().split("\n"):
        if line.startswith("="):
            bases += line[1:].split()
        else:
            base, _, others = line.partition(": ")
            bases.append(base)
            forms += others.split()
    return bases, forms


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_enough_pairs_and_none_twice(language):
    forms = Counter(pair.form.lower() for pair in lemmas.pairs(language))

    assert len(forms) >= 200
    assert [form for form, count in forms.items() if count > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_base_forms_are_as_right_as_they_were(language):
    chosen, _ = lemmas.accuracy(language, is_drawn=False)
    drawn, _ = lemmas.accuracy(language, is_drawn=True)

    assert chosen >= LEAST[language][0], lemmas.wrong(language)
    assert drawn >= LEAST[language][1], lemmas.wrong(language)


def test_the_readme_states_what_is_measured():
    assert lemmas.table() in README.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_base_form_is_its_own_base_form(language):
    bases, forms = corrections(language)
    words = [word for pair in lemmas.pairs(language) for word in pair[:2]]

    for word in words + bases + forms:
        base = lexicon.lemma(word, language)
        assert lexicon.lemma(base, language) == base


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_correction_holds_and_stands_once(language):
    bases, forms = corrections(language)

    assert max(Counter(map(str.lower, bases + forms)).values()) == 1
    assert [base for base in bases if lexicon.lemma(base, language) != base] == []
    assert {lexicon.lemma(form, language) for form in forms} <= set(bases)


@pytest.mark.parametrize("language", LANGUAGES)
def test_corrections_are_of_the_language_and_not_of_the_list(language):
    words = {word.lower() for words in corrections(language) for word in words}
    listed = {pair.form.lower() for pair in lemmas.pairs(language)}
    drawn = {pair.form.lower() for pair in lemmas.pairs(language) if pair.is_drawn}

    assert len(words - listed) > len(words & listed)
    assert sorted(words & drawn) == []
