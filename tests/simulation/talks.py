"""Long talks of simulated learners with the guided tutor, and figures of them."""

import itertools
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime

from conversations import tutors
from conversations.tutors import content, guided
from conversations.tutors.reply import Said, TutorRequest
from tests.simulation.learners import Learner
from vocabulary import lexicon

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
# A word of this Zipf frequency or more is among the ten thousand or so commonest.
FREQUENT = 4.0


@dataclass
class Talk:
    """A talk: what was said by whom, and the tutor's paragraphs in the language."""

    language: str
    said: list[Said] = field(default_factory=list)
    spoken: list[list[str]] = field(default_factory=list)

    @property
    def lines(self):
        return [said.content for said in self.said if said.role == "assistant"]

    @property
    def cues(self):
        return [said.cue for said in self.said if said.role == "assistant"]


def hold(language, behaviour, level, turns=100, topic="", native="en"):
    """Return the `Talk` of a simulated learner over so many turns."""
    native = "es" if language == native else native
    learner = Learner(language, behaviour, level)
    talk, remembered, text = Talk(language), {}, None
    for turn in range(turns + 1):
        request = TutorRequest(
            content=text,
            language=language,
            native_language=native,
            level=level,
            topic=topic,
            turn=turn,
            history=talk.said[:-1][-tutors.MEMORY :] if text else [],
            now=NOW,
            remembered=remembered,
        )
        reply = guided.reply(request)
        remembered |= reply.remembered
        talk.said.append(Said("assistant", reply.content, reply.cue))
        parts = reply.parts or [(language, reply.content)]
        talk.spoken.append([text for code, text in parts if code == language])
        text = learner.says(reply.cue)
        talk.said.append(Said("user", text, ""))
    return talk


def repeated(lines):
    """Return the share (0–1) of lines that were there before."""
    return 1 - len(set(lines)) / len(lines)


def distances(lines):
    """Return after how many lines each comes again, for those that do."""
    last, found = {}, []
    for place, line in enumerate(lines):
        if line in last:
            found.append(place - last[line])
        last[line] = place
    return found


def distinct(lines, size):
    """Return the share (0–1) of runs of `size` words that are different.

    Distinct-n of Li et al. 2016, “A Diversity-Promoting Objective Function for Neural
    Conversation Models”: unique n-grams by all n-grams.
    """
    runs = Counter(
        tuple(words[start : start + size])
        for line in lines
        for words in [line.lower().split()]
        for start in range(len(words) - size + 1)
    )
    return len(runs) / runs.total()


def new_questions(talk):
    """Return the wording of each question at the moment it was newly asked.

    Asking again what stands open, after a miss or a request, is no new question.
    """
    found, last = [], ""
    for cue, line in zip(talk.cues, talk.lines, strict=True):
        if cue != last:
            found.append(_wording(cue, line, talk.language))
        last = cue
    return found


def lengths_of_stay(talk):
    """Return for each question how often in a row the tutor came back to it."""
    return [len(list(group)) for _, group in itertools.groupby(talk.cues)]


def _wording(cue, line, language):
    topic, slug = cue.split("/")
    if topic not in content.topics():
        return cue
    question = next(one for one in content.topics()[topic].question if one.slug == slug)
    wordings = question.ask.beginner[language] + question.ask.intermediate[language]
    return max((one for one in wordings if one in line), key=len)


def frequent(talk):
    """Return the share (0–1) of the tutor's words that are frequent or function words.

    Of running words; names and numbers are left out.
    """
    known = total = 0
    for parts in talk.spoken:
        for part in parts:
            for token in lexicon.tokens(part, talk.language):
                if token.text.isdigit():
                    continue
                total += 1
                is_function = lexicon.is_function_word(token.text, talk.language)
                lemma = lexicon.lemma(token.text, talk.language)
                zipf = max(
                    lexicon.frequency(token.text.lower(), talk.language) or 0,
                    lexicon.frequency(lemma, talk.language) or 0,
                )
                known += is_function or zipf >= FREQUENT
    return known / total
