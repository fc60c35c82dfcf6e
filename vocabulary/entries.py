"""Entries of dictionaries, and how those of one word become one."""

import re
import unicodedata
from collections import defaultdict
from typing import NamedTuple

from vocabulary import lexicon

WORD_LENGTH = 100
TRANSLATION_LENGTH = 1000
# Where one translation ends and the next begins: senses by a semicolon.
BETWEEN = re.compile("[,;] ")


class Entry(NamedTuple):
    """A headword with its translations, a list for each of its senses."""

    word: str
    senses: list[list[str]]
    phonetic: str = ""
    # Of one field, region or style: said after what is generally so.
    is_special: bool = False


class Meaning(NamedTuple):
    """What the entries of one lemma say together."""

    translation: str
    phonetic: str


def lemma_of(word, language):
    """Return what a headword is kept under: its lemma; as it is if it is several words.

    >>> lemma_of("Casas", "es"), lemma_of("Buenos  días", "es")
    ('casa', 'buenos días')
    """
    parts = word.split()
    if len(parts) == 1:
        return lexicon.lemma(parts[0], language)
    return unicodedata.normalize("NFC", " ".join(parts)).replace("’", "'").lower()


def joined(entries, language, native_language):
    """Return the `Meaning` of each lemma of these entries.

    The entry of the base form itself comes first, those of special use last. Another
    form adds what it says beyond that: not *houses* to *house*. Left out is what is too
    long for a word or a translation.
    """
    found = defaultdict(list)
    for entry in entries:
        found[lemma_of(entry.word, language)].append(entry)
    meanings = {
        lemma: _meaning(lemma, alike, native_language)
        for lemma, alike in found.items()
        if 0 < len(lemma) <= WORD_LENGTH
    }
    return {lemma: said for lemma, said in meanings.items() if said.translation}


def _meaning(lemma, entries, native_language):
    def base(text):
        return tuple(lexicon.lemmas(text, native_language))

    said, senses, phonetics = set(), [], []
    for entry in sorted(entries, key=lambda one: (one.word != lemma, one.is_special)):
        bases = {base(text) for text in said} if entry.word != lemma else set()
        for sense in entry.senses:
            new = [
                text
                for text in dict.fromkeys(sense)
                if text not in said and not (bases and base(text) in bases)
            ]
            said.update(new)
            senses += [", ".join(new)] if new else []
        if entry.word.lower() == lemma.lower():
            phonetics.append(entry.phonetic)
    return Meaning(
        shortened("; ".join(senses), TRANSLATION_LENGTH),
        next(filter(None, phonetics), ""),
    )


def shortened(translation, length):
    """Return the first translations, as many whole ones as `length` characters hold."""
    if len(translation) <= length:
        return translation
    ends = [found.start() for found in BETWEEN.finditer(translation, 0, length + 2)]
    cuts = (translation[:end] for end in reversed(ends))
    return next((cut for cut in cuts if cut.count("(") == cut.count(")")), "")
