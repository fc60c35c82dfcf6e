"""What a learner asks of the tutor: requests about the talk, and questions to it.

They are recognised by patterns, sentence by sentence, each of which must say nothing
else: “I don't understand” is a request, “I don't understand my boss” is talk.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple

from pydantic import model_validator

from conversations.tutors import content
from conversations.tutors.patterns import Patterns, PatternText, Words, expression
from lingo.content import Slug, Table, Text, read
from lingo.languages import LANGUAGES
from lingo.text import sentences
from vocabulary import lexicon

Kind = Literal[
    "translate",
    "meaning",
    "say",
    "repeat",
    "slower",
    "not-understood",
    "help",
    "no-idea",
]


class RequestContent(Table):
    """Something that the learner wants of the talk, and words to introduce it."""

    slug: Kind
    asked: Patterns
    reply: content.TwoLines | None = None


class QuestionContent(Table):
    """A question to the tutor, and what it answers: as itself, and in a role."""

    slug: Slug
    asked: Patterns
    answer: content.Lines
    in_role: content.Lines | None = None


class AskingContent(Table):
    around: PatternText
    can: PatternText
    that: PatternText
    language: PatternText
    request: list[RequestContent]
    question: list[QuestionContent]
    cannot_answer: content.TwoLines
    but_tell_me: content.TwoLines
    translation: Text
    means: Text
    is_called: Text
    unknown_word: Text
    day: content.Lines
    month: content.Lines
    first_day: Text

    @model_validator(mode="after")
    def _can_be_read(self):
        for code in LANGUAGES:
            for asked in (*self.request, *self.question):
                for pattern in asked.asked[code]:
                    try:
                        re.compile(self.expression(pattern, code))
                    except (re.error, KeyError) as error:
                        reason = f"“{pattern}” can't be read ({code}): {error}"
                        raise ValueError(reason) from error
            if (len(self.day[code]), len(self.month[code])) != (7, 12):
                raise ValueError(f"“{code}” needs 7 days and 12 months")
        return self

    def expression(self, pattern, code):
        """Return the pattern of a language as a regular expression."""
        named = ("around", "can", "that", "language")
        return expression(pattern, {name: getattr(self, name)[code] for name in named})

    def compiled(self, pattern, code):
        """Return the pattern with what may stand around it; the group `before` is."""
        around = f"(?:{self.expression('@around', code)})*"
        asked = self.expression(pattern.removesuffix("?"), code)
        return re.compile(f"(?P<before>{around}?)(?:{asked}){around}")


class Request(NamedTuple):
    """What the learner wants, and of which word (else "")."""

    slug: str
    word: str = ""


@dataclass(frozen=True)
class Asked:
    """What a message asks, and what else it says.

    `questions` are those that the tutor answers, `is_unknown` tells of others; `rest`
    is all but requests and known questions, `said` what of it is neither a question
    nor mere politeness.
    """

    requests: list[Request]
    questions: list[QuestionContent]
    is_unknown: bool
    rest: str
    said: str

    @property
    def is_aside(self):
        """Whether it only asks, and says nothing."""
        asks = self.requests or self.questions or self.is_unknown
        return bool(asks) and not self.said


@cache
def asking():
    """Return what a learner may ask and what is answered. Raises MalformedContent."""
    return read(content.FOLDER / "asking.toml", AskingContent)


def reply_to(slug):
    """Return the lines that introduce what a request of this kind brings."""
    return next(one.reply for one in asking().request if one.slug == slug)


def understand(text, language, native_language):
    """Return what the message `text` asks of the tutor as `Asked`.

    Requests are understood in the target and in the native language, questions in the
    target language.
    """
    requests, questions, rest, said = [], [], [], []
    is_unknown = False
    for sentence in sentences(text):
        found, before = _find(sentence, language, native_language)
        if isinstance(found, Request):
            requests.append(found)
        elif found:
            questions.append(found)
        elif "?" in sentence:
            is_unknown = True
            rest.append(sentence)
            before = sentence.rpartition(",")[0]
        else:
            rest.append(sentence)
        if found and before:
            rest.append(before)
        if before and not _is_polite(before, language):
            said.append(before)
    return Asked(requests, questions, is_unknown, " ".join(rest), " ".join(said))


def without_requests(text, language, native_language):
    """Return the sentences of `text` that are no requests about the talk."""
    return [
        sentence
        for sentence in sentences(text)
        if not isinstance(_find(sentence, language, native_language)[0], Request)
    ]


def words_in(text, language, native_language):
    """Return what to look up for the words that `text` asks about, mostly nothing."""
    requests = understand(text, language, native_language).requests
    return [
        name
        for request in requests
        if request.word
        for name in headwords(request.word, language, native_language)
    ]


def headwords(word, *languages):
    """Return what to look up a word under: as it is, and without article or “to”."""
    found = [word]
    for language in languages:
        tokens = lexicon.tokens(word, language)
        while len(tokens) > 1 and lexicon.is_function_word(tokens[0].text, language):
            tokens = tokens[1:]
        if tokens:
            found.append(word[tokens[0].start : tokens[-1].end])
    return list(dict.fromkeys(found))


def _find(sentence, language, native_language):
    """Return the Request or question that a sentence ends in, and what is before it.

    None and the whole sentence where there is none. A greeting counts as before.
    """
    parts = [("", sentence)]
    if "?" in sentence:  # “I like rice, and you?”
        parts += [
            (sentence[: mark.start()], sentence[mark.end() :])
            for mark in re.finditer("[,¿]", sentence)
        ]
    for before, part in parts:
        if words := Words.of(part):
            found, greeting = _match(words, language, native_language)
            if found:
                return found, f"{before} {greeting}".strip()
    return None, sentence


def _match(words, language, native_language):
    for code in dict.fromkeys((language, native_language)):
        for asked, pattern, needs_mark in _patterns(code)[0]:
            is_request = isinstance(asked, RequestContent)
            if needs_mark and "?" not in words.text:
                continue
            if not is_request and code != language:
                continue
            if match := pattern.fullmatch(words.keys):
                greeting = words.written(match, "before")
                if not is_request:
                    return asked, greeting
                return Request(asked.slug, words.written(match, "word")), greeting
    return None, ""


@cache
def _patterns(language):
    """Return what may be asked in the language with its patterns, and that of nothing.

    Each pattern is with whether it needs a question mark.
    """
    made = asking()
    patterns = [
        (one, made.compiled(pattern, language), pattern.endswith("?"))
        for one in (*made.request, *made.question)
        for pattern in one.asked[language]
    ]
    return patterns, made.compiled("", language)


def _is_polite(text, language):
    """Whether the text has only what may stand around anything that is asked."""
    words = Words.of(text)
    return words is not None and bool(_patterns(language)[1].fullmatch(words.keys))
