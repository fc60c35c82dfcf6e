"""Which level sentences suggest: computed from a learner's own words alone."""

import tomllib
from itertools import islice, permutations
from pathlib import Path

import pytest

from conversations import estimating
from conversations.estimating import LEVELS, Line, between, estimate, place
from lingo.languages import LANGUAGES

FOLDER = Path(__file__).parent / "levels"
TEXTS = {
    code: {
        name: text.strip().split("\n")
        for name, text in tomllib.loads((FOLDER / f"{code}.toml").read_text()).items()
    }
    for code in LANGUAGES
}


def said(*texts, is_learners=True, conversation=1):
    return [Line(conversation, is_learners, [text], text) for text in texts]


def heard(*texts, **fields):
    return said(*texts, is_learners=False, **fields)


def counted(lines, language="es"):
    """Return the sentences that count, in the order in which they were said."""
    return [one.text for one in reversed(estimate(lines, language).sentences)]


def range_of(code, name):
    found = estimate(said(*TEXTS[code][name]), code)
    return LEVELS.index(found.lowest), LEVELS.index(found.highest)


@pytest.mark.parametrize("code", LANGUAGES)
class TestTexts:
    def test_plain_talk_suggests_a_basic_level(self, code):
        lowest, highest = range_of(code, "basic")

        assert lowest <= LEVELS.index("A2")
        assert highest <= LEVELS.index("B1")

    def test_tales_and_reasons_suggest_an_independent_level(self, code):
        lowest, highest = range_of(code, "independent")

        assert LEVELS.index("A2") <= lowest <= LEVELS.index("B1")
        assert highest == LEVELS.index("B2")

    def test_a_learned_argument_suggests_a_proficient_level(self, code):
        assert range_of(code, "proficient") == (LEVELS.index("C1"), LEVELS.index("C2"))

    def test_each_figure_tells_the_texts_apart(self, code):
        figures = [estimate(said(*text), code).figures for text in TEXTS[code].values()]

        for values in zip(*figures, strict=True):
            places = [figure.place for figure in values]
            assert places == sorted(set(places))


class TestEnough:
    def test_without_words_there_is_no_level(self):
        found = estimate([], "es")

        assert (found.lowest, found.highest, found.figures) == (None, None, [])
        assert (found.number_of_words, found.missing) == (0, 200)
        assert not any(found.bands.values())

    def test_an_estimate_begins_with_200_words(self):
        # Each has eight words, so that 25 are enough.
        lines = said(*(f"el día {n} fui a casa de {n}" for n in range(25)))

        few, enough = estimate(lines[1:], "es"), estimate(lines, "es")

        assert (few.number_of_words, few.missing, few.lowest) == (192, 8, None)
        assert (enough.number_of_words, enough.missing) == (200, 0)
        assert enough.lowest == "A1"

    def test_only_the_latest_words_count(self):
        lines = said(*(f"el día {n} fui a casa de {n}" for n in range(300)))

        found = estimate(lines, "es")

        assert found.number_of_words == estimating.MOST_WORDS
        assert found.sentences[0].source == lines[-1].source


class TestWhatCounts:
    def test_sentences_of_the_learners_with_their_source(self):
        [line] = said("Ayer comí pescado. ¿Y tú qué comiste?")

        found = estimate([*heard("Buenos días a todos ustedes"), line], "es").sentences

        assert [one.text for one in found] == [
            "¿Y tú qué comiste?",
            "Ayer comí pescado.",
        ]
        assert {one.source for one in found} == {line.source}

    def test_short_answers_say_nothing(self):
        assert counted(said("Sí, claro.", "Gracias.", "Soy de Londres.")) == [
            "Soy de Londres."
        ]

    def test_what_is_said_again_counts_once(self):
        assert counted(said("Soy de Londres.", "¡SOY de londres!")) == [
            "¡SOY de londres!"
        ]

    def test_another_language_does_not_count(self):
        english = "I don't know how to say this in the other language."

        assert counted(said(f"Quiero una mesa. {english}")) == ["Quiero una mesa."]

    @pytest.mark.parametrize(
        "text",
        [
            "Me gustaría una mesa para dos, por favor.",
            "me gustaria una mesa para dos por favor",
            "Una mesa para dos.",
            "Me gustaría una mesa para tres, por favor.",
        ],
    )
    def test_saying_the_tutors_sentence_back_does_not_count(self, text):
        model = heard("Di por ejemplo: Me gustaría una mesa para dos, por favor.")

        assert counted([*model, *said(text)]) == []

    def test_words_of_the_tutors_in_a_sentence_of_ones_own_count(self):
        asked = heard("¿Te gustaría una mesa para dos cerca de la ventana?")
        answer = "No, busco una mesa para dos, pero lejos de la puerta principal."

        assert counted([*asked, *said(answer)]) == [answer]

    def test_what_the_tutor_says_later_or_elsewhere_is_no_model(self):
        model = "Me gustaría una mesa para dos, por favor."

        assert counted([*said(model), *heard(model)]) == [model]
        assert counted([*heard(model, conversation=2), *said(model)]) == [model]


class TestWords:
    def words(self, text, language="es"):
        [sentence] = estimate(said(text), language).sentences
        return sentence

    def test_rarer_words_are_named_once(self):
        sentence = self.words("El magistrado jubilado hojea y los magistrados hojean.")

        assert [word.lemma for word in sentence.rarer] == [
            "magistrado",
            "jubilado",
            "hojear",
        ]

    def test_a_word_is_as_common_as_its_commonest_form(self):
        sentence = self.words("I went to the market with my children.", "en")

        zipfs = {word.text: word.zipf for word in sentence.words}
        assert zipfs["went"] > 5
        assert sentence.rarer == []

    def test_a_form_is_no_rarer_than_another_that_the_learner_used(self):
        alone = self.words("El cine gustó a todos ayer.")
        both = estimate(said("El cine gustó a todos.", "Me gusta el cine."), "es")

        assert [word.text for word in alone.rarer] == ["gustó"]
        assert not any(sentence.rarer for sentence in both.sentences)

    @pytest.mark.parametrize("unknown", ["xqzwv", "Xochiquetzal", "38947"])
    def test_names_numbers_and_slips_are_not_rare_words(self, unknown):
        assert self.words(f"Ayer vi a {unknown} en la casa.").rarer == []

    def test_bands_have_each_word_once_the_commonest_first(self):
        lines = said("La casa tiene cocina.", "Las casas tienen cocinas y magistrados.")

        bands = estimate(lines, "es").bands

        assert list(bands) == [6, 5, 4, 3, 0]
        lemmas = [word.lemma for words in bands.values() for word in words]
        assert lemmas == ["tener", "casa", "cocina", "magistrado"]
        assert all(
            least <= word.zipf for least, words in bands.items() for word in words
        )


class TestFigures:
    def figures(self, *texts):
        found = estimate(said(*texts), "es").figures
        return {figure.name: figure.value for figure in found}

    def test_sentences_are_measured_in_words_and_endless_ones_as_40(self):
        short = [f"Hoy es el día {n}" for n in range(20)]  # of five words
        long = " ".join(f"y luego {n}" for n in range(50))  # of 150

        assert self.figures(*short, long)["sentence"] == (20 * 5 + 40) / 21

    def test_different_words_are_counted_in_rows_of_50(self):
        new = [f"zq{n}a zq{n}b zq{n}c zq{n}d" for n in range(50)]
        orders = islice(permutations([f"zq{letter}" for letter in "abcdefghij"]), 60)
        again = [" ".join(order) for order in orders]

        assert self.figures(*new)["different"] == 50
        assert self.figures(*again)["different"] == 10
        assert self.figures(*new)["rarer"] == 0

    def test_a_rare_word_said_often_is_one_rare_word(self):
        said_often = [f"el magistrado {n} y el magistrado {n}" for n in range(30)]

        assert self.figures(*said_often)["rarer"] == 1


@pytest.mark.parametrize("name", estimating.TYPICAL)
def test_what_is_typical_of_a_level_stands_in_its_middle(name):
    typical = estimating.TYPICAL[name]

    assert [place(name, value) for value in typical] == [0.5, 1.5, 2.5, 3.5, 4.5, 5.5]
    assert place(name, 0) == 0.5
    assert place(name, 1000) == 5.5
    assert place(name, (typical[0] + typical[1]) / 2) == pytest.approx(1)


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ((0.5, 0.5, 0.5), ("A1", "A2")),
        ((5.5, 5.5, 5.5), ("C1", "C2")),
        ((2.4, 2.4, 2.4), ("A2", "B1")),
        ((2.6, 2.6, 2.6), ("B1", "B2")),
        ((0.5, 2.5, 4.5), ("A2", "B2")),
        ((4.5, 0.5, 2.5), ("A2", "B2")),
    ],
)
def test_the_range_is_two_levels_and_more_where_the_figures_disagree(places, expected):
    assert between(*places) == expected
