"""What a guided tutor makes of a learner's message: words, by form and by lemma."""

import re
from functools import cache, lru_cache

from conversations.tutors import content
from conversations.tutors.patterns import PatternText
from lingo.content import Table, read
from lingo.text import fold, sentences
from vocabulary import lexicon

# A name has so many words at most.
NAME_WORDS = 3


class PartsContent(Table):
    joint: PatternText
    denial: PatternText
    amount_before: PatternText
    amount_after: PatternText
    no_name: PatternText


class Heard:
    """One message, ready to be compared with what the tutor hopes to hear.

    `keys` has the content words, `stated` those of them that aren't denied: in “no
    quiero café, quiero un té” only the tea is stated.
    """

    def __init__(self, text, language):
        self.language = language
        self.text = text
        self.forms = [token.text for token in lexicon.tokens(text, language)]
        self.keys = self.stated = set().union(*self._content(self.forms))
        if self._denials(self.forms):
            self.stated = set().union(*self._content(self._stated(text)))

    def _denials(self, forms):
        """Return the places of the words that deny what comes behind them."""
        words = _denying(self.language)
        return [place for place, form in enumerate(forms) if fold(form) in words]

    def _stated(self, text):
        """Yield the words that aren't denied; a question denies nothing.

        A denial at the end denies all of its part: “Kaffee möchte ich nicht”.
        """
        for sentence in sentences(text):
            for part in parts(sentence, self.language):
                forms = [token.text for token in lexicon.tokens(part, self.language)]
                denials = self._denials(forms)
                if not denials or "?" in sentence:
                    yield from forms
                elif denials[-1] != len(forms) - 1:
                    yield from forms[: denials[0]]

    def _content(self, forms):
        """Yield for each form that is no function word what it can be known by."""
        for form in forms:
            if keys := _keys(form, self.language):
                yield keys

    @property
    def has_content(self):
        """Whether there is any word beside function words."""
        return bool(self.keys)

    def has_words(self, phrase, *, as_stated=False):
        """Whether every content word of `phrase` was heard, in any form and order.

        With `as_stated`, denied ones don't count, unless `phrase` denies as well.
        """
        forms = [token.text for token in lexicon.tokens(phrase, self.language)]
        words = list(self._content(forms))
        keys = self.stated if as_stated and not self._denials(forms) else self.keys
        return bool(words) and all(word & keys for word in words)

    def is_all(self, phrase):
        """Whether `phrase` is all of a sentence, or of a part of one; … is a name."""
        if phrase == content.AND_MORE:
            return self._is_name()
        wanted = self._folded(phrase)
        return any(
            self._folded(one) == wanted
            for sentence in sentences(self.text)
            for one in (sentence, *parts(sentence, self.language))
        )

    def _is_name(self):
        """Whether a sentence, or a part of one, is a name and nothing else.

        What stands there in small letters as well is none: “Bla, bla, bla”.
        """
        small = {form for form in self.forms if form.islower()}
        return any(
            is_name(words, self.language) and not small & set(map(str.lower, words))
            for sentence in sentences(self.text)
            for part in parts(sentence, self.language)
            if (words := part.strip(" .!").split())
        )

    def has_other_amount(self, phrase):
        """Whether `phrase`, which was heard, was of another amount or time than it is.

        A number that it hasn't stands before, with nothing but function words between,
        or a part behind: “dos cafés”, “a las ocho y media”.
        """
        phrase = [token.text for token in lexicon.tokens(phrase, self.language)]
        wanted = set().union(*self._content(phrase))
        known = [
            (fold(form), keys) for form in self.forms for keys in self._content([form])
        ]
        places = [place for place, (_, keys) in enumerate(known) if keys & wanted]
        before = {form for form, _ in known[: places[0]][-1:]}
        # “Um acht Uhr dreißig”: the unit may stand between.
        behind = {form for form, _ in known[places[-1] + 1 :][:2]}
        amounts = _amounts(self.language)
        found = (before & amounts[0]) | (behind & amounts[1])
        return bool(found) or any(map(str.isdigit, before | behind))

    def _folded(self, text):
        return [fold(token.text) for token in lexicon.tokens(text, self.language)]

    def has_opening(self, phrase):
        """Whether `phrase` was heard word by word, with a content word after it."""
        wanted, forms = self._folded(phrase), [fold(form) for form in self.forms]
        return any(
            forms[start : start + len(wanted)] == wanted
            and not lexicon.is_function_word(
                self.forms[start + len(wanted)], self.language
            )
            for start in range(len(forms) - len(wanted))
        )


@lru_cache(maxsize=100_000)
def _keys(form, language):
    """Return what a form can be known by: nothing, where it is a function word."""
    if lexicon.is_function_word(form, language):
        return frozenset()
    return frozenset({fold(form), fold(lexicon.lemma(form, language))})


def parts(sentence, language):
    """Return what of a sentence stands between commas and the like, or “and”, “but”."""
    return _between(language).split(sentence)


def is_name(words, language):
    """Whether these words may be a name: few, with capitals, none that greets or so."""
    return 0 < len(words) <= NAME_WORDS and all(
        word[0].isupper()
        and not lexicon.is_function_word(word, language)
        and fold(word) not in _no_names(language)
        for word in words
    )


@cache
def apart():
    """Return how sentences are taken apart. Raises MalformedContent."""
    return read(content.FOLDER / "parts.toml", PartsContent)


@cache
def _between(language):
    return re.compile(rf"[,;:()]|\b(?:{apart().joint[language]})\b", re.IGNORECASE)


@cache
def _denying(language):
    return _words(apart().denial[language])


@cache
def _amounts(language):
    """Return the words of amounts that stand before what they are of, and behind."""
    both = apart().amount_before[language], apart().amount_after[language]
    return tuple(map(_words, both))


@cache
def _no_names(language):
    return _words(apart().no_name[language])


def _words(pattern):
    return {fold(word) for word in pattern.split("|")}
