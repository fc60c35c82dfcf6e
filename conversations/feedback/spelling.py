"""Words that no dictionary has, with the one that was meant: only where it is clear.

A word is known if pyspellchecker's or simplemma's dictionary has it in any form, or if
it is common (wordfreq); so is what German puts together of known words. Names, numbers,
quotations, abbreviations, and words that the learner's native language or English has
are left alone. Where two words may have been meant alike, nothing is said.
"""

import re
from functools import cache
from itertools import pairwise

from conversations.feedback.candidates import Candidate
from conversations.feedback.reasons import reason
from lingo.languages import LANGUAGES
from lingo.text import fold
from vocabulary import lexicon

# Shorter words are left alone: so many may be meant.
SHORTEST, SHORTEST_ACCENTED = 5, 3
# How much more common (Zipf) than the written word the meant one must be, and than the
# next one that may be meant; and how common at least.
LEAD, LEAD_ACCENTED, CLEAR, LEAST = 1.5, 0.5, 0.8, 3.3
# How common a word of another language is that was meant as it stands.
FOREIGN = 2.5
# What a second edit counts for, in Zipf.
EDIT = 1.0
CONFIDENCE, CONFIDENCE_ACCENTED = 0.8, 0.9

_QUOTATION = re.compile(r"«[^»]*»|“[^”]*”|„[^“”]*[“”]|\"[^\"]*\"|‘[^’]*’|'[^']*'(?!\w)")
_DRAWN_OUT = re.compile(r"(.)\1\1|^(?:[hj][aeiou]|[aeiou][hj]){2,}|^[^aeiouyà-ÿ]+$")
_LINKS = ("", "s", "es", "n", "en", "er")
_SHORTEST_PART = 4
# Letters that sound alike in a language: what a learner writes by ear.
_SOUNDS = {
    "es": [("qu", "k"), (r"c(?=[ei])", "s"), ("z", "s"), ("c", "k"), ("v", "b"),
           (r"^h", ""), ("ll", "y"), (r"g(?=[ei])", "j"), ("gu(?=[ei])", "g")],
    "pt": [("ss", "s"), (r"c(?=[ei])", "s"), ("ç", "s"), ("z", "s"), (r"^h", "")],
    "it": [("ch", "k"), ("cq", "k"), ("q", "k"), ("c(?=[aou])", "k"), (r"^h", "")],
    "fr": [("ph", "f"), ("qu", "k"), (r"c(?=[ei])", "s"), ("c", "k"), (r"^h", "")],
    "de": [("ie", "i"), (r"h(?=[^aeiou]|$)", ""), ("tz", "z"), ("dt", "t")],
    "en": [("ie", "ei"), ("ph", "f"), ("ght", "t"), ("ck", "k"), ("c(?=[ei])", "s")],
}  # fmt: skip


class SpellingSource:
    """Finds words that were misspelt."""

    name, label = "spelling", "Spelling"

    def find(self, writing):
        """Return the `Candidate`s in a text in the target language."""
        text, language = writing.text, writing.language
        quoted = [match.span() for match in _QUOTATION.finditer(text)]
        found = []
        for token in lexicon.tokens(text, language):
            if any(start <= token.start < end for start, end in quoted):
                continue
            is_inside = lexicon.is_inside_sentence(text, token.start)
            if not _is_plain(token.text, is_inside, language):
                continue
            meant = meant_by(token.text.lower(), language, writing.native_language)
            is_name = token.text[0].isupper() and (language != "de" or not is_inside)
            if meant is None or (is_name and not _is_same(meant, token.text)):
                continue
            found.append(_candidate(token, meant, writing))
        return found


def warm_up(languages=LANGUAGES):
    """Load what finding spelling mistakes in these languages needs."""
    for language in languages:
        _by_letters(language)
        _by_sound(language)


def _candidate(token, meant, writing):
    is_accents = _is_same(meant, token.text)
    if writing.language == "de" and lexicon.lemma(meant, "de").istitle():
        meant = meant.capitalize()
    if token.text[0].isupper():
        meant = meant[0].upper() + meant[1:]
    kind = "accents" if is_accents else "spelling"
    return Candidate(
        token.start,
        token.end,
        token.text,
        meant,
        "spelling",
        "minor",
        reason(kind, writing.native_language, meant),
        SpellingSource.name,
        CONFIDENCE_ACCENTED if is_accents else CONFIDENCE,
    )


def _is_plain(word, is_inside, language):
    """Whether the word is one to be looked up: no name, number or cry."""
    is_abbreviation = len(word) > 1 and word.isupper()
    is_name = is_inside and word[0].isupper() and language != "de"
    if is_abbreviation or is_name or not word.isalpha():
        return False
    return word[1:].islower() and not _DRAWN_OUT.search(word.lower())


def meant_by(word, language, native_language):
    """Return what a lower-case word was meant to be, or None where it is right.

    None too where that isn't clear.
    """
    if len(word) < SHORTEST_ACCENTED:
        return None
    own = _frequency(word, language)
    accented = _accented(word, language)
    if accented and _frequency(accented, language) >= own + LEAD_ACCENTED:
        return accented
    if len(word) < SHORTEST or is_known(word, language):
        return None
    others = {native_language, "en"} - {language}
    if any(_frequency(word, other) >= FOREIGN for other in others):
        return None
    return _nearest(word, language, own)


def is_known(word, language):
    """Whether a lower-case word is right as it stands, as far as is known."""
    import simplemma

    if lexicon.frequency(word, language) or word in _dictionary(language):
        return True
    forms = [word, word.capitalize(), lexicon.lemma(word, language)]
    if any(simplemma.is_known(form, language) for form in forms):
        return True
    return language == "de" and (_is_compound(word) or _is_typed_without(word))


def _accented(word, language):
    """Return the word with its accents right, where it is none without; or None."""
    import simplemma

    known = _dictionary(language)
    if word in known or lexicon.is_function_word(word, language):
        return None
    # A form whose base form only has other accents was met in texts that lack them;
    # but one with accents of its own stands: cómo, as well as como.
    base = simplemma.lemmatize(word, lang=language)
    is_bare = fold(word) == word
    is_own = simplemma.is_known(word, language) and not (is_bare and fold(base) == word)
    same = _by_letters(language).get(fold(word))
    if is_own or same in (None, word) or same.replace("ß", "ss") == word:
        return None
    return same


def _nearest(word, language, own):
    """Return the one word that is near enough, and clearly nearer than the others."""
    near = {
        other: _frequency(other, language)
        for other in _dictionary(language).candidates(word) or ()
        if abs(len(other) - len(word)) <= 1
    }
    heard = _by_sound(language).get(_sound(word, language))
    if heard:
        # What sounds the same was meant rather than what merely looks like it.
        near[heard] = _frequency(heard, language) + EDIT
    ranked = sorted(near, key=lambda other: (-near[other], other))
    if not ranked or ranked[0] == word or near[ranked[0]] < LEAST:
        return None
    best, next_best = ranked[0], near[ranked[1]] if len(ranked) > 1 else 0
    is_clear = near[best] - next_best >= CLEAR and near[best] - own >= LEAD
    return best if is_clear else None


def _is_compound(word):
    """Whether German may put the word together of two that are known."""
    import simplemma

    def stands_alone(part):
        forms = (part, part.capitalize())
        return any(simplemma.is_known(form, "de") for form in forms)

    for cut in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
        first, second = word[:cut], word[cut:]
        if stands_alone(second) and any(
            stands_alone(first.removesuffix(link))
            for link in _LINKS
            if first.endswith(link) and len(first) - len(link) >= _SHORTEST_PART - 1
        ):
            return True
    return False


def _is_typed_without(word):
    """Whether it is a German word typed without umlauts: ae for ä."""
    import simplemma

    for plain, umlaut in (("ae", "ä"), ("oe", "ö"), ("ue", "ü")):
        word = word.replace(plain, umlaut)
    return any(simplemma.is_known(form, "de") for form in (word, word.capitalize()))


def _is_same(meant, word):
    """Whether two words differ in accents alone."""
    return fold(meant) == fold(word)


def _frequency(word, language):
    from wordfreq import zipf_frequency

    return zipf_frequency(word, language)


@cache
def _dictionary(language):
    from spellchecker import SpellChecker

    # A second edit takes half a second a word; `_by_sound` finds what it is for.
    return SpellChecker(language=language, distance=1)


@cache
def _common(language):
    """Return the words of the dictionaries that are common, the commonest first."""
    import simplemma
    from wordfreq import top_n_list

    known = _dictionary(language)
    return [
        word
        for word in top_n_list(language, 50_000, wordlist="small")
        if word.isalpha() and (word in known or simplemma.is_known(word, language))
    ]


@cache
def _by_letters(language):
    """Return the commonest word for each spelling without accents."""
    found = {}
    for word in _common(language):
        found.setdefault(fold(word), word)
    return found


@cache
def _by_sound(language):
    """Return the commonest word for each sound; none where two are nearly as common."""
    found: dict[str, list[str]] = {}
    for word in _common(language):
        found.setdefault(_sound(word, language), []).append(word)
    return {
        sound: words[0]
        for sound, words in found.items()
        if len(words) == 1
        or _frequency(words[0], language) - _frequency(words[1], language) >= CLEAR
    }


def _sound(word, language):
    """Return the word as it roughly sounds: without accents and double letters."""
    spelt = fold(word)
    for letters, sound in _SOUNDS[language]:
        spelt = re.sub(letters, sound, spelt)
    return spelt[:1] + "".join(
        after for before, after in pairwise(spelt) if before != after
    )
