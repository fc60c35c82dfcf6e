"""Placeholder until the lexicon lands (the lexicon writer overwrites this file)."""
import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

class Token(NamedTuple):
    text: str
    start: int
    end: int

FW = {
 "en": "a an the and or but to of in on at for with i you he she it we they me my your is are am was be have do not no yes can would this that what".split(),
 "es": "un una unos unas el la los las y o pero de del a al en con por para que me te se mi tu su yo es soy no sí quiero lo le muy".split(),
 "fr": "un une le la les l' d' j' et ou de du des à au aux en dans avec pour que je tu il me te se ne pas c' est suis oui non".split(),
 "de": "ein eine einen einem der die das den dem und oder zu zum zur in im mit für ich du sie es mein ist bin nicht ja nein".split(),
 "it": "un una uno il lo la i gli le l' d' e o di del della a al in con per che io mi ti si sono è non sì".split(),
 "pt": "um uma o a os as e ou de do da em no na com por para que eu me te se é sou não sim".split(),
}
PAT = re.compile(r"\w+(?:[’'-]\w+)*")
ELI = re.compile(r"^([a-zàéA-ZÀÉ]{1,5}[’'])(.+)$")

def tokens(text, language):
    found = []
    for m in PAT.finditer(text):
        e = ELI.match(m[0]) if language in ("fr", "it") else None
        if e:
            found.append(Token(e[1], m.start(), m.start() + len(e[1])))
            found.append(Token(e[2], m.start() + len(e[1]), m.end()))
        else:
            found.append(Token(m[0], m.start(), m.end()))
    return found

@lru_cache(65536)
def lemma(word, language):
    import simplemma
    word = unicodedata.normalize("NFC", word)
    low = word.lower()
    if language == "de":
        a = simplemma.lemmatize(low[:1].upper() + low[1:], lang="de")
        return a if a else low
    return simplemma.lemmatize(low, lang=language).lower()

def lemmas(text, language):
    return [lemma(t.text, language) for t in tokens(text, language)]

def frequency(word, language):
    from wordfreq import zipf_frequency
    return zipf_frequency(word, language, wordlist="small") or None

BASE_DIFFICULTY = {"beginner": 2, "elementary": 3, "intermediate": 5, "upper-intermediate": 7, "advanced": 8, "proficient": 9}

def difficulty(level, zipf=None):
    base = BASE_DIFFICULTY.get(level, 5)
    if zipf is None:
        return base
    return min(10, max(1, base + (-1 if zipf >= 5 else 0 if zipf >= 4 else 1)))

def is_function_word(word, language):
    return word.casefold().replace("’", "'") in FW[language]

def content_lemmas(text, language):
    return [lemma(t.text, language) for t in tokens(text, language) if not is_function_word(t.text, language)]

def warm_up(languages=None):
    for code in languages or FW:
        lemma("a", code); frequency("a", code)
