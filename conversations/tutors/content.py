"""The guided tutor's content: what a file must hold, and reading it.

The format is described in conversations/content/README.md.
"""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from conversations.categories import Category
from lingo.content import Line, Slug, Table, Text, in_all_languages, read
from lingo.languages import LANGUAGES, Level
from lingo.text import sentences
from vocabulary import lexicon

FOLDER = Path(__file__).resolve().parent.parent / "content"
LanguageCode = Literal["en", "es", "fr", "de", "it", "pt"]
AND_MORE, WHOLE = "…", "="
# Where a recast states the answer, rather than asks back about it.
_SAYS_BACK = re.compile(r"\{answer\}(?!\s*\?)")
# How many useful phrases a scenario has at least.
PHRASES = 5


def _lines(at_least):
    def check(lines):
        for code, variants in lines.items():
            if len(variants) < at_least or len(set(variants)) < len(variants):
                raise ValueError(f"“{code}” needs {at_least} or more different lines")
        return lines

    return AfterValidator(check)


def _parallel(lines):
    for code, variants in lines.items():
        if len(variants) != len(lines["en"]):
            raise ValueError(f"“{code}” needs as many lines as the others")
    return lines


Lines = Annotated[dict[str, list[Line]], AfterValidator(in_all_languages), _lines(1)]
TwoLines = Annotated[Lines, _lines(2)]


class LevelText(Table):
    """A text at the two levels that the tutor speaks."""

    beginner: Text
    intermediate: Text


class LevelLines(Table):
    beginner: Lines
    intermediate: Lines


class Asks(Table):
    """The wordings of a question; those in the same place translate each other."""

    beginner: Annotated[TwoLines, AfterValidator(_parallel)]
    intermediate: Annotated[TwoLines, AfterValidator(_parallel)]


def is_taken_as_written(alternative):
    """Whether its words count as they stand: nothing to be said back."""
    return alternative.startswith(WHOLE) or alternative.endswith(AND_MORE)


class Answer(Table):
    """What may meet an objective: alternatives by language."""

    recast: bool = True
    en: Line
    es: Line
    fr: Line
    de: Line
    it: Line
    pt: Line

    @model_validator(mode="after")
    def _has_content(self):
        for code in LANGUAGES:
            for reason in self.problems(code):
                raise ValueError(f"{reason} ({code})")
        return self

    def problems(self, language):
        """Yield what is wrong with it in one language."""
        for alternative in self.alternatives(language):
            is_as_written = is_taken_as_written(alternative)
            if is_as_written and self.recast:
                yield f"“{alternative}” needs recast = false"
            if not is_as_written and not lexicon.content_lemmas(alternative, language):
                yield f"“{alternative}” has only function words"
            if alternative == WHOLE:
                yield f"“{alternative}” has no words"

    def alternatives(self, language):
        """Return the ways to give this answer, the first of them to be said back."""
        return [part.strip() for part in getattr(self, language).split("|")]

    def met_in(self, heard, language, *, as_stated=False, is_asked=False):
        """Return the first alternative that is in what was heard, or None.

        With `as_stated`, one to be said back counts only where it wasn't denied; and
        one that must be all that was said only if it `is_asked` for.
        """
        as_stated = as_stated and self.recast
        for alternative in self.alternatives(language):
            if alternative.startswith(WHOLE):
                if is_asked and heard.is_all(alternative.removeprefix(WHOLE)):
                    return alternative
            elif alternative.endswith(AND_MORE):
                if heard.has_opening(alternative.removesuffix(AND_MORE)):
                    return alternative
            elif heard.has_words(alternative, as_stated=as_stated):
                return alternative
        return None


class Prompt(Table):
    """What the tutor asks for, and how it reacts: an objective or a question."""

    hint: Text
    ask: Asks
    recast: Lines
    model: LevelText
    answer: list[Answer] = Field(min_length=1)
    anytime: bool = False

    @classmethod
    def trusted(cls, tables):
        """Return the prompt of tables that were checked when they were loaded."""
        parts = {
            "ask": Asks.model_construct(**tables["ask"]),
            "model": LevelText.model_construct(**tables["model"]),
            "answer": [Answer.model_construct(**answer) for answer in tables["answer"]],
        }
        return cls.model_construct(**tables | parts)

    def is_met_in(self, heard, *, is_asked=False):
        """Whether any of its answers is in what was heard; see `Answer.met_in`."""
        return any(met for _, met in self._met_in(heard, is_asked))

    def is_denied_in(self, heard):
        """Whether what was heard denies one of its answers, and so doesn't meet it."""
        named = any(answer.met_in(heard, heard.language) for answer in self.answer)
        return named and not self.is_met_in(heard)

    def sentence_in(self, text, language):
        """Return the sentence of the text that meets it, else the whole text."""
        from conversations.tutors.hearing import Heard

        for one in sentences(text):
            if self.is_met_in(Heard(one, language), is_asked=True):
                return one
        return text

    def said_back(self, heard):
        """Return the answer in what was heard as it may be said back, or None.

        Of another amount it isn't what was heard: “un café” of “dos cafés”.
        """
        for answer, met in self._met_in(heard):
            if met and answer.recast and not heard.has_other_amount(met):
                return met
        return None

    def _met_in(self, heard, is_asked=False):
        """Yield each answer with its alternative in what was heard, or None.

        Where the tutor states it, what the learner denies is no answer.
        """
        language = heard.language
        as_stated = any(map(_SAYS_BACK.search, self.recast[language]))
        for answer in self.answer:
            met = answer.met_in(heard, language, as_stated=as_stated, is_asked=is_asked)
            yield answer, met

    def lemmas(self, language):
        """Return the lemmas, but for function words, of its answers and models."""
        texts = [self.model.beginner[language], self.model.intermediate[language]]
        for answer in self.answer:
            texts += answer.alternatives(language)
        return {
            lemma for text in texts for lemma in lexicon.content_lemmas(text, language)
        }

    @model_validator(mode="after")
    def _fits_together(self):
        for code in LANGUAGES:
            for _, reason in self.problems(code):
                raise ValueError(f"{reason} ({code})")
        return self

    def problems(self, language):
        """Yield what doesn't fit together in one language: the field, and why."""
        from conversations.tutors.hearing import Heard

        plain = [line for line in self.recast[language] if not slots(line)]
        if not plain and not all(answer.recast for answer in self.answer):
            yield "recast", "recast needs a line without {answer}"
        models = (self.model.beginner[language], self.model.intermediate[language])
        for text in dict.fromkeys(models):
            if not self.is_met_in(Heard(text, language)):
                yield "model", f"the model “{text}” meets no answer"


class ObjectiveContent(Prompt):
    slug: Slug
    title: Text

    def prompt(self):
        """Return the prompt's tables, as `Prompt.trusted` reads them."""
        return self.model_dump(include=set(Prompt.model_fields))


class PhaseContent(Table):
    slug: Slug
    title: Text
    objective: list[ObjectiveContent] = Field(min_length=1)


class Question(Prompt):
    """A question of free talk, where to like it or not is an answer alike."""

    slug: Slug

    def is_met_in(self, heard, *, is_asked=False):
        language = heard.language
        return any(
            answer.met_in(heard, language, is_asked=is_asked) for answer in self.answer
        )


def _check_slots(where, lines, names):
    """Raise ValueError where lines need what can't be known, or all need something."""
    for code, variants in lines.items():
        for line in variants:
            if unknown := slots(line) - names:
                raise ValueError(f"{where} can't fill in {{{min(unknown)}}} ({code})")
        if not any(slots(line) <= {"answer"} for line in variants):
            raise ValueError(f"{where} needs a line without names ({code})")


def _check_prompt(prompt, names):
    for lines in (prompt.ask.beginner, prompt.ask.intermediate):
        _check_slots(f"the ask of {prompt.slug}", lines, set())
    _check_slots(f"the recast of {prompt.slug}", prompt.recast, {"answer", *names})


class ScenarioContent(Table):
    category: Category
    level: Level
    title: Text
    setting: Text
    tutor_role: Text
    learner_role: Text
    phase: list[PhaseContent] = Field(min_length=2)
    closing: LevelLines
    word: list[Text] = Field(min_length=1)
    phrase: list[Text] = Field(min_length=PHRASES)
    culture: Annotated[dict[LanguageCode, Text], AfterValidator(in_all_languages)]

    @model_validator(mode="after")
    def _can_be_filled_in(self):
        objectives = [aim for phase in self.phase for aim in phase.objective]
        told = {aim.slug for aim in objectives if any(one.recast for one in aim.answer)}
        for objective in objectives:
            _check_prompt(objective, {"name", *told})
        for lines in (self.closing.beginner, self.closing.intermediate):
            _check_slots("the closing", lines, {"name", *told})
        return self

    def tables(self):
        """Return what a version of the scenario consists of."""
        texts = self.model_dump(mode="json", exclude={"phase", "word", "phrase"})
        return {
            **texts,
            "language": "",
            "native_language": "",
            "words": self.word,
            "phrases": self.phrase,
            "phase": [
                {
                    "slug": phase.slug,
                    "title": phase.title,
                    "objective": [
                        {
                            "slug": objective.slug,
                            "title": objective.title,
                            "prompt": objective.prompt(),
                        }
                        for objective in phase.objective
                    ],
                }
                for phase in self.phase
            ],
        }


class TopicContent(Table):
    title: Text
    question: list[Question] = Field(min_length=6)
    word: list[Text] = Field(min_length=1)

    @model_validator(mode="after")
    def _can_be_filled_in(self):
        for question in self.question:
            _check_prompt(question, {"name"})
        return self

    @classmethod
    def trusted(cls, tables):
        """Return the topic of tables that were checked when they were loaded."""
        questions = [Question.trusted(question) for question in tables["question"]]
        return cls.model_construct(**tables | {"question": questions})


# What of the common phrases the tutor says in the target language.
SAID = (
    "acknowledge",
    "agree",
    "unclear",
    "denied",
    "later",
    "change_topic",
    "finished",
    "welcome",
)


class Common(Table):
    """The phrases that every talk shares."""

    acknowledge: Annotated[Lines, _lines(6)]
    agree: Annotated[Lines, _lines(3)]
    unclear: Annotated[Lines, _lines(3)]
    denied: TwoLines
    later: TwoLines
    change_topic: TwoLines
    finished: Annotated[Lines, _lines(3)]
    welcome: TwoLines
    hint: Text
    model: Text
    say_more: Text
    reminder: Text
    about: Text
    about_model: Text
    over_limit: Text
    no_model: Text
    language: dict[str, Text]

    @model_validator(mode="after")
    def _can_be_filled_in(self):
        for name in SAID:
            _check_slots(f"[{name}]", getattr(self, name), {"name"})
        return self


def slots(line):
    """Return the names of what is to be filled into a line."""
    return set(re.findall(r"\{([a-z-]+)\}", line))


def fill(line, values):
    """Return the line with `values` by slot, each with a capital where it must begin.

    >>> fill("¡{name}! Un momento: {drink}.", {"name": "Ana", "drink": "un té"})
    '¡Ana! Un momento: un té.'
    """

    def put(match):
        value = values.get(match[1], match[0])
        begins = re.search(r"(^|[.!?…]\s+)[¡¿«“]*$", line[: match.start()])
        return value[0].upper() + value[1:] if begins else value

    return re.sub(r"\{([a-z-]+)\}", put, line)


def files(folder):
    """Return the paths of a folder's content files, in order."""
    return sorted((FOLDER / folder).glob("*.toml"))


def checked(folder, kind):
    """Return what a folder's files hold, by slug, as a `kind`. Raises MalformedContent.

    Checking takes several times as long as reading: it looks words up.
    """
    return {path.stem: read(path, kind) for path in files(folder)}


@cache
def topics():
    """Return the topics for free talk by slug, as `load_content` has checked them."""
    tables = {
        path.stem: tomllib.loads(path.read_text("utf-8")) for path in files("topics")
    }
    return {slug: TopicContent.trusted(found) for slug, found in tables.items()}


@cache
def topic_lemmas(slug, language):
    """Return the lemmas that a topic asks for: its answers', models' and words'."""
    topic = topics()[slug]
    return lemmas(topic.question, topic.word, language)


def lemmas(prompts, words, language):
    """Return the lemmas of `prompts`, and of `words`: texts by language."""
    return frozenset().union(
        *(prompt.lemmas(language) for prompt in prompts),
        *(lexicon.content_lemmas(word[language], language) for word in words),
    )


@cache
def common():
    """Return the phrases that every talk shares. Raises MalformedContent."""
    return read(FOLDER / "common.toml", Common)
