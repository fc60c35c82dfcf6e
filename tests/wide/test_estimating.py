"""Whatever was said, an estimate is a range, and grows with what it is made of."""

from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.estimating import (
    LEVELS,
    TYPICAL,
    WINDOW,
    Line,
    between,
    estimate,
    place,
)
from lingo.languages import LANGUAGES

COMMON = ["casa", "tener", "ir", "comer", "grande", "amigo", "hoy", "y", "con", "mesa"]
RARE = ["magistrado", "frondoso", "hojear", "terquedad", "farola", "azafrán"]

values = st.floats(0, 60)
places = st.floats(0.5, 5.5)
# Enough words for an estimate: a number makes each sentence another one.
talk = st.lists(
    st.lists(st.sampled_from(COMMON + RARE), min_size=4, max_size=20),
    min_size=50,
    max_size=60,
)


def lines(sentences):
    texts = [f"{' '.join(words)} {n}" for n, words in enumerate(sentences)]
    return [Line(1, True, [text]) for text in texts]


def figures(sentences):
    found = estimate(lines(sentences), "es").figures
    return {figure.name: figure.value for figure in found}


@given(st.sampled_from(list(TYPICAL)), values, values)
def test_a_greater_value_never_stands_lower(name, one, other):
    low, high = sorted([one, other])

    assert 0.5 <= place(name, low) <= place(name, high) <= 5.5


@given(st.lists(places, min_size=3, max_size=3), st.integers(0, 2), places)
def test_no_end_of_the_range_falls_where_a_figure_rises(three, which, other):
    raised = list(three)
    raised[which] = max(three[which], other)
    before, after = between(*three), between(*raised)

    for lower, higher in zip(before, after, strict=True):
        assert LEVELS.index(lower) <= LEVELS.index(higher)


@given(places, places, places)
def test_the_range_has_two_levels_and_those_in_the_middle(one, other, third):
    lowest, highest = (LEVELS.index(end) for end in between(one, other, third))
    middle = sorted([one, other, third])[1]

    assert lowest < highest
    assert lowest <= middle <= highest + 1
    assert between(one, other, third) == between(third, one, other)


@given(st.lists(st.text(max_size=80), max_size=30), st.sampled_from(list(LANGUAGES)))
@settings(deadline=None)
def test_any_text_has_an_estimate_or_none(texts, language):
    found = estimate(
        [Line(n % 3, n % 2 == 0, [text], n) for n, text in enumerate(texts)], language
    )

    assert (found.lowest is None) == (found.missing > 0) == (not found.figures)
    for sentence in found.sentences:
        assert sentence.text in texts[sentence.source]
        assert sentence.source % 2 == 0


@given(talk, st.data())
@settings(deadline=None, max_examples=30)
def test_a_rare_word_for_a_common_one_never_lowers_the_rarer_words(sentences, data):
    at = data.draw(st.integers(0, len(sentences) - 1))
    where = data.draw(st.integers(0, len(sentences[at]) - 1))
    changed = [list(words) for words in sentences]
    if changed[at][where] in COMMON:
        changed[at][where] = data.draw(st.sampled_from(RARE))

    assert figures(changed)["rarer"] >= figures(sentences)["rarer"]


@given(talk)
@settings(deadline=None, max_examples=30)
def test_rows_of_words_are_counted_as_a_slow_count_of_each_counts_them(sentences):
    found = estimate(lines(sentences), "es")
    words = [word for sentence in found.sentences for word in sentence.words]
    rows = [words[n : n + WINDOW] for n in range(len(words) - WINDOW + 1)]
    different = [len({word.lemma for word in row}) for row in rows]
    rarer = [len({word.lemma for word in row if word.is_rarer}) for row in rows]

    got = {figure.name: figure.value for figure in found.figures}
    assert got["different"] == sum(different) / len(rows)
    assert got["rarer"] == sum(rarer) / len(rows)
