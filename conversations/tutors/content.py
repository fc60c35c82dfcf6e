"""The guided tutor's content: what a file must hold, and reading it.

The format is described in conversations/content/README.md.
"""

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
AND_MORE = "…"
# How many useful phrases a scenario has at least.
PHRASES = 5


def _lines(at_least):
    def check(lines):
        for code, variants in lines.items():
            if len(variants) < at_least or len(set(variants)) < len(variants):
                raise ValueError(f"“{code}” needs {at_least} or more different lines")
        return lines

    return AfterValidator(check)


Lines = Annotated[dict[str, list[Line]], AfterValidator(in_all_languages), _lines(1)]
TwoLines = Annotated[Lines, _lines(2)]


class LevelText(Table):
    """A text at the two levels that the tutor speaks."""

    beginner: Text
    intermediate: Text


class LevelLines(Table):
    beginner: Lines
    intermediate: Lines


class LevelTwoLines(Table):
    beginner: TwoLines
    intermediate: TwoLines


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
            is_open = alternative.endswith(AND_MORE)
            if is_open and self.recast:
                yield f"“{alternative}” needs recast = false"
            if not is_open and not lexicon.content_lemmas(alternative, language):
                yield f"“{alternative}” has only function words"

    def alternatives(self, language):
        """Return the ways to give this answer, the first of them to be said back."""
        return [part.strip() for part in getattr(self, language).split("|")]

    def met_in(self, heard, language):
        """Return the first alternative that is in what was heard, or None."""
        for alternative in self.alternatives(language):
            if alternative.endswith(AND_MORE):
                if heard.has_opening(alternative.removesuffix(AND_MORE)):
                    return alternative
            elif heard.has_words(alternative):
                return alternative
        return None


class Prompt(Table):
    """What the tutor asks for, and how it reacts: an objective or a question."""

    hint: Text
    ask: LevelTwoLines
    recast: Lines
    model: LevelText
    answer: list[Answer] = Field(min_length=1)
    anytime: bool = False

    @classmethod
    def trusted(cls, tables):
        """Return the prompt of tables that were checked when they were loaded."""
        parts = {
            "ask": LevelTwoLines.model_construct(**tables["ask"]),
            "model": LevelText.model_construct(**tables["model"]),
            "answer": [Answer.model_construct(**answer) for answer in tables["answer"]],
        }
        return cls.model_construct(**tables | parts)

    def is_met_in(self, heard):
        """Whether any of its answers is in what was heard."""
        return any(answer.met_in(heard, heard.language) for answer in self.answer)

    def sentence_in(self, text, language):
        """Return the sentence of the text that meets it, else the whole text."""
        from conversations.tutors.hearing import Heard

        met = (one for one in sentences(text) if self.is_met_in(Heard(one, language)))
        return next(met, text)

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

        plain = [line for line in self.recast[language] if "{answer}" not in line]
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
    slug: Slug


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

    @classmethod
    def trusted(cls, tables):
        """Return the topic of tables that were checked when they were loaded."""
        questions = [Question.trusted(question) for question in tables["question"]]
        return cls.model_construct(**tables | {"question": questions})


class Common(Table):
    """The phrases that every talk shares."""

    acknowledge: Annotated[Lines, _lines(6)]
    unclear: Annotated[Lines, _lines(3)]
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
