"""The guided tutor: prepared lines, chosen by what the learner said.

It needs no network and no language model. In a role-play it leads through the phases of
a scenario; in free talk through the questions of a topic, and then of the others. Where
it has a choice, it asks for what gives occasion to use a due word, without saying it.
"""

from django.conf import settings

from conversations.feedback.candidates import Writing
from conversations.feedback.correcting import corrections
from conversations.tutors import asking, content, remembering
from conversations.tutors.course import Course
from conversations.tutors.hearing import Heard
from conversations.tutors.reply import Tutor
from conversations.tutors.talking import HELP, Talk
from lingo.text import fold

# How often free talk asks the same question before it moves on.
MISSES = 3


class GuidedTutor(Tutor):
    """Says prepared lines, at once and without a network."""

    kind = "guided tutor"
    label = "Guided, with prepared lines"

    @property
    def about(self):
        return content.common().about

    @property
    def answers_at_once(self):
        """Not where its corrections come over the network."""
        return not settings.LANGUAGETOOL_URL

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


class _RolePlay(Talk):
    """Leads through a scenario: the objectives of its phases, one after the other."""

    def __init__(self, request):
        super().__init__(request)
        self.run = request.run
        self.course = Course(self.run)

    def open(self):
        self.ask(*self.open_question())
        return self.finish()

    def grant(self, request):
        """Do what the learner wants, unless that is what the scene asks for."""
        prompt = self.open_question()[1]
        heard = Heard(self.request.content, self.language)
        if not request.word and prompt and prompt.is_met_in(heard, is_asked=True):
            self.heard = heard
            return self.react()
        return super().grant(request)

    def react(self):
        is_unknown = self.asked.is_unknown and bool(self.cues)
        if self.run.is_finished:
            if is_unknown:
                self.say(asking.asking().cannot_answer)
            self.say(self.common.finished)
            return self.finish()
        asked, met = self.open_question(), self.listen()
        cue, prompt = self.open_question()
        is_miss = self.cues and prompt and not met and not self.asked.is_aside
        reaction = self.missed(prompt) if is_miss else None
        if met:
            self.recast(met.get(asked[0]) or next(iter(met.values())))
        elif is_unknown:
            self.say(asking.asking().cannot_answer)
        elif is_miss:
            self.say(reaction)
        if prompt is None:
            self.say(self.run.closing[self.band], rather_filled=True)
        else:
            self.ask(cue, prompt)
            if is_miss and reaction is not self.common.denied:
                self.help_with(prompt)
        return self.finish()

    def missed(self, prompt):
        """Return what to say to what meets nothing: it may deny, or be out of turn."""
        if prompt.is_denied_in(self.heard):
            return self.common.denied
        if any(one.is_met_in(self.heard) for one in self.course.to_come()):
            return self.common.later
        if any(one.is_met_in(self.heard) for one in self.course.behind()):
            return self.common.agree
        return self.common.unclear

    def listen(self):
        """Mark what the message meets, and remember it; return those prompts by cue."""
        asked = dict(self.course.still_open()).get("".join(self.cues[-1:]))
        met = self.course.advance(
            lambda key, prompt: prompt.is_met_in(self.heard, is_asked=prompt is asked)
        )
        for cue, prompt in met.items():
            slug = cue.rpartition("/")[2]
            answer = prompt.said_back(self.heard)
            if answer and remembering.is_plain(answer, self.heard):
                self.learn({f"{remembering.ANSWER}/{slug}": answer})
            if slug == "name" and cue in self.cues[-1:]:
                self.learn(remembering.name_in(self.asked.rest, self.language))
        return met

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


class _FreeTalk(Talk):
    """Asks the questions of a topic, then those of the other topics.

    Between two topics it comes back once to what the learner told of themselves.
    """

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
        # A question or a mere greeting is no answer.
        self.heard = Heard(self.asked.said, self.language)

    def grant(self, request):
        """Do what the learner wants; where that helps no more, go on."""
        if request.slug in HELP and self.tries() >= MISSES:
            self.say(asking.reply_to("no-idea"))
            return self.go_on()
        return super().grant(request)

    def open(self):
        self.say(self.common.welcome)
        return self.go_on()

    def react(self):
        asked = self.question(self.cues[-1]) if self.cues else None
        if self.asked.is_unknown:
            self.say(asking.asking().cannot_answer)
        if asked is None:
            return self.open()
        if self.asked.is_aside and len(self.since_asked()) < MISSES:
            self.say(asking.asking().but_tell_me)
            self.ask(self.cues[-1], asked)
            return self.finish()
        if self.heard.has_content or self.asked.is_aside or self.tries() > MISSES:
            if "name" in self.learned:
                self.say(remembering.told().greeting)
            elif asked.is_met_in(self.heard, is_asked=True):
                self.recast(asked)
            elif not self.parts:
                self.say(self.common.acknowledge)
            return self.go_on()
        self.ask(self.cues[-1], asked)
        self.explain(self.common.say_more)
        self.help_with(asked)
        return self.finish()

    def go_on(self):
        cue = self.next_question()
        if self.cues and topic_in(cue) != topic_in(self.cues[-1]):
            recall = remembering.to_recall(self.remembered)
            if recall:
                self.learn({f"{remembering.RECALL}/{recall}": True})
                cue = f"{remembering.RECALL}/{recall}"
            else:
                self.say(self.common.change_topic)
        if cue in self.questions:
            self.note(cue)
        self.ask(cue, self.question(cue))
        return self.finish()

    def question(self, cue):
        """Return the question of a cue, or None."""
        if topic_in(cue) == remembering.RECALL:
            return remembering.question(cue, self.remembered)
        return self.questions.get(cue)

    def next_question(self):
        """Return the cue of the next question in turn that wasn't asked yet.

        Rather one of this topic, and rather one whose answers may hold a due word; for
        that alone the talk leaves its topic only where the learner didn't choose it.
        Once all were asked, the next that wasn't lately.
        """
        keys = list(self.questions)
        asked = [cue for cue in self.cues if cue in self.questions]
        start = keys.index(asked[-1]) + 1 if asked else 0
        in_turn = keys[start:] + keys[:start]
        fresh = [cue for cue in in_turn if cue not in asked and not self.was_asked(cue)]
        if not fresh:
            return next((cue for cue in in_turn if cue not in asked), in_turn[0])
        here = topic_in(asked[-1] if asked else keys[0])
        near = [cue for cue in fresh if topic_in(cue) == here]
        others = [cue for cue in fresh if cue not in near]
        candidates = near or others if self.is_chosen else near + others
        for cue in candidates if self.due else ():
            if self.due & self.questions[cue].lemmas(self.language):
                return cue
        return candidates[0]

    def was_asked(self, cue):
        """Whether the question was asked, however long ago."""
        topic, slug = cue.split("/")
        return slug in self.remembered.get(f"{remembering.ASKED}/{topic}", ())

    def note(self, cue):
        """Remember that the question is asked."""
        topic, slug = cue.split("/")
        key = f"{remembering.ASKED}/{topic}"
        self.learn({key: sorted({slug, *self.remembered.get(key, ())})})

    def open_question(self):
        cue = self.cues[-1] if self.cues else next(iter(self.questions))
        return cue, self.question(cue)

    def glossary(self):
        here = self.cue or "".join(self.cues[-1:])
        topic = self.topics.get(topic_in(here))
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
