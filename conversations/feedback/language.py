"""Which language a learner's message is in: only said where it is clear.

Two witnesses must agree that it is another language than the expected one: py3langid,
restricted to Lingo's languages, and the words themselves, by how common each is in each
language (wordfreq). A false reminder is worse than a missed one.
"""

import unicodedata
from functools import cache

from lingo.languages import LANGUAGES
from vocabulary import lexicon

# Another script than Latin is no language that Lingo teaches (ISO 639-2: undetermined).
UNDETERMINED = "und"
# The least certainty of py3langid, and the least lead in mean Zipf frequency a word.
CERTAINTY = 0.7
LEAD = 1.2


def identify(text, expected):
    """Return the code of the language `text` is in, `expected` wherever it may be that.

    "und" stands for a script that none of Lingo's languages uses. None where there are
    no words to tell by.
    """
    words = [
        token.text.lower()
        for token in lexicon.tokens(unicodedata.normalize("NFC", text), expected)
        if not token.text.isdecimal()
    ]
    if not words:
        return None
    if not any(_is_latin(word) for word in words):
        return UNDETERMINED
    common = {code: _commonness(words, code) for code in LANGUAGES}
    likely = max(common, key=lambda code: common[code])
    if likely == expected or common[likely] - common[expected] < LEAD:
        return expected
    guess, certainty = _identifier().classify(text)
    return likely if guess != expected and certainty >= CERTAINTY else expected


def _is_latin(word):
    return any(unicodedata.name(letter, "").startswith("LATIN") for letter in word)


def _commonness(words, language):
    """Return the mean Zipf frequency of the words in the language, 0 for an unknown."""
    return sum(lexicon.frequency(word, language) or 0 for word in words) / len(words)


@cache
def _identifier():
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(LANGUAGES))
    return identifier
