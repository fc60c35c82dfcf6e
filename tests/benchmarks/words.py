"""Telling known from new words in a message, beside cutting it into words alone."""

import statistics

from tests.benchmarks.material import new_words
from tests.factories import LearnerFactory, introduce
from vocabulary import lexicon, word_states

WORDS, REPETITIONS = 500, 50


def measure(milliseconds):
    """Return median milliseconds for a message of 500 words, by act, once warm.

    The learner has 1,000 items; half of the message's words are among them.
    """
    learner, real = LearnerFactory(), new_words()
    introduce(learner, *real[:1000])
    text = " ".join(real[place] for place in range(750, 750 + WORDS))

    def analyse():
        words = word_states.words(text, "es")
        lemmas = {word.lemma for word in words}
        found = word_states.standings(learner, "es", lemmas)
        word_states.known_share(words, found)

    acts = {"tokens": lambda: lexicon.tokens(text, "es"), "analysis": analyse}
    return {
        name: statistics.median(milliseconds(act) for _ in range(REPETITIONS))
        for name, act in acts.items()
    }
