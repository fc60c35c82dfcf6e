"""Learn first: the words and phrases of a scenario, and which are new to a learner."""

from typing import NamedTuple

from lingo.text import sentences
from vocabulary import lexicon, word_states
from vocabulary.adding import add_words, remove_words
from vocabulary.managers import WORD_LENGTH, NewWord
from vocabulary.models import VocabularyItem
from vocabulary.word_states import State


class Useful(NamedTuple):
    """A word or phrase of a scenario, and how the learner stands to it.

    `item` is the key of the learner's item, None where there is none; `can_be_kept`
    says whether it is short enough to become one.
    """

    text: str
    translation: str
    state: State
    item: int | None
    can_be_kept: bool

    @property
    def is_new(self):
        return self.state == State.NEW and self.can_be_kept


class UsefulWords(NamedTuple):
    words: list[Useful]
    phrases: list[Useful]

    @property
    def new(self):
        """What the learner doesn't know yet and can keep."""
        return [one for one in (*self.words, *self.phrases) if one.is_new]


def useful(scenario, learner, language):
    """Return the scenario's `UsefulWords` in a target language: two queries."""
    native = scenario.told_in(learner.native_language)
    tables = (*scenario.words, *scenario.phrases)
    lemmas = {lexicon.lemma(table[language], language) for table in tables}
    known = word_states.standings(learner, language, lemmas)

    def read(tables):
        return [
            _useful(table[language], table[native], language, native, known)
            for table in tables
        ]

    return UsefulWords(read(scenario.words), read(scenario.phrases))


def _useful(text, translation, language, native, known):
    standing = known.get(lexicon.lemma(text, language))
    return Useful(
        text,
        translation if language != native else "",
        standing.state if standing else State.NEW,
        standing.item if standing else None,
        len(text) <= WORD_LENGTH,
    )


def learn(scenario, learner, language):
    """Add what is new of the scenario to the learner's vocabulary; return those items.

    A word's example is a model sentence of the scenario that has it. Safe to repeat.
    """
    new = useful(scenario, learner, language).new
    examples = _examples(scenario, language) if new else {}
    words = [
        NewWord(
            one.text,
            one.translation,
            examples.get(lexicon.lemma(one.text, language), ""),
        )
        for one in new
    ]
    return add_words(
        learner,
        language,
        words,
        level=scenario.level,
        source=VocabularyItem.Source.SCENARIO,
        source_id=scenario.slug,
    )


def learned(scenario, learner, language):
    """Return the items that `learn` added, as far as they aren't reviewed yet."""
    return VocabularyItem.objects.for_learner(learner).filter(
        source=VocabularyItem.Source.SCENARIO,
        source_id=scenario.slug,
        language=language,
        last_review=None,
    )


def unlearn(scenario, learner, language):
    """Take out of the vocabulary what is `learned`; return how many that were."""
    added = learned(scenario, learner, language)
    return remove_words(learner, list(added.values_list("pk", flat=True)))


def _examples(scenario, language):
    """Return the first sentence of the model answers that has it, by lemma."""
    found = {}
    for phase in scenario.phases.prefetch_related("objectives"):
        for objective in phase.objectives.all():
            for model in objective.prompt["model"].values():
                for sentence in sentences(model[language]):
                    for lemma in lexicon.lemmas(sentence, language):
                        found.setdefault(lemma, sentence)
    return found
