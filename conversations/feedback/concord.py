"""Nouns and adjectives that don't go with what is beside them: Spanish and Portuguese.

“muchos amigo”, “mi padres”: a determiner that tells number, and a noun that is there in
the other. “La casa es muy bonito”: an adjective after ser or estar at a clause's
beginning, and at its end. “Una camisa rojo”: one of colour or the like after its noun.
The nouns and their genders are those of genders.toml.
"""

import re
from functools import cache
from itertools import pairwise

from conversations.feedback.candidates import Candidate
from conversations.feedback.edits import like
from conversations.feedback.reasons import reason
from vocabulary import lexicon

CONFIDENCE = 0.85

# What is only before a plural; numbers are apart: “de diez a dos domingo y lunes”.
_PLURAL = {
    "es": "los las unos unas mis tus sus nuestros nuestras estos estas esos esas muchos"
    " muchas pocos pocas varios varias algunos algunas otros otras",
    "pt": "os as uns umas meus minhas nossos nossas estes estas esses essas muitos"
    " muitas poucos poucas vários várias alguns algumas outros outras",
}
_NUMBERS = {
    "es": "dos tres cuatro cinco seis siete ocho nueve diez veinte treinta",
    "pt": "dois duas três quatro cinco seis sete oito nove dez vinte trinta",
}
# What is only before a singular, and the plural of it by gender. Mucho and muito may be
# adverbs: “te quiero mucho amiga”.
_POSSESSIVES = {
    "es": "mi/mis/mis tu/tus/tus su/sus/sus mucha/muchos/muchas",
    "pt": "meu/meus/minhas minha/meus/minhas seu/seus/suas sua/seus/suas"
    " muita/muitos/muitas",
}
_SINGULAR = {
    language: {
        one: {"masculine": masculine, "feminine": feminine}
        for one, masculine, feminine in (each.split("/") for each in words.split())
    }
    for language, words in _POSSESSIVES.items()
}
# After los or as, these may be verbs; after a number, times stand apart.
_VERBS = {
    "es": "casa suelo piso pelo cuadro nombre concierto prima primo esposa fecha libro"
    " desayuno almuerzo tema programa deporte equipo instrumento apellido novela"
    " historia revista medicina cara",
    "pt": "casa espelho quadro filme data chuva esposa olho pelo bolo programa telefone"
    " almoço presente",
}
_PRONOUNS = {"los", "las", "os", "as"}
_TIMES = {
    "es": "hora sábado domingo tarde noche",
    "pt": "hora sábado domingo tarde noite manhã",
}
_COPULAS = {
    "es": (["es", "está", "era", "estaba"], ["son", "están", "eran", "estaban"]),
    "pt": (["é", "está", "era", "estava"], ["são", "estão", "eram", "estavam"]),
}
_ADVERBS = {
    "es": {"muy", "bastante", "demasiado", "tan", "más"},
    "pt": {"muito", "bem", "bastante", "tão", "mais"},
}
# Before a subject that an adjective is said of; what has no article may be a mass.
_BEFORE_SUBJECT = {
    "es": "el la los las mi mis tu tus su sus nuestro nuestra este esta ese esa",
    "pt": "o a os as meu minha meus minhas seu sua nosso nossa este esta esse essa",
}
# “Esta semana está complicado”, “la verdad es feo”: not what the adjective is said of.
_NO_SUBJECT = {
    "es": "verdad semana noche tarde vez hora fecha día mes año primavera cosa idea",
    "pt": "verdade semana noite tarde manhã hora data dia mês ano ideia",
}
# Adjectives in -o; in Portuguese bom and the like have no such forms.
_ADJECTIVES = {
    "es": "alto bajo bonito feo bueno malo pequeño nuevo viejo caro barato simpático"
    " antipático guapo gordo delgado rojo blanco negro amarillo largo corto frío"
    " cansado enfermo contento limpio sucio lleno vacío cerrado abierto lento"
    " divertido aburrido famoso tranquilo ruidoso moderno antiguo delicioso"
    " hermoso peligroso complicado cómodo ocupado preocupado loco listo serio"
    " tímido maravilloso fantástico rico",
    "pt": "alto baixo bonito feio pequeno novo velho caro barato simpático antipático"
    " gordo magro vermelho branco preto amarelo frio cansado doente contente limpo"
    " sujo cheio vazio fechado aberto lento divertido famoso tranquilo moderno"
    " antigo delicioso gostoso perigoso complicado lindo ocupado preocupado louco"
    " sério tímido maravilhoso fantástico rico quente",
}
# Those that tell what a thing is like, and hardly ever in what state someone does it.
_ATTRIBUTES = {
    "es": "bonito moderno antiguo famoso delicioso pequeño nuevo largo corto rojo"
    " blanco negro amarillo simpático tímido",
    "pt": "bonito moderno antigo famoso delicioso pequeno novo vermelho branco preto"
    " amarelo simpático tímido lindo",
}
_BEFORE_ATTRIBUTE = {"es": "un una", "pt": "um uma"}
_CLAUSE_START = re.compile(
    r"(?:^|[.!?…]\s+|\n|[,;:¿¡]\s*|\b(?:pero|porque|mas)\s+)$", re.IGNORECASE
)
# “La foto es blanco y negro” is left alone.
_CLAUSE_END = re.compile(
    r"(?! [ye] (?:negr|branc|pret))"
    r"\s*(?:$|[.,;!?…\n]|\s(?:pero|porque|mas|y|e|hoy|hoje)\b)",
    re.IGNORECASE,
)


def find(writing, nouns):
    """Return the `Candidate`s in a text; `nouns` tells gender and if it is a plural."""
    language = writing.language
    if language not in _PLURAL:
        return []
    tokens = lexicon.tokens(writing.text, language)
    return [
        *_numbers(writing, tokens, nouns),
        *_predicates(writing, tokens, nouns),
        *_attributes(writing, tokens, nouns),
    ]


def _numbers(writing, tokens, nouns):
    """Yield nouns and possessives that differ in number."""
    text, language = writing.text, writing.language
    plurals = {base: form for form, (_, is_plural, base) in nouns.items() if is_plural}
    for before, noun in pairwise(tokens):
        if text[before.end : noun.start] != " " or not noun.text.islower():
            continue
        determiner = before.text.lower()
        if text[before.start - 1 : before.start] == "-":
            continue
        if noun.text in plurals and is_plural_before(determiner, noun.text, language):
            yield _candidate(writing, noun, plurals[noun.text], "plural", "number")
        gender, is_plural, *_ = nouns.get(noun.text, (None, False))
        if is_plural and determiner in _SINGULAR[language]:
            right = _SINGULAR[language][determiner][gender]
            yield _candidate(writing, before, right, "plural", "number")


def is_plural_before(determiner, noun, language):
    """Whether the determiner before a noun that is no plural asks for one."""
    if language not in _PLURAL or not noun.islower():
        return False
    if determiner in _NUMBERS[language].split():
        return noun not in _TIMES[language].split()
    if determiner in _PRONOUNS and noun in _VERBS[language].split():
        return False
    return determiner in _PLURAL[language].split()


def _predicates(writing, tokens, nouns):
    """Yield adjectives after ser or estar that don't go with the clause's subject."""
    text, language = writing.text, writing.language
    singular, plural = _COPULAS[language]
    known = _forms(_ADJECTIVES[language])
    for at, (determiner, noun, copula) in enumerate(
        zip(tokens, tokens[1:], tokens[2:], strict=False)
    ):
        rest = tokens[at + 3 : at + 5]
        if rest and rest[0].text.lower() in _ADVERBS[language]:
            rest = rest[1:]
        gender, is_plural, *_ = nouns.get(noun.text, (None, False))
        adjective = rest[0] if rest else None
        if (
            gender
            and adjective
            and adjective.text in known
            and determiner.text.lower() in _BEFORE_SUBJECT[language].split()
            and copula.text in singular + plural
            and noun.text not in _NO_SUBJECT[language].split()
            and _CLAUSE_START.search(text[: determiner.start])
            and _CLAUSE_END.match(text, adjective.end)
            and text[determiner.start : adjective.end].replace(" ", "").isalpha()
        ):
            right = known[adjective.text][is_plural, gender]
            if is_plural and copula.text in singular and adjective.text == right:
                verb = plural[singular.index(copula.text)]
                yield _candidate(writing, copula, verb, "plural", "agreement", noun)
            elif (copula.text in plural) == is_plural and adjective.text != right:
                yield _candidate(writing, adjective, right, gender, "agreement", noun)


def _attributes(writing, tokens, nouns):
    """Yield adjectives right after their noun that don't go with it."""
    text, language = writing.text, writing.language
    known = _forms(_ATTRIBUTES[language])
    several = {*_NUMBERS[language].split(), *_PLURAL[language].split()} - _PRONOUNS
    one = _BEFORE_ATTRIBUTE[language].split()
    for determiner, noun, adjective in zip(
        tokens, tokens[1:], tokens[2:], strict=False
    ):
        gender, is_plural, *_ = nouns.get(noun.text, (None, False))
        if (
            gender
            and adjective.text in known
            and determiner.text.lower() in (several if is_plural else one)
            and _CLAUSE_END.match(text, adjective.end)
            and text[determiner.start : adjective.end].replace(" ", "").isalpha()
        ):
            right = known[adjective.text][is_plural, gender]
            if right != adjective.text:
                yield _candidate(writing, adjective, right, gender, "agreement", noun)


def _candidate(writing, token, right, kind, category, noun=None):
    return Candidate(
        token.start,
        token.end,
        token.text,
        like(token.text, right),
        category,
        "important",
        reason(kind, writing.native_language, noun.text if noun else right),
        "agreement",
        CONFIDENCE,
    )


@cache
def _forms(adjectives):
    """Return, for each form of adjectives, that of each number and gender."""
    found = {}
    for word in adjectives.split():
        feminine = f"{word[:-1]}a" if word[-1] == "o" else word
        forms = {
            (False, "masculine"): word,
            (False, "feminine"): feminine,
            (True, "masculine"): f"{word}s",
            (True, "feminine"): f"{feminine}s",
        }
        found.update(dict.fromkeys(forms.values(), forms))
    return found
