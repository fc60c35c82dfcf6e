"""The guided tutor: prepared lines, chosen by what the learner said.

It needs no network and no language model. In a role-play it leads through the phases of
a scenario; in free talk through the questions of a topic, and then of the others. Where
it has a choice, it asks for what gives occasion to use a due word, without saying it.
"""

import itertools
import re

from conversations.feedback.candidates import Writing
from conversations.feedback.correcting import corrections
from conversations.feedback.language import identify
from conversations.tutors import content
from conversations.tutors.course import Course
from conversations.tutors.hearing import Heard
from conversations.tutors.reply import TutorReply
from lingo.languages import Level
from lingo.text import fold, sentences
from vocabulary import lexicon
from vocabulary.managers import NewWord

# How often free talk asks the same question before it moves on.
MISSES = 3
EASY = {Level.BEGINNER, Level.ELEMENTARY}


class GuidedTutor:
    """Says prepared lines, at once and without a network."""

    def reply(self, request, on_draft=None):
        return reply(request)


def reply(request):
    """Return the tutor's next line as a `TutorReply`, and what it corrects."""
    talk = _RolePlay(request) if request.run else _FreeTalk(request)
    reply = talk.reply()
    if request.content is not None:
        said = (request.content, request.language, request.native_language)
        reply.corrections = corrections(Writing(*said, request.level))
    return reply


class _Talk:
    """What role-play and free talk share: saying things, and not twice in a row."""

    def __init__(self, request):
        self.request = request
        self.language, self.native = request.language, request.native_language
        self.band = "beginner" if request.level in EASY else "intermediate"
        self.common = content.common()
        mine = [said for said in request.history if said.role == "assistant"]
        self.last = mine[-1].content if mine else ""
        self.cues = [said.cue for said in mine]
        self.heard = Heard(request.content or "", self.language)
        self.due, self.named = set(request.due_words), set()
        self.parts = []
        self.cue = ""

    def reply(self):
        if self.request.content is None:
            return self.open()
        language = identify(self.request.content, self.language)
        if language in (None, self.language):
            return self.react()
        return self.remind()

    def say(self, lines):
        """Add one of `lines`, in the target language, not in the last message.

        One with the fewest due words: after the tutor, saying them would be no recall.
        """
        fresh = [line for line in lines[self.language] if line not in self.last]
        fitting = fresh or lines[self.language]
        fewest = min(len(self.due_in(line)) for line in fitting)
        choice = [line for line in fitting if len(self.due_in(line)) == fewest]
        self.parts.append((self.language, choice[len(self.cues) % len(choice)]))

    def due_in(self, text):
        """Return the due words that the text holds, in any form."""
        return self.due and self.due & {*lexicon.lemmas(text, self.language)}

    def explain(self, text, **values):
        """Add `text` in the learner's native language."""
        self.parts.append((self.native, text[self.native].format(**values)))

    def ask(self, cue, prompt):
        self.cue = cue
        self.say(getattr(prompt.ask, self.band))

    def recast(self, prompt):
        """React to what met `prompt`, saying it back in a correct form if it can be."""
        met = (
            alternative if answer.recast else None
            for answer in prompt.answer
            if (alternative := answer.met_in(self.heard, self.language))
        )
        answer = next(met, None)
        lines = prompt.recast[self.language]
        # Without an answer to say back, only lines without its place; else the others.
        fitting = [line for line in lines if ("{answer}" in line) == bool(answer)]
        filled = [_fill(line, answer) for line in fitting or lines]
        self.say({self.language: filled})

    def help_with(self, prompt):
        """After a miss a hint and a useful word; after two, a model sentence.

        A due word that it gives away is `named`: using it then is no recall unprompted.
        """
        if self.misses() < 2:
            word = prompt.answer[0].alternatives(self.language)[0]
            self.explain(
                self.common.hint,
                hint=prompt.hint[self.native],
                word=word.removesuffix(content.AND_MORE).strip(),
            )
            self.named |= self.due_in(word)
        else:
            self.explain(self.common.model)
            model = getattr(prompt.model, self.band)[self.language]
            self.parts.append((self.language, model))
            self.named |= self.due_in(model)

    def misses(self):
        """How often the question that stands open has been asked without success."""
        asked = itertools.takewhile(lambda cue: cue == self.cues[-1], self.cues[::-1])
        return len(list(asked))

    def remind(self):
        """Kindly lead back to the target language, to the question that stands open."""
        name = self.common.language[self.language][self.native]
        self.explain(self.common.reminder, language=name)
        cue, prompt = self.open_question()
        if prompt is None:
            self.say(self.common.finished)
        else:
            self.ask(cue, prompt)
            self.help_with(prompt)
        return self.finish()

    def finish(self, **more):
        """Return the reply made of all that was said."""
        is_mixed = any(language != self.language for language, _ in self.parts)
        return TutorReply(
            content=("\n\n" if is_mixed else " ").join(text for _, text in self.parts),
            parts=self.parts if is_mixed else [],
            cue=self.cue,
            vocabulary=self.new_words(),
            named=sorted(self.named),
            **more,
        )

    def new_words(self):
        """Return the glossary's words among those said, each with its sentence."""
        if self.native == self.language:
            return []
        glossary = {
            lexicon.lemma(word[self.language], self.language): word[self.native]
            for word in self.glossary()
        }
        new = {}
        for language, text in self.parts:
            for sentence in sentences(text) if language == self.language else ():
                for token in lexicon.tokens(sentence, language):
                    lemma = lexicon.lemma(token.text, language)
                    if lemma in glossary:
                        word = token.text.lower() if lemma.islower() else token.text
                        new.setdefault(lemma, NewWord(word, glossary[lemma], sentence))
        return list(new.values())


class _RolePlay(_Talk):
    """Leads through a scenario: the objectives of its phases, one after the other."""

    def __init__(self, request):
        super().__init__(request)
        self.run = request.run
        self.course = Course(self.run)

    def open(self):
        self.ask(*self.open_question())
        return self.finish()

    def react(self):
        if self.run.is_finished:
            self.say(self.common.finished)
            return self.finish()
        asked, met = self.open_question(), self.listen()
        cue, prompt = self.open_question()
        if met:
            self.recast(met.get(asked[0]) or next(iter(met.values())))
        elif self.cues and prompt:
            self.say(self.common.unclear)
        if prompt is None:
            self.say(self.run.closing[self.band])
        else:
            self.ask(cue, prompt)
            if self.cues and not met:
                self.help_with(prompt)
        return self.finish()

    def listen(self):
        """Mark what the message meets; return those prompts by cue."""
        return self.course.advance(lambda key, prompt: prompt.is_met_in(self.heard))

    def open_question(self):
        """Return cue and prompt to ask next: the last one asked, while it is open.

        Then the first that may hold a due word and makes sense at any time in its
        phase; else the first.
        """
        still_open = self.course.still_open()
        if not still_open:
            return "", None
        asked_last = [prompt for prompt in still_open if prompt[0] in self.cues[-1:]]
        fitting = [
            (cue, prompt)
            for cue, prompt in still_open
            if prompt.anytime and self.due & prompt.lemmas(self.language)
        ]
        return (asked_last or fitting or still_open)[0]

    def glossary(self):
        return self.run.words

    def finish(self):
        course = self.course
        return super().finish(
            objectives_met=course.new,
            run=self.run,
            phase=course.phase and course.phase.pk,
        )


class _FreeTalk(_Talk):
    """Asks the questions of a topic, then those of the other topics."""

    def __init__(self, request):
        super().__init__(request)
        topics = content.topics()
        chosen = topic_of(request.topic)
        first = chosen or next(iter(topics))
        self.is_chosen = chosen is not None
        self.topics = {first: topics[first], **topics}
        self.questions = {
            f"{slug}/{question.slug}": question
            for slug, topic in self.topics.items()
            for question in topic.question
        }

    def open(self):
        self.say(self.common.welcome)
        return self.go_on()

    def react(self):
        asked = self.questions.get(self.cues[-1]) if self.cues else None
        if asked is None:
            return self.open()
        if self.heard.has_content or self.misses() > MISSES:
            if asked.is_met_in(self.heard):
                self.recast(asked)
            else:
                self.say(self.common.acknowledge)
            return self.go_on()
        self.ask(self.cues[-1], asked)
        self.explain(self.common.say_more)
        self.help_with(asked)
        return self.finish()

    def go_on(self):
        cue = self.next_question()
        if self.cues and topic_in(cue) != topic_in(self.cues[-1]):
            self.say(self.common.change_topic)
        self.ask(cue, self.questions[cue])
        return self.finish()

    def next_question(self):
        """Return the cue of the next question in turn that wasn't asked lately.

        Rather one of this topic, and rather one whose answers may hold a due word; for
        that alone the talk leaves its topic only where the learner didn't choose it.
        """
        keys = list(self.questions)
        asked = [cue for cue in self.cues if cue in self.questions]
        start = keys.index(asked[-1]) + 1 if asked else 0
        in_turn = keys[start:] + keys[:start]
        fresh = [cue for cue in in_turn if cue not in asked] or in_turn
        here = topic_in(asked[-1] if asked else keys[0])
        near = [cue for cue in fresh if topic_in(cue) == here]
        others = [cue for cue in fresh if cue not in near]
        candidates = near or others if self.is_chosen else near + others
        for cue in candidates if self.due else ():
            if self.due & self.questions[cue].lemmas(self.language):
                return cue
        return candidates[0]

    def open_question(self):
        cue = self.cues[-1] if self.cues else next(iter(self.questions))
        return cue, self.questions.get(cue)

    def glossary(self):
        topic = self.topics.get(topic_in(self.cue))
        return topic.word if topic else []


def topic_in(cue):
    """Return the slug of the topic that a cue's question belongs to."""
    return cue.split("/")[0]


def topic_of(text):
    """Return the slug of the topic whose slug or title `text` is, or None."""
    for slug, topic in content.topics().items():
        if fold(text) in {fold(name) for name in (slug, *topic.title.values())}:
            return slug
    return None


def _fill(line, answer):
    """Put the answer into the line, with a capital where it begins a sentence."""
    if answer is None:
        return line
    capital = answer[0].upper() + answer[1:]
    begins = re.compile(r"(^|[.!?…]\s+)([¡¿«“]*)\{answer\}")
    return begins.sub(lambda m: m[1] + m[2] + capital, line).replace("{answer}", answer)
