"""Say it after the tutor: compared word by word, and never called a judgement."""

import pytest

from conversations.feedback import shadowing
from conversations.models import ConversationMessage
from tests.factories import ConversationFactory


def kinds(sentence, said):
    """Return the words of each kind: matched, missing, extra."""
    compared = shadowing.compare(sentence, said)
    matched = [one.word for one in compared.pieces if one.kind == "matched"]
    return matched, compared.missing, compared.extra


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("¿Cómo estás?", "como estas"),
        ("¡Qué día tan bonito!", "QUE DIA TAN BONITO"),
        ("L'addition, s’il vous plaît.", "l addition s'il vous plait"),
        ("Où est le porte-clés ?", "ou est le porte clés"),
        ("Die Straße ist groß.", "die strasse ist gross"),
        ("Não, é às três.", "nao e as tres"),
    ],
)
def test_only_words_count(sentence, said):
    _, missing, extra = kinds(sentence, said)

    assert missing == extra == []


@pytest.mark.parametrize(
    ("said", "matched", "missing", "extra"),
    [
        ("quiero un café", ["Quiero", "un", "café"], [], []),
        ("quiero café", ["Quiero", "café"], ["un"], []),
        ("quiero un té", ["Quiero", "un"], ["café"], ["té"]),
        ("yo quiero un café ya", ["Quiero", "un", "café"], [], ["yo", "ya"]),
        ("un café quiero", ["un", "café"], ["Quiero"], ["quiero"]),
        ("", [], ["Quiero", "un", "café"], []),
        ("quiero quiero un café", ["Quiero", "un", "café"], [], ["quiero"]),
    ],
)
def test_words_match_are_missing_or_extra(said, matched, missing, extra):
    assert kinds("Quiero un café.", said) == (matched, missing, extra)


def test_as_many_words_as_possible_match():
    matched, _, _ = kinds("a b c d e f", "x b c a d f e")

    assert len(matched) == 4


def test_the_sentence_can_be_read_from_its_pieces():
    sentence = "¿L'addition… s'il vous plaît ?"
    compared = shadowing.compare(sentence, "l'addition bitte plaît")

    own = [one for one in compared.pieces if one.kind != "extra"]
    assert "".join(one.lead + one.word for one in own) + compared.tail == sentence
    assert (compared.matched, compared.expected) == (3, 6)


def test_a_sentence_without_words_has_nothing_to_match():
    compared = shadowing.compare("…", "hola")

    assert compared.expected == 0
    assert compared.extra == ["hola"]
    assert compared.tail == "…"


@pytest.fixture
def conversation(learner):
    conversation = ConversationFactory(learner=learner)
    english = "Hint: say hello."
    ConversationMessage.objects.append(
        conversation,
        [
            ConversationMessage(role="assistant", content="¡Hola! ¿Qué tal estás?"),
            ConversationMessage(role="user", content="Bien."),
            ConversationMessage(
                role="assistant",
                content=f"Dime.\n\n{english}",
                parts=[["es", "Dime."], ["en", english]],
            ),
            ConversationMessage(role="system", content="Note."),
        ],
    )
    return conversation


def address(conversation, position=1, number=1):
    page = conversation.get_absolute_url()
    return f"{page}messages/{position}/sentences/{number}/"


class TestPage:
    def test_it_shows_a_sentence_and_leads_to_the_others(
        self, learner_client, conversation
    ):
        page = learner_client.get(address(conversation)).content.decode()

        assert '<p class="shadowed" lang="es" dir="auto">¡Hola!</p>' in page
        assert address(conversation, 1, 2) in page
        assert 'data-say="¡Hola!"' in page
        assert 'data-rate="0.6"' in page

    def test_what_was_said_is_compared_and_stays_in_the_box(
        self, learner_client, conversation
    ):
        answer = learner_client.post(
            address(conversation, 1, 2), {"said": "que tal amigo"}
        )

        page = answer.content.decode()
        assert answer.status_code == 200
        assert "2 of 3 words recognised" in page
        assert '<span class="missing">estás</span>' in page
        assert '<span class="extra">amigo</span>' in page
        assert "not a judgement of your accent" in page
        assert "que tal amigo</textarea>" in page

    def test_all_of_it_recognised_lists_nothing(self, learner_client, conversation):
        answer = learner_client.post(address(conversation), {"said": "hola"})

        page = answer.content.decode()
        assert "1 of 1 word recognised" in page
        assert "Not recognised" not in page
        assert "Not in the sentence" not in page

    @pytest.mark.parametrize(
        ("said", "reason"),
        [
            ("", "Say the sentence, or type it, first."),
            ("a" * 1001, "at most 1000"),
            ("a\x00b", "NUL"),
        ],
    )
    def test_what_can_not_be_compared_is_refused(
        self, learner_client, conversation, said, reason
    ):
        answer = learner_client.post(address(conversation), {"said": said})

        assert answer.status_code == 422
        page = answer.content.decode()
        assert reason in page
        assert 'aria-invalid="true"' in page

    def test_markup_is_text(self, learner_client, conversation):
        answer = learner_client.post(address(conversation), {"said": "<b>hola</b>"})

        assert "<b>hola" not in answer.content.decode()

    def test_nothing_is_kept(self, learner_client, conversation):
        learner_client.post(address(conversation), {"said": "hola"})

        assert conversation.messages.count() == 4

    @pytest.mark.parametrize(
        ("position", "number"), [(1, 0), (1, 3), (3, 2), (4, 1), (5, 1), (10**30, 1)]
    )
    def test_what_is_no_sentence_of_the_language_is_not_found(
        self, learner_client, conversation, position, number
    ):
        page = address(conversation, position, number)

        assert learner_client.get(page).status_code == 404

    def test_a_strangers_is_not_found(self, stranger_client, conversation):
        assert stranger_client.get(address(conversation)).status_code == 404
        assert (
            stranger_client.post(address(conversation), {"said": "hola"}).status_code
            == 404
        )

    def test_it_takes_the_same_statements_always(
        self, learner_client, conversation, django_assert_num_queries
    ):
        for turns in (1, 50):
            filler = [
                ConversationMessage(role="user", content="Bien.") for _ in range(turns)
            ]
            ConversationMessage.objects.append(conversation, filler)
            with django_assert_num_queries(4):  # session, learner, talk, message
                learner_client.get(address(conversation))


class TestTalkPage:
    def test_each_message_can_be_heard_and_the_tutors_repeated(
        self, learner_client, conversation
    ):
        page = learner_client.get(conversation.get_absolute_url()).content.decode()

        assert page.count('class="voice"') == 3
        assert 'data-say="¡Hola! ¿Qué tal estás?"' in page
        assert 'data-say="Dime."' in page
        assert address(conversation, 1) in page
        assert address(conversation, 2) not in page
        assert address(conversation, 3) in page

    def test_dictation_waits_for_a_browser_that_can(self, learner_client, conversation):
        page = learner_client.get(conversation.get_absolute_url()).content.decode()

        dictation = page.split('class="dictation"')[1].split("</div>")[0]
        assert " hidden>" in dictation.split("<button")[0]
        assert "may send what you say to its maker" in dictation
