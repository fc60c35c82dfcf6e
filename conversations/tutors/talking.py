"""What role-play and free talk have in common: hearing, and choosing what to say."""

import itertools

from conversations.feedback.language import identify
from conversations.tutors import asking, content, remembering
from conversations.tutors.content import slots
from conversations.tutors.hearing import Heard
from conversations.tutors.reply import TutorReply
from lingo.languages import Level
from lingo.text import fold, sentences
from vocabulary import lexicon
from vocabulary.managers import NewWord

EASY = {Level.BEGINNER, Level.ELEMENTARY}
BANDS = ("beginner", "intermediate")
# Requests that the open question is answered for.
HELP = {"help", "no-idea"}


class Talk:
    """One turn of a talk: what was heard, and the parts of what is said.

    What is said is the same for the same request.
    """

    def __init__(self, request):
        self.request = request
        self.language, self.native = request.language, request.native_language
        self.band = BANDS[0] if request.level in EASY else BANDS[1]
        self.common = content.common()
        # The tutor's messages, each with what the learner had said before it.
        before, self.turns = "", []
        for said in request.history:
            if said.role == "assistant":
                self.turns.append((before, said))
            before = said.content if said.role == "user" else ""
        self.cues = [said.cue for _, said in self.turns]
        self.asked = asking.understand(
            request.content or "", self.language, self.native
        )
        self.heard = Heard(self.asked.rest, self.language)
        self.due, self.named = set(request.due_words), set()
        self.remembered = dict(request.remembered)
        self.learned = {}
        self.parts = []
        self.cue = ""

    def reply(self):
        if self.request.content is None:
            return self.open()
        language = identify(self.asked.rest, self.language)
        is_other = language not in (None, self.language)
        if self.asked.requests and (is_other or not self.asked.said):
            return self.grant(self.asked.requests[-1])
        if is_other:
            return self.remind()
        self.learn(remembering.facts_in(self.asked.rest, self.language))
        for request in self.asked.requests:
            if request.word:
                self.explain_word(request)
        for question in self.asked.questions:
            self.answer(question)
        return self.react()

    def learn(self, facts):
        """Remember what of these facts is new, from this line on."""
        for slug, value in facts.items():
            if self.remembered.get(slug) != value:
                self.learned[slug] = self.remembered[slug] = value

    # Saying

    def say(self, lines, *, rather_filled=False, **values):
        """Add one of `lines`, in the target language, filled in with what is known.

        Of those that can be filled in, `rather_filled` those with the most of it; then
        those with the fewest due words, since saying them before the learner does would
        make using them no recall; then the one said the longest ago, or never.
        """
        values |= remembering.values(self.remembered)
        own = lines[self.language]
        # Where none can be, as in a scene that a learner wrote, braces are but braces.
        known = [line for line in own if slots(line) <= values.keys()] or own
        if rather_filled:
            most = max(len(slots(line)) for line in known)
            known = [line for line in known if len(slots(line)) == most]
        filled = [content.fill(line, values) for line in known]
        fewest = min(len(self.due_in(line)) for line in filled)
        fitting = [line for line in filled if len(self.due_in(line)) == fewest]
        start = self.request.turn % len(fitting)
        in_turn = fitting[start:] + fitting[:start]
        self.parts.append((self.language, max(in_turn, key=self.turns_since)))

    def turns_since(self, line):
        """Return how many turns ago the line was said, more than any if it wasn't."""
        for ago, (_, said) in enumerate(reversed(self.turns)):
            if line in said.content:
                return ago
        return len(self.turns)

    def due_in(self, text):
        """Return the due words that the text holds, in any form."""
        return self.due and self.due & {*lexicon.lemmas(text, self.language)}

    def explain(self, text, /, **values):
        """Add `text` in the learner's native language."""
        self.parts.append((self.native, text[self.native].format(**values)))

    def ask(self, cue, prompt, band=None):
        self.cue = cue
        self.say(getattr(prompt.ask, band or self.band))

    def recast(self, prompt):
        """React to what met `prompt`, saying it back in a correct form if it can be."""
        met = prompt.said_back(self.heard)
        lines = prompt.recast[self.language]
        # Without an answer to say back, only lines without its place; else the others.
        fitting = [line for line in lines if ("answer" in slots(line)) == bool(met)]
        values = {"answer": met} if met else {}
        if met or fitting:
            self.say({self.language: fitting or lines}, rather_filled=True, **values)
        else:
            self.say(self.common.agree)

    # Helping

    def help_with(self, prompt):
        """After a miss a hint and a useful word; after two, a model sentence.

        To ask for help counts like a miss here. A due word that it gives away is
        `named`: using it then is no recall unprompted.
        """
        if self.tries() < 2:
            word = prompt.answer[0].alternatives(self.language)[0]
            self.explain(
                self.common.hint,
                hint=prompt.hint[self.native],
                word=word.strip(content.AND_MORE + content.WHOLE).strip(),
            )
            self.named |= self.due_in(word)
        else:
            self.explain(self.common.model)
            model = getattr(prompt.model, self.band)[self.language]
            self.parts.append((self.language, model))
            self.named |= self.due_in(model)

    def tries(self):
        """How often the open question was asked for an answer, or for help with one.

        Another request or question of the learner's is an aside, and no miss.
        """
        return 1 + sum(
            not asked.is_aside or bool(HELP & {one.slug for one in asked.requests})
            for asked in self.since_asked()
        )

    def since_asked(self):
        """Return what the learner `Asked` since the open question was first asked."""
        last = self.cues[-1] if self.cues else None
        same = itertools.takewhile(
            lambda turn: turn[1].cue == last, reversed(self.turns)
        )
        return [
            asking.understand(said, self.language, self.native)
            for said in [said for said, _ in same][:-1]
        ]

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

    # What the learner asks

    def grant(self, request):
        """Do what the learner wants of the talk, whose question stays open."""
        if request.word:
            self.explain_word(request)
        cue, prompt = self.open_question()
        if prompt is None:
            self.say(self.common.finished)
        elif not self.cues or request.word:
            self.ask(cue, prompt)
        else:
            self.cue = cue
            self._help_to_understand(request.slug, prompt)
        return self.finish()

    def _help_to_understand(self, slug, prompt):
        earlier = {one.slug for asked in self.since_asked() for one in asked.requests}
        band, place = self._last_asked(prompt)
        lines = getattr(prompt.ask, band)
        line = lines[self.language][place]
        has_native = self.native != self.language and self.native in lines
        if slug == "translate" and not has_native:
            slug = "slower"
        match slug:
            case "repeat":
                self.say(asking.reply_to(slug))
                self.parts.append((self.language, line))
            case "translate":
                self.parts.append((self.language, line))
                self._translate(prompt, band, place)
            case "help" | "no-idea":
                self.say(asking.reply_to(slug))
                self.ask(self.cue, prompt)
                self.help_with(prompt)
            case _:
                self.say(asking.reply_to(slug))
                self.ask(self.cue, prompt, BANDS[0])
                is_again = not {"slower", "not-understood"}.isdisjoint(earlier)
                if is_again and has_native:
                    self._translate(prompt, *self._place(prompt, self.parts[-1][1]))

    def _translate(self, prompt, band, place):
        text = getattr(prompt.ask, band)[self.native][place]
        self.explain(asking.asking().translation, text=text)

    def _last_asked(self, prompt):
        """Return band and place of the wording in which `prompt` was asked last."""
        said = (self._place(prompt, one.content) for _, one in reversed(self.turns))
        return next((found for found in said if found), (self.band, 0))

    def _place(self, prompt, text):
        """Return band and place of the wording of `prompt` that is in the text."""
        places = [
            (len(line), band, place)
            for band in BANDS
            for place, line in enumerate(getattr(prompt.ask, band)[self.language])
            if line in text
        ]
        return max(places)[1:] if places else None

    def explain_word(self, request):
        """Say what a word means, or how it is called; own up if that isn't known."""
        texts, word = asking.asking(), request.word
        glossary = self.translations()
        meanings = {**self.request.meanings, **{k: v[1] for k, v in glossary.items()}}
        sayings = {**self.request.sayings, **{fold(v): k for k, v in glossary.values()}}
        for name in asking.headwords(word, self.language, self.native):
            lemma = lexicon.lemma(name, self.language)
            meaning = meanings.get(lemma) or meanings.get(name)
            called = sayings.get(fold(name)) or sayings.get(name)
            if called and not (meaning and request.slug == "meaning"):
                self.named |= self.due_in(called)
                language = self.common.language[self.language][self.native]
                return self.explain(
                    texts.is_called, word=word, meaning=called, language=language
                )
            if meaning:
                return self.explain(texts.means, word=word, meaning=meaning)
        return self.explain(texts.unknown_word, word=word)

    def answer(self, question):
        """Answer a question to the tutor; in a role, as the one who has it."""
        texts = asking.asking()
        lines = question.in_role if self.request.run else None
        now = self.request.now
        first = texts.first_day[self.language]
        self.say(
            lines or question.answer,
            rather_filled=True,
            time=f"{now:%H:%M}",
            weekday=texts.day[self.language][now.weekday()],
            day=first if now.day == 1 else str(now.day),
            month=texts.month[self.language][now.month - 1],
            year=str(now.year),
        )

    # The reply

    def finish(self, **more):
        """Return the reply made of all that was said."""
        is_mixed = any(language != self.language for language, _ in self.parts)
        return TutorReply(
            content=("\n\n" if is_mixed else " ").join(text for _, text in self.parts),
            parts=self.parts if is_mixed else [],
            cue=self.cue,
            vocabulary=self.new_words(),
            named=sorted(self.named),
            remembered=self.learned,
            **more,
        )

    def translations(self):
        """Return the glossary by lemma: each word, and what it is called natively."""
        if self.native == self.language:
            return {}
        return {
            lexicon.lemma(word[self.language], self.language): (
                word[self.language],
                word[self.native],
            )
            for word in self.glossary()
        }

    def new_words(self):
        """Return the glossary's words among those said, each with its sentence."""
        glossary = self.translations()
        new = {}
        for language, text in self.parts:
            for sentence in sentences(text) if language == self.language else ():
                for token in lexicon.tokens(sentence, language):
                    lemma = lexicon.lemma(token.text, language)
                    if lemma in glossary:
                        word = token.text.lower() if lemma.islower() else token.text
                        meaning = glossary[lemma][1]
                        new.setdefault(lemma, NewWord(word, meaning, sentence))
        return list(new.values())
