"""What code checks of a language model's reply: language, form, known words."""

import re
from dataclasses import dataclass
from math import ceil

from conversations.feedback.language import identify
from conversations.tutors.checking import BANDS
from conversations.tutors.prompting import SENTENCE_WORDS
from lingo.languages import LANGUAGES, Level
from lingo.text import sentences
from vocabulary import lexicon, word_states
from vocabulary.word_states import State, Word, state_of

# From which Zipf frequency on a word counts as known to everybody of a level: to the
# lower ones what the guided tutor's lines may have, to the others a choice of Lingo's.
KNOWN_FROM = {
    Level.BEGINNER: BANDS["beginner"],
    Level.ELEMENTARY: BANDS["beginner"],
    Level.INTERMEDIATE: BANDS["intermediate"],
    Level.UPPER_INTERMEDIATE: 3.8,
    Level.ADVANCED: 3.5,
    Level.PROFICIENT: 3.2,
}

# HTML, Markdown, addresses, and the marks of the instructions; they are shown as text.
MARKUP = re.compile(
    r"</?[a-z][^<>]*>|\*\*|`|\]\(|https?://|^\s*[-*#•]\s|<<<|>>>",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass
class Checked:
    """A text with what is wrong with it, in sentences for the model to read.

    `unknown` are the words that the learner is unlikely to know, each lemma once;
    `is_hard` says that they are more than the learner's dial allows.
    """

    text: str
    language: str
    problems: list[str]
    unknown: list[Word]
    is_hard: bool


def check(text, learner, *, language, level):
    """Return the `Checked` text. Two queries."""
    problems = []
    spoken = identify(text, language) or language
    if spoken != language:
        problems.append(f"It isn't in {LANGUAGES[language].name}.")
    if MARKUP.search(text):
        problems.append("It has markup, links or marks; it must be plain text.")
    most = SENTENCE_WORDS.get(level)
    longest = max(
        (len(lexicon.tokens(one, language)) for one in sentences(text)), default=0
    )
    if most and longest > most:
        problems.append(
            f"A sentence has {longest} words; at this level it may have {most}."
        )
    words = word_states.words(text, language)
    unknown = _unknown(words, text, learner, language, level)
    once = list({word.lemma: word for word in reversed(unknown)}.values())[::-1]
    # Of running words, function words too; one is always allowed in a short text.
    allowed = ceil(len(words) * (100 - learner.known_words) / 100)
    is_hard = len(unknown) > allowed
    if is_hard:
        hard = ", ".join(word.text for word in once)
        problems.append(
            f"Too many words are likely unknown to the learner: {hard}. Use commoner "
            "ones, or fewer of them, and list all that you keep in `vocabulary`."
        )
    return Checked(text, spoken, problems, once, is_hard)


def _unknown(words, text, learner, language, level):
    """Return those of the words that the learner hasn't met and that aren't common.

    A word that is being learned is no unknown one: to say what it means would spare
    its recall. Nor are names, numbers and words that no list knows.
    """
    found = word_states.standings(learner, language, {word.lemma for word in words})
    least = KNOWN_FROM.get(level, KNOWN_FROM[Level.INTERMEDIATE])
    return [
        word
        for word in words
        if state_of(word, found) == State.NEW
        and _commonness(word, language) < least
        and lexicon.is_worth_learning(
            word.text,
            language,
            is_inside_sentence=lexicon.is_inside_sentence(text, word.start),
        )
    ]


def _commonness(word, language):
    of = (lexicon.frequency(form, language) or 0 for form in (word.text, word.lemma))
    return max(of)
