"""How a word sounds: its IPA, its syllables, and where its spelling misleads.

IPA comes from a dictionary or from espeak-ng where that is installed: a program of its
own, looked for at each call, whose answers are kept.
"""

import re
import shutil
import subprocess
import unicodedata
from typing import NamedTuple

from django.conf import settings
from django.core.cache import cache

from lingo.text import storable
from lingo.writing import release_connection
from vocabulary.managers import PHONETIC_LENGTH, WORD_LENGTH
from vocabulary.models import Pronunciation
from vocabulary.pitfalls import pitfalls_in
from vocabulary.syllables import syllables

# English is the British, Portuguese the Brazilian, and Spanish that of Spain.
VOICES = {
    "en": "en-gb",
    "es": "es",
    "fr": "fr-fr",
    "de": "de",
    "it": "it",
    "pt": "pt-br",
}
WAIT_SECONDS = 2
# How long it is left alone once it did not answer, so that no page waits in vain again.
REST_SECONDS = 60
RESTS = "pronunciation:espeak-ng-rests"

# "(en)" stands before what is said by the rules of another language.
_NOTE = re.compile(r"\([a-z-]+\)")
# espeak-ng writes the stress before the vowel, and IPA before the syllable: all the
# consonants that begin a word, two that begin a syllable together, or one.
_CONSONANT = r"(?:[^\W\d_aeiouyæɑɐɒɔəɛɜɪɨɯɤɵɞøœʊʌʉᵻːˑˈˌ]ː?)"
_STRESS = re.compile(
    rf"((?<!\S){_CONSONANT}+|t[ʃs]|d[ʒz]|[pbtdkɡfv][lrɾɹʁjw]|{_CONSONANT})([ˈˌ])"
)


class Sound(NamedTuple):
    """How a word sounds, and who says so; `is_ipa` unless the learner wrote it."""

    text: str
    source: str
    is_ipa: bool


class Guide(NamedTuple):
    """What a page shows of a word's sound."""

    word: str
    language: str
    sound: Sound | None
    syllables: list
    pitfalls: list


def guide(word, language, native_language, *, item=None, glosses=()):
    """Return the `Guide` to the word; see `sound_of`. At most two statements."""
    return Guide(
        word,
        language,
        sound_of(word, language, item=item, glosses=glosses),
        syllables(word, language),
        pitfalls_in(word, language, native_language),
    )


def sound_of(word, language, *, item=None, glosses=()):
    """Return the word's `Sound`, or None where nobody says it.

    What the learner wrote into the `item` comes first, then the first of the `glosses`
    that says it, then espeak-ng; each only where it speaks of this very word, and not
    of another form.
    """
    if item and item.phonetic and _is_same(item.word, word):
        return Sound(item.phonetic, "your vocabulary", False)
    said = _of_glosses(word, glosses)
    if said:
        return said
    made = _pronounced(word, language)
    return made and Sound(made.ipa, made.source, True)


def known_ipa(words, language, glosses):
    """Return the IPA of each of the words of which it is known without asking.

    `glosses` are lists of glosses by lemma. One query.
    """
    kept = Pronunciation.objects.of(language, set(words))
    found = dict(kept.values_list("word", "ipa"))
    for word, lemma in words.items():
        said = _of_glosses(word, glosses.get(lemma, ()))
        if said:
            found[word] = said.text
    return found


def ipa(word, language):
    """Return the word in IPA, without slashes, as espeak-ng says it; "" if it doesn't.

    It is asked once for a word. While it speaks no database connection is held.
    """
    made = _pronounced(word, language)
    return made.ipa if made else ""


def _pronounced(word, language):
    """Return the `Pronunciation`, kept or new; None where there is none."""
    kept = Pronunciation.objects.of(language, [word]).first()
    if kept or not 0 < len(word) <= WORD_LENGTH:
        return kept
    program = shutil.which(settings.ESPEAK) if settings.ESPEAK else None
    if program is None or cache.get(RESTS):
        return None
    release_connection()
    voice = VOICES[language]
    made = Pronunciation(
        language=language,
        word=word,
        ipa=_cleaned(_ask(program, voice, word)),
        source=f"eSpeak NG, voice {voice}",
    )
    if not made.ipa:
        return None
    Pronunciation.objects.keep(language, word, made.ipa, made.source)
    return made


def _ask(program, voice, word):
    """Return what espeak-ng writes, "" where it fails.

    The word is given as input, so that it can't be taken for an option.
    """
    try:
        said = subprocess.run(  # noqa: S603
            [program, "-q", "--ipa", "-b", "1", "-v", voice, "--stdin"],
            input=word.encode(),
            capture_output=True,
            timeout=WAIT_SECONDS,
            check=True,
        )
        return storable(said.stdout.decode())
    except subprocess.TimeoutExpired:
        cache.set(RESTS, True, REST_SECONDS)
    except (OSError, subprocess.CalledProcessError, ValueError):
        pass  # it is a help that a page can do without
    return ""


def _cleaned(said):
    """Return what espeak-ng said as IPA is written, "" where it is none."""
    text = " ".join(_NOTE.sub("", said).replace("\u200d", "").split())
    text = _STRESS.sub(r"\2\1", text)
    is_ipa = all(map(_is_sign, text)) and any(map(str.isalpha, text))
    return text if is_ipa and len(text) <= PHONETIC_LENGTH else ""


def _is_sign(sign):
    return sign in " -‿.|" or unicodedata.category(sign)[0] in "LM"


def _of_glosses(word, glosses):
    """Return the `Sound` that the first gloss of this very word gives, or None."""
    said = (one for one in glosses if one.phonetic and _is_same(one.lemma, word))
    gloss = next(said, None)
    return gloss and Sound(gloss.phonetic.strip("/[] "), gloss.source, True)


def _is_same(one, other):
    return one.casefold() == other.casefold()
