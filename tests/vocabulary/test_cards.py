"""What a card asks, and how a typed answer is compared."""

from datetime import timedelta

import pytest
from django.utils import timezone

from lingo.templatetags.lingo import interval
from tests.factories import introduce, learned
from vocabulary.answers import Verdict, judge
from vocabulary.cards import Kind, card_of, gap
from vocabulary.managers import NewWord
from vocabulary.models import Review, VocabularyItem
from vocabulary.reviewing import review, undo


def kinds(item, count=5):
    """The kinds of the word's next cards, each reviewed as good."""
    found = []
    for number in range(count):
        card = card_of(item)
        assert card.number == number
        found.append(card.kind)
        review(item, 3, client_id=card.client_id)
    return found


def one(learner, *word, language="es"):
    item = introduce(learner, NewWord(*word), language=language)[0]
    item.learner = learner
    return item


def test_a_new_word_is_shown_and_then_the_kinds_take_turns(learner):
    item = one(learner, "cuenta", "bill", "La cuenta, por favor.")

    assert kinds(item) == ["recognise", "recall", "gap", "listen", "recognise"]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        (("cuenta",), {Kind.RECOGNISE}),
        (("cuenta", "bill"), {Kind.RECOGNISE, Kind.RECALL, Kind.LISTEN}),
        (("cuenta", "", "La cuenta."), {Kind.RECOGNISE, Kind.GAP}),
        (("cuenta", "", "No hay nada."), {Kind.RECOGNISE}),
    ],
)
def test_a_card_asks_only_what_the_word_has(learner, word, expected):
    assert set(kinds(one(learner, *word))) == expected


def test_a_card_stays_the_same_until_it_is_reviewed(learner):
    item = one(learner, "cuenta", "bill")
    first = card_of(item)

    assert card_of(item) == first
    done, _ = review(item, 3, client_id=first.client_id)
    second = card_of(item)
    undo(done)
    again = card_of(VocabularyItem.objects.get())
    assert again.kind == first.kind
    assert len({first.client_id, second.client_id}) == 2
    assert again.client_id not in (first.client_id, done.client_id)


def test_two_words_never_share_a_name_for_a_review(learner):
    spanish, italian = one(learner, "casa"), one(learner, "casa", language="it")

    assert card_of(spanish).client_id != card_of(italian).client_id


@pytest.mark.parametrize(
    ("language", "word", "text", "pieces", "form"),
    [
        ("es", "querer", "Quiero pan.", ("", " pan."), "Quiero"),
        ("fr", "addition", "L’addition !", ("L’", " !"), "addition"),
        ("es", "café", "Café y cafés.", ("", " y ", "."), "Café"),
        ("de", "Haus", "Zwei Häuser", ("Zwei ", ""), "Häuser"),
        ("es", "por favor", "Sí, POR FAVOR.", ("Sí, ", "."), "POR FAVOR"),
        ("es", "pan", "Una pantalla.", (), ""),
        ("es", "pan", "", (), ""),
    ],
)
def test_each_form_of_the_word_leaves_a_gap(
    learner, language, word, text, pieces, form
):
    item = one(learner, word, language=language)

    assert gap(text, item) == (pieces, form)


@pytest.mark.parametrize(
    ("typed", "verdict"),
    [
        ("habitación", Verdict.SAME),
        ("  habitación. ", Verdict.SAME),
        ("Habitación", Verdict.CASE),
        ("habitacion", Verdict.ACCENTS),
        ("HABITACION", Verdict.ACCENTS),
        ("habitacón", Verdict.OTHER),
        ("?!", Verdict.OTHER),
        ("x" * 100, Verdict.OTHER),
    ],
)
def test_accents_and_case_are_told_apart_from_mistakes(typed, verdict):
    answer = judge(typed, ["habitación"])

    assert answer.verdict == verdict
    assert "".join(piece.text for piece in answer.pieces) == "habitación"
    assert "".join(piece.text for piece in answer.typed_pieces) == answer.typed


def test_what_differs_is_marked_on_both_sides():
    answer = judge("habitacion", ["habitación"])

    assert [piece for piece in answer.pieces if not piece.is_same] == [("ó", False)]
    assert [one.text for one in answer.typed_pieces if not one.is_same] == ["o"]


def test_any_accepted_form_is_right_and_the_nearest_is_shown():
    assert judge("casa", ["casas", "casa"]).verdict == Verdict.SAME
    assert judge("Casas", ["casa", "casas"]).right == "casas"
    assert judge("casass", ["casa", "casas"]).right == "casas"
    assert judge("l'eau", ["l’eau"]).verdict == Verdict.SAME


@pytest.mark.parametrize(
    ("typed", "minds", "suggested"),
    [
        ("habitación", True, Review.Rating.GOOD),
        ("HABITACIÓN", True, Review.Rating.GOOD),
        ("habitacion", False, Review.Rating.GOOD),
        ("habitacion", True, Review.Rating.AGAIN),
        ("mesa", False, Review.Rating.AGAIN),
        ("  ", True, Review.Rating.GOOD),
    ],
)
def test_a_rating_is_suggested_by_what_was_typed(learner, typed, minds, suggested):
    learner.minds_accents = minds
    item = one(learner, "habitación", "room")
    review(item, 3, client_id="first")
    card = card_of(item)
    assert card.kind == Kind.RECALL

    buttons = card.buttons(card.answer(typed))

    assert [b.rating for b in buttons if b.is_suggested] == [suggested]


def test_each_button_promises_what_its_rating_does(learner):
    now = timezone.now()
    items = learned(learner, "casa", "mesa", "pan", "vino", due=now)
    for item, rating in zip(items, Review.Rating, strict=True):
        item.learner = learner
        button = card_of(item).buttons(now=now)[rating - 1]
        review(item, rating, client_id=card_of(item).client_id, at=now)
        assert item.due == now + button.wait


@pytest.mark.parametrize(
    ("wait", "shown"),
    [
        (timedelta(seconds=-5), "1 min"),
        (timedelta(seconds=60), "1 min"),
        (timedelta(minutes=5, seconds=30), "6 min"),
        (timedelta(minutes=59, seconds=45), "1 h"),
        (timedelta(hours=23), "23 h"),
        (timedelta(hours=23, minutes=55), "1 d"),
        (timedelta(days=3), "3 d"),
        (timedelta(days=30), "30 d"),
        (timedelta(days=61), "2 mo"),
        (timedelta(days=349), "11.5 mo"),
        (timedelta(days=365), "1 y"),
        (timedelta(days=548), "1.5 y"),
    ],
)
def test_an_interval_is_written_in_short(wait, shown):
    assert interval(wait) == shown
