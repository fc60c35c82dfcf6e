"""Rebuilding what is counted: nothing changes where all is right, and all is mended."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conversations import lifecycle, rebuilding
from conversations.models import Conversation, ConversationMessage
from conversations.turn_taking import take_turn
from progress.models import LearningProgress, StudyDay, StudySession
from tests.exchanging import exported, found
from tests.factories import ConversationFactory, LearnerFactory, reply
from tests.racing import assert_adds_up
from vocabulary.adding import add_word, remove_words
from vocabulary.exchange import importing
from vocabulary.models import Review, VocabularyItem
from vocabulary.reviewing import review, undo

COUNTED = (Conversation, StudyDay, LearningProgress, StudySession)


class Life:
    """A learner who does at random what can be done, by a clock of their own."""

    def __init__(self, seed, monkeypatch, tutor):
        self.random, self.now, self.number = Random(seed), datetime.now(UTC), 0
        self.now -= timedelta(days=300)
        self.tutor, self.learner = tutor, LearnerFactory(time_zone="Asia/Kathmandu")
        monkeypatch.setattr(timezone, "now", lambda: self.now)
        for model, names in (
            (ConversationMessage, ["created_at"]),
            (Conversation, ["started_at", "last_message_at"]),
        ):
            for name in names:
                field = model._meta.get_field(name)
                monkeypatch.setattr(field, "_get_default", lambda: self.now)

    def live(self, acts):
        for _ in range(acts):
            self.number += 1
            steps = [1, 5, 40, 400, 2000, 40_000, 2_000_000]
            seconds = self.random.choices(steps, [9, 9, 9, 5, 3, 1, 1])[0]
            self.now += timedelta(seconds=seconds, milliseconds=1)
            kinds = [self.talk, self.talk, self.talk, self.review, self.review]
            kinds += [self.review, self.undo, self.add, self.move, self.delete]
            kinds += [self.remove, self.bring_in, self.take_over]
            self.random.choice(kinds)()

    def any_of(self, rows):
        there = list(rows.order_by("pk"))
        return self.random.choice(there) if there else None

    def mine(self, model):
        return model.objects.for_learner(self.learner).select_related("learner")

    def talk(self):
        talk = self.any_of(self.mine(Conversation).filter(status="active"))
        talk = talk or Conversation.objects.begin(self.learner, language="es")[0]
        word = f"zq{self.random.randrange(20)}k"
        self.tutor.reply = lambda: reply(words=[word])
        take_turn(talk, "Hola", client_id=f"{self.number}")

    def review(self):
        if item := self.any_of(self.mine(VocabularyItem)):
            rating = self.random.choice([1, 2, 3, 4, 4, 4])
            review(item, rating, client_id=f"{self.number}")

    def undo(self):
        latest = self.mine(Review).standing().latest_first().first()
        if latest:
            undo(latest)

    def add(self):
        language = self.random.choice(["es", "fr"])
        add_word(self.learner, language, f"zq{self.random.randrange(20)}k")

    def move(self):
        if talk := self.any_of(self.mine(Conversation).filter(status="active")):
            lifecycle.move(talk, self.random.choice(["paused", "completed"]))
        elif talk := self.any_of(self.mine(Conversation).filter(status="paused")):
            lifecycle.move(talk, "active")

    def delete(self):
        if talk := self.any_of(self.mine(Conversation)):
            lifecycle.delete(talk)

    def remove(self):
        if item := self.any_of(self.mine(VocabularyItem)):
            remove_words(self.learner, [item.pk])

    def bring_in(self):
        """Take all words out, remove some, and bring them in again."""
        file = exported(self.learner, "json")
        pks = list(self.mine(VocabularyItem).values_list("pk", flat=True))
        remove_words(self.learner, pks[::2])
        importing.bring_in(self.learner, found(self.learner, file))

    def take_over(self):
        """Save a transcript of some time ago, and go on with it later."""
        start = self.now - timedelta(days=self.random.randrange(50), seconds=1)
        minutes = sorted(self.random.sample(range(200), 4))
        said = [
            {
                "role": ("user", "assistant")[n % 2],
                "content": f"{n}",
                "timestamp": (start + timedelta(minutes=minute)).isoformat(),
                "metadata": {"token_count": n, "estimated_cost": 0.01},
            }
            for n, minute in enumerate(minutes)
        ]
        name = f"transcript-{self.number}"
        for count in (2, 4):
            Conversation.objects.save_transcript(
                self.learner,
                {"conversation_id": name, "language": "es", "messages": said[:count]},
            )


def counted():
    """Return all rows of what is counted, as they are saved."""
    return {model: list(model.objects.order_by("pk").values()) for model in COUNTED}


@pytest.fixture
def life(db, tutor, monkeypatch):
    def begin(seed=0, acts=40):
        life = Life(seed, monkeypatch, tutor)
        life.live(acts)
        return life.learner

    return begin


@pytest.mark.parametrize("seed", range(8))
def test_nothing_changes_where_all_is_right(life, seed):
    learner = life(seed)
    before = counted()
    assert all(before.values())

    checked, mended = rebuilding.rebuild()

    assert counted() == before
    assert set(mended.values()) == {0}
    assert sum(checked.values()) == sum(len(rows) for rows in before.values())
    assert_adds_up_by_language(learner)


def assert_adds_up_by_language(learner):
    for language in ("es", "fr"):
        of = {"learner": learner, "language": language}
        days = StudyDay.objects.filter(**of).totals()
        sessions = StudySession.objects.filter(**of)
        assert sum(one.study_seconds for one in sessions) == days["study_seconds"]


SPOILED = {
    "a day": (StudyDay, {"turns": 99, "words": 0}),
    "a skill": (LearningProgress, {"words_known": 7, "sessions": 3}),
    "a session": (StudySession, {"items": 99, "study_seconds": 5}),
    "a conversation": (Conversation, {"message_count": 1, "total_tokens": 7}),
}


@pytest.mark.parametrize("spoiled", SPOILED)
def test_spoiled_figures_are_mended(life, spoiled):
    model, wrong = SPOILED[spoiled]
    learner, _ = life(1), life(2)
    before = counted()
    model.objects.for_learner(learner).update(**wrong)

    _, mended = rebuilding.rebuild()

    assert counted() == before
    name = model._meta.verbose_name_plural
    assert {key for key, count in mended.items() if count} == {name}
    assert set(rebuilding.rebuild()[1].values()) == {0}


def without_keys(rows, *names):
    skipped = {"id", *names}
    kept = [{n: v for n, v in row.items() if n not in skipped} for row in rows]
    return sorted(kept, key=str)


@pytest.mark.parametrize("model", [StudyDay, LearningProgress])
def test_rows_that_are_missing_are_made(life, model):
    lifecycle.move(ConversationFactory(learner=life(3), turns=2), "completed")
    before = counted()
    model.objects.all().delete()

    rebuilding.rebuild()

    moments = ("first_activity_at", "last_activity_at")
    empty = dict.fromkeys(model.TALLIES, 0)
    expected = [row for row in before[model] if not empty.items() <= row.items()]
    after = model.objects.values()
    assert without_keys(after, *moments) == without_keys(expected, *moments)


def test_sessions_that_are_missing_are_made_of_their_acts(life):
    learner = life(4)
    StudySession.objects.all().delete()

    checked, mended = rebuilding.rebuild()

    made = StudySession.objects.all()
    assert mended["study sessions"] == made.count() > checked["study sessions"] == 0
    assert all(session.ended_at == session.last_at for session in made)
    assert set(rebuilding.rebuild()[1].values()) == {0}
    assert_adds_up_by_language(learner)


def test_what_nothing_stands_behind_comes_to_nothing(learner):
    today = learner.local_date()
    StudyDay.objects.record(learner, "de", today, turns=3, words=1)
    LearningProgress.objects.record(
        learner, "de", "grammar", at=timezone.now(), sessions=2
    )

    rebuilding.rebuild()

    assert set(StudyDay.objects.totals().values()) == {0}
    assert LearningProgress.objects.get().status == "not-started"


def test_the_targets_stay(life):
    learner = life(5)
    add_word(learner, "es", "casa")
    LearningProgress.objects.aim(learner, "es", "vocabulary", 4)
    LearningProgress.objects.update(words_learned=0)

    rebuilding.rebuild()

    assert LearningProgress.objects.get(language="es", skill="vocabulary").target_level


@pytest.mark.parametrize("turns", [1, 20])
def test_a_batch_takes_the_same_statements_for_any_number_of_learners(db, turns):
    def statements():
        with CaptureQueriesContext(connection) as taken:
            rebuilding.rebuild()
        return len(taken)

    def study():
        learner = ConversationFactory(turns=turns).learner
        for n in range(turns):
            review(add_word(learner, "es", f"zq{n}k")[0], 3, client_id=f"{n}")

    study()
    one = statements()
    for _ in range(10):
        study()

    assert statements() == one


def test_learners_are_taken_in_batches(db, monkeypatch):
    monkeypatch.setattr(rebuilding, "BATCH", 2)
    for _ in range(5):
        ConversationFactory(turns=1)
    StudyDay.objects.update(turns=0)

    assert rebuilding.rebuild()[1]["study days"] == 5
    for conversation in Conversation.objects.all():
        assert_adds_up(conversation.learner)


def test_the_command_says_what_it_did(learner, capsys):
    conversation = ConversationFactory(learner=learner, turns=2)
    item, _ = add_word(learner, "es", "casa")
    review(item, 3, client_id="a")
    lifecycle.move(conversation, "completed")
    VocabularyItem.objects.update(stability=99)
    LearningProgress.objects.filter(skill="vocabulary").update(reviews=7)

    for mended in (1, 0):
        call_command("rebuild_progress")
        assert capsys.readouterr().out.splitlines() == [
            f"1 words checked, {mended} mended.",
            "0 weak points checked, 0 mended.",
            "1 conversations checked, 0 mended.",
            "2 study days checked, 0 mended.",
            f"2 learning progress checked, {mended} mended.",
            "2 study sessions checked, 0 mended.",
        ]


def test_an_archive_with_a_known_word_counts_it(learner, stranger):
    item, _ = add_word(learner, "es", "casa")
    now = timezone.now() - timedelta(days=100)
    for days in (0, 10, 40):
        review(item, 4, client_id=f"{days}", at=now + timedelta(days=days))
    row = LearningProgress.objects.get(learner=learner)
    assert (row.words_known, row.level, row.accuracy, row.reviews) == (1, 1, 100, 3)
    in_file = found(stranger, exported(learner, "json"))

    assert importing.bring_in(stranger, in_file) == 1

    row = LearningProgress.objects.get(learner=stranger)
    assert (row.words_known, row.level, row.reviews) == (1, 1, 3)
    remove_words(stranger, VocabularyItem.objects.values_list("pk", flat=True))
    row.refresh_from_db()
    assert (row.words_known, row.level, row.reviews) == (0, None, 0)
