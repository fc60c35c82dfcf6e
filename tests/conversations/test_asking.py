"""What a learner asks of the tutor is told apart from talk, in all six languages."""

import re

import pytest

from conversations.tutors import asking, content
from lingo.content import MalformedContent
from lingo.languages import LANGUAGES

REQUESTS = {
    "en": {
        "translate": [
            "In Spanish, please.",
            "What does that mean?",
            "Could you translate the question, please?",
            "Translation, please",
            "what is this in Spanish",
        ],
        "meaning": [
            "What does spoon mean?",
            "what does the word “spoon” mean in Spanish?",
            "I don't know the word spoon.",
            "What's the meaning of spoon?",
        ],
        "say": [
            "How do you say cuchara?",
            "How can I say cuchara in English?",
            "What's the word for cuchara?",
            "Sorry, what is cuchara in English?",
        ],
        "repeat": [
            "Can you repeat that, please?",
            "Sorry?",
            "Say it again please",
            "What did you say?",
        ],
        "slower": ["Slower, please.", "You speak too fast!", "Can you speak slower?"],
        "not-understood": [
            "I don't understand.",
            "Sorry, I didn't understand the question.",
            "i dont understand",
            "What do you mean?",
        ],
        "help": [
            "Help!",
            "Can you help me, please?",
            "What can I say?",
            "I don't know what to say.",
        ],
        "no-idea": ["I don't know.", "No idea!", "Hmm, I'm not sure."],
    },
    "es": {
        "translate": [
            "En inglés, por favor.",
            "¿Qué significa eso?",
            "¿Me lo puedes traducir al inglés?",
            "Traducción, por favor",
            "¿Qué quiere decir?",
        ],
        "meaning": [
            "¿Qué significa cuchara?",
            "¿Qué quiere decir la palabra «cuchara»?",
            "No conozco la palabra cuchara.",
            "que significa cuchara",
        ],
        "say": [
            "¿Cómo se dice spoon?",
            "¿Cómo se dice spoon en español?",
            "Perdón, ¿cómo digo spoon?",
            "¿Cuál es la palabra para spoon?",
        ],
        "repeat": [
            "¿Puedes repetir, por favor?",
            "¿Cómo?",
            "Repítelo, por favor.",
            "Otra vez, por favor.",
        ],
        "slower": [
            "Más despacio, por favor.",
            "¿Puedes hablar más despacio?",
            "Hablas demasiado rápido.",
        ],
        "not-understood": [
            "No entiendo.",
            "Lo siento, no he entendido la pregunta.",
            "no te entiendo",
            "¿Qué quieres decir?",
        ],
        "help": [
            "Ayuda, por favor.",
            "¿Me puedes ayudar?",
            "¿Qué puedo decir?",
            "No sé qué decir.",
        ],
        "no-idea": ["No lo sé.", "Ni idea.", "No sé."],
    },
    "fr": {
        "translate": [
            "En anglais, s'il te plaît.",
            "Qu'est-ce que ça veut dire ?",
            "Tu peux traduire la question ?",
            "Ça veut dire quoi ?",
            "Traduction, s'il te plaît",
        ],
        "meaning": [
            "Qu'est-ce que ça veut dire, cuillère ?",
            "Ça veut dire quoi, cuillère ?",
            "Que veut dire cuillère ?",
            "Qu'est-ce que cuillère veut dire ?",
            "Je ne connais pas le mot cuillère.",
            "cuillère, ça veut dire quoi ?",
        ],
        "say": [
            "Comment dit-on spoon ?",
            "Comment on dit spoon en français ?",
            "Pardon, comment dire spoon ?",
            "Quel est le mot pour spoon ?",
        ],
        "repeat": [
            "Tu peux répéter, s'il te plaît ?",
            "Pardon ?",
            "Encore une fois, s'il vous plaît.",
            "Pouvez-vous répéter la question ?",
        ],
        "slower": [
            "Plus lentement, s'il te plaît.",
            "Peux-tu parler plus lentement ?",
            "Tu parles trop vite.",
        ],
        "not-understood": [
            "Je ne comprends pas.",
            "Désolé, je n'ai pas compris la question.",
            "je comprends pas",
            "Qu'est-ce que tu veux dire ?",
        ],
        "help": [
            "Aide-moi, s'il te plaît.",
            "Tu peux m'aider ?",
            "Qu'est-ce que je peux dire ?",
            "Je ne sais pas quoi dire.",
        ],
        "no-idea": ["Je ne sais pas.", "Aucune idée.", "Euh, je sais pas."],
    },
    "de": {
        "translate": [
            "Auf Englisch, bitte.",
            "Was heißt das?",
            "Kannst du das übersetzen?",
            "Was bedeutet das auf Englisch?",
            "Übersetzung, bitte",
        ],
        "meaning": [
            "Was heißt Löffel?",
            "Was bedeutet das Wort „Löffel“?",
            "Ich kenne das Wort Löffel nicht.",
            "was bedeutet Löffel auf Englisch",
        ],
        "say": [
            "Wie sagt man spoon?",
            "Wie sagt man spoon auf Deutsch?",
            "Entschuldigung, wie heißt spoon auf Deutsch?",
            "Wie ist das Wort für spoon?",
        ],
        "repeat": [
            "Kannst du das bitte wiederholen?",
            "Wie bitte?",
            "Noch einmal, bitte.",
            "Was haben Sie gesagt?",
        ],
        "slower": [
            "Langsamer, bitte.",
            "Können Sie bitte etwas langsamer sprechen?",
            "Du sprichst zu schnell.",
        ],
        "not-understood": [
            "Ich verstehe nicht.",
            "Entschuldigung, ich habe die Frage nicht verstanden.",
            "Das verstehe ich nicht.",
            "Was meinst du damit?",
        ],
        "help": [
            "Hilfe!",
            "Kannst du mir bitte helfen?",
            "Was kann ich sagen?",
            "Ich weiß nicht, was ich sagen soll.",
        ],
        "no-idea": ["Ich weiß es nicht.", "Keine Ahnung.", "Das weiß ich nicht."],
    },
    "it": {
        "translate": [
            "In inglese, per favore.",
            "Che cosa significa?",
            "Puoi tradurre la domanda?",
            "Cosa vuol dire questo?",
            "Traduzione, per favore",
        ],
        "meaning": [
            "Che cosa significa cucchiaio?",
            "Cosa vuol dire la parola «cucchiaio»?",
            "Non conosco la parola cucchiaio.",
            "cosa significa cucchiaio in inglese",
        ],
        "say": [
            "Come si dice spoon?",
            "Come si dice spoon in italiano?",
            "Scusa, come dico spoon?",
            "Qual è la parola per spoon?",
        ],
        "repeat": [
            "Puoi ripetere, per favore?",
            "Come?",
            "Ancora una volta, per favore.",
            "Che cosa hai detto?",
        ],
        "slower": [
            "Più piano, per favore.",
            "Può parlare più lentamente?",
            "Parli troppo veloce.",
        ],
        "not-understood": [
            "Non capisco.",
            "Scusa, non ho capito la domanda.",
            "non ti capisco",
            "Che cosa vuoi dire?",
        ],
        "help": [
            "Aiuto!",
            "Mi puoi aiutare, per favore?",
            "Che cosa posso dire?",
            "Non so cosa dire.",
        ],
        "no-idea": ["Non lo so.", "Boh!", "Non so."],
    },
    "pt": {
        "translate": [
            "Em inglês, por favor.",
            "O que isso quer dizer?",
            "Você pode traduzir a pergunta?",
            "O que significa isso em inglês?",
            "Tradução, por favor",
        ],
        "meaning": [
            "O que significa colher?",
            "O que quer dizer a palavra “colher”?",
            "Não conheço a palavra colher.",
            "que significa colher",
        ],
        "say": [
            "Como se diz spoon?",
            "Como se diz spoon em português?",
            "Desculpe, como eu digo spoon?",
            "Qual é a palavra para spoon?",
        ],
        "repeat": [
            "Você pode repetir, por favor?",
            "Como?",
            "Mais uma vez, por favor.",
            "O que você disse?",
        ],
        "slower": [
            "Mais devagar, por favor.",
            "Pode falar mais devagar?",
            "Você fala rápido demais.",
        ],
        "not-understood": [
            "Não entendi.",
            "Desculpe, não entendi a pergunta.",
            "eu nao entendo",
            "Como assim?",
        ],
        "help": [
            "Ajuda, por favor.",
            "Você pode me ajudar?",
            "O que eu posso dizer?",
            "Não sei o que dizer.",
        ],
        "no-idea": ["Não sei.", "Não faço ideia.", "Eu não sei."],
    },
}
# Talk that only looks like a request.
TALK = {
    "en": [
        "I don't understand my boss.",
        "I repeat every word at home.",
        "My friend speaks slowly.",
        "I help my mother with the shopping.",
        "I don't know my neighbours.",
        "I often say hello to people.",
        "My father can't drive slower.",
        "I translate books.",
        "You understand me.",
        "It is too fast a car for me.",
    ],
    "es": [
        "No entiendo a mi jefe.",
        "Repito cada palabra en casa.",
        "Mi abuelo habla más despacio que yo.",
        "Ayudo a mi madre con la compra.",
        "No sé nadar.",
        "Como arroz.",
        "La palabra más bonita es amor.",
        "Traduzco libros.",
        "Conduzco muy rápido.",
        "Digo hola a la gente.",
    ],
    "fr": [
        "Je ne comprends pas mon chef.",
        "Je répète tous les mots à la maison.",
        "Mon grand-père parle plus lentement que moi.",
        "J'aide ma mère à faire les courses.",
        "Je ne sais pas nager.",
        "Le mot le plus beau est amour.",
        "Je traduis des livres.",
        "Je conduis trop vite le soir.",
        "On dit bonjour à tout le monde.",
        "Je comprends tout.",
    ],
    "de": [
        "Ich verstehe meinen Chef nicht.",
        "Ich wiederhole zu Hause jedes Wort.",
        "Mein Opa spricht langsamer als ich.",
        "Ich helfe meiner Mutter beim Einkaufen.",
        "Ich weiß nicht, wo mein Hund ist.",
        "Das schönste Wort ist Liebe.",
        "Ich übersetze Bücher.",
        "Ich fahre zu schnell.",
        "Man sagt hier immer Hallo.",
        "Alles klar.",
    ],
    "it": [
        "Non capisco il mio capo.",
        "Ripeto ogni parola a casa.",
        "Mio nonno parla più piano di me.",
        "Aiuto mia madre con la spesa.",
        "Non so nuotare.",
        "La parola più bella è amore.",
        "Traduco libri.",
        "Guido troppo veloce.",
        "Si dice ciao a tutti.",
        "Capisco tutto.",
    ],
    "pt": [
        "Não entendo o meu chefe.",
        "Repito cada palavra em casa.",
        "Meu avô fala mais devagar do que eu.",
        "Ajudo a minha mãe com as compras.",
        "Não sei nadar.",
        "Como arroz.",
        "A palavra mais bonita é amor.",
        "Traduzo livros.",
        "Dirijo rápido demais.",
        "Tudo bem.",
    ],
}
QUESTIONS = {
    "en": {
        "name": ["What's your name?", "who are you"],
        "my-name": ["What's my name?", "do you remember my name"],
        "wellbeing": ["How are you?", "Hello, how are you today?"],
        "origin": ["Where are you from?", "Where do you live?"],
        "age": ["How old are you?"],
        "human": ["Are you a robot?", "Are you human?"],
        "time": ["What time is it?", "Can you tell me the time?"],
        "date": ["What day is it today?", "What's the date?"],
        "languages": ["Do you speak German?", "How many languages do you speak?"],
        "likes": ["Do you like football?", "What's your favourite colour?"],
        "and-you": ["I like rice, and you?", "What about you?"],
    },
    "es": {
        "name": ["¿Cómo te llamas?", "quién eres"],
        "my-name": ["¿Cómo me llamo?", "¿Sabes cómo me llamo?"],
        "wellbeing": ["¿Cómo estás?", "Hola, ¿qué tal?"],
        "origin": ["¿De dónde eres?", "¿Dónde vives?"],
        "age": ["¿Cuántos años tienes?"],
        "human": ["¿Eres un robot?", "¿Eres una persona?"],
        "time": ["¿Qué hora es?", "Perdón, ¿tienes hora?"],
        "date": ["¿Qué día es hoy?", "¿A qué día estamos?"],
        "languages": ["¿Hablas alemán?", "¿Qué idiomas hablas?"],
        "likes": ["¿Te gusta el fútbol?", "¿Cuál es tu color favorito?"],
        "and-you": ["Me gusta el arroz, ¿y a ti?", "¿Y tú?"],
    },
    "fr": {
        "name": ["Comment tu t'appelles ?", "qui es-tu"],
        "my-name": ["Comment je m'appelle ?", "Tu te souviens de mon nom ?"],
        "wellbeing": ["Comment vas-tu ?", "Bonjour, ça va ?"],
        "origin": ["D'où viens-tu ?", "Tu habites où ?"],
        "age": ["Quel âge as-tu ?"],
        "human": ["Tu es un robot ?", "Es-tu humain ?"],
        "time": ["Quelle heure est-il ?", "Il est quelle heure ?"],
        "date": ["Quel jour sommes-nous ?", "Quelle est la date d'aujourd'hui ?"],
        "languages": ["Tu parles allemand ?", "Quelles langues parles-tu ?"],
        "likes": ["Tu aimes le football ?", "Quelle est ta couleur préférée ?"],
        "and-you": ["J'aime le riz, et toi ?", "Et vous ?"],
    },
    "de": {
        "name": ["Wie heißt du?", "wer sind Sie"],
        "my-name": ["Wie heiße ich?", "Weißt du noch, wie ich heiße?"],
        "wellbeing": ["Wie geht's?", "Hallo, wie geht es dir heute?"],
        "origin": ["Woher kommst du?", "Wo wohnen Sie?"],
        "age": ["Wie alt bist du?"],
        "human": ["Bist du ein Roboter?", "Sind Sie ein Mensch?"],
        "time": ["Wie spät ist es?", "Wie viel Uhr ist es?"],
        "date": ["Welcher Tag ist heute?", "Welches Datum haben wir?"],
        "languages": ["Sprichst du Spanisch?", "Wie viele Sprachen sprichst du?"],
        "likes": ["Magst du Fußball?", "Was ist deine Lieblingsfarbe?"],
        "and-you": ["Ich mag Reis, und du?", "Und Ihnen?"],
    },
    "it": {
        "name": ["Come ti chiami?", "chi sei"],
        "my-name": ["Come mi chiamo?", "Ti ricordi il mio nome?"],
        "wellbeing": ["Come stai?", "Ciao, tutto bene?"],
        "origin": ["Di dove sei?", "Dove abiti?"],
        "age": ["Quanti anni hai?"],
        "human": ["Sei un robot?", "Sei una persona?"],
        "time": ["Che ore sono?", "Che ora è?"],
        "date": ["Che giorno è oggi?", "Quanti ne abbiamo oggi?"],
        "languages": ["Parli tedesco?", "Quante lingue parli?"],
        "likes": ["Ti piace il calcio?", "Qual è il tuo colore preferito?"],
        "and-you": ["Mi piace il riso, e a te?", "E tu?"],
    },
    "pt": {
        "name": ["Como você se chama?", "quem é você"],
        "my-name": ["Como eu me chamo?", "Qual é o meu nome?"],
        "wellbeing": ["Como vai?", "Oi, tudo bem?"],
        "origin": ["De onde você é?", "Onde você mora?"],
        "age": ["Quantos anos você tem?"],
        "human": ["Você é um robô?", "Você é uma pessoa?"],
        "time": ["Que horas são?", "Você sabe que horas são?"],
        "date": ["Que dia é hoje?", "Qual é a data de hoje?"],
        "languages": ["Você fala alemão?", "Que línguas você fala?"],
        "likes": ["Você gosta de futebol?", "Qual é a sua cor favorita?"],
        "and-you": ["Gosto de arroz, e você?", "E o senhor?"],
    },
}
UNKNOWN = {
    "en": "Who invented the telephone?",
    "es": "¿Quién inventó el teléfono?",
    "fr": "Qui a inventé le téléphone ?",
    "de": "Wer hat das Telefon erfunden?",
    "it": "Chi ha inventato il telefono?",
    "pt": "Quem inventou o telefone?",
}


def cases(table):
    return [
        (language, slug, text)
        for language, by_slug in table.items()
        for slug, texts in by_slug.items()
        for text in texts
    ]


def other(language):
    return "es" if language == "en" else "en"


@pytest.mark.parametrize(("language", "slug", "text"), cases(REQUESTS))
def test_a_request_is_recognised_in_the_language_being_learned(language, slug, text):
    asked = asking.understand(text, language, other(language))

    assert [request.slug for request in asked.requests] == [slug]
    assert asked.is_aside


@pytest.mark.parametrize(("language", "slug", "text"), cases(REQUESTS))
def test_a_request_is_recognised_in_the_native_language(language, slug, text):
    asked = asking.understand(text, other(language), language)

    assert [request.slug for request in asked.requests] == [slug]


def test_all_kinds_of_request_are_tried_in_all_languages():
    kinds = {request.slug for request in asking.asking().request}
    questions = {question.slug for question in asking.asking().question}

    assert all(by_slug.keys() == kinds for by_slug in REQUESTS.values())
    assert all(by_slug.keys() == questions for by_slug in QUESTIONS.values())
    assert REQUESTS.keys() == QUESTIONS.keys() == TALK.keys() == LANGUAGES.keys()


@pytest.mark.parametrize(
    ("language", "text"),
    [(code, text) for code, texts in TALK.items() for text in texts],
)
def test_talk_is_no_request(language, text):
    asked = asking.understand(text, language, other(language))

    assert not asked.requests
    assert not asked.questions
    assert not asked.is_unknown
    assert asked.rest == text


@pytest.mark.parametrize(("language", "slug", "text"), cases(QUESTIONS))
def test_a_question_to_the_tutor_is_recognised(language, slug, text):
    asked = asking.understand(text, language, other(language))

    assert [question.slug for question in asked.questions] == [slug]
    assert not asked.requests
    assert not asked.is_unknown


@pytest.mark.parametrize(("language", "text"), UNKNOWN.items())
def test_another_question_is_known_to_be_one(language, text):
    asked = asking.understand(text, language, other(language))

    assert asked.is_unknown
    assert asked.is_aside
    assert asked.rest == text
    assert not asked.requests
    assert not asked.questions


@pytest.mark.parametrize(
    ("language", "text", "word"),
    [
        ("en", "What does “spoon” mean?", "spoon"),
        ("es", "¿Qué significa «cuchara»?", "cuchara"),
        ("es", "¿Cómo se dice the Spoon en español?", "the Spoon"),
        ("fr", "Que veut dire l'addition ?", "l'addition"),
        ("de", "Was bedeutet das Wort Löffel?", "Löffel"),
        ("it", "Come si dice to eat out in italiano?", "to eat out"),
        ("pt", "O que quer dizer pão de queijo?", "pão de queijo"),
    ],
)
def test_the_word_that_is_asked_about_is_as_it_was_written(language, text, word):
    asked = asking.understand(text, language, other(language))

    assert [request.word for request in asked.requests] == [word]


def test_what_else_is_said_is_kept_apart():
    asked = asking.understand(
        "Hola. Quiero un café. ¿Qué significa cuenta? Me gusta, ¿y a ti?", "es", "en"
    )

    assert asked.rest == "Hola. Quiero un café. Me gusta"
    assert asked.said == "Quiero un café. Me gusta"
    assert not asked.is_aside


def test_a_greeting_before_a_question_is_heard():
    asked = asking.understand("¡Hola! Buenos días, ¿cómo estás?", "es", "en")

    assert asked.rest == "¡Hola! Buenos días"
    assert asked.is_aside


def test_what_is_said_before_an_unknown_question_counts():
    asked = asking.understand("Me gusta el arroz, ¿sabes cocinarlo?", "es", "en")

    assert asked.is_unknown
    assert asked.said == "Me gusta el arroz"
    assert not asked.is_aside


def test_a_long_sentence_is_talk():
    asked = asking.understand("no " * 30 + "entiendo", "es", "en")

    assert not asked.requests


@pytest.mark.parametrize("text", ["", "…", "!!!", "?"])
def test_a_text_without_words_asks_nothing_known(text):
    asked = asking.understand(text, "es", "en")

    assert not asked.requests
    assert not asked.questions


def test_sentences_without_requests():
    text = "Quiero un café. ¿Qué significa cuenta? ¿Y tú?"

    assert asking.without_requests(text, "es", "en") == ["Quiero un café.", "¿Y tú?"]


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("mesa", ["mesa"]),
        ("la mesa", ["la mesa", "mesa"]),
        ("to eat", ["to eat", "eat"]),
        ("la", ["la"]),
        ("", [""]),
    ],
)
def test_a_word_is_looked_up_without_its_article_too(word, found):
    assert asking.headwords(word, "es", "en") == found


@pytest.mark.parametrize(
    ("pattern", "replacement", "reason"),
    [
        (r'"la traducción"|"\[la\] traducción"', '"[la traducción"', "can't be read"),
        (r'"\[la\] traducción"', '"@nobody traducción"', "can't be read"),
        (r'"lunes", ', "", "7 days"),
    ],
)
def test_what_is_wrong_with_the_file_is_said(tmp_path, pattern, replacement, reason):
    text = (content.FOLDER / "asking.toml").read_text()
    spoiled = re.sub(pattern, replacement, text, count=1)
    assert spoiled != text
    (tmp_path / "asking.toml").write_text(spoiled)

    with pytest.raises(MalformedContent, match=reason):
        content.read(tmp_path / "asking.toml", asking.AskingContent)
