"""What words mean: as Lingo's own content and dictionaries say, and never a guess."""

from vocabulary.entries import lemma_of, shortened
from vocabulary.models import Gloss

# The source of what comes with Lingo, and its licence.
LINGO, LICENCE = "Lingo", "MIT"
# The most characters that a translation takes on a card.
CARD = 100


def look_up(language, words, native_language):
    """Return the glosses of each word or lemma: Lingo's first, then by source.

    Each of `words` is a key of what is returned; the list is empty where nothing is
    known. One query, whatever the number. Nobody needs a gloss in their own language.
    """
    found = {word: [] for word in words}
    if not found or language == native_language:
        return found
    lemmas = {word: lemma_of(word, language) for word in found}
    by_lemma = {}
    known = Gloss.objects.translating(language, native_language)
    for gloss in known.filter(lemma__in=set(lemmas.values())):
        by_lemma.setdefault(gloss.lemma, []).append(gloss)
    for word, lemma in lemmas.items():
        found[word] = sorted(
            by_lemma.get(lemma, []), key=lambda one: (one.source != LINGO, one.source)
        )
    return found


def translations(language, words, native_language):
    """Return the first gloss of each word that has one, as long as a card takes.

    See `look_up`; no query where there are no words.
    """
    found = look_up(language, words, native_language)
    return {
        word: text
        for word, glosses in found.items()
        if glosses and (text := shortened(glosses[0].translation, CARD))
    }
