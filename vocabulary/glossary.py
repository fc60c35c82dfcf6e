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
    # A lemma may have one of its own (contas, conta, contar): the nearest counts.
    steps = {word: _steps(word, language) for word in found}
    by_lemma = {}
    for gloss in Gloss.objects.translating(language, native_language).filter(
        lemma__in={lemma for lemmas in steps.values() for lemma in lemmas}
    ):
        by_lemma.setdefault(gloss.lemma, []).append(gloss)
    for word, lemmas in steps.items():
        known = next((by_lemma[lemma] for lemma in lemmas if lemma in by_lemma), [])
        found[word] = sorted(known, key=lambda one: (one.source != LINGO, one.source))
    return found


def _steps(word, language):
    """Return what the word may be kept under: itself, its lemma, and that one's."""
    lemma = lemma_of(word, language)
    return [word, lemma, lemma_of(lemma, language)]


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
