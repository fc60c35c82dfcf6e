"""What the guided tutor remembers of a talk, and how it says it again."""

import re

import pytest

from conversations.models import Conversation, ConversationMessage
from conversations.turn_taking import open_talk, take_turn
from conversations.tutors import content, remembering
from conversations.tutors.hearing import Heard
from lingo.content import MalformedContent
from lingo.languages import LANGUAGES
from tests.conversations.test_tutor_asked import FreeTalk, other
from tests.factories import ConversationFactory, reply

PLAIN = {
    "en": {
        "My name is Anna.": {"name": "Anna"},
        "Hello, my name's Anna Smith!": {"name": "Anna Smith"},
        "I have two sisters and a dog.": {"sisters": 2},
        "I've got a brother.": {"brothers": 1},
        "I have 3 children, and I live in London.": {"children": 3, "place": "London"},
        "I live in New York.": {"place": "New York"},
        "I have a cat.": {"cats": 1},
    },
    "es": {
        "Me llamo Ana.": {"name": "Ana"},
        "Hola, me llamo Ana María y vivo en Madrid.": {
            "name": "Ana María",
            "place": "Madrid",
        },
        "Tengo dos hermanas mayores.": {"sisters": 2},
        "Sí, tengo un hermano.": {"brothers": 1},
        "Tengo 3 hijos.": {"children": 3},
        "Tengo una hermana, pero no tengo perro.": {"sisters": 1},
        "Yo tengo cuatro gatos.": {"cats": 4},
    },
    "fr": {
        "Je m'appelle Anne.": {"name": "Anne"},
        "Bonjour, moi, je m'appelle Anne et j'habite à Paris.": {
            "name": "Anne",
            "place": "Paris",
        },
        "J'ai deux sœurs.": {"sisters": 2},
        "J’ai un frère.": {"brothers": 1},
        "J'ai trois enfants.": {"children": 3},
        "J'ai un petit chien.": {"dogs": 1},
    },
    "de": {
        "Ich heiße Anna.": {"name": "Anna"},
        "Mein Name ist Anna Schmidt und ich wohne in Berlin.": {
            "name": "Anna Schmidt",
            "place": "Berlin",
        },
        "Ich habe zwei Schwestern.": {"sisters": 2},
        "Ich habe einen älteren Bruder.": {"brothers": 1},
        "Ich habe 3 Kinder.": {"children": 3},
        "Ich habe eine Katze.": {"cats": 1},
    },
    "it": {
        "Mi chiamo Anna.": {"name": "Anna"},
        "Ciao, mi chiamo Anna e abito a Roma.": {"name": "Anna", "place": "Roma"},
        "Ho due sorelle.": {"sisters": 2},
        "Ho un fratello.": {"brothers": 1},
        "Ho 3 figli.": {"children": 3},
        "Io ho un cane.": {"dogs": 1},
    },
    "pt": {
        "Eu me chamo Ana.": {"name": "Ana"},
        "Oi, meu nome é Ana e moro em Lisboa.": {"name": "Ana", "place": "Lisboa"},
        "Tenho duas irmãs.": {"sisters": 2},
        "Tenho um irmão mais velho.": {"brothers": 1},
        "Tenho 3 filhos.": {"children": 3},
        "Tenho um cachorro.": {"dogs": 1},
    },
}
UNSURE = {
    "en": [
        "My name is difficult to spell.",
        "I don't have two sisters.",
        "If I have two children, I'll be happy.",
        "Do I live in London?",
        "My friend says that I have two sisters.",
        "I live in a house.",
        "I live in The House Of Many Dreams.",
    ],
    "es": [
        "Mi nombre es difícil.",
        "No tengo dos hermanas.",
        "¿Vivo en Madrid?",
        "Mi amiga tiene dos hermanas.",
        "Vivo en una casa.",
        "Tengo dos hermanas de plástico.",
        "Tengo veinte hermanas.",
    ],
    "fr": ["Je n'ai pas deux sœurs.", "J'habite à la campagne.", "Elle a deux sœurs."],
    "de": [
        "Ich habe keine zwei Kinder.",
        "Ich wohne in der Stadt.",
        "Er hat zwei Söhne.",
    ],
    "it": ["Non ho due sorelle.", "Abito in campagna.", "Lei ha due sorelle."],
    "pt": ["Não tenho duas irmãs.", "Moro em uma casa.", "Ela tem duas irmãs."],
}
# How two sisters and one brother are said after “you have”.
FORMS = {
    "en": ("two sisters", "a brother"),
    "es": ("dos hermanas", "un hermano"),
    "fr": ("deux sœurs", "un frère"),
    "de": ("zwei Schwestern", "einen Bruder"),
    "it": ("due sorelle", "un fratello"),
    "pt": ("duas irmãs", "um irmão"),
}
SAID = {
    "en": ("I have two sisters.", "I have a brother."),
    "es": ("Tengo dos hermanas.", "Tengo un hermano."),
    "fr": ("J'ai deux sœurs.", "J'ai un frère."),
    "de": ("Ich habe zwei Schwestern.", "Ich habe einen Bruder."),
    "it": ("Ho due sorelle.", "Ho un fratello."),
    "pt": ("Tenho duas irmãs.", "Tenho um irmão."),
}
# An order in a café, and how it is summed up with the bill.
ORDERS = {
    "en": ("An orange juice and some cake, please.", "an orange juice and some cake"),
    "es": (
        "Un zumo de naranja y una ensalada, por favor.",
        "un zumo de naranja, y para comer, una ensalada",
    ),
    "fr": ("Un jus d'orange et une salade.", "un jus d'orange et une salade"),
    "de": (
        "Ich nehme einen Orangensaft und einen Salat.",
        "einen Orangensaft und einen Salat",
    ),
    "it": ("Una spremuta e un'insalata.", "una spremuta e un'insalata"),
    "pt": ("Um suco de laranja e uma salada.", "um suco de laranja e uma salada"),
}


@pytest.mark.parametrize(
    ("language", "text", "facts"),
    [
        (language, text, facts)
        for language, by_text in PLAIN.items()
        for text, facts in by_text.items()
    ],
)
def test_what_is_said_plainly_is_understood(language, text, facts):
    assert remembering.facts_in(text, language) == facts


@pytest.mark.parametrize(
    ("language", "text"), [(code, text) for code in UNSURE for text in UNSURE[code]]
)
def test_what_is_not_sure_is_left_out(language, text):
    assert remembering.facts_in(text, language) == {}


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("en", "I'm Anna.", {"name": "Anna"}),
        ("en", "I'm tired.", {}),
        ("es", "Hola, soy Ana.", {"name": "Ana"}),
        ("fr", "Moi, c'est Anne.", {"name": "Anne"}),
        ("fr", "Je suis Anne.", {"name": "Anne"}),
        ("de", "Ich bin die Anna.", {"name": "Anna"}),
        ("it", "Sono Anna.", {"name": "Anna"}),
        ("pt", "Eu sou a Ana.", {"name": "Ana"}),
        ("de", "Guten Tag, Anna Schmidt!", {"name": "Anna Schmidt"}),
        ("fr", "Bonjour ! Marie.", {"name": "Marie"}),
        ("it", "Salve, Marco Rossi.", {"name": "Marco Rossi"}),
        ("pt", "Oi! João.", {"name": "João"}),
        ("en", "Good Morning!", {}),
        ("es", "ana", {}),
    ],
)
def test_a_name_is_one_where_it_was_asked_for(language, text, name):
    assert remembering.name_in(text, language) == name


@pytest.mark.parametrize(
    ("answer", "text", "is_plain"),
    [
        ("un café", "Un café, por favor.", True),
        ("un café", "Quiero un café.", True),
        ("un café", "Café.", True),
        ("un café", "Quiero dos cafés.", False),
        ("un café", "Un pequeño café.", False),
        ("un café", "No quiero un café.", False),
        ("un zumo de naranja", "Un zumo de la naranja.", True),
        ("un zumo de naranja", "Naranja y un zumo.", False),
        ("un café", "", False),
    ],
)
def test_an_answer_is_plain_only_as_it_stands(answer, text, is_plain):
    assert remembering.is_plain(answer, Heard(text, "es")) is is_plain


class TestFreeTalk:
    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("level", ["beginner", "intermediate"])
    @pytest.mark.parametrize("which", [0, 1])
    def test_between_two_topics_it_comes_back_to_what_was_told(
        self, language, level, which
    ):
        talk = FreeTalk(language, level=level)
        talk.say(SAID[language][which])

        cues, told = [], []
        for _ in range(9):
            model = talk.question.model.beginner[language]
            answer = talk.say(model)
            cues.append(answer.cue)
            if answer.cue.startswith("recall/"):
                told.append(answer)
            else:
                talk.question = talk.question_of(answer)

        assert cues.count("recall/family") == 1
        assert FORMS[language][which] in told[0].content
        assert "{" not in told[0].content

    def test_it_can_be_asked_for_help_like_any_question(self):
        talk = FreeTalk("es")
        talk.remembered = {"sisters": 2}
        for question in content.topics()["hobbies"].question:
            asked = talk.say(question.model.beginner["es"])

        replies = [
            talk.say("¿Puedes repetir?"),
            talk.say("¿Qué significa eso?"),
            talk.say("Ayuda, por favor."),
            talk.say("Comemos juntos."),
        ]

        assert asked.cue == "recall/family"
        assert [reply.cue for reply in replies[:3]] == ["recall/family"] * 3
        assert "dos hermanas" in replies[0].content
        assert "two sisters" in replies[1].content
        assert replies[3].cue != "recall/family"

    def test_a_place_is_said_as_it_was_written(self):
        talk = FreeTalk("es")
        talk.remembered = {"place": "Nueva York"}

        question = remembering.question("recall/home", talk.remembered)

        assert (
            "Nueva York: allí vives, ¿verdad? ¿Qué se puede ver allí?"
            in (question.ask.beginner["es"])
        )
        assert any("Nueva York" in line for line in question.ask.beginner["de"])

    def test_what_nobody_told_is_not_asked_about(self):
        assert remembering.question("recall/home", {"sisters": 2}) is None
        assert remembering.question("recall/nothing", {"sisters": 2}) is None
        assert remembering.to_recall({}) is None
        assert remembering.to_recall({"sisters": 2, "recall/family": True}) is None

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_who_says_their_name_is_greeted_by_it_once(self, language):
        talk = FreeTalk(language)
        text = next(iter(PLAIN[language]))
        name = PLAIN[language][text]["name"]

        first, second = talk.say(text), talk.say(text)

        greetings = remembering.told().greeting[language]
        filled = [content.fill(line, {"name": name}) for line in greetings]
        assert any(line in first.content for line in filled)
        assert not any(line in second.content for line in filled)

    def test_later_the_name_comes_up_again(self):
        talk = FreeTalk("es")
        talk.say("Me llamo Ana.")

        replies = [talk.say(f"Eso es blabla {turn}.").content for turn in range(12)]

        assert any("Ana." in reply for reply in replies)

    def test_a_correction_replaces_what_was_said(self):
        talk = FreeTalk("es")
        talk.say("Tengo dos hermanas.")
        talk.say("Perdón: tengo tres hermanas.")

        assert talk.remembered["sisters"] == 3


@pytest.fixture
def scene(learner, scenarios):
    def begin(language, slug, **fields):
        learner.native_language = other(language)
        learner.save()
        conversation, _ = Conversation.objects.begin(
            learner, language=language, scenario=scenarios[slug], **fields
        )
        open_talk(conversation)
        return conversation

    return begin


def say(conversation, text):
    key = f"{conversation.pk}-{conversation.message_count}"
    return take_turn(conversation, text, client_id=key).reply


def play(conversation, instead):
    """Play the scene to its end with model sentences, some `instead`; by objective."""
    language, replies = conversation.language, {}
    while True:
        run = conversation.runs.get()
        met = run.met.values_list("objective_id", flat=True)
        if run.phase is None:
            return replies
        aim = run.phase.objectives.exclude(pk__in=met).first()
        model = aim.prompt["model"]["beginner"][language]
        text = instead.get(aim.slug, model)
        replies[aim.slug] = say(conversation, text).content


class TestScenes:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_an_order_is_summed_up_with_the_bill(self, scene, language):
        order, summed_up = ORDERS[language]

        replies = play(scene(language, "cafe"), {"drink": order})

        assert summed_up in replies["bill"]

    def test_an_unsure_order_is_not_summed_up(self, scene):
        replies = play(scene("es", "cafe"), {"drink": "Dos cafés, por favor."})

        assert "Entonces" not in replies["bill"]

    @pytest.mark.parametrize("level", ["beginner", "intermediate"])
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_a_booking_is_repeated_at_the_end(self, scene, language, level):
        conversation = scene(language, "hotel", vocabulary_level=level)

        replies = play(conversation, {})

        aims = {
            aim.slug: aim.prompt
            for phase in conversation.scenario.phases.all()
            for aim in phase.objectives.all()
        }
        told = [
            content.Prompt.trusted(aims[slug]).said_back(
                Heard(aims[slug]["model"]["beginner"][language], language)
            )
            for slug in ("kind", "nights")
        ]
        assert ", ".join(told).lower() in replies["farewell"].lower()

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_a_name_is_used_at_once_and_at_the_end(self, scene, language):
        conversation = scene(language, "getting-to-know")
        told = next(iter(PLAIN[language]))
        name = PLAIN[language][told]["name"]

        replies = play(conversation, {"name": told})

        assert f"{name}" in replies["name"]
        assert f"{name}" in replies["farewell"]
        conversation.refresh_from_db()
        assert conversation.remembered["name"] == name

    def test_a_name_given_in_short_counts_as_the_answer(self, scene):
        conversation = scene("es", "getting-to-know")

        replies = play(conversation, {"name": "Soy Ana."})

        assert replies["name"].startswith("¡Mucho gusto, Ana!")


class TestKeeping:
    def test_it_is_kept_longer_than_the_messages_a_tutor_is_given(self, learner):
        conversation = ConversationFactory(learner=learner, topic="hobbies")
        open_talk(conversation)
        say(conversation, "Me llamo Ana.")
        filler = [
            ConversationMessage(role=role, content=f"Bien {n}.")
            for n in range(40)
            for role in ("user", "assistant")
        ]
        ConversationMessage.objects.append(conversation, filler)
        open_again = Conversation.objects.get(pk=conversation.pk)

        replies = [say(open_again, f"Eso es blabla {n}.").content for n in range(12)]

        assert any("Ana." in one for one in replies)

    def test_it_takes_no_statement_of_its_own(self, learner, tutor, count_statements):
        conversation = ConversationFactory(learner=learner)
        say(conversation, "Hola.")

        usual = count_statements(lambda: say(conversation, "Hola."))
        tutor.reply = lambda: reply(remembered={"name": "Ana"})
        remembering_too = count_statements(lambda: say(conversation, "Me llamo Ana."))

        assert remembering_too == usual
        conversation.refresh_from_db()
        assert conversation.remembered == {"name": "Ana"}

    def test_two_replies_at_once_forget_nothing(self, learner, tutor):
        conversation = ConversationFactory(learner=learner)
        elsewhere = Conversation.objects.get(pk=conversation.pk)
        tutor.reply = lambda: reply(remembered={"sisters": 2})
        say(conversation, "Tengo dos hermanas.")

        tutor.reply = lambda: reply(remembered={"name": "Ana"})
        take_turn(elsewhere, "Me llamo Ana.", client_id="elsewhere")

        conversation.refresh_from_db()
        assert conversation.remembered == {"sisters": 2, "name": "Ana"}


def spoiled(tmp_path, name, pattern, replacement):
    text = (content.FOLDER / name).read_text()
    changed = re.sub(pattern, replacement, text, count=1, flags=re.MULTILINE)
    assert changed != text
    path = tmp_path / name.split("/")[-1]
    path.write_text(changed)
    return path


@pytest.mark.parametrize(
    ("name", "kind", "pattern", "replacement", "reason"),
    [
        (
            "facts.toml",
            remembering.FactsContent,
            r"You said that you have \{form\}\.",
            "You said something.",
            "needs {form} alone",
        ),
        (
            "facts.toml",
            remembering.FactsContent,
            r"me llamo …",
            "me (llamo …",
            "can't be read",
        ),
        (
            "facts.toml",
            remembering.FactsContent,
            r'"dos", "tres"',
            '"dos"',
            "from 2 to 10",
        ),
        (
            "scenarios/cafe.toml",
            content.ScenarioContent,
            r"\{drink\} and \{food\}",
            "{drink} and {starter}",
            "can't fill in {starter}",
        ),
        (
            "scenarios/getting-to-know.toml",
            content.ScenarioContent,
            r'^en = \["Bye, until next time!", ',
            "en = [",
            "the closing needs a line without names",
        ),
        (
            "topics/hobbies.toml",
            content.TopicContent,
            r"What is your favourite hobby\?",
            "What is your favourite hobby, {name}?",
            "the ask of favourite-hobby can't fill in {name}",
        ),
        (
            "topics/hobbies.toml",
            content.TopicContent,
            r', "What is your favourite hobby\?"',
            ', "What is your favourite hobby?", "And what else?"',
            "as many lines",
        ),
        (
            "common.toml",
            content.Common,
            r'"I see\.",',
            '"I see {it}.",',
            "can't fill in {it}",
        ),
    ],
)
def test_what_is_wrong_with_the_content_is_said(
    tmp_path, name, kind, pattern, replacement, reason
):
    path = spoiled(tmp_path, name, pattern, replacement)

    with pytest.raises(MalformedContent, match=re.escape(reason)):
        content.read(path, kind)
