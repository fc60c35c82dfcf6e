"""Reviews, undoing, changing and deleting at the same moment: all of it adds up."""

import pytest

from lingo.models import Learner
from tests.factories import LearnerFactory
from tests.racing import THREADS, assert_adds_up, at_once
from vocabulary import reviewing
from vocabulary.adding import add_word, remove_word, remove_words
from vocabulary.errors import ClientIdTaken, ItemNotFound, NotTheLatestReview
from vocabulary.models import Review, VocabularyItem

pytestmark = pytest.mark.django_db(transaction=True)

AGAIN, GOOD = 1, 3


@pytest.fixture
def learner():
    return LearnerFactory()


@pytest.fixture
def item(learner):
    return add_word(learner, "es", "casa")[0]


def own(item):
    """Return the item as another request loads it: an object of its own."""
    return VocabularyItem.objects.select_related("learner").get(pk=item.pk)


def review(item, client_id, rating=GOOD, **details):
    """Return a call that reviews the word as a request of its own does."""
    mine = own(item)
    return lambda: reviewing.review(mine, rating, client_id=client_id, **details)


def undo(made):
    mine = Review.objects.get(pk=made.pk)
    return lambda: reviewing.undo(mine)


def remove(item):
    mine = own(item)
    return lambda: remove_word(mine)


def test_the_same_client_id_at_once_is_one_review(learner, item):
    done = at_once(*[review(item, "a") for _ in range(THREADS)])

    assert {made.pk for made, _ in done} == {Review.objects.get().pk}
    assert sum(is_new for _, is_new in done) == 1
    assert_adds_up(learner)


def test_the_same_client_id_for_two_words_at_once_is_one_review(learner, item):
    other, _ = add_word(learner, "es", "pan")

    done = at_once(review(item, "a"), review(other, "a"), refused=ClientIdTaken)

    assert len([one for one in done if isinstance(one, ClientIdTaken)]) == 1
    assert Review.objects.count() == 1
    assert_adds_up(learner)


def test_different_client_ids_at_once_build_on_each_other(learner, item):
    at_once(*[review(item, f"{n}", AGAIN + n % 4) for n in range(THREADS)])

    log = list(Review.objects.all())
    assert len(log) == THREADS
    for one, following in zip(log, log[1:], strict=False):
        assert following.before == one.after
    assert own(item).memory.as_json() == log[-1].after
    assert_adds_up(learner)


def test_one_conversation_at_once_reviews_a_word_once(learner, item):
    talk = {"kind": "conversation", "source_id": "talk"}

    at_once(*[review(item, f"{n}", **talk) for n in range(THREADS)])

    assert Review.objects.count() == 1
    assert_adds_up(learner)


def test_words_of_one_learner_are_reviewed_at_once(learner):
    items = [add_word(learner, "es", f"zq{n}k")[0] for n in range(THREADS)]

    at_once(*[review(item, f"{item}") for item in items])

    assert Review.objects.count() == THREADS
    assert_adds_up(learner)


@pytest.mark.parametrize("attempt", range(5))
def test_review_and_undo_at_once_leave_the_log_in_order(learner, item, attempt):
    first, _ = review(item, "a")()

    undone, _ = at_once(undo(first), review(item, "b"), refused=NotTheLatestReview)

    was_refused = isinstance(undone, NotTheLatestReview)
    assert Review.objects.standing().count() == (2 if was_refused else 1)
    assert_adds_up(learner)


def test_undoing_at_once_undoes_once(learner, item):
    review(item, "a")()
    made, _ = review(item, "b")()

    undone = at_once(*[undo(made) for _ in range(THREADS)])

    assert len({one.undone_at for one in undone}) == 1
    assert Review.objects.standing().count() == 1
    assert_adds_up(learner)


@pytest.mark.parametrize("attempt", range(5))
def test_review_and_deletion_at_once_leave_nothing_half(learner, item, attempt):
    review(item, "a")()

    at_once(review(item, "b"), remove(item), refused=ItemNotFound)

    assert not Review.objects.exists()
    assert_adds_up(learner)


@pytest.mark.parametrize("attempt", range(5))
def test_undo_and_deletion_at_once_leave_nothing_half(learner, item, attempt):
    made, _ = review(item, "a")()

    at_once(undo(made), remove(item), refused=ItemNotFound)

    assert not Review.objects.exists()
    assert_adds_up(learner)


def test_deleting_at_once_takes_back_once(learner, item):
    kept, _ = add_word(learner, "es", "pan")
    other, _ = add_word(learner, "fr", "maison")
    for n, word in enumerate((item, other, kept)):
        review(word, f"{n}")()
    mine = Learner.objects.get(pk=learner.pk)
    pks = [item.pk, other.pk]

    numbers = at_once(
        *[lambda: remove_words(mine, pks)] * 3,
        *[lambda: remove_words(mine, pks[::-1])] * 3,
        remove(other),
    )

    assert sum(number for number in numbers if number) <= 2
    assert [str(one) for one in VocabularyItem.objects.all()] == ["pan"]
    assert_adds_up(learner)


@pytest.mark.parametrize("attempt", range(5))
def test_reviewing_and_revising_at_once_keep_both(learner, item, attempt):
    mine = own(item)

    def revise():
        VocabularyItem.objects.revise(mine, translation="house", is_suspended=True)

    at_once(review(item, "a"), revise)

    found = own(item)
    assert (found.translation, found.is_suspended) == ("house", True)
    assert found.times_correct == 1
    assert_adds_up(learner)


def test_reviewing_and_suspending_at_once_keep_both(learner, item):
    suspend = VocabularyItem.objects.suspend

    at_once(review(item, "a"), lambda: suspend(learner, [item.pk]))

    found = own(item)
    assert (found.is_suspended, found.times_correct) == (True, 1)
    assert_adds_up(learner)
