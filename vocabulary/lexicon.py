"""What Lingo knows of words: their forms, base forms, frequency and difficulty.

Lemmas come from simplemma, frequencies from wordfreq; both load a language when it is
first asked for. Loading all six takes about 0.8 s and 400 MB of memory.
"""

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from lingo.languages import LANGUAGES, Level

FUNCTION_WORDS = Path(__file__).resolve().parent / "content" / "function_words.toml"

BASE_DIFFICULTY = {
    Level.BEGINNER: 2,
    Level.ELEMENTARY: 3,
    Level.INTERMEDIATE: 5,
    Level.UPPER_INTERMEDIATE: 7,
    Level.ADVANCED: 8,
    Level.PROFICIENT: 9,
}
UNKNOWN_DIFFICULTY = 5
# How much more common (Zipf) a German noun must be than the verb that it may be.
NOUN_LEAD = 0.35

# A letter or digit with its combining marks; words have inner apostrophes and hyphens.
_SIGN = r"[^\W_][\u0300-\u036f]*"
_WORD = re.compile(rf"(?:{_SIGN})+(?:['’\-](?:{_SIGN})+)*['’]?")
# Where one word is written as two: l'addition, dell'acqua, d'água.
_ELIDED = {"fr", "it", "pt"}
_ELISION = re.compile(rf"((?:{_SIGN})+['’])(?=\w)")
_WHOLE = ("aujourd", "prud", "entr", "grand")
# Pronouns behind a verb: voulez-vous, a-t-il, chamo-me.
_CLITIC = {
    "fr": re.compile(
        r"(?i)-(?:t-)?(?:je|tu|il|elle|on|nous|vous|ils|elles|ce|moi|toi|le|la|les|lui"
        r"|leur|y|en)$"
    ),
    "pt": re.compile(r"(?i)-(?:me|te|se|lhe|lhes|nos|vos|o|a|os|as|lo|la|los|las)$"),
}


class Token(NamedTuple):
    """A word of a text, with its offsets there in code points."""

    text: str
    start: int
    end: int


def tokens(text, language):
    """Return the words of `text` in order; numbers are words too."""
    found = []
    for match in _WORD.finditer(text):
        found.extend(_split(match[0], match.start(), language))
    return found


def _split(word, start, language):
    """Yield the tokens of one run of letters, as the language writes them together."""
    if word[-1] in "'’" and language not in _ELIDED:
        word = word[:-1]
    if language in _ELIDED:
        while elision := _ELISION.match(word):
            if elision[1][:-1].casefold() in _WHOLE:
                break
            yield Token(elision[1], start, start + len(elision[1]))
            start, word = start + len(elision[1]), word[elision.end() :]
    clitic = _CLITIC[language].search(word) if language in _CLITIC else None
    if clitic and clitic.start():
        middle = start + clitic.start()
        yield Token(word[: clitic.start()], start, middle)
        pronoun = clitic[0].rpartition("-")[2]
        end = start + len(word)
        yield Token(pronoun, end - len(pronoun), end)
    else:
        yield Token(word, start, start + len(word))


@lru_cache(maxsize=100_000)
def lemma(word, language):
    """Return the base form of a word: one, however it is inflected, cased or encoded.

    It is lower case, but for German nouns. A base form is its own base form.
    """
    import simplemma

    form = unicodedata.normalize("NFC", word).replace("’", "'").lower()
    if language == "de":
        # What a form leads to must lead to itself: Lebens, Leben, leben.
        return _german_lemma(_german_lemma(form).lower())
    return simplemma.lemmatize(form, lang=language).lower()


def _german_lemma(form):
    """Return the base form of a German word that may or may not be a noun.

    Its case doesn't tell, so it is looked up in both. An adjective stays one (gut, and
    not das Gut); a word that is a noun's base form, and no infinitive, is that noun
    (Haus, and not hausen); else it is a noun where that is clearly more common.
    """
    import simplemma

    base = simplemma.lemmatize(form, lang="de")
    noun = simplemma.lemmatize(form.capitalize(), lang="de")
    if base == form and simplemma.lemmatize(form + "e", lang="de") == form:
        return form
    if noun.lower() == form and not (base.lower() == form and form.endswith("n")):
        return noun
    lead = (frequency(noun, "de") or 0) - (frequency(base, "de") or 0)
    return noun if lead >= NOUN_LEAD else base


def lemmas(text, language):
    """Return the lemma of each word of `text`, in order."""
    return [lemma(token.text, language) for token in tokens(text, language)]


def content_lemmas(text, language):
    """Return the lemmas of the words of `text` that are no function words."""
    return [
        lemma(token.text, language)
        for token in tokens(text, language)
        if not is_function_word(token.text, language)
    ]


def frequency(word, language):
    """Return the word's Zipf frequency (0–8, a step is ten times), None if unknown.

    Source: wordfreq's small lists, which hold words above Zipf 3.
    """
    from wordfreq import zipf_frequency

    return zipf_frequency(word, language, wordlist="small") or None


def difficulty(level, zipf=None):
    """Return how hard a word is, 1–10: by the level it came at and its frequency.

    One easier from Zipf 5 (among the thousand or so commonest words), one harder below
    4; just the level's where the frequency is unknown, and 5 where the level is.
    """
    base = BASE_DIFFICULTY.get(level, UNKNOWN_DIFFICULTY)
    if zipf is None or 4 <= zipf < 5:
        return base
    return max(1, min(10, base - 1 if zipf >= 5 else base + 1))


@cache
def _function_words():
    lists = tomllib.loads(FUNCTION_WORDS.read_text(encoding="utf-8"))
    return {code: frozenset(words.split()) for code, words in lists.items()}


def is_function_word(word, language):
    """Whether the word carries grammar rather than meaning, as `content/` has it."""
    form = unicodedata.normalize("NFC", word).replace("’", "'").lower()
    return form in _function_words()[language]


def warm_up(languages=LANGUAGES):
    """Load what looking up words of these languages needs."""
    for language in languages:
        is_function_word("", language)
        lemma("a", language)
        frequency("a", language)
