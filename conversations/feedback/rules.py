"""The common errors of learners: rules, one file a language.

The format is described in conversations/content/rules/README.md.
"""

import re
from functools import cache
from typing import Annotated

from pydantic import Field, PrivateAttr, model_validator

from conversations.feedback.candidates import Candidate
from conversations.feedback.categories import Category, Priority
from conversations.feedback.edits import like, minimal, put_in
from conversations.tutors import content
from lingo.content import Line, MalformedContent, Slug, Table, Text, read
from lingo.languages import LANGUAGES
from lingo.text import sentence_spans

FORMS = "FORMS"
# Signs that a phone or a typographer sets for those that patterns are written with.
_PLAIN = str.maketrans("’‘\u00a0\u202f", "''  ")


class Rule(Table):
    """One common error: what it looks like, what it should be, and why."""

    slug: Slug
    pattern: str = Field(min_length=1, max_length=2000)
    replacement: str = Field(max_length=300)
    forms: dict[str, str] = {}
    category: Category
    priority: Priority
    confidence: Annotated[float, Field(ge=0.5, le=1)] = 0.9
    native_languages: list[content.LanguageCode] = []
    matches_case: bool = False
    reason: Text
    wrong: Line
    right: Line
    fine: list[Line] = Field(min_length=1)
    _regex: re.Pattern = PrivateAttr()

    @model_validator(mode="after")
    def _does_what_it_says(self):
        if any(form != form.lower() for form in self.forms) and not self.matches_case:
            raise ValueError("forms are written small, unless matches_case = true")
        if bool(self.forms) != (FORMS in self.pattern):
            raise ValueError(f"forms and {FORMS} in the pattern go together")
        longest_first = sorted(self.forms, key=len, reverse=True)
        forms = "|".join(map(re.escape, longest_first))
        flags = 0 if self.matches_case else re.IGNORECASE
        try:
            source = self.pattern.replace(FORMS, f"(?P<form>{forms})")
            self._regex = re.compile(source, flags)
            made = self.corrected(self.wrong)
        except (re.error, IndexError, KeyError, ValueError) as error:
            raise ValueError(f"pattern and replacement don't fit: {error}") from error
        if made == self.wrong:
            raise ValueError(f"“{self.wrong}” does not match")
        if made != self.right:
            raise ValueError(f"“{self.wrong}” becomes “{made}”")
        for sentence in (self.right, *self.fine):
            if self.edits(sentence):
                raise ValueError(f"“{sentence}” must not match")
        return self

    def edits(self, sentence):
        """Return the edits `(start, end, corrected)` of one sentence, each minimal."""
        found = []
        for match in self._regex.finditer(sentence.translate(_PLAIN)):
            edit = minimal(sentence, *match.span(), self._becomes(match))
            if edit:
                found.append(edit)
        return found

    def _becomes(self, match):
        groups = [match[0], *(group or "" for group in match.groups())]
        named = {name: text or "" for name, text in match.groupdict().items()}
        if self.forms:
            form = named["form"] if self.matches_case else named["form"].lower()
            named["form"] = self.forms[form]
        made = self.replacement.format(*groups, **named)
        return made if self.matches_case else like(match[0], made)

    def corrected(self, sentence):
        """Return the sentence as this rule alone makes it."""
        return put_in(sentence, self.edits(sentence))

    def applies_to(self, native_language):
        """Whether learners of that native language make this error."""
        return not self.native_languages or native_language in self.native_languages


class Rules(Table):
    """All rules of one language."""

    rule: list[Rule] = Field(min_length=1)

    @model_validator(mode="after")
    def _has_each_once(self):
        slugs = [rule.slug for rule in self.rule]
        for slug in slugs:
            if slugs.count(slug) > 1:
                raise ValueError(f"“{slug}” is there twice")
        return self


@cache
def rules(language):
    """Return the `Rule`s of a language, in order. Raises MalformedContent."""
    return read(content.FOLDER / "rules" / f"{language}.toml", Rules).rule


def files():
    """Yield language and `Rule`s of each file. Raises MalformedContent."""
    for path in sorted((content.FOLDER / "rules").glob("*.toml")):
        if path.stem not in LANGUAGES:
            raise MalformedContent(path, 1, f"no language “{path.stem}”")
        yield path.stem, read(path, Rules).rule


class RuleSource:
    """Finds the common errors that the rules describe."""

    name, label = "rule", "Rule"

    def find(self, writing):
        """Return the `Candidate`s in a text in the target language."""
        wanted = [
            rule
            for rule in rules(writing.language)
            if rule.applies_to(writing.native_language)
        ]
        return [
            Candidate(
                begin + start,
                begin + end,
                writing.text[begin + start : begin + end],
                corrected,
                rule.category,
                rule.priority,
                rule.reason[writing.native_language],
                self.name,
                rule.confidence,
            )
            for begin, stop in sentence_spans(writing.text)
            for rule in wanted
            for start, end, corrected in rule.edits(writing.text[begin:stop])
        ]
