"""The tutor that is a language model: asked with a prompt, checked, kept in the ledger.

Whatever it answers is received once: who asks again for the same message, after a lost
connection or in another tab, is given what came the first time.
"""

import time
from decimal import Decimal

from django.conf import settings

from conversations.errors import OverLimit, TutorBusy
from conversations.feedback import correcting
from conversations.feedback.candidates import Proposal, Writing
from conversations.feedback.language import identify
from conversations.feedback.located import located
from conversations.models import (
    ConversationMessage,
    Objective,
    Scenario,
    TutorCall,
)
from conversations.tutors import content, prompting, provider, suiting
from conversations.tutors.course import Course
from conversations.tutors.guided import GuidedTutor
from conversations.tutors.hearing import Heard
from conversations.tutors.reply import NoReply, Tutor, TutorReply, Usage
from lingo.text import sentences
from lingo.writing import release_connection
from vocabulary import glossary, lexicon
from vocabulary.managers import NewWord, clean_word

Purpose, Outcome = TutorCall.Purpose, TutorCall.Outcome

# The fewest of the last messages that the model is given word for word, and the most.
KEPT, MOST = 20, 60
# How many older ones make it worth asking for a summary.
STEP = 20
# Seconds between two tries, which double; and the longest that a learner waits for one.
PAUSE, LONGEST_PAUSE = 0.5, 20
# Seconds between two looks at what another request is waiting for.
LOOK = 0.25
# The most words that one reply introduces.
WORDS = 3

WHY = {
    Outcome.TIMED_OUT: "The tutor took too long to reply.",
    Outcome.RATE_LIMITED: "The tutor has too much to do just now.",
    Outcome.REFUSED: "The tutor declined to reply to this.",
}
UNKNOWN = "The tutor could not reply."
# As with a key or a model's name that the provider doesn't know.
STAYS = "The tutor can't be asked as this site is set up: please tell who runs it."


class ModelTutor(Tutor):
    """Talks freely, as its provider's model does; the guided tutor stands in for it.

    Its drafts are what the model writes, before it is checked.
    """

    kind = "language model"
    is_remote = asks_for_any_word = True

    @property
    def label(self):
        return f"Language model ({settings.TUTOR_MODEL})"

    @property
    def about(self):
        return content.common().about_model

    @property
    def is_offered(self):
        return bool(settings.TUTOR_MODEL)

    def reply(self, request, on_draft=None):
        if not settings.TUTOR_MODEL:
            return _guided(request, content.common().no_model)
        try:
            return _Turn(request, on_draft).reply()
        except OverLimit:
            return _guided(request, content.common().over_limit)


def _guided(request, why):
    """Return the guided tutor's reply, which says why it is that one's."""
    reply = GuidedTutor().reply(request)
    native, language = request.native_language, request.language
    told = reply.parts or [(language, reply.content)]
    reply.parts = [(native, why[native]), *told]
    reply.content = "\n\n".join(text for _, text in reply.parts)
    reply.usage = _usage(request)
    return reply


def _usage(request):
    """Return what all calls for this reply took, failed ones too."""
    calls = TutorCall.objects.about(request.conversation, request.said)
    tokens, cost = calls.totals()
    return Usage(tokens, Decimal(cost))


class _Turn:
    """One reply of the model, with all the calls that it takes."""

    def __init__(self, request, on_draft):
        self.request, self.on_draft = request, on_draft
        self.conversation, self.said = request.conversation, request.said
        self.learner = self.conversation.learner
        self.language = request.language
        said = (request.content or "", request.language, request.native_language)
        self.writing = Writing(*said, request.level)

    def reply(self):
        scene, slugs = self.scene()
        messages = prompting.reply(self.brief(scene))
        answer, checked = self.checked(messages)
        met, phase = self.advance(answer, slugs)
        return TutorReply(
            content=checked.text,
            parts=[]
            if checked.language == self.language
            else [(checked.language, checked.text)],
            vocabulary=self.vocabulary(answer, checked),
            glosses=self.glosses(answer, checked),
            named=self.named(checked),
            corrections=self.corrections(answer),
            objectives_met=met,
            run=self.request.run,
            phase=phase,
            usage=_usage(self.request),
        )

    def brief(self, scene):
        request, conversation = self.request, self.conversation
        summary, until = self.summarise()
        before = self.said.position - 1 if self.said else 0
        told = min(before - until, MOST)
        shown = request.history[-told:] if told else []
        return prompting.Brief(
            language=request.language,
            native_language=request.native_language,
            level=request.level,
            content=request.content,
            topic=request.topic,
            focus=conversation.learning_focus,
            goals=conversation.learning_goals,
            feedback_style=self.learner.feedback_style,
            known_percent=self.learner.known_words,
            due_words=request.due_words,
            scene=scene,
            history=[(said.role, said.content) for said in shown],
            summary=summary,
            left_out=max(0, before - until - MOST),
        )

    def scene(self):
        """Return the `Scene` and the keys of its open objectives by slug, or None."""
        run = self.request.run
        if run is None:
            return None, {}
        native = self.request.native_language
        scenario = Scenario.objects.get(pk=self.conversation.scenario_id)
        open_aims = Objective.objects.filter(phase=run.phase)
        open_aims = list(open_aims.exclude(pk__in=run.met).select_related("phase"))
        scene = prompting.Scene(
            setting=scenario.setting[native],
            tutor_role=scenario.tutor_role[native],
            learner_role=scenario.learner_role[native],
            phase=open_aims[0].phase.title[native] if open_aims else "",
            aims={aim.slug: aim.title[native] for aim in open_aims},
        )
        return scene, {aim.slug: aim.pk for aim in open_aims}

    def summarise(self):
        """Return the summary of older messages, and until which position it tells.

        Where many are not in it yet, the model adds the oldest of them: one call at
        most a turn. Without it the turn goes on with what there is.
        """
        summary, until = TutorCall.objects.summary_of(self.conversation)
        before = self.said.position - 1 if self.said else 0
        if before - until < KEPT + STEP:
            return summary, until
        end = min(before - KEPT, until + MOST)
        told = ConversationMessage.objects.of(self.conversation).filter(
            position__gt=until, position__lte=end
        )
        messages = prompting.summary(
            self.language,
            summary,
            told.order_by("position").values_list("role", "content"),
        )
        try:
            made = self.ask(Purpose.SUMMARY, messages, provider.Summary, until=end)
        except (NoReply, OverLimit):
            return summary, until
        return made.summary, end

    def checked(self, messages):
        """Return the model's answer, checked; asked once more where it doesn't suit."""
        first = self.ask(Purpose.REPLY, messages, provider.Reply)
        checked = self.check(first)
        if not checked.problems:
            return first, checked
        again = prompting.reask(messages, first.reply, checked.problems)
        try:
            second = self.ask(Purpose.REASK, again, provider.Reply)
        except (NoReply, OverLimit):
            return first, checked
        rechecked = self.check(second)
        if self.badness(rechecked) > self.badness(checked):
            return first, checked
        return second, rechecked

    def badness(self, checked):
        """Return how ill a reply suits, to compare: another language is the worst."""
        return checked.language != self.language, len(checked.problems)

    def check(self, answer):
        return suiting.check(
            answer.reply,
            self.learner,
            language=self.language,
            level=self.request.level,
        )

    def ask(self, purpose, messages, form, **kept):
        """Return what the model answers, of the form; tries again where that may help.

        Only for a reply: what a turn can do without has one try, so that nobody waits
        for it long. `kept` is saved with the answer. Raises NoReply and OverLimit.
        """
        retries = settings.TUTOR_RETRIES if purpose == Purpose.REPLY else 0
        on_draft = self.on_draft if form is provider.Reply else None
        attempt = 0
        while True:
            attempt += 1
            call = self.begin(purpose, messages, form)
            if call.outcome == Outcome.OK:
                return form.model_validate(call.received)
            release_connection()
            answer = provider.ask(messages, form, on_draft)
            self.end(call, answer, kept)
            if answer.outcome == Outcome.OK:
                return answer.content
            pause = answer.retry_after or PAUSE * 2 ** (attempt - 1)
            is_last = attempt > retries or pause > LONGEST_PAUSE
            if is_last or not answer.can_retry:
                why = UNKNOWN if answer.can_retry else STAYS
                raise NoReply(WHY.get(answer.outcome, why))
            release_connection()
            time.sleep(pause)

    def begin(self, purpose, messages, form):
        """Return the call that was begun, or one that was answered before.

        Waits, without a connection, while another call of the conversation is under
        way. Raises OverLimit.
        """
        call = TutorCall(
            learner=self.learner,
            conversation=self.conversation,
            message=self.said,
            model=settings.TUTOR_MODEL,
            prompt_version=prompting.PROMPT_VERSION,
            purpose=purpose,
            sent=messages,
            reserved_cost=provider.most(messages, form),
        )
        while True:
            try:
                return TutorCall.objects.begin(call)
            except TutorBusy:
                # Looked for without the lock of `begin`, which every call needs.
                while TutorCall.objects.of(self.conversation).under_way().exists():
                    release_connection()
                    time.sleep(LOOK)

    def end(self, call, answer, kept):
        received, dropped = None, 0
        if answer.content:
            received = {**answer.content.model_dump(), **kept}
        if isinstance(answer.content, provider.Reply):
            dropped = self.located(answer.content).dropped
        TutorCall.objects.end(
            call,
            outcome=answer.outcome,
            detail=answer.detail,
            received=received,
            tokens_in=answer.tokens_in,
            tokens_out=answer.tokens_out,
            cost=answer.cost,
            time_ms=answer.time_ms,
            dropped_corrections=dropped,
        )

    def corrections(self, answer):
        """Return what the model corrects, and what Lingo's own sources do besides.

        Of two for the same place the more certain stays: that of a rule, mostly.
        """
        release_connection()  # a source may ask over the network
        own = correcting.corrections(self.writing)
        return correcting.merged([*self.located(answer).candidates, *own])

    def located(self, answer):
        """Return the model's `Located` corrections: minimal edits of what was said.

        No priority is as good as "important".
        """
        proposals = [
            Proposal(
                one.original,
                one.corrected,
                one.category,
                one.reason,
                one.priority or "important",
                context=one.context,
            )
            for one in answer.corrections
        ]
        return located(proposals, self.writing)

    def advance(self, answer, slugs):
        """Return the keys of the objectives met, and of the run's phase after that.

        As the model says, of those that are open; none for a message in another
        language, or without a word that carries meaning.
        """
        if not self.request.run:
            return [], None
        said = self.request.content or ""
        heard = Heard(said, self.language)
        met = {slugs[slug] for slug in answer.objectives_met if slug in slugs}
        if not heard.has_content or identify(said, self.language) != self.language:
            met = set()
        course = Course(self.request.run)
        course.advance(lambda key, prompt: key in met)
        return course.new, course.phase and course.phase.pk

    def vocabulary(self, answer, checked):
        """Return the new words that the model offers, as far as its reply has them."""
        if self.request.native_language == self.language:
            return []
        found = {}
        for offered in answer.vocabulary:
            new = self.new_word(offered, checked.text)
            if new:
                found.setdefault(lexicon.lemma(new.word, self.language), new)
        return list(found.values())[:WORDS]

    def new_word(self, offered, text):
        try:
            word = clean_word(offered.word)
        except ValueError:
            return None
        lemma = lexicon.lemma(word, self.language)
        if not lexicon.is_worth_learning(word, self.language):
            return None
        for sentence in sentences(text):
            if lemma in lexicon.lemmas(sentence, self.language):
                return NewWord(word, offered.on_a_card, sentence)
        return None

    def glosses(self, answer, checked):
        """Return what unknown words mean, where the learner knows too few of them.

        As the glossary has it, else as the model says: [{word, lemma, translation}].
        """
        if not checked.is_hard:
            return []
        words = [word.text for word in checked.unknown]
        known = glossary.translations(
            self.language, words, self.request.native_language
        )
        offered = {
            lexicon.lemma(one.word, self.language): one.on_a_card
            for one in answer.vocabulary
        }
        meant = (
            (word, known.get(word.text) or offered.get(word.lemma, ""))
            for word in checked.unknown
        )
        return [
            {"word": word.text, "lemma": word.lemma, "translation": translation}
            for word, translation in meant
            if translation
        ]

    def named(self, checked):
        """Return the due words that the reply says: it spares their recall."""
        lemmas = set(lexicon.lemmas(checked.text, self.language))
        return [lemma for lemma in self.request.due_words if lemma in lemmas]
