"""Articles of the wrong gender before a noun: only where the right one is certain.

What differs in number, and adjectives, are found by `concord`.

The noun's gender is in conversations/content/genders.toml, and the article stands right
before it. German articles tell case as well: there, only what no case allows is wrong,
and only where all cases that may be meant lead to the same article.
"""

import re
import tomllib
from functools import cache
from itertools import pairwise
from pathlib import Path

from conversations.feedback import concord
from conversations.feedback.candidates import Candidate
from conversations.feedback.edits import like
from conversations.feedback.reasons import reason
from vocabulary import lexicon

FILE = Path(__file__).resolve().parent.parent / "content" / "genders.toml"
CONFIDENCE = 0.9
GENDERS = ("masculine", "feminine", "neuter")

# The articles before masculine and feminine nouns, in the singular and in the plural.
_PAIRS = {
    "es": (
        "el/la un/una del/de_la al/a_la este/esta ese/esa aquel/aquella nuestro/nuestra"
        " vuestro/vuestra otro/otra algún/alguna ningún/ninguna",
        "los/las unos/unas estos/estas esos/esas aquellos/aquellas nuestros/nuestras"
        " muchos/muchas pocos/pocas varios/varias algunos/algunas otros/otras",
    ),
    "fr": ("le/la un/une du/de_la au/à_la ce/cette mon/ma ton/ta son/sa", ""),
    "pt": (
        "o/a um/uma do/da no/na pelo/pela este/esta esse/essa deste/desta neste/nesta"
        " meu/minha seu/sua nosso/nossa outro/outra algum/alguma nenhum/nenhuma"
        " num/numa",
        "os/as uns/umas dos/das nos/nas pelos/pelas estes/estas meus/minhas seus/suas"
        " muitos/muitas poucos/poucas vários/várias alguns/algumas outros/outras"
        " dois/duas",
    ),
    "it": (
        "il/la un/una del/della al/alla nel/nella sul/sulla dal/dalla questo/questa"
        " quel/quella mio/mia tuo/tua suo/sua nostro/nostra",
        "i/le dei/delle ai/alle nei/nelle sui/sulle dai/dalle questi/queste miei/mie",
    ),
}
# What is another word as well before such a noun: a preposition, a pronoun, a numeral.
_UNSURE = {"es": {"este", "nos"}, "pt": {"a", "nos"}, "fr": {"ton"}, "it": {"sui"}}
# German: an article that no case of the gender has, and what all of them have.
_GERMAN = {
    "feminine": {
        "das": "die", "den": "die", "dem": "der", "ein": "eine", "einen": "eine",
        "einem": "einer", "mein": "meine", "meinem": "meiner", "dein": "deine",
        "deinem": "deiner", "kein": "keine", "keinen": "keine", "dieses": "diese",
        "diesem": "dieser", "zum": "zur",
    },
    "neuter": {
        "die": "das", "den": "das", "eine": "ein", "einen": "ein", "meine": "mein",
        "deine": "dein", "keine": "kein", "keinen": "kein", "diese": "dieses",
        "diesen": "dieses", "zur": "zum",
    },
    "masculine": {"zur": "zum"},
}  # fmt: skip
_PRONOUNS = {"das", "die", "den", "dem"}
# After a comma an article may be a relative pronoun, and after these a pronoun.
_NOT_AFTER = re.compile(
    r"(?:,|\b(?:ist|sind|war|waren|wäre|heißt|dass|ob|wenn|weil|wie|als|und|aber))\s*$",
    re.IGNORECASE,
)
_BEFORE_VOWEL = re.compile(r"[aeiouhàâéèêëîïôûœ]", re.IGNORECASE)
# Before these, Italian articles have other forms.
_SPECIAL_ITALIAN = re.compile(r"[aeiouàèéìòùxyzj]|s[^aeiou]|ps|pn|gn", re.IGNORECASE)


class AgreementSource:
    """Finds articles that don't have the gender of their noun."""

    name, label = "agreement", "Agreement"

    def find(self, writing):
        """Return the `Candidate`s in a text in the target language."""
        text, language = writing.text, writing.language
        tokens = lexicon.tokens(text, language)
        nouns, found = _nouns(language), []
        for article, noun in pairwise(tokens):
            key = noun.text if language == "de" else noun.text.lower()
            gender, is_plural, *_ = nouns.get(key, (None, False))
            if gender is None or text[article.end : noun.start] != " ":
                continue
            if _may_be_pronoun(article, text, language):
                continue
            right = _right(article.text.lower(), noun.text, gender, is_plural, language)
            if right:
                found.append(
                    Candidate(
                        article.start,
                        article.end,
                        article.text,
                        like(article.text, right),
                        "gender",
                        "important",
                        reason(gender, writing.native_language, noun.text),
                        self.name,
                        CONFIDENCE,
                    )
                )
        return found + concord.find(writing, nouns)


def _may_be_pronoun(article, text, language):
    """Whether a German article may be a pronoun, by what stands before it."""
    if language != "de" or article.text.lower() not in _PRONOUNS:
        return False
    return bool(_NOT_AFTER.search(text[: article.start]))


def _right(article, noun, gender, is_plural, language):
    """Return the article that the noun must have, or None where this one may be it."""
    if language == "de":
        return _GERMAN[gender].get(article)
    if language == "fr" and _BEFORE_VOWEL.match(noun) and article not in ("un", "une"):
        return None  # l', cet and mon: others see to them
    if language == "it" and _SPECIAL_ITALIAN.match(noun):
        return None
    if article in _UNSURE[language]:
        return None
    is_plural = is_plural or concord.is_plural_before(article, noun, language)
    return _articles(language)[is_plural, gender].get(article)


@cache
def _articles(language):
    """Return, by number and gender, the right article for each wrong one."""
    found = {}
    for is_plural, pairs in enumerate(_PAIRS[language]):
        both = [pair.replace("_", " ").split("/") for pair in pairs.split()]
        found[bool(is_plural), "masculine"] = {
            feminine: masculine for masculine, feminine in both
        }
        found[bool(is_plural), "feminine"] = dict(both)
    return found


@cache
def _nouns(language):
    """Return gender, whether it is the plural, and the base form, for each form."""
    lists = tomllib.loads(FILE.read_text(encoding="utf-8")).get(language, {})
    found = {}
    for gender, words in lists.items():
        for word in words.split():
            found[word] = (gender, False, word)
            plural = _plural(word, gender, language)
            if plural:
                found.setdefault(plural, (gender, True, word))
    return found


# Plurals that no rule of `_plural` makes.
_PLURALS = {
    "es": {"país": "países", "mes": "meses", "examen": "exámenes", "jersey": "jerséis"},
    "pt": {
        "mão": "mãos", "irmão": "irmãos", "pão": "pães", "mês": "meses",
        "país": "países", "hotel": "hotéis", "hospital": "hospitais",
        "jornal": "jornais", "papel": "papéis", "sol": "sóis",
        "pai": None, "avô": None, "avó": None, "sal": None,
    },
}  # fmt: skip
_BARE = str.maketrans("áéíóú", "aeiou")


def _plural(noun, gender, language):
    """Return the noun's plural where it is regular and plain to see, or None."""
    last = noun[-1]
    if noun in _PLURALS.get(language, {}):
        return _PLURALS[language][noun]
    if language == "es":
        if noun[-2:] in ("ón", "ín", "án", "ús", "és"):
            return f"{noun.translate(_BARE)}es"
        if last == "z":
            return f"{noun[:-1]}ces"
        return f"{noun}es" if last in "dlnryj" else _plural_in_s(noun, "aeoéá")
    if language == "pt":
        if noun[-2:] == "ão":
            return f"{noun[:-2]}ões"
        if last == "m":
            return f"{noun[:-1]}ns"
        return f"{noun}es" if last in "rz" else _plural_in_s(noun, "aeouéãáôóú")
    if language == "it" and noun[-2:-1] not in ("c", "g", "i"):
        endings = {"o": "i", "e": "i", "a": "e" if gender == "feminine" else "i"}
        return noun[:-1] + endings[last] if last in endings else None
    return None


def _plural_in_s(noun, vowels):
    """Return the noun with -s where it ends in one of the vowels, or None."""
    return f"{noun}s" if noun[-1] in vowels else None
