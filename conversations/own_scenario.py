"""A learner's own scenario: in one target language, told in one native language.

It is a reduced shape of a content file, in which it comes in and goes out as JSON; the
README beside the content describes both. The same rules hold for it.
"""

import hashlib
import json
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationError

from conversations.categories import Category
from conversations.errors import InvalidScenario
from conversations.scenario_managers import OWN
from conversations.tutors import checking, content
from lingo.languages import Level
from lingo.shapes import LanguageCode, Part, problems
from lingo.text import storable

LINE, NOTE = 300, 1000
MOST_OBJECTIVES = 15
# What a file may hold.
MOST_AT_ONCE, MOST_BYTES = 100, 2 * 2**20


def _line(length):
    def check(text):
        text = " ".join(storable(text).split())
        if not text:
            raise ValueError("This is empty.")
        if len(text) > length:
            raise ValueError(f"This has more than {length} characters.")
        return text

    return AfterValidator(check)


Line = Annotated[str, _line(LINE)]
Note = Annotated[str, _line(NOTE)]
Named = Annotated[str, _line(100)]


class OwnWord(Part):
    """A word worth keeping, or a phrase: base form, and what it means."""

    text: Named
    translation: Line


class OwnObjective(Part):
    """What to achieve, and what the tutor says for it.

    `answers` are as in a content file: any of them meets it, `|` stands between
    alternatives, `…` at the end for more words. Without `recast`, the tutor reacts with
    a phrase that fits any answer.
    """

    title: Line
    hint: Line
    ask: list[Line] = Field(min_length=1, max_length=5)
    answers: list[Line] = Field(min_length=1, max_length=20)
    model: Line
    recast: list[Line] = Field(default=[], max_length=5)


class OwnPhase(Part):
    title: Line
    objectives: list[OwnObjective] = Field(min_length=1, max_length=6)


class OwnScenario(Part):
    """A whole one. `slug` names it among the learner's; without one, its texts do."""

    format: Literal["lingo-scenario"] = "lingo-scenario"
    slug: (
        Annotated[str, Field(pattern=r"^own-[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
        | None
    ) = None
    language: LanguageCode
    native_language: LanguageCode
    category: Category
    level: Level
    title: Named
    setting: Line
    tutor_role: Named
    learner_role: Named
    phases: list[OwnPhase] = Field(min_length=1, max_length=5)
    closing: list[Line] = Field(default=[], max_length=5)
    words: list[OwnWord] = Field(default=[], max_length=40)
    phrases: list[OwnWord] = Field(default=[], max_length=20)
    culture: Note | None = None

    @property
    def name(self):
        """The slug, or where there is none, one that the same texts always get."""
        if self.slug:
            return self.slug
        texts = json.dumps(self.model_dump(mode="json"), sort_keys=True)
        return OWN + hashlib.sha256(texts.encode()).hexdigest()[:12]

    def tables(self):
        """Return what a version of the scenario consists of."""
        told, said = self._told, self._said
        return {
            "language": self.language,
            "native_language": self.native_language,
            "category": self.category.value,
            "level": self.level.value,
            **{
                name: told(getattr(self, name))
                for name in ("title", "setting", "tutor_role", "learner_role")
            },
            "closing": _at_all_levels(
                said(self.closing or content.common().finished[self.language])
            ),
            "words": [said(word.text) | told(word.translation) for word in self.words],
            "phrases": [
                said(phrase.text) | told(phrase.translation) for phrase in self.phrases
            ],
            "culture": said(told(self.culture)) if self.culture else {},
            "phase": [
                {
                    "slug": f"phase-{at}",
                    "title": told(phase.title),
                    "objective": [
                        {
                            "slug": f"objective-{place}",
                            "title": told(objective.title),
                            "prompt": self._prompt(objective),
                        }
                        for place, objective in enumerate(phase.objectives, start=1)
                    ],
                }
                for at, phase in enumerate(self.phases, start=1)
            ],
        }

    def _told(self, text):
        return {self.native_language: text}

    def _said(self, text):
        return {self.language: text}

    def _prompt(self, objective):
        any_answer = content.common().agree[self.language]
        return {
            "hint": self._told(objective.hint),
            "ask": _at_all_levels(self._said(objective.ask)),
            "recast": self._said(objective.recast or any_answer),
            "model": _at_all_levels(self._said(objective.model)),
            "answer": [
                {"recast": not _is_open(answer), **self._said(answer)}
                for answer in objective.answers
            ],
            "anytime": False,
        }

    def content(self):
        """Return it as the `ScenarioContent` that the checks take."""
        tables = self.tables()
        phases = [
            content.PhaseContent.model_construct(
                slug=phase["slug"],
                title=phase["title"],
                objective=[
                    content.ObjectiveContent.trusted(
                        {**objective["prompt"], "slug": objective["slug"]}
                    )
                    for objective in phase["objective"]
                ],
            )
            for phase in tables["phase"]
        ]
        return content.ScenarioContent.model_construct(
            level=self.level,
            phase=phases,
            closing=content.LevelLines.model_construct(**tables["closing"]),
            word=tables["words"],
        )

    def notes(self):
        """Return what a teacher would look at: texts, with the place in each."""
        band = "beginner" if self.level in checking.EASY else "intermediate"
        findings = checking.check_scenario(self.content(), [self.language])
        notes = {}
        for found in findings:
            # It says the same at both levels.
            is_other = set(checking.BANDS) - {band} & set(found.place)
            if not found.is_error and not is_other:
                notes.setdefault(f"{_where(found.place)}{found.reason}", None)
        return list(notes)


class OwnScenarios(Part):
    """Several of them, as a file holds them."""

    scenarios: list[OwnScenario] = Field(max_length=MOST_AT_ONCE)


def _is_open(answer):
    """Whether an alternative of it wants more words, and can't be said back."""
    return any(map(content.is_taken_as_written, map(str.strip, answer.split("|"))))


def _at_all_levels(lines):
    return dict.fromkeys(checking.BANDS, lines)


def _where(place):
    """Return in words which phase and objective a finding is about."""
    if place[0] != "phase":
        return ""
    return f"Phase {place[1] + 1}, objective {place[3] + 1}: "


def read(data):
    """Return the `OwnScenario` of JSON data. Raises InvalidScenario."""
    try:
        own = OwnScenario.model_validate(data)
    except ValidationError as error:
        raise InvalidScenario(problems(error, whole="scenario")) from None
    found = dict(_problems(own))
    if found:
        raise InvalidScenario(found)
    return own


def read_many(data):
    """Return the `OwnScenario`s of JSON data: {"scenarios": […]}, or one by itself.

    Raises InvalidScenario; a path begins with `scenarios.0`, unless it was one.
    """
    if not isinstance(data, dict) or "scenarios" not in data:
        return [read(data)]
    many = data["scenarios"]
    if not isinstance(many, list) or len(many) > MOST_AT_ONCE:
        raise InvalidScenario({"scenarios": f"A list of at most {MOST_AT_ONCE}."})
    if len(data) > 1:
        raise InvalidScenario(dict.fromkeys(data.keys() - {"scenarios"}, "Unknown."))
    found, wrong = [], {}
    for at, one in enumerate(many):
        try:
            found.append(read(one))
        except InvalidScenario as error:
            for path, why in error.problems.items():
                wrong[f"scenarios.{at}.{path}"] = why
    if wrong:
        raise InvalidScenario(wrong)
    return found


def read_file(content):
    """Return the `OwnScenario`s of a JSON file's bytes. Raises InvalidScenario."""
    try:
        data = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise InvalidScenario({"file": f"This is no JSON: {error}"}) from error
    return read_many(data)


def dump(own):
    """Return it as values ready for JSON: `read` gives the same."""
    return {**own.model_dump(mode="json", exclude_none=True), "slug": own.name}


def _problems(own):
    """Yield what is wrong with a well-formed one, by path: as with a content file."""
    if own.language == own.native_language:
        yield "native_language", "This is the language to be learned."
    if sum(len(phase.objectives) for phase in own.phases) > MOST_OBJECTIVES:
        yield "phases", f"A scenario has at most {MOST_OBJECTIVES} objectives."
    made = own.content()
    for at, phase in enumerate(made.phase):
        for place, objective in enumerate(phase.objective):
            path = f"phases.{at}.objectives.{place}"
            for number, answer in enumerate(objective.answer):
                for reason in answer.problems(own.language):
                    yield f"{path}.answers.{number}", _sentence(reason)
            for field, reason in objective.problems(own.language):
                yield f"{path}.{field}", _sentence(reason)
    for found in checking.check_scenario(made, [own.language]):
        if found.is_error:
            _, phase, _, objective, *_ = found.place
            path = f"phases.{phase}.objectives.{objective}.answers"
            yield path, f"{found.reason}."


def _sentence(reason):
    return f"{reason[0].upper()}{reason[1:]}."


def of(scenario):
    """Return the `OwnScenario` that a row with one native language holds."""
    language, native = scenario.language, scenario.native_language
    common = content.common()

    def unless_default(lines, default):
        return [] if lines == default[language] else lines

    def words(tables):
        return [
            OwnWord(text=table[language], translation=table[native]) for table in tables
        ]

    return OwnScenario(
        slug=scenario.slug if scenario.owner_id else None,
        language=language,
        native_language=native,
        category=scenario.category,
        level=scenario.level,
        **{
            name: getattr(scenario, name)[native]
            for name in ("title", "setting", "tutor_role", "learner_role")
        },
        phases=[
            OwnPhase(
                title=phase["title"][native],
                objectives=[
                    OwnObjective(
                        title=objective["title"][native],
                        hint=objective["prompt"]["hint"][native],
                        ask=objective["prompt"]["ask"]["beginner"][language],
                        answers=[
                            answer[language] for answer in objective["prompt"]["answer"]
                        ],
                        model=objective["prompt"]["model"]["beginner"][language],
                        recast=unless_default(
                            objective["prompt"]["recast"][language], common.agree
                        ),
                    )
                    for objective in phase["objective"]
                ],
            )
            for phase in scenario.tables()["phase"]
        ],
        closing=unless_default(scenario.closing["beginner"][language], common.finished),
        words=words(scenario.words),
        phrases=words(scenario.phrases),
        culture=scenario.culture.get(language, {}).get(native),
    )
