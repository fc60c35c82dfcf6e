"""The course of a role-play, in every scenario and language: what counts, what doesn't.

Nothing is saved: the guided tutor is asked as the turns would ask it.
"""

from dataclasses import replace

import pytest

from conversations.tutors import content, guided
from conversations.tutors.checking import NONSENSE, run_of
from conversations.tutors.course import Course
from conversations.tutors.hearing import Heard
from conversations.tutors.reply import Run, RunPhase, Said, TutorRequest
from lingo.languages import LANGUAGES
from tests.conftest import scenario_content
from vocabulary import lexicon

SCENARIOS = sorted(path.stem for path in (content.FOLDER / "scenarios").iterdir())
# Of each language: a beginner's broken sentence around an answer.
BROKEN = {
    "en": "I want, please, {}, yes",
    "es": "Yo, por favor, {}, sí",
    "fr": "Moi, s'il vous plaît, {}, oui",
    "de": "Ich, bitte, {}, ja",
    "it": "Io, per favore, {}, sì",
    "pt": "Eu, por favor, {}, sim",
}


def every():
    return pytest.mark.parametrize(
        ("slug", "language"),
        [(slug, language) for slug in SCENARIOS for language in LANGUAGES],
    )


class Talk:
    """A role-play with the guided tutor, of which nothing is saved."""

    def __init__(self, slug, language, level):
        native = "es" if language == "en" else "en"
        self.request = TutorRequest(
            content=None,
            language=language,
            native_language=native,
            level=level,
            run=run_of(scenario_content(slug)),
        )
        self.replies = [guided.reply(self.request)]

    @property
    def run(self):
        return self.request.run

    def say(self, text):
        last = self.replies[-1]
        said = Said("assistant", last.content, last.cue)
        history = [*self.request.history, said]
        reply = guided.reply(replace(self.request, content=text, history=history))
        history.append(Said("user", text, ""))
        run = replace(
            self.run,
            phase=reply.phase,
            met=self.run.met | set(reply.objectives_met),
        )
        self.request = replace(self.request, history=history, run=run)
        self.replies.append(reply)
        return reply.objectives_met

    def asked(self):
        """Return the prompt that the tutor asks for."""
        open_now = dict(Course(self.run).still_open())
        return open_now[self.replies[-1].cue]


@pytest.mark.parametrize("band", ["beginner", "intermediate"])
@every()
def test_good_answers_lead_to_the_end(slug, language, band):
    talk = Talk(slug, language, band)
    keys = [key for phase in talk.run.phases for key in phase.prompts]

    while not talk.run.is_finished:
        assert talk.say(getattr(talk.asked().model, band)[language])

    assert talk.run.met == set(keys)
    last = talk.replies[-1].content
    assert any(line in last for line in talk.run.closing[band][language])


@every()
def test_weak_answers_count_where_the_words_are_there(slug, language):
    run = run_of(scenario_content(slug))
    for phase in run.phases:
        for _, prompt in phase.prompts.values():
            for answer in prompt.answer:
                first = answer.alternatives(language)[0]
                if first.startswith(content.WHOLE):
                    assert not prompt.is_met_in(Heard(first, language))
                    continue
                if first.endswith(content.AND_MORE):
                    opening = first.removesuffix(content.AND_MORE).strip()
                    assert not Heard(opening, language).has_opening(opening)
                    continue
                # In another order, but for what is written together: qualcos'altro.
                words = first.split()
                turned = BROKEN[language].format(" ".join(reversed(words)))
                assert prompt.is_met_in(Heard(turned, language)), turned


def objective(answers, **changes):
    """An objective of the café's, with these answers in German."""
    texts = aim("cafe", "drink").prompt()
    answer = {**texts["answer"][0], "de": answers, "recast": False, **changes}
    return content.Prompt.trusted({**texts, "answer": [answer]})


@pytest.mark.parametrize(
    ("text", "is_met"),
    [
        ("Keine.", True),
        ("Nein, keine!", True),
        ("Das ist einfach. Keine.", True),
        ("Ich habe keine Zeit.", False),
        ("Keine Ahnung.", False),
        ("Und zu der.", False),
    ],
)
def test_function_words_answer_only_as_all_that_is_said_where_it_is_asked(text, is_met):
    prompt = objective("=keine|=bei dir")

    assert prompt.is_met_in(Heard(text, "de"), is_asked=True) == is_met
    assert not prompt.is_met_in(Heard(text, "de"))


def test_the_sentence_that_was_all_of_an_answer_is_shown():
    said = "Danke, gut. Keine. Und du?"

    assert objective("=keine").sentence_in(said, "de") == "Keine."


@pytest.mark.parametrize(
    ("text", "is_met"),
    [
        ("Anna Schmidt.", True),
        ("Guten Tag, Anna", True),
        ("anna schmidt", False),
        ("Ich komme aus Köln.", False),
        ("Er Sie Es", False),
        ("Bla, bla, bla.", False),
        ("Guten Tag!", False),
        ("…", False),
    ],
)
def test_a_name_alone_answers_where_a_name_is_asked_for(text, is_met):
    prompt = objective("=…")

    assert prompt.is_met_in(Heard(text, "de"), is_asked=True) == is_met
    assert not prompt.is_met_in(Heard(text, "de"))


@pytest.mark.parametrize(
    ("answers", "recast", "reason"),
    [("=", False, "has no words"), ("=keine", True, "needs recast = false")],
)
def test_an_answer_that_must_be_all_is_checked(answers, recast, reason):
    answer = content.Answer.model_construct(recast=recast, de=answers)

    assert any(reason in problem for problem in answer.problems("de"))


@pytest.mark.parametrize(
    ("language", "answer", "said", "is_said_back"),
    [
        ("es", "un café", "Un café, por favor.", True),
        ("es", "un café", "Quiero dos cafés.", False),
        ("es", "un café", "2 cafés", False),
        ("es", "a las ocho", "A las ocho y media.", False),
        ("es", "a las ocho", "A las ocho en casa.", True),
        ("de", "um acht", "Um halb acht.", False),
        ("de", "um acht", "Um acht Uhr, bitte.", True),
        ("de", "um acht", "Um acht Uhr dreißig, bitte.", False),
        ("de", "um acht", "Um acht dreißig.", False),
        ("de", "einen Cappuccino", "Zwei Cappuccino", False),
        ("fr", "à sept heures", "À sept heures et demie.", False),
        ("en", "at seven", "At half past seven.", False),
        ("it", "due notti", "Due notti.", True),
        ("pt", "às sete", "Às sete e meia.", False),
    ],
)
def test_another_amount_counts_and_is_not_said_back(
    language, answer, said, is_said_back
):
    texts = aim("cafe", "drink").prompt()
    told = {**texts["answer"][0], language: answer}
    prompt = content.Prompt.trusted({**texts, "answer": [told]})
    heard = Heard(said, language)

    assert prompt.is_met_in(heard)
    assert prompt.said_back(heard) == (answer if is_said_back else None)


def test_an_answer_in_two_sentences_is_shown_whole():
    said = "Einen Tee. Und mit Milch, bitte."

    assert objective("einen Tee mit Milch").sentence_in(said, "de") == said


@pytest.mark.parametrize(
    ("slug", "said", "reaction"),
    # Where every reaction would say it back, there is one that always fits.
    [("drink", "Two cappuccinos, please!", ""), ("payment", "By two cards.", "Very")],
)
def test_where_nothing_can_be_said_back_the_tutor_reacts_all_the_same(
    slug, said, reaction
):
    talk = asked_for(slug, "en")

    assert talk.say(said)

    reply = talk.replies[-1].content
    assert reply.startswith(reaction)
    assert "{" not in reply
    assert not {"a cappuccino", "By card"} & set(reply.split(","))


# What is denied, and then said as well; and what the tutor says back of it.
DENIED = {
    "en": ("I don't want coffee", "No coffee, a tea", "A tea"),
    "es": ("No quiero café", "No quiero café, quiero un té", "Un té"),
    "fr": ("Je ne veux pas de café", "Pas de café mais un thé", "Un thé"),
    "de": ("Kaffee möchte ich nicht", "Keinen Kaffee, sondern Tee", "Einen Tee"),
    "it": ("Non voglio il caffè", "Non il caffè ma un tè", "Un tè"),
    "pt": ("Não quero café", "Não quero café, quero um chá", "Um chá"),
}


def aim(scenario, slug):
    phases = scenario_content(scenario).phase
    return next(one for phase in phases for one in phase.objective if one.slug == slug)


def asked_for(slug, language):
    talk = Talk("cafe", language, "beginner")
    while talk.asked() != aim("cafe", slug):
        talk.say(talk.asked().model.beginner[language])
    return talk


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_denied_is_not_said_back_as_if_it_were_wanted(language):
    denied, and_said, answer = DENIED[language]
    talk = asked_for("drink", language)

    assert talk.say(denied) == []
    assert talk.say(and_said)
    assert talk.replies[-1].content.startswith(f"{answer},")


def test_what_is_denied_is_taken_as_such_and_asked_for_again():
    talk = asked_for("drink", "de")

    asked = talk.replies[-1].cue
    talk.say("Kaffee möchte ich nicht")

    reply = talk.replies[-1]
    assert reply.content.startswith("Gut, das also nicht. ")
    assert reply.cue == asked
    assert not [text for code, text in reply.parts if code != "de"]  # no hint


def test_what_comes_too_early_is_put_off():
    talk = Talk("cafe", "de", "beginner")

    assert talk.say("Einen Kaffee, bitte!") == []

    reply = talk.replies[-1]
    assert reply.content.startswith("Dazu kommen wir gleich.")
    assert reply.cue == talk.replies[0].cue
    # With a hint, or nobody would know what is waited for.
    assert [text for code, text in reply.parts if code != "de"]


def test_what_was_said_before_is_no_riddle():
    talk = asked_for("drink", "de")
    said = aim("cafe", "table").model.beginner["de"]

    assert talk.say(said) == []

    assert talk.replies[-1].content.startswith("Sehr gut.")


@pytest.mark.parametrize(
    "text",
    ["Nein, einen Kaffee bitte", "Haben Sie keinen Kaffee?", "Kaffee ohne Milch"],
)
def test_a_denial_of_something_else_does_not_hinder(text):
    assert asked_for("drink", "de").say(text)


def test_what_denies_as_well_is_met_by_what_is_denied():
    cold = aim("restaurant-complaint", "cold")

    assert cold.is_met_in(Heard("The soup is not hot.", "en"))


@every()
def test_nonsense_leads_nowhere(slug, language):
    talk = Talk(slug, language, "beginner")
    first = talk.asked()

    for text in [*NONSENSE[language], " ".join(lexicon.function_words(language)), "…"]:
        assert talk.say(text) == []
        assert talk.asked() is first

    for phase in talk.run.phases:
        for _, prompt in phase.prompts.values():
            for text in NONSENSE[language]:
                assert not prompt.is_met_in(Heard(text, language))


class TestRules:
    """The numbered rules of `course`, on a scene of letters."""

    def course(self, *phases, phase=0, met=()):
        made = [
            RunPhase(at, f"phase-{at}", {key: (f"cue-{key}", key) for key in keys})
            for at, keys in enumerate(phases)
        ]
        return Course(Run(1, "scene", made, phase, set(met), {}, []))

    def hear(self, course, text):
        return list(course.advance(lambda key, prompt: prompt in text))

    def test_it_begins_in_the_first_phase(self):
        course = self.course("ab", "c")
        assert course.phase.slug == "phase-0"
        assert course.still_open() == [("cue-a", "a"), ("cue-b", "b")]

    def test_a_message_may_meet_several_objectives_but_not_of_later_phases(self):
        course = self.course("abc", "d")
        assert self.hear(course, "bda") == ["cue-a", "cue-b"]
        assert course.phase.slug == "phase-0"

    def test_what_completes_a_phase_is_heard_for_the_next(self):
        course = self.course("a", "b", "c")
        assert self.hear(course, "ab") == ["cue-a", "cue-b"]
        assert course.phase.slug == "phase-2"

    def test_what_is_met_stays_met(self):
        course = self.course("ab", met="a")
        assert self.hear(course, "a") == []
        assert self.hear(course, "b") == ["cue-b"]
        assert (course.new, list(course.done)) == (["b"], ["a", "b"])

    def test_nothing_leads_back(self):
        course = self.course("a", "b", phase=1)
        assert self.hear(course, "a") == []
        assert course.phase.slug == "phase-1"

    def test_a_phase_whose_objectives_are_all_met_is_passed(self):
        assert self.course("a", "b", met="a").phase.slug == "phase-1"

    def test_it_is_over_when_no_phase_is_left(self):
        course = self.course("a")
        self.hear(course, "a")
        assert (course.phase, course.still_open()) == (None, [])
        assert self.hear(course, "a") == []

    def test_what_is_over_stays_over(self):
        course = self.course("a", phase=None)
        assert (course.phase, self.hear(course, "a")) == (None, [])
