"""What a tutor remembers of a talk, and comes back to: only what was said plainly.

What is remembered is one flat table, kept with the conversation: `name`, the facts of
`content/facts.toml` (a number, or a name as it was written), `answer/<slug>` for what
objectives of a role-play got, `asked/<topic>` for the questions of free talk that were
asked, and `recall/<slug>` for what was come back to already.
"""

import re
from functools import cache

from pydantic import Field, model_validator

from conversations.tutors import content
from conversations.tutors.hearing import is_name, parts
from conversations.tutors.patterns import Patterns, PatternText, Words, expression
from lingo.content import Slug, Table, Text, read
from lingo.languages import LANGUAGES
from lingo.text import fold, sentences
from vocabulary import lexicon

ANSWER, ASKED, RECALL = "answer", "asked", "recall"
ONE = {
    "en": "a|an|one|1",
    "es": "un|una|1",
    "fr": "un|une|1",
    "de": "ein|eine|einen|1",
    "it": "un|una|un'|uno|1",
    "pt": "um|uma|1",
}


class Fact(Table):
    """Something that a learner tells: how many of what (`one`, `many`), or a name."""

    slug: Slug
    said: Patterns
    one: Text | None = None
    many: Text | None = None
    is_feminine: bool = False


class RecallContent(content.Question):
    """A question that comes back to a fact; `{form}` in it says the fact."""

    fact: list[Fact] = Field(min_length=1)

    @model_validator(mode="after")
    def _says_the_fact(self):
        for lines in (self.ask.beginner, self.ask.intermediate):
            for code, variants in lines.items():
                if any(content.slots(line) != {"form"} for line in variants):
                    raise ValueError(f"each ask needs {{form}} alone ({code})")
        return self


class FactsContent(Table):
    negation: PatternText
    number: content.Lines
    number_feminine: content.Lines
    name: Patterns
    name_if_asked: Patterns
    greeting: content.TwoLines
    recall: list[RecallContent] = Field(min_length=1)

    @model_validator(mode="after")
    def _can_be_read(self):
        for code in LANGUAGES:
            asked = [*self.name[code], *self.name_if_asked[code]]
            asked += [one for fact in self.facts() for one in fact.said[code]]
            for pattern in asked:
                try:
                    self.compiled(pattern, code)
                except (re.error, KeyError) as error:
                    reason = f"“{pattern}” can't be read ({code}): {error}"
                    raise ValueError(reason) from error
            if not len(self.number[code]) == len(self.number_feminine[code]) == 9:
                raise ValueError(f"“{code}” needs the numbers from 2 to 10")
        return self

    def facts(self):
        return [fact for recall in self.recall for fact in recall.fact]

    def numbers(self, code):
        """Return by how a number is written what it is, from 1 to 10."""
        found = {fold(one).replace("'", ""): 1 for one in ONE[code].split("|")}
        for words in (self.number[code], self.number_feminine[code]):
            found |= {fold(word): place for place, word in enumerate(words, start=2)}
        return found | {str(number): number for number in range(2, 11)}

    def compiled(self, pattern, code):
        number = f"(?P<number> (?:{'|'.join(self.numbers(code))}))"
        before, *after = pattern.split("@number")
        parts = [expression(part, {}) for part in (before, *after)]
        return re.compile(number.join(parts))


@cache
def told():
    """Return what is remembered, and how. Raises MalformedContent."""
    return read(content.FOLDER / "facts.toml", FactsContent)


def facts_in(text, language):
    """Return what the learner plainly tells in `text`: facts by slug, and `name`."""
    found = {}
    for words in _statements(text, language):
        for slug, pattern in _patterns(language):
            match = pattern.fullmatch(words.keys)
            value = match and _value(match, words, language)
            if value:
                found[slug] = value
    return found


def name_in(text, language):
    """Return the `name` of someone who was asked for it, if it is plainly there."""
    for words in _statements(text, language):
        for pattern in told().name_if_asked[language]:
            match = told().compiled(pattern, language).fullmatch(words.keys)
            if match and (name := _value(match, words, language)):
                return {"name": name}
    return {}


def is_plain(answer, heard):
    """Whether the answer is what was wanted, and not another number or kind of it.

    Its words were heard just so, one behind the other, behind nothing but a function
    word, and nothing was negated.
    """
    forms = [fold(form) for form in heard.forms]
    if _negations(heard.language) & {*forms}:
        return False
    tokens = lexicon.tokens(answer, heard.language)
    wanted = [fold(one.text) for one in tokens if _is_content(one.text, heard.language)]
    places = [
        place
        for place, form in enumerate(heard.forms)
        if _is_content(form, heard.language)
    ]
    content_forms = [forms[place] for place in places]
    for start in range(len(places) - len(wanted) + 1):
        if content_forms[start : start + len(wanted)] == wanted:
            first = places[start]
            return first == 0 or not _is_content(heard.forms[first - 1], heard.language)
    return False


def values(remembered):
    """Return of what is remembered that which lines may name, by slot."""
    return {
        slug.removeprefix(f"{ANSWER}/"): value
        for slug, value in remembered.items()
        if slug == "name" or slug.startswith(f"{ANSWER}/")
    }


def to_recall(remembered):
    """Return the slug of the first recall with a fact and not yet used, or None."""
    for recall in told().recall:
        is_told = any(fact.slug in remembered for fact in recall.fact)
        if is_told and f"{RECALL}/{recall.slug}" not in remembered:
            return recall.slug
    return None


def question(cue, remembered):
    """Return the question of the cue `recall/<slug>`, saying its fact, or None."""
    for recall in told().recall:
        for fact in recall.fact:
            if cue == f"{RECALL}/{recall.slug}" and fact.slug in remembered:
                return _saying(recall, fact, remembered[fact.slug])
    return None


def _saying(recall, fact, value):
    forms = {code: _form(fact, value, code) for code in LANGUAGES}
    filled = {
        band: {
            code: [content.fill(line, {"form": forms[code]}) for line in lines]
            for code, lines in getattr(recall.ask, band).items()
        }
        for band in ("beginner", "intermediate")
    }
    ask = content.Asks.model_construct(**filled)
    return recall.model_copy(update={"ask": ask})


def _form(fact, value, code):
    if isinstance(value, str):
        return value
    if value == 1:
        return fact.one[code]
    words = told().number_feminine if fact.is_feminine else told().number
    return fact.many[code].format(number=words[code][value - 2])


def _statements(text, language):
    """Yield the statements of `text` as `Words`: no questions, nothing negated."""
    for sentence in sentences(text):
        if "?" not in sentence:
            for part in parts(sentence, language):
                words = Words.of(part)
                if words and not _negations(language) & {*words.keys.split()}:
                    yield words


@cache
def _negations(language):
    words = told().negation[language].split("|")
    return {fold(word).replace("'", "") for word in words}


@cache
def _patterns(language):
    made = told()
    patterns = [("name", pattern) for pattern in made.name[language]]
    for fact in made.facts():
        patterns += [(fact.slug, pattern) for pattern in fact.said[language]]
    return [(slug, made.compiled(pattern, language)) for slug, pattern in patterns]


def _value(match, words, language):
    """Return the number or the name that a match has, None where it isn't sure."""
    if "number" in match.groupdict():
        return told().numbers(language)[match["number"].strip()]
    name = words.written(match, "word")
    return name if is_name(name.split(), language) else None


def _is_content(form, language):
    return not lexicon.is_function_word(form, language)
