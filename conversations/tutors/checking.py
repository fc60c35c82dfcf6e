"""What reading doesn't show of content: whether it teaches what it says it does.

Bands: a tutor's line has common words, and those that its file teaches (`word`). Milton
and Alexiou (2009, "Vocabulary size and the Common European Framework of Reference for
Languages", in Richards et al., eds., Vocabulary Studies in First and Second Language
Acquisition) give 1,500–2,500 of the 5,000 commonest words for A2, and 3,250–3,750 for
B2. The bands end at the tops of these: of wordfreq's words, by lemma, the 2,500th has a
Zipf frequency of 4.31 (Spanish) to 4.44 (English), the 3,750th of 4.09 to 4.19.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from conversations.tutors.content import SAID
from conversations.tutors.course import Course
from conversations.tutors.hearing import Heard
from conversations.tutors.reply import Run, RunPhase
from lingo.languages import LANGUAGES, Level
from vocabulary import lexicon

BANDS = {"beginner": 4.3, "intermediate": 4.1}
EASY = (Level.BEGINNER, Level.ELEMENTARY)
# A place for what the learner said: no word of the line's own.
SLOT = re.compile(r"\{[^}]*\}")
# What anybody may type, and what answers nothing; beside all function words.
NONSENSE = {
    "en": ["Blah blah blah.", "Asdf qwer zxcv.", "And to the!", "Yes, no."],
    "es": ["Bla, bla, bla.", "Asdf qwer zxcv.", "Y de la.", "Sí, no."],
    "fr": ["Bla bla bla.", "Asdf qwer zxcv.", "Et de la.", "Oui, non."],
    "de": ["Bla bla bla.", "Asdf qwer zxcv.", "Und zu der.", "Ja, nein."],
    "it": ["Bla bla bla.", "Asdf qwer zxcv.", "E di la.", "Sì, no."],
    "pt": ["Blá, blá, blá.", "Asdf qwer zxcv.", "E para o.", "Sim, não."],
}


class Finding(NamedTuple):
    """Something to look at: where (keys and indexes), what, and whether it is wrong.

    `band` is that which a line goes beyond, where this is what it says.
    """

    place: tuple
    reason: str
    is_error: bool = False
    band: str = ""


class Line(NamedTuple):
    """A tutor's line in one language: where it stands, and for which band."""

    place: tuple
    band: str
    text: str


def check_scenario(scenario, languages=tuple(LANGUAGES)) -> Iterator[Finding]:
    """Yield what is to be said of a `ScenarioContent` in these target languages."""
    prompts = {
        ("phase", at, "objective", place): objective
        for at, phase in enumerate(scenario.phase)
        for place, objective in enumerate(phase.objective)
    }
    band = "beginner" if scenario.level in EASY else "intermediate"
    for language in languages:
        lines = [
            *_lines(prompts, language, band),
            *_banded(("closing",), scenario.closing, language),
        ]
        yield from _check_answers(prompts, language)
        yield from _check_course(scenario, prompts, language)
        yield from check_words(scenario, prompts, lines, language)
        yield from check_bands(lines, scenario.word, language)


def check_topic(topic, languages=tuple(LANGUAGES)) -> Iterator[Finding]:
    """Yield what is to be said of a `TopicContent`."""
    prompts = {("question", at): question for at, question in enumerate(topic.question)}
    for language in languages:
        # A reaction is said at every level.
        lines = _lines(prompts, language, "beginner")
        yield from _check_answers(prompts, language)
        yield from check_words(topic, prompts, lines, language)
        yield from check_bands(lines, topic.word, language)


def check_common(common) -> Iterator[Finding]:
    """Yield what is to be said of the `Common` phrases, which all levels hear."""
    for language in LANGUAGES:
        lines = [
            Line((name, language), "beginner", text)
            for name in SAID
            for text in getattr(common, name)[language]
        ]
        yield from check_bands(lines, [], language)


def check_bands(lines, words, language):
    """Yield the lines with words beyond their band that the file doesn't teach."""
    taught = {
        lemma
        for word in words
        for lemma in lexicon.content_lemmas(word[language], language)
    }
    for line in lines:
        said = SLOT.sub("", line.text)
        rare = [
            token.text
            for token in lexicon.tokens(said, language)
            if _is_rare(token.text, language, BANDS[line.band], taught)
        ]
        if rare:
            wanted = f"rarer than Zipf {BANDS[line.band]} ({line.band})"
            reason = f"“{line.text}” has words {wanted}: {', '.join(rare)}"
            yield Finding(line.place, reason, band=line.band)


def _is_rare(word, language, zipf, taught):
    if lexicon.is_function_word(word, language) or not any(map(str.isalpha, word)):
        return False
    lemma = lexicon.lemma(word, language)
    # The commonest form counts: an infinitive may be rarer than "prefer".
    common = max(lexicon.frequency(form, language) or 0 for form in (word, lemma))
    return common < zipf and lemma not in taught


def check_words(content, prompts, lines, language):
    """Yield the words that no line, answer or model sentence says in this language."""
    said = {
        lemma for line in lines for lemma in lexicon.content_lemmas(line.text, language)
    }
    for prompt in prompts.values():
        said |= prompt.lemmas(language)
    for at, word in enumerate(content.word):
        missing = set(lexicon.content_lemmas(word[language], language)) - said
        if missing:
            reason = f"the tutor never says “{word[language]}” ({language})"
            yield Finding(("word", at, language), reason)


def _check_answers(prompts, language):
    """Yield the prompts that nonsense meets."""
    nonsense = [*NONSENSE[language], " ".join(lexicon.function_words(language))]
    heard = {text: Heard(text, language) for text in nonsense}
    for place, prompt in prompts.items():
        for text, said in heard.items():
            if prompt.is_met_in(said):
                yield Finding((*place, "answer"), f"“{text}” meets it", is_error=True)


def _check_course(scenario, prompts, language):
    """Yield the model sentences that meet another objective too, which is then skipped.

    Each objective is asked for in its order, and answered with its model sentence.
    """
    run = run_of(scenario)
    for band in BANDS:
        course = Course(run)
        for place, prompt in prompts.items():
            model = getattr(prompt.model, band)[language]
            heard = Heard(model, language)
            met = course.advance(lambda key, asked, heard=heard: asked.is_met_in(heard))
            others = [cue for cue in met if cue != ".".join(map(str, place))]
            for other in others:
                named = "/".join(_slugs(scenario, other))
                reason = f"“{model}” also meets {named}, which is then skipped"
                yield Finding((*place, "model", band, language), reason)


def run_of(scenario):
    """Return the `Run` of a scenario that just begins; its keys are the places."""
    phases = [
        RunPhase(
            at,
            phase.slug,
            {
                (at, place): (f"phase.{at}.objective.{place}", objective)
                for place, objective in enumerate(phase.objective)
            },
        )
        for at, phase in enumerate(scenario.phase)
    ]
    return Run(
        pk=0,
        slug="",
        phases=phases,
        phase=0,
        met=set(),
        closing=scenario.closing.model_dump(),
        words=scenario.word,
    )


def _slugs(scenario, cue):
    _, at, _, place = cue.split(".")
    phase = scenario.phase[int(at)]
    return phase.slug, phase.objective[int(place)].slug


def _lines(prompts, language, band):
    """Return the lines of prompts; `band` is that of the reactions to answers."""
    lines = []
    for place, prompt in prompts.items():
        lines += _banded((*place, "ask"), prompt.ask, language)
        lines += [
            Line((*place, "recast", language), band, text)
            for text in prompt.recast[language]
        ]
        lines += [
            Line((*place, "model", name, language), name, model)
            for name in BANDS
            if (model := getattr(prompt.model, name)[language])
        ]
    return lines


def _banded(place, lines, language):
    return [
        Line((*place, band, language), band, text)
        for band in BANDS
        for text in getattr(lines, band)[language]
    ]
