"""Reviewing a word: what it writes, that it is safe to repeat, and taking it back."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from progress.models import LearningProgress, StudyDay
from tests.factories import introduce
from tests.histories import state_of
from vocabulary import scheduling
from vocabulary.adding import add_word, remove_word
from vocabulary.errors import ClientIdTaken, ItemNotFound, NotTheLatestReview
from vocabulary.models import Gloss, Review, VocabularyItem, WordMark
from vocabulary.reviewing import review, undo

AGAIN, HARD, GOOD, EASY = 1, 2, 3, 4
EVENING = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)


@pytest.fixture
def item(learner):
    at = EVENING - timedelta(days=1)
    return introduce(learner, "casa", at=at, date=at.date())[0]


def learn(item):
    """Review the word until it has left its learning steps."""
    review(item, EASY, client_id=f"learn {item.pk}", at=EVENING - timedelta(hours=5))


def day(learner):
    return StudyDay.objects.for_learner(learner).totals()


def skill(learner):
    return LearningProgress.objects.get(learner=learner, skill="vocabulary")


def test_a_review_gives_the_word_its_next_memory(learner, item):
    made, is_new = review(item, GOOD, client_id="a", at=EVENING)

    after = scheduling.Memory.from_json(made.after)
    assert is_new
    assert VocabularyItem.objects.get(pk=item.pk).memory == after
    assert after.due == EVENING + timedelta(minutes=10)
    assert (item.memory, item.times_correct, item.times_incorrect) == (after, 1, 0)


def test_the_log_keeps_what_was_found_and_what_was_wanted(learner, item):
    learner.desired_retention = 0.85
    learn(item)
    found = item.memory

    made, _ = review(
        item, HARD, client_id="a", at=EVENING, duration_ms=1234, evidence="Mi casa."
    )

    made.refresh_from_db()
    assert scheduling.Memory.from_json(made.before) == found
    assert made.predicted == scheduling.retrievability(found, EVENING)
    assert (made.desired_retention, made.rating) == (0.85, HARD)
    assert (made.duration_ms, made.evidence) == (1234, "Mi casa.")
    assert str(made) == "Hard on 2026-03-01"


def test_a_first_review_predicts_nothing(learner, item):
    assert review(item, GOOD, client_id="a")[0].predicted is None


def test_a_review_counts_on_the_learners_own_day(learner, item):
    learner.time_zone = "Europe/Madrid"

    made, _ = review(item, GOOD, client_id="a", at=EVENING)

    assert f"{made.reviewed_on}" == "2026-03-02"
    studied = StudyDay.objects.get()
    assert (studied.date, studied.reviews) == (made.reviewed_on, 1)


def test_time_between_reviews_counts_as_study(learner, item):
    for seconds, client_id in ((0, "a"), (40, "b"), (45, "c"), (1000, "d")):
        at = EVENING + timedelta(seconds=seconds)
        review(item, GOOD, client_id=client_id, at=at)

    assert day(learner)["study_seconds"] == skill(learner).study_seconds == 45


def test_a_review_in_a_conversation_is_no_study_of_its_own(learner, item):
    review(item, GOOD, client_id="a", at=EVENING)
    at = EVENING + timedelta(seconds=40)
    review(item, GOOD, client_id="b", at=at, kind="conversation", source_id="talk")

    assert day(learner)["study_seconds"] == 0


def test_an_undone_review_leaves_the_time_to_the_next(learner, item):
    for seconds, client_id in ((0, "a"), (40, "b")):
        at = EVENING + timedelta(seconds=seconds)
        latest, _ = review(item, GOOD, client_id=client_id, at=at)
    undo(latest)
    review(item, EASY, client_id="c", at=EVENING + timedelta(seconds=60))

    assert day(learner)["study_seconds"] == 60


def test_the_same_client_id_again_changes_nothing(learner, item):
    first, _ = review(item, GOOD, client_id="a")
    before = state_of(item)

    again, is_new = review(item, AGAIN, client_id="a")

    assert (again, is_new, again.rating) == (first, False, GOOD)
    assert state_of(item) == before
    assert day(learner)["reviews"] == 1


def test_an_undone_review_is_not_repeated(learner, item):
    first, _ = review(item, GOOD, client_id="a")
    undo(first)

    again, is_new = review(item, GOOD, client_id="a")

    assert (again, is_new) == (first, False)
    assert day(learner)["reviews"] == 0


def test_a_client_id_belongs_to_one_word(learner, item):
    other = introduce(learner, "pan")[0]
    review(item, GOOD, client_id="a")

    with pytest.raises(ClientIdTaken, match="“a” was used"):
        review(other, GOOD, client_id="a")

    assert VocabularyItem.objects.get(pk=other.pk).is_new


def test_learners_have_their_own_client_ids(learner, stranger, item):
    review(item, GOOD, client_id="a")

    assert review(introduce(stranger, "casa")[0], GOOD, client_id="a")[1]


def test_a_conversation_reviews_a_word_once(learner, item):
    talk = {"kind": "conversation", "source_id": "talk-1"}
    first, _ = review(item, GOOD, client_id="a", **talk)
    undo(first)

    again, is_new = review(item, AGAIN, client_id="b", **talk)
    other, _ = review(
        item, GOOD, client_id="c", kind="conversation", source_id="talk-2"
    )

    assert (again, is_new) == (first, False)
    assert other != first


def test_reviews_are_logged_in_the_order_in_which_they_build_on_each_other(item):
    review(item, GOOD, client_id="a", at=EVENING)

    late, _ = review(item, GOOD, client_id="b", at=EVENING - timedelta(minutes=1))

    assert late.reviewed_at == EVENING
    assert undo(late).undone_at


def test_forgetting_what_was_learned_is_a_lapse(learner, item):
    review(item, AGAIN, client_id="new", at=EVENING - timedelta(hours=6))
    learn(item)
    review(item, AGAIN, client_id="a", at=EVENING)
    review(item, AGAIN, client_id="b", at=EVENING + timedelta(minutes=10))

    assert (item.lapses, item.times_correct, item.times_incorrect) == (1, 1, 3)
    assert item.stage == VocabularyItem.Stage.RELEARNING


def test_words_often_forgotten_are_leeches(item):
    item.lapses = VocabularyItem.LEECH_LAPSES - 1
    assert not item.is_leech
    item.lapses += 1
    assert item.is_leech


def test_a_deleted_word_cannot_be_reviewed(learner, item):
    VocabularyItem.objects.all().delete()

    with pytest.raises(ItemNotFound):
        review(item, GOOD, client_id="a")

    assert not StudyDay.objects.exists()


@pytest.mark.parametrize("rating", [AGAIN, HARD, GOOD, EASY])
@pytest.mark.parametrize("is_learned", [True, False])
def test_undo_restores_exactly(learner, item, rating, is_learned):
    if is_learned:
        learn(item)
    before, studied = state_of(item), day(learner)
    made, _ = review(item, rating, client_id="a", at=EVENING)

    undone = undo(Review.objects.get(pk=made.pk))

    assert state_of(item) == before
    assert day(learner) == studied
    assert undone.undone_at == Review.objects.get(pk=made.pk).undone_at
    assert not Review.objects.standing().filter(pk=made.pk)


def test_undoing_twice_undoes_once(learner, item):
    learn(item)
    made, _ = review(item, GOOD, client_id="a", at=EVENING)

    first = undo(Review.objects.get(pk=made.pk)).undone_at

    assert undo(Review.objects.get(pk=made.pk)).undone_at == first
    assert day(learner)["reviews"] == 1


def test_only_the_latest_review_can_be_undone(learner, item):
    first, _ = review(item, GOOD, client_id="a", at=EVENING)
    second, _ = review(item, GOOD, client_id="b", at=EVENING + timedelta(minutes=10))

    with pytest.raises(NotTheLatestReview):
        undo(first)

    undo(second)
    undo(first)
    assert VocabularyItem.objects.get().is_new


def test_a_review_of_a_deleted_word_cannot_be_undone(learner):
    item, _ = add_word(learner, "es", "casa")
    made, _ = review(item, GOOD, client_id="a")
    found = Review.objects.get(pk=made.pk)
    remove_word(item)

    with pytest.raises(ItemNotFound):
        undo(found)


def test_an_undone_review_leaves_no_trace_in_the_schedule(learner, item):
    moments = [EVENING + timedelta(days=3 * n) for n in range(6)]
    for n, at in enumerate(moments):
        undo(review(item, HARD, client_id=f"undone {n}", at=at)[0])
        review(item, GOOD, client_id=f"{n}", at=at)

    plain = scheduling.new_memory(item.introduced_at)
    for n, at in enumerate(moments):
        plain = scheduling.reviewed(
            plain, GOOD, at, desired_retention=0.9, seed=f"es:casa:{n}"
        )
    assert VocabularyItem.objects.get(pk=item.pk).memory == plain


def test_a_word_deleted_takes_its_reviews_back(learner):
    kept, _ = add_word(learner, "es", "pan")
    item, _ = add_word(learner, "es", "casa")
    now = timezone.now()
    for seconds, word in ((0, kept), (10, item), (20, kept), (50, item)):
        at = now + timedelta(seconds=seconds)
        latest, _ = review(word, GOOD, client_id=f"{seconds}", at=at)
    undo(latest)

    remove_word(item)

    came_to = {name: amount for name, amount in day(learner).items() if amount}
    assert came_to == {"reviews": 2, "words": 1, "study_seconds": 10}
    assert (skill(learner).words_learned, skill(learner).study_seconds) == (1, 10)


@pytest.mark.parametrize("reviews", [1, 30])
def test_a_review_takes_few_statements_however_long_the_log(learner, item, reviews):
    for n in range(reviews):
        at = EVENING - timedelta(hours=5) + timedelta(minutes=n)
        review(item, GOOD, client_id=f"{n}", at=at)

    with CaptureQueriesContext(connection) as statements:
        review(item, GOOD, client_id="a", at=EVENING)

    said = [one["sql"] for one in statements]
    frames = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    # Word, last review, the log, memory, day, skill; three for a session that begins.
    assert len([sql for sql in said if not sql.startswith(frames)]) == 9


def test_a_review_in_a_session_takes_one_statement_for_it(learner, item):
    review(item, GOOD, client_id="a", at=EVENING)

    with CaptureQueriesContext(connection) as statements:
        review(item, GOOD, client_id="b", at=EVENING + timedelta(minutes=5))

    sessions = [one["sql"] for one in statements if "studysession" in one["sql"]]
    assert [sql.split()[0] for sql in sessions] == ["INSERT"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"rating": 0},
        {"rating": 5},
        {"kind": "dream"},
        {"predicted": 1.5},
        {"predicted": -0.5},
        {"client_id": "b"},
        {"kind": "conversation", "source_id": "talk"},
    ],
)
def test_the_database_refuses_wrong_reviews(learner, item, wrong):
    review(item, GOOD, client_id="a")
    review(item, GOOD, client_id="b")
    review(item, GOOD, client_id="c", kind="conversation", source_id="talk")

    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.filter(client_id="a").update(**wrong)


@pytest.mark.parametrize(
    "wrong", [{"stability": None}, {"difficulty": 11}, {"last_review": None}]
)
def test_the_database_refuses_half_a_memory(learner, item, wrong):
    review(item, GOOD, client_id="a")

    with pytest.raises(IntegrityError), transaction.atomic():
        VocabularyItem.objects.update(**wrong)


def test_a_lemma_has_one_mark(learner):
    mark = {"learner": learner, "language": "es", "lemma": "casa", "mark": "known"}
    assert str(WordMark.objects.create(**mark)) == "casa: known"

    with pytest.raises(IntegrityError), transaction.atomic():
        WordMark.objects.create(**mark)
    with pytest.raises(IntegrityError), transaction.atomic():
        WordMark.objects.update(mark="loved")


def test_a_source_gives_a_word_one_gloss(db):
    gloss = {"language": "es", "native_language": "en", "source": "A", "licence": "MIT"}
    gloss |= {"lemma": "casa", "translation": "house"}
    assert str(Gloss.objects.create(**gloss)) == "casa: house"

    with pytest.raises(IntegrityError), transaction.atomic():
        Gloss.objects.create(**gloss)
    for blank in ("lemma", "translation"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Gloss.objects.update(**{blank: ""})


@pytest.mark.parametrize("wrong", [0.79, 0.98])
def test_the_database_refuses_a_retention_out_of_reach(learner, wrong):
    learner.desired_retention = wrong

    with pytest.raises(IntegrityError), transaction.atomic():
        learner.save()
