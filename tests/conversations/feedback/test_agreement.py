import tomllib

import pytest

from conversations.feedback import agreement
from conversations.feedback.agreement import AgreementSource
from conversations.feedback.candidates import Writing


def found(text, language, native="en"):
    return [
        (one.original, one.corrected)
        for one in AgreementSource().find(Writing(text, language, native))
    ]


@pytest.mark.parametrize(
    ("language", "text", "original", "corrected"),
    [
        ("es", "La problema es grande.", "La", "El"),
        ("es", "Vengo del casa.", "del", "de la"),
        ("es", "Veo los casas.", "los", "las"),
        ("es", "Tengo unos ideas.", "unos", "unas"),
        ("es", "Me gustan los canciones.", "los", "las"),
        ("fr", "Je mange le pomme.", "le", "la"),
        ("fr", "Je vais au maison.", "au", "à la"),
        ("fr", "C'est une arbre ? Non, une fromage.", "une", "un"),
        ("it", "La problema è questa.", "La", "Il"),
        ("it", "Ho visto i mele.", "i", "le"),
        ("it", "Ho visto le problemi.", "le", "i"),
        ("pt", "Eu moro no casa.", "no", "na"),
        ("pt", "Gosto dos praias.", "dos", "das"),
        ("de", "Ich habe eine Haus.", "eine", "ein"),
        ("de", "Das ist ein Blume.", "ein", "eine"),
        ("de", "Ich gehe mit dem Frau.", "dem", "der"),
        ("de", "Ich gehe zur Arzt.", "zur", "zum"),
    ],
)
def test_an_article_gets_the_gender_of_its_noun(language, text, original, corrected):
    assert found(text, language) == [(original, corrected)]


@pytest.mark.parametrize(
    ("language", "text", "corrections"),
    [
        ("es", "Tengo muchos amigo.", [("amigo", "amigos")]),
        ("es", "Todos los día.", [("día", "días")]),
        ("es", "Hay muchos persona.", [("muchos", "muchas"), ("persona", "personas")]),
        ("es", "Tengo tres lápiz y 2 camión.", [("lápiz", "lápices")]),
        ("es", "Mi padres viven aquí.", [("Mi", "Mis")]),
        ("es", "Tengo mucha problemas.", [("mucha", "muchos")]),
        ("es", "La casa es muy bonito.", [("bonito", "bonita")]),
        ("es", "Las casas son bonita, pero caras.", [("bonita", "bonitas")]),
        ("es", "Mis zapatos es nuevos.", [("es", "son")]),
        ("es", "Tengo dos camisas rojo.", [("rojo", "rojas")]),
        ("pt", "Tenho três irmão.", [("irmão", "irmãos")]),
        ("pt", "Meu amigas moram aqui.", [("Meu", "Minhas")]),
        ("pt", "A casa é muito bonito.", [("bonito", "bonita")]),
        ("pt", "Eu sou uma pessoa tímido.", [("tímido", "tímida")]),
    ],
)
def test_nouns_and_adjectives_go_with_what_is_beside_them(language, text, corrections):
    assert sorted(found(text, language)) == sorted(corrections)


def test_its_place_and_reason_are_given():
    [one] = AgreementSource().find(Writing("Es una problema.", "es", "pt"))

    assert (one.start, one.end, one.source) == (3, 6, "agreement")
    assert (one.category, one.priority) == ("gender", "important")
    assert one.reason == "“problema” é masculino."


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "El problema de la casa y los días."),
        ("es", "La gran problema."),  # not right before the noun
        ("es", "La, problema."),
        ("es", "Me gusta este casa."),  # may be a verb's subject: left to others
        ("fr", "L'eau, mon amie, cet homme, la fille."),
        ("fr", "Je vois le école."),  # before a vowel, another error
        ("it", "Lo studente e l'amico; la studente."),  # other articles altogether
        ("es", "Los suelo ver los domingos."),  # a pronoun and a verb
        ("es", "Abre de nueve a dos domingo y lunes."),
        ("es", "El marido de mi hermana es alto."),
        ("es", "La mujer es bueno oírla; mi hermana y mi tía son altas."),
        ("es", "Esta semana está complicado."),
        ("es", "Volvió de la playa rojo."),
        ("es", "Te quiero mucho amiga. La película es blanco y negro."),
        ("es", "Los Casa son una familia de Turín."),
        ("pt", "Comprei-os dia cinco."),
        ("pt", "Eu os olho, e o padre as casa."),
        ("pt", "Minha mãe e meu pai são altos."),
        ("pt", "Vou a pé; a problema."),  # may be the preposition
        ("de", "Ist das Milch?"),  # a pronoun
        ("de", "Der Mann, der Auto fährt, weiß, dass das Zeit braucht."),
        ("de", "Die Kinder, den Häusern, einer Frau."),
        ("de", "Ich habe ein haus und eine haus."),  # no noun without its capital
        ("en", "A apple."),
    ],
)
def test_what_may_be_right_is_left_alone(language, text):
    assert found(text, language) == []


def test_every_noun_has_one_gender():
    for language, lists in tomllib.loads(agreement.FILE.read_text()).items():
        words = [word for text in lists.values() for word in text.split()]
        assert set(lists) <= set(agreement.GENDERS)
        assert len(words) > 130, language
        assert {word for word in words if words.count(word) > 1} == set(), language
