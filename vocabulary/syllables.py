"""The syllables of a word, by the general rules of its spelling.

Sources of the rules: RAE, Ortografía de la lengua española (2010), on diphthongs and
division; Serianni, Grammatica italiana, on sillabazione; Acordo Ortográfico (1990),
Base XX; Duden, Worttrennung (official German rules, §§ 107–113); Grevisse, Le bon
usage, on the division of words (written syllables, so a silent e counts). English has
no such rules: its words stay whole.

What no rule can see is not told: a compound (German Buch|stabe, Spanish sub|rayar), a
hiatus that the spelling doesn't show (Italian farmaci|a, Portuguese re|unir). Of 91 to
96 common words a language, drawn at random after the rules were written and checked by
hand, one was wrong (German dort|hin, mended since); names and foreign words often are.
They are in `tests/vocabulary/syllables/`, with words chosen to show the rules.
"""

import itertools
import re
from functools import cache

_LETTERS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*['’]?")
_STOP = r"[bcdfgkptv][lr]"

# Letters that only together are a sound, written as consonants of the same length: the
# u of que and gui is no vowel.
_SILENT = {
    "es": [(r"qu", "qq"), (r"gu(?=[eiéí])", "gg")],
    "fr": [
        (r"qu(?!$)", "qq"),
        (r"gu(?=[eiéèêîy])", "gg"),
        (r"ge(?=[aoâô])", "gg"),
        (r"(?<![^aeiouéèêoô])y(?=[aeiouéèê])", "j"),
    ],
    "de": [(r"qu", "qq"), (r"^y(?=[aeou])", "j")],
    "it": [(r"qu", "qq")],
    "pt": [(r"qu(?=[aeioáéíóâêôãõ])", "qq"), (r"gu(?=[aeioáéíóâêôãõ])", "gg")],
}
# What is the vowel of one syllable.
_NUCLEUS = {
    "es": r"""
        [iuü]?[aeoáéó](?:h?[iuü](?![aeoáéóíúiuü])|y(?![aeiouáéíóú]))?
        | [uü](?:[ií]y?|y(?![aeiouáéíóú])) | i[uú] | [iuüíú] | y(?![aeiouáéíóú])""",
    "it": r"""
        (?:iu|[iu])?[aeoàèéìòóù](?:[iu](?![aeiouàèéìòóù]))?
        | iu(?![aeo]) | ui(?![aeo]) | [iuy]""",
    "pt": r"""
        (?:ão|ãe|ãi|õe)
        | [iu][aeo](?=s?$)
        | (?:[aeoáéóâêô](?:i(?!nh)|u)|iu|ui)(?![iuíú])
          (?![lmnrz](?:$|[^aeiouáéíóúâêôãõh]))
        | [aeiouáéíóúâêôãõàüy]""",
    "fr": r"""
        (?:(?<![bcdfgptv][lr])i(?=[aeoéèêàâôœ]))?
        (?:(?:ai|oi)(?=ent$)|aî|ai|au|eau|eui|œui|uei(?=l)|œi|eî|ei|eu|eû|œu|oeu|oî|oi
           |oui|ouï|oû|où|ou|ui|uî|[aàâeéèêëiîïoôuùûüyœæ])
        (?:(?<=[^eo])e(?=s?$)|(?<=[ao]i)e(?=nt$)|(?<=[eo]u)e(?=s?$))?""",
    "de": r"""
        äu | au | eu | ei | ai | ou | ey | ay | aa | ee | oo | ie
        | [aeiouäöüyéèêàâáôóí]""",
}
# With what a syllable may begin, beside one consonant.
_ONSET = {
    "es": rf"{_STOP}(?<!tl)|ch|ll|rr|qq|gg",
    "fr": rf"(?:{_STOP}|[cpt]h[lr]?|[srg]h|gn|qq|gg)(?<!tl)",
    "de": r"(?:s[pt]|[bdgkpt])r|pl|sch|ch|ck|ph|th|qq",
    "it": rf"s?(?:{_STOP}(?<!tl)|[cg]h[lr]?|[bcdfgpqtvmnlr]|qq)|gn|sc",
    "pt": rf"{_STOP}|[cln]h|qq|gg",
}
# After what a division comes whatever the letters: a prefix, a vowel in hiatus.
_APART = {
    "de": r"""
        ^ver(?=[aeiouäöü]) | ^er(?=[aeioäöu]) | ^un(?=[aeäöü])
        | ^[bg]e(?=[aoäöu]|e[hi]|(?!ste[mnrs]?n?$)s[tp]|[bdfgkpt][rl]|sch[lmnrw])
        | ^(?:ab|an|auf|aus|dar|ein|ent|mit|um|un|ur|ver|vor|zer|zu|über|unter|wider)
           (?=s[tp]|[bdfgkpt][rl]|sch[lmnrw]|r)
        | [aeiouäöü][^aeiouäöü]+i(?=en$) | e(?=um$)
        | (?:s|äu)s(?=chen$) | t(?=h(?:aus|eit|in|of|und))""",
    "fr": r"^pa(?=ys)",
    "it": r"^(?![cgq])[^aeiou]{1,2}[iu](?=[aeo]$) | ^pa(?=ur)"
    r"| (?<!mat)(?<!mis)(?<!art)(?<!^s)(?<!^f)eri(?=a$)",
    # His-tó-ria, but a-le-gri-a: where no accent stands before, the i is stressed.
    "pt": r"^[^áéíóúâêô]*[iu](?=[aeo]s?$)",
    "es": r"(?!)",
}


def syllables(word, language):
    """Return the word's syllables, which join to the word; English stays whole.

    What is no letter (a hyphen, a space) ends the syllable before it.
    """
    if language not in _NUCLEUS:
        return [word]
    ends, begins = [], 0
    for match in _LETTERS.finditer(word):
        if ends or begins:
            ends.append(match.start())
        ends += [match.start() + cut for cut in _cuts(match[0], language)]
        begins = match.end()
    places = [0, *ends, len(word)]
    return [word[start:end] for start, end in itertools.pairwise(places)]


def _cuts(word, language):
    """Return where the run of letters is divided."""
    # Lower case, letter for letter.
    plain = "".join(low if len(low := sign.lower()) == 1 else sign for sign in word)
    nucleus, onset, apart, silent = _rules(language)
    for pattern, letters in silent:
        plain = pattern.sub(letters, plain)
    places = [0, *(match.end() for match in apart.finditer(plain)), len(plain)]
    cuts = places[1:-1]
    for start, end in itertools.pairwise(places):
        vowels = list(nucleus.finditer(plain, start, end))
        for one, following in itertools.pairwise(vowels):
            cuts.append(_cut(plain, one.end(), following.start(), onset))
    return sorted(cuts)


def _cut(word, start, end, onset):
    """Return where the consonants from `start` to `end` are divided."""
    for cut in range(start, end):
        if onset.fullmatch(word, cut, end):
            return cut
    return max(start, end - 1)


@cache
def _rules(language):
    """Return a language's rules: vowels, beginnings, divisions, silent letters."""
    return (
        re.compile(_NUCLEUS[language], re.VERBOSE),
        re.compile(_ONSET[language]),
        re.compile(_APART[language], re.VERBOSE),
        [(re.compile(text), letters) for text, letters in _SILENT[language]],
    )
