"""The guided tutor as learners meet it, with the content that comes with Lingo."""

import re

import pytest

from conversations.models import ConversationMessage, ScenarioRun
from conversations.turn_taking import open_talk, take_turn
from conversations.tutors import content, guided
from lingo.languages import LANGUAGES
from tests.factories import ConversationFactory
from vocabulary.models import VocabularyItem

# With the rules of a scene, all of them are played in test_course.py.
SCENARIOS = ("cafe", "getting-to-know", "hotel")
TOPICS = sorted(path.stem for path in (content.FOLDER / "topics").iterdir())
FUNCTION_WORDS = {
    "en": "and to the",
    "es": "y de la",
    "fr": "et de la",
    "de": "und zu der",
    "it": "e di la",
    "pt": "e para o",
}
OTHER = {
    "en": "Ich möchte bitte ein großes Frühstück für meine ganze Familie bestellen.",
    "es": "I would like to order a big breakfast for my whole family, please.",
    "fr": "Ich möchte bitte ein großes Frühstück für meine ganze Familie bestellen.",
    "de": "I would like to order a big breakfast for my whole family, please.",
    "it": "I would like to order a big breakfast for my whole family, please.",
    "pt": "I would like to order a big breakfast for my whole family, please.",
}


@pytest.fixture
def begin(learner, scenarios):
    """Return a function that begins a conversation, opened by the tutor."""

    def begin(language="es", scenario=None, opened=True, native="en", **fields):
        learner.native_language = native
        learner.save()
        conversation = ConversationFactory(
            learner=learner,
            language=language,
            scenario=scenario and scenarios[scenario],
            **fields,
        )
        if scenario:
            phase = conversation.scenario.phases.first()
            ScenarioRun.objects.create(
                learner=learner,
                conversation=conversation,
                scenario=conversation.scenario,
                phase=phase,
            )
        if opened:
            open_talk(conversation)
        return conversation

    return begin


def say(conversation, text):
    """Return the tutor's answer to `text`."""
    count = conversation.messages.count()
    return take_turn(conversation, text, client_id=f"{conversation.pk}-{count}")[1]


def texts(message, language):
    """Return what of the message is in `language`."""
    if not message.parts:
        return message.content
    return " ".join(text for code, text in message.parts if code == language)


def prompts(conversation):
    """Return the open objectives of the run's phase, in order."""
    run = conversation.runs.get()
    met = run.met.values_list("objective_id", flat=True)
    return list(run.phase.objectives.exclude(pk__in=met)) if run.phase else []


@pytest.mark.parametrize("level", ["beginner", "intermediate"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("slug", SCENARIOS)
def test_model_sentences_lead_through_a_scenario_to_its_end(
    begin, slug, language, level
):
    native = "es" if language == "en" else "en"
    conversation = begin(language, slug, vocabulary_level=level, native=native)
    replies = [conversation.messages.get().content]

    while still_open := prompts(conversation):
        model = still_open[0].prompt["model"][level][language]
        replies.append(say(conversation, model).content)
        assert len(replies) < 20

    run = conversation.runs.get()
    assert run.finished_at
    objectives = {
        o.pk for phase in run.scenario.phases.all() for o in phase.objectives.all()
    }
    assert set(run.met.values_list("objective_id", flat=True)) == objectives
    closings = run.scenario.closing[level][language]
    endings = [re.split(r"\{.*\}", closing)[-1] for closing in closings]
    assert any(ending in replies[-1] for ending in endings)
    assert not any("{" in reply for reply in replies)
    after = [say(conversation, model).content for _ in range(4)]
    said = replies + after
    assert all(one != next_ for one, next_ in zip(said, said[1:], strict=False))


def test_a_phones_apostrophe_is_as_good_as_a_keyboards(begin):
    conversation = begin("fr", "getting-to-know")
    say(conversation, "Bonjour !")

    say(conversation, "Je m’appelle Ana.")

    assert conversation.runs.get().met.filter(objective__slug="name").exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_function_words_meet_nothing(begin, language):
    native = "es" if language == "en" else "en"
    for slug in SCENARIOS:
        conversation = begin(language, slug, native=native)
        for _ in range(3):
            say(conversation, FUNCTION_WORDS[language])
        assert not conversation.runs.get().met.exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_wrong_language_gets_a_kind_reminder_and_is_kept(begin, language):
    native = "de" if OTHER[language].startswith("Ich") else "en"
    conversation = begin(language, "cafe", native=native)

    answer = say(conversation, OTHER[language])

    name = content.common().language[language][native]
    reminder = content.common().reminder[native].format(language=name)
    assert reminder in texts(answer, native)
    assert texts(answer, language)
    assert conversation.messages.get(position=2).content == OTHER[language]
    assert not conversation.runs.get().met.exists()


def test_the_wrong_language_is_noticed_in_free_talk_and_after_the_end(begin):
    conversation = begin("es", topic="Hobbies and free time")
    assert "Spanish" in texts(say(conversation, OTHER["es"]), "en")

    role_play = begin("es", "cafe")
    while still_open := prompts(role_play):
        say(role_play, still_open[0].prompt["model"]["beginner"]["es"])
    assert "Spanish" in texts(say(role_play, OTHER["es"]), "en")


def test_an_inflected_form_meets_an_objective(begin):
    conversation = begin("es", "cafe")

    say(conversation, "Hola, buenos días.")
    say(conversation, "Prefiero la terraza.")
    say(conversation, "Queremos dos cafés, por favor.")

    met = [str(found.objective) for found in conversation.runs.get().met.all()]
    assert any("drink" in objective.lower() for objective in met)


def test_each_met_objective_has_the_message_that_met_it(begin):
    conversation = begin("es", "cafe")
    model = prompts(conversation)[0].prompt["model"]["beginner"]["es"]

    say(conversation, model)

    assert conversation.runs.get().met.first().message.content == model


def test_a_miss_gets_a_hint_and_two_a_model_sentence(begin):
    conversation = begin("es", "cafe", native="fr")
    prompt = prompts(conversation)[0].prompt

    first = say(conversation, "Xyzzy plugh.")
    second = say(conversation, "Xyzzy plugh plugh.")

    assert prompt["hint"]["fr"] in texts(first, "fr")
    assert content.common().model["fr"] not in first.content
    assert prompt["model"]["beginner"]["es"] in texts(second, "es")
    assert first.content != second.content


def test_the_learner_may_speak_first(begin):
    conversation = begin("es", "cafe", opened=False)

    answer = say(conversation, "Xyzzy.")

    first = conversation.scenario.phases.first().objectives.first()
    assert answer.content in first.prompt["ask"]["beginner"]["es"]
    assert answer.cue


def test_words_are_introduced_with_translation_and_sentence(begin):
    conversation = begin("es", "cafe")
    while still_open := prompts(conversation):
        say(conversation, still_open[0].prompt["model"]["beginner"]["es"])

    items = VocabularyItem.objects.all()
    assert len(items) >= 5
    assert all(item.translation and item.word in item.example.lower() for item in items)
    marked = [
        word["lemma"]
        for message in conversation.messages.all()
        for word in message.vocabulary
    ]
    assert sorted(marked) == sorted(item.lemma for item in items)


def test_somebody_who_learns_their_own_language_gets_no_translations(begin):
    begin("es", "cafe", native="es")

    assert not VocabularyItem.objects.exists()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("topic", TOPICS)
def test_free_talk_moves_through_its_topic(begin, topic, language):
    native = "es" if language == "en" else "en"
    conversation = begin(language, topic=topic, native=native)
    cues = [conversation.messages.get().cue]

    for question in content.topics()[topic].question[:-1]:
        cues.append(say(conversation, question.model.beginner[language]).cue)

    questions = content.topics()[topic].question
    assert cues == [f"{topic}/{question.slug}" for question in questions]


def test_a_hundred_turns_of_free_talk_never_say_the_same_twice_in_a_row(begin):
    conversation = begin("es", topic="hobbies")

    for turn in range(100):
        say(conversation, f"Me gusta el arroz con pollo número {turn}.")

    said = ConversationMessage.objects.filter(role="assistant").order_by("position")
    lines = list(said.values_list("content", flat=True))
    assert all(one != next_ for one, next_ in zip(lines, lines[1:], strict=False))
    questions = sum(len(topic.question) for topic in content.topics().values())
    assert len({message.cue for message in said}) == min(questions, len(said))


def test_free_talk_asks_for_more_gives_help_and_then_moves_on(begin):
    conversation = begin("es", topic="hobbies")
    cue = conversation.messages.get().cue
    question = content.topics()["hobbies"].question[0]

    replies = [say(conversation, "y de la") for _ in range(4)]

    assert question.hint["en"] in replies[0].content
    assert question.model.beginner["es"] in replies[1].content
    assert [answer.cue == cue for answer in replies] == [True, True, True, False]


def test_a_topic_of_the_learners_own_still_gets_questions(begin):
    conversation = begin("es", topic="My cat")

    assert conversation.messages.get().cue


@pytest.mark.parametrize(
    "name", ["hobbies", "HOBBIES AND FREE TIME", "aficiones y tiempo libre"]
)
def test_topics_are_known_by_slug_and_by_title(name):
    assert guided.topic_of(name) == "hobbies"


def test_free_talk_without_an_opening_begins_with_one(begin):
    conversation = begin("es", topic="hobbies", opened=False)

    answer = say(conversation, "Hola")

    welcome = content.common().welcome["es"]
    assert any(line in answer.content for line in welcome)


def test_the_wrong_language_at_the_very_start_is_no_dead_end(begin):
    conversation = begin("es", topic="hobbies", opened=False)

    answer = say(conversation, OTHER["es"])

    assert answer.cue.startswith("hobbies/")


def test_the_answer_that_was_met_begins_with_a_capital_where_it_must():
    def fill(line):
        return content.fill(line, {"answer": "un té"})

    assert fill("{answer}, enseguida.") == "Un té, enseguida."
    assert fill("Muy bien. ¿{answer}?") == "Muy bien. ¿Un té?"
    assert fill("Entonces {answer}.") == "Entonces un té."
    assert fill("Muy bien.") == "Muy bien."


def test_a_tutor_speaks_at_the_learners_level(begin):
    easy = begin("es", "cafe", vocabulary_level="elementary")
    hard = begin("es", "cafe", vocabulary_level="advanced")

    ask = easy.scenario.phases.first().objectives.first().prompt["ask"]
    assert easy.messages.get().content in ask["beginner"]["es"]
    assert hard.messages.get().content in ask["intermediate"]["es"]


def test_two_turns_at_once_do_not_leave_a_phase_behind(begin):
    """Each met one of a phase's objectives without knowing of the other's."""
    conversation = begin("es", "cafe")
    run = conversation.runs.get()
    said = take_turn(conversation, "Xyzzy", client_id="first")[0]
    for objective in run.phase.objectives.all():
        run.met.create(learner=run.learner, objective=objective, message=said)

    say(conversation, "Xyzzy plugh")

    assert conversation.runs.get().phase != run.phase


def test_the_tutor_says_what_it_is():
    assert all(content.common().about[code] for code in LANGUAGES)
