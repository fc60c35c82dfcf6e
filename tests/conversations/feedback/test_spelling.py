import pytest

from conversations.feedback.candidates import Writing
from conversations.feedback.spelling import SpellingSource, warm_up


def found(text, language, native="de"):
    source = SpellingSource()
    return [
        (one.original, one.corrected)
        for one in source.find(Writing(text, language, native))
    ]


@pytest.mark.parametrize(
    ("language", "word", "meant"),
    [
        ("en", "recieve", "receive"),
        ("en", "tommorow", "tomorrow"),
        ("en", "freind", "friend"),
        ("es", "tambien", "también"),
        ("es", "nesesito", "necesito"),
        ("es", "havia", "había"),
        ("es", "tengó", "tengo"),
        ("fr", "francais", "français"),
        ("fr", "appartemment", "appartement"),
        ("fr", "tres", "très"),
        ("de", "interresant", "interessant"),
        ("de", "nähmlich", "nämlich"),
        ("it", "perche", "perché"),
        ("it", "quatro", "quattro"),
        ("pt", "voce", "você"),
        ("pt", "tabalho", "trabalho"),
    ],
)
def test_a_misspelt_word_becomes_the_one_that_was_meant(language, word, meant):
    native = "en" if language == "de" else "de"

    assert found(f"… {word} …", language, native) == [(word, meant)]


def test_its_place_and_reason_are_given():
    [one] = SpellingSource().find(Writing("Hola, tambien yo.", "es", "fr"))

    assert (one.start, one.end) == (6, 13)
    assert (one.category, one.priority, one.source) == ("spelling", "minor", "spelling")
    assert one.reason == "Le mot s'écrit avec d'autres accents ou signes : “también”."
    [other] = SpellingSource().find(Writing("Hola, nesesito pan.", "es", "it"))
    assert other.reason.endswith("la più vicina è “necesito”.")
    assert other.confidence < one.confidence


def test_german_nouns_keep_and_get_their_capital():
    assert found("Meine Wohnug ist klein.", "de", "en") == [("Wohnug", "Wohnung")]
    assert found("Das fruhstück war gut.", "de", "en") == [("fruhstück", "Frühstück")]


def test_a_capital_at_the_beginning_stays():
    assert found("Tambien yo.", "es") == [("Tambien", "También")]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Ayer hablé con Nesesitez.", "es"),  # a name within a sentence
        ("Nesesito vino ayer.", "es"),  # it may be a name at its beginning too
        ("La ONU y la OTAMS.", "es"),  # an abbreviation
        ("Tengo 3nesesito y x2.", "es"),  # a number
        ("Dijo «nesesito tabalho» y rio.", "es"),  # a quotation
        ("Dijo “nesesito”, y \"tabalho\", y 'nesesito'.", "es"),
        ("Jajajaja, hehehe, siiii, brrr.", "es"),  # a cry
        ("Me gusta el Wochenende y el weekend.", "es"),  # words of other languages
        ("Me gusta el schmetterling.", "es"),
        ("Kokoxtli es una palabra rara.", "es"),  # nothing is near
        ("¿Cómo lo hago, y cuándo?", "es"),  # other words without the accent
        ("Give me the wather of my moter.", "en"),  # weather, water? it isn't clear
        ("Escribe a nesesito@tabalho.es.", "es"),  # an address
        ("DÁMELO ya, McNesesito.", "es"),
    ],
)
def test_what_may_be_right_is_left_alone(text, language):
    assert found(text, language) == []


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Die Haltestellenansagen der Fahrgastinformation.", "de"),  # put together
        ("Der Parktisch steht dort.", "de"),  # and not praktisch
        ("Ich moechte fuer uns Kaese.", "de"),  # typed without umlauts
        ("In der Strasse.", "de"),  # as in Switzerland
        ("My favourite colour; we realise and organize.", "en"),
        ("Facto, autocarro, contacto e pequeno-almoço.", "pt"),
        ("Aujourd'hui, donne-le-moi.", "fr"),
        ("Dámelo, y vamos a vérselo.", "es"),
    ],
)
def test_what_is_right_somewhere_is_right(text, language):
    native = "en" if language == "de" else "de"

    assert found(text, language, native) == []


def test_a_word_of_the_native_language_is_no_misspelling():
    assert found("Es necessario.", "es", "it") == []
    assert found("Es necessario.", "es", "fr") == [("necessario", "necesario")]


def test_warming_up_changes_nothing_but_the_time():
    before = found("Eu tabalho.", "pt")

    warm_up(["pt"])

    assert found("Eu tabalho.", "pt") == before == [("tabalho", "trabalho")]
