import pytest

from lingo.languages import LANGUAGES
from vocabulary import lexicon


def words(text, language):
    return [token.text for token in lexicon.tokens(text, language)]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Don’t stop, it's ok!", ["Don’t", "stop", "it's", "ok"]),
        ("en", "a bed-and-breakfast", ["a", "bed-and-breakfast"]),
        ("en", "the guests' room", ["the", "guests", "room"]),
        ("es", "¿Quieres 2 cafés?", ["Quieres", "2", "cafés"]),
        (
            "fr",
            "L'addition, s’il vous plaît",
            ["L'", "addition", "s’", "il", "vous", "plaît"],
        ),
        (
            "fr",
            "Voulez-vous venir aujourd'hui ?",
            ["Voulez", "vous", "venir", "aujourd'hui"],
        ),
        ("fr", "A-t-il un porte-clés ?", ["A", "il", "un", "porte-clés"]),
        ("de", "Zum Frühstück: E-Mail", ["Zum", "Frühstück", "E-Mail"]),
        ("it", "un po' dell'acqua", ["un", "po'", "dell'", "acqua"]),
        (
            "pt",
            "Chamo-me Ana, um copo d'água",
            ["Chamo", "me", "Ana", "um", "copo", "d'", "água"],
        ),
        ("fr", "l' école, quelqu’un", ["l'", "école", "quelqu’un"]),
        (
            "fr",
            "Donne-le-moi ! Un rendez-vous, allez-vous-en.",
            ["Donne", "le", "moi", "Un", "rendez-vous", "allez", "vous", "en"],
        ),
        ("fr", "un porte\u2011clés", ["un", "porte\u2011clés"]),
        ("it", "Dice 'ciao', un’amica", ["Dice", "ciao", "un’", "amica"]),
        ("de", "geht's? die Straßenbahn- und", ["geht's", "die", "Straßenbahn", "und"]),
        (
            "en",
            "See https://example.com/a-b?c=d, www.example.org or a.b@mail.example.com!",
            ["See", "or"],
        ),
        ("en", "@ana #learning snake_case", ["ana", "learning", "snake", "case"]),
        ("pt", "a-a-a-a vê-lo", ["a-a", "a", "a", "vê", "lo"]),
        ("es", "👋 مرحبا \x00 ¡", ["مرحبا"]),
        ("es", "", []),
    ],
)
def test_words_are_told_apart_as_each_language_writes_them(language, text, expected):
    assert words(text, language) == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_offsets_lead_back_to_the_word(language):
    text = "L’eau, cafe\u0301s & d'água—voulez-vous a-t-il po' l'A-B? 👩‍🏫 chamo-me"

    for word, start, end in lexicon.tokens(text, language):
        assert text[start:end] == word


@pytest.mark.parametrize(
    ("language", "form", "base"),
    [
        ("en", "children", "child"),
        ("en", "went", "go"),
        ("es", "quiero", "querer"),
        ("es", "habitaciones", "habitación"),
        ("fr", "chevaux", "cheval"),
        ("fr", "nuits", "nuit"),
        ("de", "Häuser", "Haus"),
        ("de", "Zimmer", "Zimmer"),
        ("de", "Rechnungen", "Rechnung"),
        ("de", "gegangen", "gehen"),
        ("de", "kleinen", "klein"),
        ("it", "notti", "notte"),
        ("it", "mangiato", "mangiare"),
        ("pt", "viagens", "viagem"),
        ("pt", "reservei", "reservar"),
        ("es", "verlo", "ver"),
        ("es", "escribiéndoselo", "escribir"),
        ("es", "repítelo", "repetir"),
        ("es", "lavarse", "lavar"),
        ("es", "póngamelo", "poner"),
        ("es", "Carlos", "carlos"),
        ("es", "xyzme", "xyzme"),
        ("it", "portarglielo", "portare"),
        ("it", "leggerlo", "leggere"),
        ("it", "chiudila", "chiudere"),
        ("it", "Daniele", "daniele"),
        ("de", "geht’s", "gehen"),
        ("de", "Kauf", "Kauf"),
        ("de", "trank", "trinken"),
        ("de", "Stücke", "Stück"),
        ("fr", "rendez‑vous", "rendez-vous"),
    ],
)
def test_inflected_forms_have_one_base_form(language, form, base):
    assert lexicon.lemma(form, language) == base


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_can_be_no_word_is_left_alone(language):
    assert lexicon.lemma("Ab-" * 4000, language) == "ab-" * 4000
    assert lexicon.lemma("", language) == ""
    assert lexicon.lemma("'S", language).endswith("s")


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("es", ["Café", "café", "CAFÉ", "cafe\u0301", "cafés"]),
        ("de", ["Haus", "haus", "HAUS", "Häuser", "ha\u0308user"]),
        ("de", ["Frühstück", "frühstück", "FRÜHSTÜCK"]),
        ("fr", ["Cheval", "CHEVAUX"]),
    ],
)
def test_case_and_normal_form_make_no_other_word(language, forms):
    assert len({lexicon.lemma(form, language) for form in forms}) == 1


def test_a_text_is_read_by_lemma():
    assert lexicon.lemmas("Dos cafés", "es") == ["dos", "café"]
    assert lexicon.content_lemmas("Quiero dos cafés con la leche", "es")[-2:] == [
        "café",
        "leche",
    ]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "and to the"),
        ("es", "y a la"),
        ("fr", "et à l'"),
        ("de", "und zu der"),
        ("it", "e dell'"),
        ("pt", "e para o"),
    ],
)
def test_function_words_have_no_content(language, text):
    assert lexicon.content_lemmas(text, language) == []


@pytest.mark.parametrize(
    ("language", "word"),
    [("en", "DON’T"), ("es", "Tú"), ("es", "tu\u0301"), ("fr", "L’"), ("de", "Möchte")],
)
def test_function_words_are_known_in_any_case_and_form(language, word):
    assert lexicon.is_function_word(word, language)


@pytest.mark.parametrize(
    ("language", "word"),
    [
        ("en", "hello"),
        ("es", "gracias"),
        ("fr", "merci"),
        ("de", "bitte"),
        ("it", "ciao"),
    ],
)
def test_courtesies_are_no_function_words(language, word):
    assert not lexicon.is_function_word(word, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_its_function_words(language):
    assert (
        sum(lexicon.is_function_word(w, language) for w in ("de", "a", "in", "e")) >= 1
    )


def test_common_words_are_more_frequent_than_rare_ones():
    assert lexicon.frequency("casa", "es") > lexicon.frequency("desayuno", "es") > 0
    assert lexicon.frequency("xyzzyq", "es") is None


@pytest.mark.parametrize(
    ("level", "zipf", "expected"),
    [
        ("beginner", None, 2),
        ("elementary", None, 3),
        ("intermediate", None, 5),
        ("upper-intermediate", None, 7),
        ("advanced", None, 8),
        ("proficient", None, 9),
        ("", None, 5),
        ("A2", None, 5),
        ("beginner", 6.0, 1),
        ("beginner", 5.0, 1),
        ("beginner", 4.5, 2),
        ("beginner", 3.9, 3),
        ("proficient", 1.5, 10),
    ],
)
def test_difficulty_comes_from_level_and_frequency(level, zipf, expected):
    assert lexicon.difficulty(level, zipf) == expected


def test_difficulty_stays_between_one_and_ten():
    zipfs = (None, 0.5, 3.9, 4.0, 5.0, 8.0)
    levels = (*lexicon.BASE_DIFFICULTY, "")

    found = {lexicon.difficulty(level, zipf) for level in levels for zipf in zipfs}

    assert min(found) >= 1
    assert max(found) <= 10


def test_warming_up_may_be_repeated():
    lexicon.warm_up()
    lexicon.warm_up(["es"])

    assert lexicon.lemma("casas", "es") == "casa"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["breakfast", "went", "mother-in-law", "o'clock"]),
        ("es", ["desayuno", "cafe\u0301", "dámelo", "ir"]),
        ("fr", ["œuf", "AUJOURD’HUI", "porte-clés", "pâtissiers"]),
        ("de", ["Häuser", "gegangen", "frühstück"]),
        ("it", ["caffè", "prenderlo", "città"]),
        ("pt", ["pães", "reservei", "maçã"]),
    ],
)
def test_words_that_carry_meaning_are_worth_learning(language, words):
    for word in words:
        assert lexicon.is_worth_learning(word, language), word


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["x", "42", "20th", "the", "Wouldn’t", "xyzzyq", "日", "नमस्ते"]),
        ("es", ["y", "a\u0301", "1º", "la", "seríamos", "xyzzyq"]),
        ("fr", ["l'", "A380", "qu’", "étions", "xyzzyq"]),
        ("de", ["x", "2", "und", "Gewesen", "xyzzyq"]),
        ("it", ["c'", "dell’", "eravate", "xyzzyq"]),
        ("pt", ["d'", "na", "fôssemos", "xyzzyq"]),
    ],
)
def test_grammar_numbers_and_the_unknown_are_not_worth_learning(language, words):
    for word in words:
        assert not lexicon.is_worth_learning(word, language), word


@pytest.mark.parametrize(
    ("language", "word", "expected"),
    [
        ("en", "London", False),
        ("en", "Monday", True),
        ("en", "london", True),
        ("es", "Madrid", False),
        ("fr", "Marie", False),
        ("it", "Roma", False),
        ("pt", "Lisboa", False),
        ("de", "Haus", True),
    ],
)
def test_a_capital_inside_a_sentence_marks_a_name_but_in_german(
    language, word, expected
):
    inside = lexicon.is_worth_learning(word, language, is_inside_sentence=True)

    assert inside is expected
    assert lexicon.is_worth_learning(word, language)


@pytest.mark.parametrize("level", [*lexicon.BASE_DIFFICULTY, ""])
def test_harder_words_are_never_called_easier(level):
    bands = [lexicon.difficulty(level, zipf / 10) for zipf in range(10, 81)]

    assert bands == sorted(bands, reverse=True)


@pytest.mark.parametrize(
    ("text", "language"),
    [("Buenos días", "es"), ("Die Rechnung, bitte.", "de"), ("two words", "en")],
)
def test_several_words_stay_as_they_are(text, language):
    assert lexicon.lemma(text, language) == text.lower()
