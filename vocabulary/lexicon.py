"""What Lingo knows of words: their forms, base forms, frequency and difficulty.

Lemmas come from simplemma, put right by `content/lemmas.toml`; frequencies come from
wordfreq. Both load a language when it is first asked for. `warm_up` for all six took
2.3 s of processor time and made the process 431 MB larger (VmRSS before and after, in a
process of its own; CPython 3.11, simplemma 2.0.0, wordfreq 3.1.1, x86-64): German
114 MB, Portuguese 99, Spanish 94, Italian 51, French 35, English 31. The README states
how many lemmas are right; `tests/lemmas.py` measures it.
"""

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from lingo.languages import LANGUAGES, Level

CONTENT = Path(__file__).resolve().parent / "content"
FUNCTION_WORDS = CONTENT / "function_words.toml"
LEMMAS = CONTENT / "lemmas.toml"

BASE_DIFFICULTY = {
    Level.BEGINNER: 2,
    Level.ELEMENTARY: 3,
    Level.INTERMEDIATE: 5,
    Level.UPPER_INTERMEDIATE: 7,
    Level.ADVANCED: 8,
    Level.PROFICIENT: 9,
}
UNKNOWN_DIFFICULTY = 5
LONGEST = 100
# How much more common (Zipf) a German noun must be than the infinitive that it may be,
# and how much less common it may be than the verb that it may be another form of.
NOUN_LEAD = 0.35
NOUN_LAG = -0.3

# A letter or digit with its combining marks; words have inner apostrophes and hyphens.
_SIGN = r"[^\W_][\u0300-\u036f]*"
_WORD = rf"(?:{_SIGN})+(?:['’\-\u2010\u2011](?:{_SIGN})+)*['’]?"
# Addresses on the net are no words.
_ADDRESS = r"(?:https?://|www\.)\S+|[\w.+\-]{1,64}@[\w\-]+(?:\.[\w\-]+)+"
_WORDS = re.compile(rf"(?:{_ADDRESS})|({_WORD})", re.IGNORECASE)
# Where one word is written as two: l'addition, dell'acqua, d'água.
_ELIDED = {"fr", "it", "pt"}
_ELISION = re.compile(rf"((?:{_SIGN})+['’])(?=\w)")
_WHOLE = {"aujourd", "prud", "entr", "grand", "presqu", "quelqu"}
_WHOLE_PAIRS = {"rendez-vous"}
MOST_PRONOUNS = 2
# Pronouns behind a verb: voulez-vous, a-t-il, chamo-me.
_CLITICS = {
    "fr": re.compile(
        r"(?i)-(?:t-)?(je|tu|il|elle|on|nous|vous|ils|elles|ce|moi|toi|le|la|les|lui"
        r"|leur|y|en)$"
    ),
    "pt": re.compile(r"(?i)-(me|te|se|lhe|lhes|nos|vos|o|a|os|as|lo|la|los|las)$"),
}
# Where the pronouns written onto a verb may begin: ver|lo, dá|melo, dir|glielo.
_PRONOUNS = {
    "es": re.compile(
        r"(?<=..)(?=(?:(?:[mts]e|n?os)?l[aeo]s?|(?:se)?(?:[mt]e|n?os)|se)$)"
    ),
    "it": re.compile(
        r"(?<=..)(?=(?:(?:[mtscv]e|glie)(?:l[aeio]|ne)|[mtscv]i|l[aeio]|gli|ne)$)"
    ),
}
_INFINITIVE = {"es": ("ar", "er", "ir"), "it": ("are", "ere", "ire", "rre")}
# Words that English writes with a capital and that are no names.
_ENGLISH_CAPITALS = re.compile(
    r"(?:sun|mon|tues|wednes|thurs|fri|satur)days?|english|spanish|french|german|italian"
    r"|portuguese|january|february|march|april|may|june|july|august|september|october"
    r"|november|december"
)
_TYPED = str.maketrans("’\u2010\u2011", "'--")
_UNSTRESSED = str.maketrans("áéíóú", "aeiou")


class Token(NamedTuple):
    """A word of a text, with its offsets there in code points."""

    text: str
    start: int
    end: int


def tokens(text, language):
    """Return the words of `text` in order: numbers too, but no addresses on the net.

    Words that a language writes together are apart (l'addition, voulez-vous), others
    with inner apostrophes and hyphens are one (o'clock, porte-clés).
    """
    found = []
    for match in _WORDS.finditer(text):
        word, start = match[1], match.start()
        if word and word.isalnum():
            found.append(Token(word, start, match.end()))
        elif word:
            found.extend(_split(word, start, language))
    return found


def _split(word, start, language):
    """Yield the tokens of one run of letters, as the language writes them together."""
    if word[-1] in "'’" and not _is_elided(word, language):
        word = word[:-1]
    if language in _ELIDED:
        while elision := _ELISION.match(word):
            if elision[1][:-1].casefold() in _WHOLE:
                break
            yield Token(elision[1], start, start + len(elision[1]))
            start, word = start + len(elision[1]), word[elision.end() :]
    if language in _CLITICS:
        yield from _split_pronouns(word, start, language)
    else:
        yield Token(word, start, start + len(word))


def _is_elided(word, language):
    """Whether the last apostrophe belongs to the word (po') and closes no quotation."""
    form = _plain(word)
    return is_function_word(form, language) or form in _corrections()[language]


def _split_pronouns(word, start, language):
    """Yield a verb and the pronouns that hyphens tie to it: donne-le-moi."""
    pronouns = []
    while word.casefold() not in _WHOLE_PAIRS and len(pronouns) < MOST_PRONOUNS:
        clitic = _CLITICS[language].search(word)
        if not clitic:
            break
        pronoun, end = clitic[1], start + clitic.end()
        pronouns.append(Token(pronoun, end - len(pronoun), end))
        word = word[: clitic.start()]
    yield Token(word, start, start + len(word))
    yield from reversed(pronouns)


@lru_cache(maxsize=100_000)
def lemma(word, language):
    """Return the base form of a word: one, however it is inflected, cased or encoded.

    It is lower case, but for German nouns. A base form is its own base form: what a
    form leads to is looked up again until nothing changes. A text of several words, of
    no characters or more than 100 is no word and stays as it is, in lower case.
    """
    base = form = _plain(word)
    if not 0 < len(form) <= LONGEST or " " in form:
        return form
    met = []
    while form not in met:
        met.append(form)
        base = _base(form, language)
        form = base.lower()
    return base


def _plain(word):
    return unicodedata.normalize("NFC", word).translate(_TYPED).lower()


def _base(form, language):
    """Return the next form on the way to the base form of a lower-case word."""
    import simplemma

    if base := _corrections()[language].get(form):
        return base
    if language == "de":
        return _german_base(form)
    if verb := _verb_with_pronouns(form, language):
        return verb
    return simplemma.lemmatize(form, lang=language).lower()


@cache
def _corrections():
    """Return the base forms that `content/lemmas.toml` has, by language and form."""
    found = {}
    for code, text in tomllib.loads(LEMMAS.read_text(encoding="utf-8")).items():
        bases = found[code] = {}
        for line in text.strip().split("\n"):
            base, _, forms = line.partition(": ")
            for own in [base] if forms else line[1:].split():
                bases[own.lower()] = own
            bases |= dict.fromkeys(forms.split(), base)
    return found


def _verb_with_pronouns(form, language):
    """Return the infinitive of a verb that its pronouns are written onto, else None.

    They stand behind an infinitive (verlo), a gerund (viéndolo) or an imperative
    (llámame), where Spanish marks the stress; a word of the dictionary has none.
    """
    import simplemma

    if language not in _PRONOUNS:
        return None
    if simplemma.is_known(form, language) and not form.endswith("rse"):
        return None
    for pronouns in _PRONOUNS[language].finditer(form):
        stem = form[: pronouns.start()]
        plain = stem.translate(_UNSTRESSED)
        if plain == stem and language == "es" and not stem.endswith("r"):
            continue
        for verb in _infinitives(plain, language):
            is_base = simplemma.lemmatize(verb, lang=language) == verb
            if is_base and simplemma.is_known(verb, language):
                return verb
    return None


def _infinitives(stem, language):
    """Yield the infinitives that what stands before the pronouns may be of."""
    import simplemma

    ending = "e" if language == "it" else ""
    if stem.endswith("r"):
        yield stem + ending
    else:
        base = _corrections()[language].get(stem)
        base = base or simplemma.lemmatize(stem, lang=language)
        if base.endswith(_INFINITIVE[language]):
            yield base
        yield from (stem + "r" + ending, stem[:-1] + "er" + ending)


def _german_base(form):
    """Return the base form of a German word that may or may not be a noun.

    Its case doesn't tell, so it is looked up in both. A function word and an adjective
    stay such (gut, and not das Gut). A noun's base form is that noun (Haus, and not
    hausen) unless it is an infinitive, or a form of a verb that is more common (trank,
    and not der Trank). Another form is a noun's where that is common enough.
    """
    import simplemma

    form = form.removesuffix("'s") or form  # geht's
    base = simplemma.lemmatize(form, lang="de")
    if is_function_word(form, "de") or _is_adjective(base):
        return base
    noun = simplemma.lemmatize(form.capitalize(), lang="de")
    lead = (frequency(noun, "de") or 0) - (frequency(base, "de") or 0)
    if base == form and form.endswith("n"):
        return noun if lead >= NOUN_LEAD else base
    if noun.lower() == form:
        # A stem is a noun (Kauf) more often than an imperative.
        is_other_form = base.endswith("n") and base != form + "en"
        return base if is_other_form and lead < 0 else noun
    return noun if lead >= NOUN_LAG and noun.istitle() else base


def _is_adjective(base):
    import simplemma

    return base.islower() and simplemma.lemmatize(base + "e", lang="de") == base


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


def function_words(language):
    """Return the language's function words, as `content/` has them, in order."""
    return sorted(_function_words()[language])


def is_function_word(word, language):
    """Whether the word carries grammar rather than meaning, as `content/` has it."""
    return _plain(word) in _function_words()[language]


def is_worth_learning(word, language, *, is_inside_sentence=False):
    """Whether a word met in a text may be offered to a learner as vocabulary.

    It has two letters or more and no digit, it is no form of a function word, and it is
    known: to the frequency list or to the dictionary. `is_inside_sentence` says that
    other words stand before it in its sentence, where a capital marks a name, except in
    German. Whether the learner has the word already is for the caller to see.
    """
    import simplemma

    form, base = _plain(word), lemma(word, language)
    letters = [sign for sign in form if sign not in "'-"]
    if len(letters) < 2 or not all(map(str.isalpha, letters)):
        return False
    if is_function_word(form, language) or is_function_word(base, language):
        return False
    is_capital = word[0].isupper() and not _ENGLISH_CAPITALS.fullmatch(form)
    if is_inside_sentence and is_capital and language != "de":
        return False
    return bool(frequency(base, language)) or simplemma.is_known(form, language)


def is_inside_sentence(text, start):
    """Whether another word stands before the one at `start` in its sentence."""
    before = text[:start].rstrip(" \t\n¡¿«“„\"'(")
    return bool(before) and before[-1] not in ".!?…:"


def warm_up(languages=LANGUAGES):
    """Load what looking up words of these languages needs."""
    import simplemma

    _function_words()
    _corrections()
    for language in languages:
        simplemma.lemmatize("a", lang=language)
        frequency("a", language)
