"""Which CEFR range a learner's own sentences suggest: computed, without the ORM.

An estimate from three figures, none of which asks whether a sentence is right:

- `sentence`: words a sentence, on average. Hawkins and Filipović (2012), "Criterial
  Features in L2 English", found about 8 in exams at A2, 11 at B1, 14 at B2, 17 at C1
  and 19 at C2.
- `different`: how many of WINDOW words in a row have different base forms, on average
  over all such rows: the moving-average type–token ratio of Covington and McFall
  (2010), "Cutting the Gordian Knot", Journal of Quantitative Linguistics 17(2), which
  doesn't grow with the text. Base forms, since Treffers-Daller, Parslow and Williams
  (2018), "Back to Basics", Applied Linguistics 39(3), found that their number tells
  CEFR levels apart best; it explained 22 per cent of the differences between essays.
- `rarer`: how many of WINDOW words in a row are different words below RARE on the Zipf
  scale of van Heuven et al. (2014), by wordfreq (Speer 2022). That the share of rarer
  words grows with proficiency is what Laufer and Nation (1995), "Vocabulary Size and
  Use", Applied Linguistics 16(3), found: they drew the line at 2,000 words.

Those studies are of English essays. Which figure is typical of which level (`TYPICAL`)
is for sentences theirs, and for words Lingo's own, set on texts in six languages whose
levels are far apart (tests/conversations/levels): no learners were tested. So it always
is a range, and no certificate.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Hashable
from itertools import islice, pairwise
from typing import Any, NamedTuple

from conversations.feedback.language import identify
from lingo.text import fold, sentences
from vocabulary import lexicon

LEVELS = ("A1", "A2", "B1", "B2", "C1", "C2")
# The least text: Laufer and Nation's profile needs about 200 words to be stable, and
# measures of diversity 100 (Koizumi and In'nami 2012, System 40(4)).
ENOUGH_WORDS = 200
# The most that is looked at, the latest first.
MOST_WORDS = 2000
WINDOW = 50
# Of each language 2,600 to 3,100 words are commoner (wordfreq's small lists).
RARE = 4.5
# A sentence of fewer words answers without saying much; a longer one says no more.
LEAST, MOST = 3, 40
# A sentence is the tutor's if more than this share of its words are, in runs of RUN.
COPIED, RUN = 0.5, 3
# The lower ends of the frequency bands.
BANDS = (6, 5, 4, 3, 0)

# The figure that is typical of each level, in their order.
TYPICAL = {
    "sentence": (5, 7.9, 10.8, 14.2, 17.3, 19),
    "different": (32, 35, 38, 40, 42, 44),
    "rarer": (0.5, 2, 4, 6.5, 10, 14),
}


class Line(NamedTuple):
    """What one side said; `texts` are its parts in the target language.

    `source` is the caller's, who finds it again at each sentence.
    """

    conversation: Hashable
    is_learners: bool
    texts: list[str]
    source: Any = None


class Word(NamedTuple):
    """A word of a sentence: its form, base form and Zipf frequency (0: unknown).

    The frequency is that of the base form or of a form that the learner used, of
    whichever is the commonest: “gustó” is no rarer than “gusta”. Names
    and misspellings say nothing of what one knows: they aren't `is_counted`.
    """

    text: str
    lemma: str
    zipf: float
    is_counted: bool

    @property
    def is_rarer(self):
        return self.is_counted and self.zipf < RARE


class Sentence(NamedTuple):
    text: str
    words: list[Word]
    source: Any

    @property
    def rarer(self):
        """The rarer words, each base form once."""
        return list({word.lemma: word for word in self.words if word.is_rarer}.values())


class Figure(NamedTuple):
    """A figure, and where it stands: from 0.5 (typical of A1) to 5.5 (of C2)."""

    name: str
    value: float
    place: float

    @property
    def level(self):
        return LEVELS[int(self.place)]


class Estimate(NamedTuple):
    """What the `sentences` that count suggest, latest first.

    `lowest` and `highest` are levels, and None until there are ENOUGH_WORDS. `bands`
    has the different counted words of each frequency band, from the commonest on.
    """

    sentences: list[Sentence]
    number_of_words: int
    figures: list[Figure]
    lowest: str | None
    highest: str | None
    bands: dict[int, list[Word]]

    @property
    def missing(self):
        """How many words are still needed."""
        return max(0, ENOUGH_WORDS - self.number_of_words)


def estimate(lines, language):
    """Return the `Estimate` of the `Line`s, given in the order of time."""
    counted = own_sentences(lines, language)
    number = sum(len(sentence.words) for sentence in counted)
    figures, lowest, highest = [], None, None
    if number >= ENOUGH_WORDS:
        figures = _figures(counted)
        lowest, highest = between(*(figure.place for figure in figures))
    return Estimate(counted, number, figures, lowest, highest, _bands(counted))


def between(*places):
    """Return the lowest and the highest level that three places suggest: two or more.

    From halfway between the lowest two places to halfway between the highest two, but
    half a level around the middle one at least. None of the ends falls where a place
    rises.
    """
    low, middle, high = sorted(places)
    lowest = int(min((low + middle) / 2, middle - 0.5))
    highest = min(int(max((middle + high) / 2, middle + 0.5)), len(LEVELS) - 1)
    lowest = min(lowest, len(LEVELS) - 2)
    return LEVELS[lowest], LEVELS[max(highest, lowest + 1)]


def place(name, value):
    """Return where a figure's value stands, from 0.5 (typical of A1) to 5.5 (C2)."""
    typical = TYPICAL[name]
    if value <= typical[0]:
        return 0.5
    for level, (below, above) in enumerate(pairwise(typical)):
        if value <= above:
            return level + 0.5 + (value - below) / (above - below)
    return len(typical) - 0.5


def own_sentences(lines, language):
    """Return the learner's `Sentence`s that count, latest first, of MOST_WORDS words.

    Not those of another language, of fewer words than LEAST, said before, or said after
    the tutor in the same conversation.
    """
    counted = list(_found_sentences(lines, language))
    commonest = defaultdict(float)
    for word in (word for sentence in counted for word in sentence.words):
        commonest[word.lemma] = max(commonest[word.lemma], word.zipf)
    return [
        sentence._replace(
            words=[word._replace(zipf=commonest[word.lemma]) for word in sentence.words]
        )
        for sentence in counted
    ]


def _found_sentences(lines, language):
    """Yield the sentences, each word as common as it is alone."""
    number, seen = 0, set()
    for line, heard in reversed(list(_with_heard(lines, language))):
        for text in reversed([one for part in line.texts for one in sentences(part)]):
            forms = _forms(text, language)
            if number >= MOST_WORDS:
                return
            if len(forms) < LEAST or forms in seen or _is_copied(forms, heard):
                continue
            if identify(text, language) == language:
                seen.add(forms)
                number += len(forms)
                yield Sentence(text, _words(text, language), line.source)


def _with_heard(lines, language):
    """Yield each line of the learner's with the runs of words heard before it.

    They are {run: number of the line it was first said in}, and the line's own number.
    """
    said = defaultdict(dict)
    for number, line in enumerate(lines):
        runs = said[line.conversation]
        if line.is_learners:
            yield line, (runs, number)
            continue
        for text in line.texts:
            for run in _runs(_forms(text, language)):
                runs.setdefault(run, number)


def _is_copied(forms, heard):
    runs, number = heard
    copied = {
        place
        for start, run in enumerate(_runs(forms))
        if runs.get(run, number) < number
        for place in range(start, start + RUN)
    }
    return len(copied) > COPIED * len(forms)


def _forms(text, language):
    return tuple(fold(token.text) for token in lexicon.tokens(text, language))


def _runs(forms):
    return list(zip(*(forms[start:] for start in range(RUN)), strict=False))


def _words(text, language):
    return [_word(token, text, language) for token in lexicon.tokens(text, language)]


def _word(token, text, language):
    lemma = lexicon.lemma(token.text, language)
    zipfs = [lexicon.frequency(one, language) or 0 for one in (token.text, lemma)]
    is_counted = lexicon.is_worth_learning(
        token.text,
        language,
        is_inside_sentence=lexicon.is_inside_sentence(text, token.start),
    )
    return Word(token.text, lemma, max(zipfs), is_counted)


def _figures(counted):
    words = [word for sentence in counted for word in sentence.words]
    lengths = [min(MOST, len(sentence.words)) for sentence in counted]
    values = {
        "sentence": sum(lengths) / len(lengths),
        "different": in_a_row(word.lemma for word in words),
        "rarer": in_a_row(word.lemma if word.is_rarer else None for word in words),
    }
    return [Figure(name, value, place(name, value)) for name, value in values.items()]


def in_a_row(lemmas):
    """Return how many different ones WINDOW in a row have on average; None is none."""
    lemmas = iter(lemmas)
    window = deque(islice(lemmas, WINDOW))
    here = Counter(window)
    total, rows = len(here) - (None in here), 1
    for lemma in lemmas:
        gone = window.popleft()
        here[gone] -= 1
        if not here[gone]:
            del here[gone]
        window.append(lemma)
        here[lemma] += 1
        total, rows = total + len(here) - (None in here), rows + 1
    return total / rows


def _bands(counted):
    words = {
        word.lemma: word
        for sentence in counted
        for word in sentence.words
        if word.is_counted
    }
    bands = {least: [] for least in BANDS}
    for word in sorted(words.values(), key=lambda one: (-one.zipf, one.lemma)):
        bands[next(least for least in BANDS if word.zipf >= least)].append(word)
    return bands
