"""Letters that mislead: what the file holds, and which words have them."""

import re

import pytest

from lingo.languages import LANGUAGES
from vocabulary import pitfalls
from vocabulary.pitfalls import pitfalls_in

TEXTS = "".join(f'{code} = "said"\n' for code in LANGUAGES)
ENTRY = 'letters = "h"\npattern = "h"\nexample = "hola"\n' + TEXTS


def file(entry):
    """Return a file that is right but for the Spanish entry."""
    return "\n".join(
        f"[[{code}]]\n{entry if code == 'es' else ENTRY}" for code in LANGUAGES
    )


def marked(word, language):
    """Return the word once for each of its pitfalls, the letters in brackets."""
    return [
        "".join(f"[{text}]" if is_marked else text for text, is_marked in found.pieces)
        for found in pitfalls_in(word, language, "en")
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_at_least_eight_groups_of_letters(language):
    entries = pitfalls._entries()[language]
    assert len({entry["letters"] for entry in entries}) == len(entries) >= 8


@pytest.mark.parametrize("native", LANGUAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_example_is_explained_in_every_native_language(language, native):
    for entry in pitfalls._entries()[language]:
        found = pitfalls_in(entry["example"], language, native)
        [own] = [one for one in found if one.letters == entry["letters"]]
        assert own.reason == entry[native]
        assert "".join(piece.text for piece in own.pieces) == entry["example"]


@pytest.mark.parametrize(
    ("language", "word", "found"),
    [
        ("es", "Cena", ["[C]ena"]),
        ("es", "mucho", []),
        ("es", "pero", []),
        ("es", "perro", ["pe[rr]o"]),
        ("es", "vergüenza", ["[v]ergüenza", "vergüen[z]a", "ver[gü]enza"]),
        ("es", "mesa", []),
        ("fr", "bien", ["bi[en]"]),
        ("fr", "année", []),
        ("fr", "parlent", []),
        ("fr", "le", []),
        ("de", "Buch", ["Bu[ch]"]),
        ("de", "euch", ["eu[ch]", "[eu]ch"]),
        ("de", "sechs", []),
        ("it", "pesce", ["pe[sc]e"]),
        ("it", "scuola", []),
        ("pt", "falam", ["fala[m]"]),
        ("pt", "alho", ["a[lh]o", "alh[o]"]),
        ("en", "red", []),
        ("en", "two", []),
        ("en", "thither", ["[th]i[th]er", "thith[er]"]),
    ],
)
def test_only_words_that_have_the_letters_are_told(language, word, found):
    assert marked(word, language) == found


def test_a_word_that_is_nothing_but_the_letters_is_told():
    assert marked("un", "fr") == ["[un]"]


@pytest.mark.parametrize("word", ["", "x" * 10_000, "ch" * 5_000, "\x00", "👍"])
def test_any_text_can_be_asked_for(word):
    for language in LANGUAGES:
        assert isinstance(pitfalls_in(word, language, "de"), list)


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        (ENTRY.replace('fr = "said"\n', ""), "missing or unknown: fr"),
        (ENTRY + 'nl = "gezegd"\n', "missing or unknown: nl"),
        (ENTRY.replace('fr = "said"', 'fr = " "'), "empty: fr"),
        (ENTRY.replace('pattern = "h"', 'pattern = "("'), "unterminated"),
        (ENTRY.replace("hola", "ola"), "“ola” does not have the letters"),
        (ENTRY.replace('letters = "h"\n', ""), "missing or unknown: letters"),
    ],
)
def test_an_entry_that_is_wrong_is_refused_by_name(entry, complaint):
    with pytest.raises(ValueError, match=rf"\[\[es\]\].*{re.escape(complaint)}"):
        pitfalls.read(file(entry))


def test_a_language_too_few_is_refused():
    with pytest.raises(ValueError, match="exactly en, es, fr"):
        pitfalls.read(f"[[es]]\n{ENTRY}")
