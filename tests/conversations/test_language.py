import pytest

from conversations.feedback.language import identify
from conversations.tutors import content
from lingo.languages import LANGUAGES

SENTENCES = {
    "en": "I would like to book a room for two nights with breakfast.",
    "es": "Me gustaría reservar una habitación para dos noches con desayuno.",
    "fr": "Je voudrais réserver une chambre pour deux nuits avec petit déjeuner.",
    "de": "Ich möchte ein Zimmer für zwei Nächte mit Frühstück reservieren.",
    "it": "Vorrei prenotare una camera per due notti con la colazione.",
    "pt": "Eu gostaria de reservar um quarto para duas noites com café da manhã.",
}


@pytest.mark.parametrize("expected", LANGUAGES)
@pytest.mark.parametrize("said", LANGUAGES)
def test_a_sentence_is_in_its_own_language(said, expected):
    assert identify(SENTENCES[said], expected) == said


@pytest.mark.parametrize(
    "text",
    ["Pizza", "Madrid, Barcelona", "2 cafés", "Ana María López", "OK", "no", "Hm"],
)
def test_what_may_be_the_expected_language_is_taken_for_it(text):
    assert identify(text, "es") == "es"


@pytest.mark.parametrize("text", ["", "  ", "123", "👋", "…!?", "\x00"])
def test_where_there_are_no_words_nothing_is_said(text):
    assert identify(text, "es") is None


@pytest.mark.parametrize("text", ["Привет, как дела", "مرحبا", "你好"])
def test_another_script_is_another_language(text):
    assert identify(text, "es") == "und"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_model_sentence_is_taken_for_another_language(language):
    models = [
        text
        for topic in content.topics().values()
        for question in topic.question
        for text in (
            question.model.beginner[language],
            question.model.intermediate[language],
        )
    ]

    assert [text for text in models if identify(text, language) != language] == []
