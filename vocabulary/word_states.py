"""How well a learner knows the words of a text: new, learning, known or ignored."""

from typing import NamedTuple

from django.db.models import TextChoices

from vocabulary import lexicon
from vocabulary.managers import WORD_LENGTH
from vocabulary.models import VocabularyItem, WordMark

# How many lemmas a query asks for: SQLite takes 32,766 values, a page has far fewer.
BATCH = 10_000
# What says how well an item is known.
MEMORY = ("is_suspended", "state", "stability")


class State(TextChoices):
    NEW = "new", "New"
    LEARNING = "learning", "Learning"
    KNOWN = "known", "Known"
    IGNORED = "ignored", "Ignored"


class Word(NamedTuple):
    """A word of a text, with its offsets there in code points."""

    text: str
    start: int
    end: int
    lemma: str
    is_content: bool  # no function word


class Standing(NamedTuple):
    """What is the learner's own of a lemma: the key of its item, a mark, or both."""

    state: State
    item: int | None
    is_marked: bool


def words(text, language):
    """Return the `Word`s of the text in order.

    Only what can be vocabulary: numbers and endless runs of letters are left out. Names
    are words like others, since the lexicon doesn't tell them apart.
    """
    return [
        Word(
            *token,
            lexicon.lemma(token.text, language),
            not lexicon.is_function_word(token.text, language),
        )
        for token in lexicon.tokens(text, language)
        if len(token.text) <= WORD_LENGTH and any(map(str.isalpha, token.text))
    ]


def standings(learner, language, lemmas):
    """Return `Standing`s by lemma, of the lemmas that have an item or a mark.

    A mark is the learner's own word, and stands above what the item's memory says. Two
    queries, whatever the number of words (up to BATCH different ones).
    """
    found, lemmas = {}, sorted(lemmas)
    for start in range(0, len(lemmas), BATCH):
        batch = lemmas[start : start + BATCH]
        items = VocabularyItem.objects.for_learner(learner)
        items = items.filter(language=language, lemma__in=batch)
        for lemma, item, *memory in items.values_list("lemma", "pk", *MEMORY):
            found[lemma] = Standing(_state_by_memory(*memory), item, False)
        marks = WordMark.objects.for_learner(learner)
        marks = marks.filter(language=language, lemma__in=batch)
        for lemma, mark in marks.values_list("lemma", "mark"):
            item = found[lemma].item if lemma in found else None
            found[lemma] = Standing(State(mark), item, True)
    return found


def _state_by_memory(is_suspended, state, stability):
    if is_suspended:
        return State.IGNORED
    is_reviewed = state == VocabularyItem.State.REVIEW
    is_known = is_reviewed and stability >= VocabularyItem.KNOWN_DAYS
    return State.KNOWN if is_known else State.LEARNING


def state_of(word, found):
    """Return the state of a `Word` by the standings `found`.

    A function word counts as known unless the learner says or learns otherwise.
    """
    if word.lemma in found:
        return found[word.lemma].state
    return State.NEW if word.is_content else State.KNOWN


def known_share(words, found):
    """Return which share (0–1) of the words is known, None where there are none.

    Of the running words that carry meaning, each as often as it occurs: function words
    would make every text look half known. Ignored words are left out; words still being
    learned are not known yet.
    """
    states = [state_of(word, found) for word in words if word.is_content]
    counted = [state for state in states if state != State.IGNORED]
    return counted.count(State.KNOWN) / len(counted) if counted else None
