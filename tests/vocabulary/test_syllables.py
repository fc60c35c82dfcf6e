"""Syllables: words divided by hand, and what must hold of any text."""

import random
from pathlib import Path

import pytest

from lingo.languages import LANGUAGES
from vocabulary.syllables import syllables

DIVIDED = Path(__file__).parent / "syllables"
LETTERS = "abcdefghiklmnopqrstuvyzáéíóúàèâêôãõçñüöäßœïI'’- ́"


def divided(language):
    """Return the words of the file, divided by a middle dot."""
    lines = (DIVIDED / f"{language}.txt").read_text(encoding="utf-8").splitlines()
    return [word for line in lines if line[0] != "#" for word in line.split()]


@pytest.mark.parametrize("language", sorted(LANGUAGES.keys() - {"en"}))
def test_words_are_divided_as_by_hand(language):
    words = divided(language)
    assert len(set(words)) >= 60
    for word in words:
        assert "·".join(syllables(word.replace("·", ""), language)) == word


@pytest.mark.parametrize("language", LANGUAGES)
def test_syllables_join_to_the_word(language):
    for text in drawn(f"{LETTERS} -'’·e\u0301ñ9日😀\u200fא"):
        assert "".join(syllables(text, language)) == text


@pytest.mark.parametrize("language", sorted(LANGUAGES.keys() - {"en"}))
def test_no_syllable_is_empty(language):
    for text in drawn("abcdeinorstuhqgy"):
        assert all(syllables(text, language))


def drawn(signs, count=300):
    """Return texts of up to 12 of the signs at random, the same each time."""
    chance = random.Random(0)
    return ["".join(chance.choices(signs, k=1 + n % 12)) for n in range(count)]


def test_english_words_stay_whole():
    assert syllables("syllable", "en") == ["syllable"]


@pytest.mark.parametrize(
    ("word", "language", "parts"),
    [
        ("CIUDAD", "es", ["CIU", "DAD"]),
        ("buenos días", "es", ["bue", "nos ", "dí", "as"]),
        ("guarda-chuva", "pt", ["guar", "da-", "chu", "va"]),
        ("aujourd’hui", "fr", ["au", "jourd’", "hui"]),
        ("l’homme", "fr", ["l’hom", "me"]),
        ("İstanbul", "de", ["İstan", "bul"]),
        ("x", "it", ["x"]),
        ("…", "it", ["…"]),
    ],
)
def test_case_and_what_is_no_letter_stay_as_they_are(word, language, parts):
    assert syllables(word, language) == parts


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_endless_word_takes_no_time(language):
    word = "aiueo" * 2000 + "iiie"
    assert "".join(syllables(word, language)) == word
