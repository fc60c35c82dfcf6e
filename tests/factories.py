"""Rows as the managers make them: through the same doors as the product."""

from datetime import timedelta
from decimal import Decimal

import factory
from django.utils import timezone

from conversations import studying
from conversations.models import Conversation, ConversationMessage, Scenario
from conversations.tutors.reply import TutorReply, Usage
from lingo.models import Learner
from vocabulary.managers import NewWord
from vocabulary.models import Review, VocabularyItem
from vocabulary.reviewing import review

PASSWORD = "correct horse battery"


class LearnerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Learner
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"learner{n}")
    email = factory.LazyAttribute(lambda learner: f"{learner.username}@example.org")

    @factory.post_generation
    def password(self, create, extracted, **kwargs):
        self.set_password(extracted or PASSWORD)
        self.save()


class ConversationFactory(factory.django.DjangoModelFactory):
    """A conversation; `turns=3` gives it three answered turns, 2 s a message."""

    class Meta:
        model = Conversation
        skip_postgeneration_save = True

    learner = factory.SubFactory(LearnerFactory)
    language = "es"
    topic = factory.Sequence(lambda n: f"Topic {n}")
    started_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=1))
    last_message_at = factory.SelfAttribute("started_at")

    @factory.post_generation
    def turns(self, create, extracted, **kwargs):
        start = self.started_at
        for turn in range(extracted or 0):
            said = ConversationMessage(
                role="user",
                content=f"Hola {turn}",
                client_id=f"{self.conversation_id}-{turn}",
                created_at=start + timedelta(seconds=4 * turn),
            )
            answer = ConversationMessage(
                role="assistant",
                content=f"Dime {turn}",
                in_reply_to=said,
                token_count=10,
                created_at=start + timedelta(seconds=4 * turn + 2),
            )
            ConversationMessage.objects.append(self, [said])
            ConversationMessage.objects.append(self, [answer])
            studying.record(self, [answer], words=[])


def introduce(learner, *words, language="es", **fields):
    """Introduce words, each given as a text or as a NewWord."""
    now = timezone.now()
    fields = {
        "at": now,
        "date": learner.local_date(now),
        "level": "beginner",
        "source": VocabularyItem.Source.LEARNER,
        **fields,
    }
    new = [word if isinstance(word, NewWord) else NewWord(word) for word in words]
    return VocabularyItem.objects.introduce(learner, language, new, **fields)


def learned(learner, *words, due, language="es", at=None, **fields):
    """Introduce words that were once reviewed as easy, and are due again at `due`."""
    at = at or due - timedelta(days=30)
    items = introduce(learner, *words, language=language, at=at, **fields)
    for item in items:
        item.learner = learner
        client_id = f"easy-{language}-{item.lemma}"
        review(item, Review.Rating.EASY, client_id=client_id, at=at)
    mine = VocabularyItem.objects.for_learner(learner)
    mine.filter(pk__in=[item.pk for item in items]).update(due=due)
    return list(mine.filter(pk__in=[item.pk for item in items]).order_by("pk"))


def prompt(answer="un té", language="es", native="en"):
    """An objective's prompt, met by `answer`, as a scenario's tables have it."""
    lines = {language: [f"¿{answer}?"]}
    text = {language: answer}
    return {
        "hint": {native: "Say it."},
        "ask": {"beginner": lines, "intermediate": lines},
        "recast": lines,
        "model": {"beginner": text, "intermediate": text},
        "answer": [{"recast": True, **text}],
        "anytime": False,
    }


def scene(slug, words=(), native="en", **fields):
    """A scenario of one phase with one objective, with words in Spanish."""
    texts = dict.fromkeys(
        ("title", "setting", "tutor_role", "learner_role"), {native: slug}
    )
    lines = {"es": ["Adiós."]}
    scenario = Scenario.objects.create(
        slug=slug,
        **{
            "level": "beginner",
            "category": "travel",
            "closing": {"beginner": lines, "intermediate": lines},
            "words": [{"es": word, native: word} for word in words],
            **texts,
            **fields,
        },
    )
    phase = scenario.phases.create(slug="order", position=1, title={native: "Order"})
    phase.objectives.create(
        slug="drink",
        position=1,
        title={native: "Order a drink"},
        prompt=prompt(native=native),
    )
    return scenario


def reply(content="Muy bien.", *, words=(), usage=None, **fields):
    """A tutor's reply that costs something, with words to introduce."""
    return TutorReply(
        content=content,
        vocabulary=[NewWord(word, "", content) for word in words],
        usage=usage or Usage(tokens=12, cost=Decimal("0.000345"), processing_time_ms=7),
        **fields,
    )
