"""The guided tutor, asked: for help with the talk, and questions to itself."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conversations import weaving
from conversations.models import Conversation
from conversations.turn_taking import open_talk, take_turn
from conversations.tutors import asking, content, guided
from conversations.tutors.reply import Said, TutorRequest
from lingo.languages import LANGUAGES
from tests.conversations.test_asking import QUESTIONS, REQUESTS, UNKNOWN
from tests.conversations.test_weaving import due

NOW = datetime(2026, 3, 1, 9, 5, tzinfo=UTC)
WEEKDAY = {
    "en": "Sunday, 1 March 2026",
    "es": "domingo, 1 de marzo de 2026",
    "fr": "dimanche 1er mars 2026",
    "de": "Sonntag, der 1. März 2026",
    "it": "domenica 1º marzo 2026",
    "pt": "domingo, 1º de março de 2026",
}


def other(language):
    return "es" if language == "en" else "en"


class FreeTalk:
    """A free talk without a database: `say` gives the tutor's reply."""

    def __init__(self, language="es", topic="hobbies", level="beginner", **fields):
        self.fields = {
            "language": language,
            "native_language": other(language),
            "topic": topic,
            "level": level,
            "now": NOW,
            **fields,
        }
        self.history, self.remembered = [], {}
        self.opening = self.say(None)
        self.question = self.question_of(self.opening)

    def say(self, text):
        reply = guided.reply(
            TutorRequest(
                content=text,
                history=list(self.history),
                turn=len(self.history) // 2,
                remembered=dict(self.remembered),
                **self.fields,
            )
        )
        self.remembered |= reply.remembered
        if text is not None:
            self.history.append(Said("user", text, ""))
        self.history.append(Said("assistant", reply.content, reply.cue))
        return reply

    def question_of(self, reply):
        topic, slug = reply.cue.split("/")
        questions = {one.slug: one for one in content.topics()[topic].question}
        return questions[slug]

    def asks(self, band="beginner"):
        return getattr(self.question.ask, band)[self.fields["language"]]


def said_in(reply, language):
    """Return what of the reply is in the language."""
    parts = reply.parts or [(language, reply.content)]
    return " ".join(text for code, text in parts if code == language)


def line_in(lines, text):
    return next((line for line in lines if line in text), None)


def one(language, slug):
    return REQUESTS[language][slug][0]


@pytest.mark.parametrize("language", LANGUAGES)
class TestRequests:
    def test_repeat_says_the_question_again(self, language):
        talk = FreeTalk(language, level="intermediate")
        asked = line_in(talk.asks("intermediate"), talk.opening.content)

        reply = talk.say(one(language, "repeat"))

        assert reply.content.endswith(asked)
        assert reply.content != asked
        assert reply.cue == talk.opening.cue

    @pytest.mark.parametrize("slug", ["slower", "not-understood"])
    def test_more_simply_is_another_wording_in_easy_words(self, language, slug):
        talk = FreeTalk(language, level="intermediate")

        reply = talk.say(one(language, slug))

        assert line_in(talk.asks("beginner"), reply.content)
        assert reply.cue == talk.opening.cue
        easy = FreeTalk(language)
        asked = line_in(easy.asks(), easy.opening.content)
        again = line_in(easy.asks(), easy.say(one(language, slug)).content)
        assert again
        assert again != asked

    def test_not_understood_again_it_is_translated(self, language):
        talk = FreeTalk(language)
        talk.say(one(language, "not-understood"))

        reply = talk.say(one(language, "not-understood"))

        asked = line_in(talk.asks(), said_in(reply, language))
        place = talk.asks().index(asked)
        native = other(language)
        translation = talk.question.ask.beginner[native][place]
        assert translation in said_in(reply, native)

    @pytest.mark.parametrize("level", ["beginner", "intermediate"])
    def test_translate_gives_the_question_in_the_native_language(self, language, level):
        talk = FreeTalk(language, level=level)
        native = other(language)
        asked = line_in(talk.asks(level), talk.opening.content)
        place = talk.asks(level).index(asked)

        reply = talk.say(one(language, "translate"))

        translation = getattr(talk.question.ask, level)[native][place]
        assert translation in said_in(reply, native)
        assert said_in(reply, language) == asked
        assert reply.cue == talk.opening.cue

    def test_help_gives_a_hint_then_a_model_then_another_question(self, language):
        talk = FreeTalk(language)
        native = other(language)

        replies = [talk.say(one(language, "help")) for _ in range(3)]

        assert talk.question.hint[native] in replies[0].content
        assert talk.question.model.beginner[language] in replies[1].content
        assert replies[1].cue == talk.opening.cue
        assert replies[2].cue != talk.opening.cue

    def test_who_has_no_idea_is_helped(self, language):
        talk = FreeTalk(language)

        reply = talk.say(one(language, "no-idea"))

        assert talk.question.hint[other(language)] in reply.content
        assert reply.cue == talk.opening.cue

    def test_a_word_of_the_topic_is_explained(self, language):
        talk, native = FreeTalk(language), other(language)
        word = content.topics()["hobbies"].word[0]
        text = REQUESTS[language]["meaning"][0]
        spoon = {"en": "spoon", "fr": "cuillère", "de": "Löffel", "it": "cucchiaio"}
        spoon |= {"es": "cuchara", "pt": "colher"}

        reply = talk.say(text.replace(spoon[language], word[language]))

        assert word[native] in said_in(reply, native)
        assert line_in(talk.asks(), said_in(reply, language))
        assert reply.cue == talk.opening.cue

    def test_a_word_of_the_topic_is_named(self, language):
        talk, native = FreeTalk(language), other(language)
        word = content.topics()["hobbies"].word[0]
        text = REQUESTS[language]["say"][0]

        reply = talk.say(
            text.replace("spoon", word[native]).replace("cuchara", word[native])
        )

        assert f"{word[language]}" in said_in(reply, native)

    def test_an_unknown_word_is_owned_up_to(self, language):
        talk, native = FreeTalk(language), other(language)

        reply = talk.say(one(language, "meaning"))

        unknown = asking.asking().unknown_word[native]
        assert unknown.split("{")[0] in said_in(reply, native)

    def test_a_request_is_no_miss(self, language):
        talk = FreeTalk(language)
        for slug in ("repeat", "slower", "translate", "not-understood", "repeat"):
            assert talk.say(one(language, slug)).cue == talk.opening.cue

        reply = talk.say("…")

        assert talk.question.hint[other(language)] in reply.content

    def test_asked_in_the_native_language_it_does_the_same(self, language):
        native = other(language)
        talk = FreeTalk(language)

        reply = talk.say(one(native, "repeat"))

        reminder = content.common().reminder[native].split("{")[0]
        assert reminder not in reply.content
        assert line_in(talk.asks(), reply.content)

    def test_a_request_at_the_very_start_is_no_dead_end(self, language):
        talk = FreeTalk(language)
        talk.history = []

        assert talk.say(one(language, "help")).cue


def test_somebody_who_learns_their_own_language_gets_it_in_other_words():
    talk = FreeTalk("es", native_language="es")

    replies = [talk.say("¿Qué significa eso?"), talk.say("No entiendo.")]

    assert all(line_in(talk.asks(), reply.content) for reply in replies)
    assert not any(reply.parts for reply in replies)
    unknown = talk.say("¿Qué significa guitarra?")
    assert "guitarra" in unknown.content


def test_a_question_that_is_told_in_one_language_is_put_in_other_words():
    """As in a scene that a learner wrote; braces there are but braces."""
    topic = content.topics()["hobbies"]
    only = {"es": ["¿Te gusta {algo}?", "¿Y a ti {algo}?"]}
    ask = content.Asks.model_construct(beginner=only, intermediate=only)
    question = topic.question[0].model_copy(update={"ask": ask})
    topic = topic.model_copy(update={"question": [question]})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(content, "topics", lambda: {"hobbies": topic})
        talk = FreeTalk("es")

        replies = [talk.say(one("es", "translate")) for _ in range(2)]
        replies += [talk.say(one("es", "not-understood")) for _ in range(2)]

    assert all(line_in(only["es"], reply.content) for reply in replies)
    assert not any(reply.parts for reply in replies)


def test_how_to_say_a_word_is_not_answered_by_its_false_friend():
    word = dict.fromkeys(LANGUAGES, "pan") | {"es": "sartén", "en": "pan"}
    topic = content.topics()["hobbies"].model_copy(
        update={"word": [word, dict.fromkeys(LANGUAGES, "pan") | {"en": "bread"}]}
    )
    talk = FreeTalk("es")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(content, "topics", lambda: {"hobbies": topic})

        named = talk.say("How do you say pan?")
        explained = talk.say("What does pan mean?")

    assert "“pan” is “sartén”" in named.content
    assert "“pan” means “bread”" in explained.content


NAMES = {
    "en": "My name is Ana.",
    "es": "Me llamo Ana.",
    "fr": "Je m'appelle Ana.",
    "de": "Ich heiße Ana.",
    "it": "Mi chiamo Ana.",
    "pt": "Meu nome é Ana.",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_learners_name_is_known_once_it_was_told(language):
    talk = FreeTalk(language)
    (asked, _) = QUESTIONS[language]["my-name"]

    assert "Ana" not in talk.say(asked).content
    talk.say(NAMES[language])
    assert "Ana" in talk.say(asked).content


def test_an_old_question_out_of_sight_is_asked_anew():
    talk = FreeTalk("es")
    talk.history = [Said("assistant", "¡Hola!", talk.opening.cue)]

    assert talk.say("¿Puedes repetir?").content.endswith(talk.asks()[0])


def test_what_else_a_message_says_counts_beside_a_request():
    talk = FreeTalk("es")

    reply = talk.say("Me gusta leer libros. ¿Qué significa guitarra? ¿Puedes repetir?")

    assert reply.cue != talk.opening.cue
    assert "guitarra" in said_in(reply, "en")


def test_talk_about_not_understanding_is_talk():
    talk = FreeTalk("es")

    reply = talk.say("No entiendo a mi jefe.")

    assert reply.cue != talk.opening.cue


class TestQuestions:
    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("slug", sorted(QUESTIONS["en"]))
    def test_each_is_answered_and_the_question_stays_open(self, language, slug):
        talk = FreeTalk(language)
        answers = {one.slug: one.answer for one in asking.asking().question}[slug]
        text = QUESTIONS[language][slug][-1]

        reply = talk.say(text)

        begins = [line.split("{")[0] for line in answers[language]]
        assert any(reply.content.startswith(begin) for begin in begins)
        assert reply.cue == talk.opening.cue
        assert "{" not in reply.content

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_the_date_is_the_learners_own(self, language):
        talk = FreeTalk(language)

        reply = talk.say(QUESTIONS[language]["date"][0])

        assert WEEKDAY[language] in reply.content

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_another_day_of_the_month_is_a_number(self, language):
        talk = FreeTalk(language, now=NOW + timedelta(days=1))

        reply = talk.say(QUESTIONS[language]["date"][0])

        assert " 2" in reply.content
        assert "1" not in reply.content

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_the_time_is_told_in_numbers(self, language):
        talk = FreeTalk(language, now=NOW.astimezone(ZoneInfo("Asia/Tokyo")))

        assert "18:05" in talk.say(QUESTIONS[language]["time"][0]).content

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_another_question_is_owned_up_to(self, language):
        talk = FreeTalk(language)

        reply = talk.say(UNKNOWN[language])

        owning = asking.asking().cannot_answer[language]
        assert line_in(owning, reply.content)
        assert line_in(talk.asks(), reply.content)
        assert reply.cue == talk.opening.cue
        assert not reply.parts

    def test_who_only_asks_is_asked_something_else_in_the_end(self):
        talk = FreeTalk("es")

        cues = [talk.say(UNKNOWN["es"]).cue for _ in range(4)]

        assert cues[:3] == [talk.opening.cue] * 3
        assert cues[3] != talk.opening.cue

    def test_an_answer_with_a_question_moves_on(self):
        talk = FreeTalk("es")

        known = talk.say("Me gusta leer libros, ¿y a ti?")
        unknown = talk.say("Juego al fútbol, ¿sabes quién ganó ayer?")

        assert talk.opening.cue != known.cue != unknown.cue
        assert line_in(asking.asking().cannot_answer["es"], unknown.content)

    def test_a_greeting_alone_is_no_answer(self):
        talk = FreeTalk("es")

        assert talk.say("Hola.").cue == talk.opening.cue

    def test_a_question_at_the_very_start_is_answered_and_opens_the_talk(self):
        talk = FreeTalk("es")
        talk.history = []

        reply = talk.say("¿Cómo estás?")

        assert reply.content.startswith(("Muy bien", "Bien"))
        assert reply.cue

    def test_nobody_is_told_that_the_tutor_is_human(self):
        for code in LANGUAGES:
            talk = FreeTalk(code)
            reply = talk.say(QUESTIONS[code]["human"][0])
            program = {"en": "program", "es": "programa", "fr": "programme"}
            program |= {"de": "Programm", "it": "programma", "pt": "programa"}
            assert program[code] in reply.content


@pytest.fixture
def scene(learner, scenarios):
    """Return a function that begins a scene, opened by the tutor."""

    def begin(slug="cafe", **fields):
        conversation, _ = Conversation.objects.begin(
            learner, language="es", scenario=scenarios[slug], **fields
        )
        open_talk(conversation)
        return conversation

    return begin


def say(conversation, text):
    key = f"{conversation.pk}-{conversation.message_count}"
    return take_turn(conversation, text, client_id=key).reply


def met(conversation):
    mine = conversation.runs.get().met.order_by("pk")
    return [found.objective.slug for found in mine]


class TestScenes:
    def test_requests_leave_the_objective_open_and_give_no_hint(self, scene):
        conversation = scene()
        cue = conversation.messages.get().cue

        replies = [say(conversation, text) for text in ("No entiendo.", "¿Cómo?")]

        assert [reply.cue for reply in replies] == [cue, cue]
        assert not any(reply.parts for reply in replies)
        assert not met(conversation)

    def test_a_word_asked_about_meets_nothing(self, scene):
        conversation = scene()
        say(conversation, "Hola")
        say(conversation, "Fuera, por favor.")

        reply = say(conversation, "¿Cómo se dice a coffee?")

        assert met(conversation) == ["greeting", "table"]
        assert reply.cue.endswith("/drink")

    def test_a_greeting_with_a_question_is_met_and_answered_in_the_role(self, scene):
        conversation = scene()

        reply = say(conversation, "¡Hola! ¿Cómo te llamas?")

        assert met(conversation) == ["greeting"]
        assert reply.content.startswith(("Me llamo Alex.", "Soy Alex."))

    def test_a_question_may_meet_an_objective(self, scene):
        conversation = scene()
        say(conversation, "Hola")
        say(conversation, "Fuera, por favor.")

        reply = say(conversation, "¿Me trae un café?")

        assert "drink" in met(conversation)
        assert not line_in(asking.asking().cannot_answer["es"], reply.content)

    def test_a_question_it_can_not_answer_is_owned_up_to_without_help(self, scene):
        conversation = scene()

        reply = say(conversation, "¿Quién inventó el teléfono?")

        assert line_in(asking.asking().cannot_answer["es"], reply.content)
        assert not reply.parts

    def test_a_miss_beside_a_question_still_gets_help(self, scene):
        conversation = scene()

        reply = say(conversation, "Xyzzy plugh. ¿Cómo estás?")

        assert reply.content.startswith(("Muy bien", "Bien"))
        assert reply.parts

    def test_after_the_end_questions_and_requests_are_still_heard(self, scene):
        conversation = scene()
        run = conversation.runs.get()
        run.phase, run.finished_at = None, timezone.now()
        run.save()

        asked = say(conversation, "¿Quién inventó el teléfono?")
        wanted = say(conversation, "¿Puedes repetir?")

        assert line_in(asking.asking().cannot_answer["es"], asked.content)
        assert line_in(content.common().finished["es"], wanted.content)

    def test_what_the_scene_asks_for_is_no_request(self, scene):
        conversation = scene()
        objective = conversation.scenario.phases.first().objectives.first()
        objective.prompt["answer"][0]["es"] = "repetir"
        objective.save()

        say(conversation, "¿Puedes repetir?")

        assert met(conversation) == ["greeting"]

    def test_a_word_of_the_glossary_costs_two_more_statements(self, scene):
        call_command("load_content", verbosity=0)
        conversation = scene()
        say(conversation, "No entiendo.")

        with CaptureQueriesContext(connection) as usual:
            say(conversation, "No entiendo.")
        with CaptureQueriesContext(connection) as looked_up:
            reply = say(conversation, "¿Qué significa isla?")

        assert "island" in reply.content
        assert len(looked_up) == len(usual) + 2

    def test_asking_about_a_due_word_is_no_use_of_it(self, learner, scenarios):
        due(learner, "café")
        conversation, _ = Conversation.objects.begin(
            learner, language="es", scenario=scenarios["cafe"]
        )
        open_talk(conversation)

        say(conversation, "¿Qué significa café?")

        assert weaving.still_open(conversation)

    def test_a_due_word_that_is_given_away_is_hard_from_then_on(
        self, learner, scenarios
    ):
        due(learner, "cuenta")
        conversation, _ = Conversation.objects.begin(
            learner, language="es", scenario=scenarios["cafe"]
        )
        open_talk(conversation)

        reply = say(conversation, "How do you say bill?")

        assert "cuenta" in reply.content
        (word,) = weaving.still_open(conversation)
        assert word.help == word.Help.HINT
