"""Words used, shown, reviewed and deleted in one moment: each counts once, or not."""

import threading
from datetime import timedelta

import pytest
from django.utils import timezone

from conversations import weaving
from conversations.models import Conversation, WovenWord
from lingo.models import Learner
from tests.factories import ConversationFactory, reply
from tests.racing import (
    PATIENCE,
    THREADS,
    assert_adds_up,
    at_once,
    own,
    said_in,
    turn,
    while_thinking,
)
from vocabulary import reviewing
from vocabulary.adding import add_word, remove_word
from vocabulary.errors import ItemNotFound
from vocabulary.models import Review, VocabularyItem

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = ("queso", "vino", "pan")
ALL = "Quiero queso, vino y pan."


@pytest.fixture
def conversation(learner):
    """A conversation with three words to use, each recalled once before."""
    conversation = ConversationFactory(learner=learner)
    for word in WORDS:
        item, _ = add_word(learner, "es", word)
        at = timezone.now() - timedelta(days=30)
        reviewing.review(item, Review.Rating.GOOD, client_id=word, at=at)
        WovenWord.objects.weave(conversation, [item])
    return conversation


def found(word):
    return VocabularyItem.objects.select_related("learner").get(lemma=word)


def card(word, client_id="card"):
    """Return a call that reviews the word on its card."""
    item = found(word)
    return lambda: reviewing.review(item, Review.Rating.EASY, client_id=client_id)


def show(conversation, word):
    def call():
        woven = WovenWord.objects.get(
            conversation=conversation, item__lemma=word, learner=conversation.learner_id
        )
        woven.conversation = own(conversation)
        weaving.show(woven)

    return call


def remove(word):
    item = found(word)
    return lambda: remove_word(item)


def reviews_of(conversation):
    mine = Review.objects.filter(source_id=conversation.conversation_id)
    return dict(mine.order_by("pk").values_list("item__lemma", "rating"))


def test_the_same_turn_at_once_reviews_once(conversation, tutor):
    together = threading.Barrier(THREADS)

    def think():
        together.wait(PATIENCE)
        return reply("¿Y qué más?")

    tutor.reply = think

    at_once(*[turn(conversation, ALL)] * THREADS)

    assert len(said_in(conversation)) == 2
    assert reviews_of(conversation) == dict.fromkeys(WORDS, Review.Rating.GOOD)
    assert_adds_up(conversation.learner)


def test_two_tabs_at_once_review_once(conversation, tutor):
    tutor.reply = lambda: reply("¿Y qué más?")

    at_once(*[turn(conversation, ALL, client_id=f"{n}") for n in range(THREADS)])

    assert len(said_in(conversation)) == 2 * THREADS
    assert reviews_of(conversation) == dict.fromkeys(WORDS, Review.Rating.GOOD)
    assert Review.objects.filter(kind="conversation").count() == len(WORDS)
    assert_adds_up(conversation.learner)


def test_conversations_that_use_the_same_words_at_once_all_count(conversation, tutor):
    learner = conversation.learner
    talks = [conversation]
    for _ in range(3):
        talk = ConversationFactory(learner=learner)
        for item in VocabularyItem.objects.order_by("-pk"):
            WovenWord.objects.weave(talk, [item])
        talks.append(talk)

    at_once(*[turn(talk, ALL, client_id=f"{talk.pk}") for talk in talks])

    assert all(set(reviews_of(talk)) == set(WORDS) for talk in talks)
    assert_adds_up(learner)


@pytest.mark.parametrize("attempt", range(5))
def test_a_turn_and_cards_at_once_all_count(conversation, tutor, attempt):
    at_once(
        turn(conversation, ALL),
        *[card(word, f"card {word}") for word in reversed(WORDS)],
    )

    assert len(said_in(conversation)) == 2
    assert set(reviews_of(conversation)) == set(WORDS)
    assert Review.objects.filter(kind="card").count() == 2 * len(WORDS)
    assert_adds_up(conversation.learner)


@pytest.mark.parametrize("attempt", range(5))
def test_a_turn_and_showing_at_once_review_once(conversation, tutor, attempt):
    at_once(
        turn(conversation, ALL),
        *[show(conversation, "queso")] * 2,
        show(conversation, "pan"),
    )

    assert len(said_in(conversation)) == 2
    ratings = reviews_of(conversation)
    assert ratings.keys() == set(WORDS)
    for word in WovenWord.objects.select_related("item"):
        was_shown = word.help == "shown"
        assert was_shown == (word.used_in is None)
        assert (ratings[word.item.lemma] == Review.Rating.AGAIN) == was_shown
    assert Review.objects.filter(kind="conversation").count() == len(WORDS)
    assert_adds_up(conversation.learner)


def test_showing_at_once_reviews_once(conversation):
    at_once(*[show(conversation, "queso")] * THREADS)

    assert reviews_of(conversation) == {"queso": Review.Rating.AGAIN}
    assert_adds_up(conversation.learner)


@pytest.mark.parametrize("attempt", range(5))
def test_a_turn_and_deleting_its_words_at_once_keep_the_reply(
    conversation, tutor, attempt
):
    at_once(turn(conversation, ALL), remove("queso"), remove("pan"))

    assert len(said_in(conversation)) == 2
    assert reviews_of(conversation) == {"vino": Review.Rating.GOOD}
    assert [word.item.lemma for word in WovenWord.objects.all()] == ["vino"]
    assert_adds_up(conversation.learner)


def test_words_deleted_while_the_tutor_thinks_do_not_cost_the_reply(
    conversation, thinking
):
    removals = [remove(word) for word in WORDS]

    def act():
        for removal in removals:
            removal()

    while_thinking(thinking, conversation, act, content=ALL)

    assert len(said_in(conversation)) == 2
    assert not WovenWord.objects.exists()
    assert_adds_up(conversation.learner)


@pytest.mark.parametrize("attempt", range(3))
def test_deleting_a_word_and_reviewing_it_at_once_adds_up(conversation, attempt):
    at_once(
        remove("queso"),
        *[card("queso", f"{n}") for n in range(3)],
        refused=ItemNotFound,
    )

    assert not VocabularyItem.objects.filter(lemma="queso").exists()
    assert_adds_up(conversation.learner)


@pytest.mark.parametrize("attempt", range(3))
def test_undoing_and_a_turn_at_once_add_up(conversation, tutor, attempt):
    turn(conversation, "Quiero queso.", client_id="first")()
    [review] = Review.objects.filter(kind="conversation").select_related(
        "item", "learner"
    )

    at_once(
        turn(conversation, ALL, client_id="second"),
        lambda: reviewing.undo(review),
    )

    assert Review.objects.filter(kind="conversation").count() == len(WORDS)
    assert_adds_up(conversation.learner)


def test_beginning_at_once_weaves_each_word_once(learner):
    for word in ("isla", "mar", "playa"):
        add_word(learner, "es", word)

    def begin():
        Conversation.objects.begin(
            Learner.objects.get(pk=learner.pk), conversation_id="mine", language="es"
        )

    at_once(*[begin] * THREADS)

    assert WovenWord.objects.count() == 3
    assert_adds_up(learner)
