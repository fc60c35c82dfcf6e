"""Learners who talk in a certain way, without a person: what each says next.

What they say is made from the content's own model sentences and answers, so that it is
in the language and to the point; `behaviour` is one of BEHAVIOURS.
"""

import random

from conversations.tutors import content

BEHAVIOURS = (
    "answers",
    "short",
    "long",
    "asks",
    "needs-help",
    "hardly-speaks",
    "mixed",
)
# What belongs to no question, by language.
FILLERS = {
    "en": ["Hmm.", "I don't know.", "Yes.", "And you?", "It depends."],
    "es": ["Mmm.", "No lo sé.", "Sí.", "¿Y tú?", "Depende."],
    "fr": ["Euh.", "Je ne sais pas.", "Oui.", "Et toi ?", "Ça dépend."],
    "de": ["Hm.", "Ich weiß es nicht.", "Ja.", "Und du?", "Es kommt darauf an."],
    "it": ["Mmm.", "Non lo so.", "Sì.", "E tu?", "Dipende."],
    "pt": ["Hum.", "Não sei.", "Sim.", "E você?", "Depende."],
}
QUESTIONS = {
    "en": ["How are you?", "Where are you from?", "Who invented the telephone?"],
    "es": ["¿Cómo estás?", "¿De dónde eres?", "¿Quién inventó el teléfono?"],
    "fr": ["Comment vas-tu ?", "D'où viens-tu ?", "Qui a inventé le téléphone ?"],
    "de": ["Wie geht's dir?", "Woher kommst du?", "Wer hat das Telefon erfunden?"],
    "it": ["Come stai?", "Di dove sei?", "Chi ha inventato il telefono?"],
    "pt": ["Como vai?", "De onde você é?", "Quem inventou o telefone?"],
}
REQUESTS = {
    "en": ["I don't understand.", "Can you repeat that?", "Help, please."],
    "es": ["No entiendo.", "¿Puedes repetir eso?", "Ayuda, por favor."],
    "fr": ["Je ne comprends pas.", "Tu peux répéter ?", "Aide-moi, s'il te plaît."],
    "de": ["Ich verstehe nicht.", "Kannst du das wiederholen?", "Hilfe, bitte."],
    "it": ["Non capisco.", "Puoi ripetere?", "Aiuto, per favore."],
    "pt": ["Não entendo.", "Pode repetir?", "Ajuda, por favor."],
}
FACTS = {
    "en": ["My name is Anna.", "I have two sisters.", "I live in London."],
    "es": ["Me llamo Ana.", "Tengo dos hermanas.", "Vivo en Madrid."],
    "fr": ["Je m'appelle Anne.", "J'ai deux sœurs.", "J'habite à Paris."],
    "de": ["Ich heiße Anna.", "Ich habe zwei Schwestern.", "Ich wohne in Berlin."],
    "it": ["Mi chiamo Anna.", "Ho due sorelle.", "Abito a Roma."],
    "pt": ["Eu me chamo Ana.", "Tenho duas irmãs.", "Moro em Lisboa."],
}


class Learner:
    """A simulated learner of a language, who says the same each time."""

    def __init__(self, language, behaviour, level, seed=1):
        self.language, self.behaviour = language, behaviour
        self.band = "beginner" if level == "beginner" else "intermediate"
        self.random = random.Random(f"{language}{behaviour}{level}{seed}")
        self.turn = 0
        self.questions = {
            f"{slug}/{question.slug}": question
            for slug, topic in content.topics().items()
            for question in topic.question
        }

    def says(self, cue):
        """Return what the learner answers where the tutor asks for `cue`."""
        self.turn += 1
        behaviour = self.behaviour
        if behaviour == "mixed":
            behaviour = self.random.choice(BEHAVIOURS[:-1])
        model, answer = self._to_the_point(cue)
        choose = self.random.choice
        match behaviour:
            case "short":
                return answer
            case "long":
                facts = FACTS[self.language]
                return f"{model} {answer}. {facts[self.turn % len(facts)]}"
            case "asks" if self.turn % 3 == 0:
                return choose(QUESTIONS[self.language])
            case "needs-help" if self.turn % 3 == 0:
                return choose(REQUESTS[self.language])
            case "hardly-speaks":
                return choose(FILLERS[self.language])
        return model

    def _to_the_point(self, cue):
        question = self.questions.get(cue)
        if question is None:
            question = self.random.choice(list(self.questions.values()))
        answers = [
            alternative.removesuffix(content.AND_MORE).strip()
            for answer in question.answer
            for alternative in answer.alternatives(self.language)
        ]
        model = getattr(question.model, self.band)[self.language]
        return model, self.random.choice(answers)
