"""Achievements are what the learner's own rows prove, and are kept for ever."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from conversations import awarding, lifecycle
from conversations.models import Conversation, ConversationMessage, MetObjective
from conversations.turn_taking import take_turn
from lingo.models import Learner
from progress import achievements
from progress.models import Award, StudyDay
from tests.factories import ConversationFactory, LearnerFactory, introduce
from vocabulary.models import Review, VocabularyItem
from vocabulary.reviewing import review, undo

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)
AGAIN, GOOD, EASY = 1, 3, 4


@pytest.fixture
def reach(learner):
    """Return what a measure came to, and the proof of a figure (None: not reached)."""

    def reach(measure, at_least):
        figure = awarding.MEASURES[measure](learner)
        return figure.value, figure.proof(at_least)

    return reach


@pytest.fixture
def words(learner):
    """Return words introduced at AT."""

    def words(*texts, at=AT, **fields):
        return introduce(learner, *texts, at=at, date=at.date(), **fields)

    return words


def rate(item, rating, at, **details):
    key = f"{item.lemma} {at.isoformat()}"
    return review(item, rating, client_id=key, at=at, **details)[0]


def completed(learner, at=AT, **fields):
    conversation = ConversationFactory(learner=learner, started_at=at, **fields)
    lifecycle.move(conversation, "completed", ended_at=at)
    return conversation


def study(learner, *days, language="es", **tallies):
    for day in days:
        StudyDay.objects.record(learner, language, day, **(tallies or {"turns": 1}))


def finish(learner, scenario, at):
    conversation, _ = Conversation.objects.begin(
        learner, language="es", scenario=scenario, started_at=at
    )
    conversation.runs.update(phase=None, finished_at=at)
    return conversation


def spot(conversation, position=None):
    where = {"kind": "conversation", "conversation_id": conversation.conversation_id}
    return where | ({"position": position} if position else {})


def slugs(learner):
    return {award.slug for award in Award.objects.for_learner(learner)}


def test_every_measure_of_the_catalogue_is_known():
    assert set(awarding.MEASURES) == set(achievements.MEASURES)


@pytest.mark.parametrize("measure", awarding.MEASURES)
def test_without_rows_nothing_is_reached(reach, measure):
    assert reach(measure, 1) == (0, None)


@pytest.mark.parametrize("measure", awarding.MEASURES)
def test_a_strangers_rows_count_for_nothing(reach, stranger, scenarios, measure):
    live_a_little(stranger, scenarios)

    assert reach(measure, 1) == (0, None)


class TestMeasures:
    def test_turns_are_proved_by_the_reply(self, learner, reach):
        talk = ConversationFactory(learner=learner, turns=3)

        value, proof = reach("turns", 2)

        reply = ConversationMessage.objects.get(conversation=talk, position=4)
        assert value == 3
        assert proof == (reply.created_at, spot(talk, 4))
        assert reach("turns", 4)[1] is None

    def test_an_unanswered_message_is_no_turn(self, learner, reach):
        talk = ConversationFactory(learner=learner)
        ConversationMessage.objects.say(talk, "Hola", client_id="a")

        assert reach("turns", 1) == (0, None)

    def test_conversations_count_once_completed(self, learner, reach):
        later, first = completed(learner, AT + DAY), completed(learner, AT)
        ConversationFactory(learner=learner)
        archived = ConversationFactory(learner=learner)
        lifecycle.move(archived, "archived")

        assert reach("conversations", 1) == (2, (AT, spot(first)))
        assert reach("conversations", 2) == (2, (AT + DAY, spot(later)))
        assert reach("conversations", 3)[1] is None

    def test_different_topics_of_completed_conversations_count(self, learner, reach):
        completed(learner, AT + DAY, topic="Food")
        completed(learner, AT, topic="Food")
        travel = completed(learner, AT + 2 * DAY, topic="Travel")
        completed(learner, AT, topic="")
        ConversationFactory(learner=learner, topic="Music")

        assert reach("topics", 2) == (2, (AT + 2 * DAY, spot(travel)))

    def test_different_focuses_of_completed_conversations_count(self, learner, reach):
        completed(learner, AT)
        completed(learner, AT + DAY)
        grammar = completed(learner, AT + 2 * DAY, learning_focus="grammar")

        assert reach("focuses", 2) == (2, (AT + 2 * DAY, spot(grammar)))

    def test_finished_scenarios_count_each_once(self, learner, reach, scenarios):
        first = finish(learner, scenarios["cafe"], AT)
        finish(learner, scenarios["cafe"], AT + DAY)
        hotel = finish(learner, scenarios["hotel"], AT + 2 * DAY)
        Conversation.objects.begin(
            learner, language="es", scenario=scenarios["getting-to-know"]
        )

        assert reach("scenarios", 1) == (2, (AT, spot(first)))
        assert reach("scenarios", 2) == (2, (AT + 2 * DAY, spot(hotel)))

    def test_each_finished_run_counts(self, learner, reach, scenarios):
        finish(learner, scenarios["cafe"], AT)
        again = finish(learner, scenarios["cafe"], AT + DAY)

        assert reach("scenario-runs", 2) == (2, (AT + DAY, spot(again)))

    def test_objectives_are_proved_by_the_message(self, learner, reach, scenarios):
        talk, _ = Conversation.objects.begin(
            learner, language="es", scenario=scenarios["cafe"]
        )
        take_turn(talk, "Buenos días, quería un café", client_id="a")
        said = ConversationMessage.objects.get(client_id="a")
        count = MetObjective.objects.count()

        assert reach("objectives", 1) == (
            count,
            (said.created_at, spot(talk, said.position)),
        )
        assert count > 0

    def test_words_are_proved_by_themselves(self, reach, words):
        later = words("pan", at=AT + DAY)[0]
        words("casa")

        evidence = {"kind": "word", "id": later.pk, "language": "es", "lemma": "pan"}
        assert reach("words", 2) == (2, (AT + DAY, evidence))

    def test_reviews_count_unless_undone(self, reach, words):
        item = words("casa")[0]
        rate(item, GOOD, AT)
        undo(rate(item, GOOD, AT + DAY))

        value, proof = reach("reviews", 1)

        assert (value, proof.at, proof.evidence["lemma"]) == (1, AT, "casa")
        assert reach("reviews", 2)[1] is None

    def test_a_word_is_known_from_its_first_review_that_says_so(self, reach, words):
        item, other = words("casa", "pan")
        rate(other, EASY, AT)
        at = AT
        while not item.stability or item.stability < VocabularyItem.KNOWN_DAYS:
            assert reach("words-known", 1) == (0, None)
            rate(item, EASY, at)
            known_at, at = at, item.due
        rate(item, AGAIN, at)  # forgotten: it was known all the same

        value, proof = reach("words-known", 1)

        assert (value, proof.at, proof.evidence["lemma"]) == (1, known_at, "casa")

    def test_words_used_in_conversations_count_each_once(self, reach, words):
        house, bread = words("casa", "pan")
        used = {"kind": Review.Kind.CONVERSATION}
        rate(bread, GOOD, AT, **used, source_id="a")
        rate(bread, GOOD, AT + DAY, **used, source_id="b")
        rate(house, GOOD, AT + DAY)

        value, proof = reach("words-used", 1)

        assert (value, proof.at, proof.evidence["lemma"]) == (1, AT, "pan")

    def test_the_longest_run_of_right_reviews_counts(self, reach, words):
        item = words("casa")[0]
        ratings = [GOOD, GOOD, AGAIN, 2, GOOD, EASY, AGAIN, GOOD]
        for n, rating in enumerate(ratings):
            rate(item, rating, AT + n * DAY)

        value, proof = reach("right-in-row", 3)

        assert (value, proof.at) == (3, AT + 5 * DAY)
        assert reach("right-in-row", 2)[1].at == AT + DAY
        assert reach("right-in-row", 4)[1] is None

    def test_the_longest_run_of_days_counts_over_all_languages(self, learner, reach):
        first = date(2026, 3, 1)
        study(learner, first, first + 3 * DAY, first + 5 * DAY)
        study(learner, first + 3 * DAY, first + 4 * DAY, language="fr")
        study(learner, first + DAY, turns=0, study_seconds=9)

        value, proof = reach("days-in-row", 3)

        assert value == 3
        assert proof.at == datetime(2026, 3, 6, tzinfo=UTC)
        days = {"kind": "days", "since": "2026-03-04", "until": "2026-03-06"}
        assert proof.evidence == days
        assert reach("days-in-row", 4)[1] is None

    def test_days_begin_where_the_learner_lives(self, learner, reach):
        learner.time_zone = "Pacific/Auckland"
        study(learner, date(2026, 3, 1))

        _, proof = reach("days-in-row", 1)

        assert proof.at == datetime(2026, 2, 28, 11, tzinfo=UTC)
        assert learner.local_date(proof.at) == date(2026, 3, 1)

    def test_study_days_need_not_be_in_a_row(self, learner, reach):
        study(learner, date(2026, 3, 1), date(2026, 3, 9))
        study(learner, date(2026, 3, 9), language="fr")

        value, proof = reach("study-days", 2)

        assert value == 2
        days = {"kind": "days", "since": "2026-03-01", "until": "2026-03-09"}
        assert proof.evidence == days

    def test_minutes_add_up_over_days_and_languages(self, learner, reach):
        study(learner, date(2026, 3, 1), study_seconds=59)
        study(learner, date(2026, 3, 2), study_seconds=30)
        study(learner, date(2026, 3, 2), study_seconds=31, language="fr")

        value, proof = reach("minutes", 2)

        assert value == 2
        assert proof.evidence["until"] == "2026-03-02"
        assert reach("minutes", 3)[1] is None

    def test_languages_count_from_their_first_day(self, learner, reach):
        study(learner, date(2026, 3, 2), date(2026, 3, 5), language="fr")
        study(learner, date(2026, 3, 4))

        days = {"kind": "days", "since": "2026-03-04", "until": "2026-03-04"}
        value, proof = reach("languages", 2)
        assert (value, proof.evidence) == (2, days)


def live_a_little(learner, scenarios):
    """Give the learner rows by which every measure comes to one or more."""
    talk = finish(learner, scenarios["cafe"], AT)
    other, _ = Conversation.objects.begin(
        learner, language="es", scenario=scenarios["hotel"]
    )
    take_turn(other, "Tengo una reserva a nombre de Ana", client_id="a")
    objective = scenarios["hotel"].phases.first().objectives.first()
    MetObjective.objects.get_or_create(
        learner=learner,
        run=other.runs.get(),
        objective=objective,
        defaults={"message": ConversationMessage.objects.get(client_id="a")},
    )
    completed(learner, topic="Food")
    item = introduce(learner, "casa", at=AT, date=AT.date())[0]
    used = {"kind": Review.Kind.CONVERSATION, "source_id": talk.conversation_id}
    rate(item, EASY, AT, **used)
    for _ in range(3):
        rate(item, EASY, item.due)
    study(learner, AT.date(), study_seconds=60, turns=1)


def test_what_is_reached_is_awarded_with_what_proves_it(learner):
    talk = completed(learner)

    new = awarding.award(learner)

    award = Award.objects.get(learner=learner, slug="first-conversation")
    assert str(award) == "first-conversation" in [one.achievement.slug for one in new]
    assert (award.awarded_at, award.value, award.evidence) == (AT, 1, spot(talk))


def test_what_is_not_reached_stays_open(learner):
    ConversationFactory(learner=learner, turns=99)

    standings = {one.achievement.slug: one for one in awarding.standings(learner)}

    assert "hundred-turns" not in slugs(learner)
    assert (standings["hundred-turns"].value, standings["hundred-turns"].award) == (
        99,
        None,
    )
    assert standings["first-turn"].is_new


def test_awarding_again_changes_nothing(learner):
    completed(learner)
    awarding.award(learner)
    before = list(Award.objects.values())
    ConversationFactory(learner=learner, turns=2)

    assert {one.achievement.slug for one in awarding.award(learner)} == {"first-turn"}
    assert awarding.award(learner) == []
    assert list(Award.objects.exclude(slug="first-turn").values()) == before


def test_an_award_stays_where_its_rows_go(learner):
    talk = completed(learner)
    awarding.award(learner)

    lifecycle.delete(talk)

    assert awarding.award(learner) == []
    standings = {one.achievement.slug: one for one in awarding.standings(learner)}
    assert standings["first-conversation"].value == 1
    assert standings["first-conversation"].award.evidence == spot(talk)


def test_recomputing_from_history_gives_the_same_awards(learner, scenarios):
    live_a_little(learner, scenarios)
    ConversationFactory(learner=learner, turns=100, started_at=AT + DAY)
    study(learner, *(date(2026, 3, 1) + n * DAY for n in range(8)), turns=1)
    awarding.award(learner)
    rows = ("slug", "awarded_at", "value", "evidence")
    before = sorted(Award.objects.values_list(*rows), key=str)

    Award.objects.all().delete()
    awarding.award(learner)

    assert sorted(Award.objects.values_list(*rows), key=str) == before
    assert {"hundred-turns", "seven-days", "first-scenario"} < slugs(learner)


def test_what_vanishes_between_counting_and_proving_proves_nothing(learner, words):
    words("casa")
    figure = awarding.MEASURES["words"](learner)
    talk = completed(learner)
    talks = awarding.MEASURES["conversations"](learner)
    rows = list(figure.rows), list(talks.rows)
    VocabularyItem.objects.all().delete()
    lifecycle.delete(talk)

    figure.rows, talks.rows = rows

    assert figure.proof(1) is None
    assert talks.proof(1) is None
    assert awarding.MEASURES["objectives"](learner).prove(0) is None


def test_what_can_not_be_proved_is_not_awarded(learner, monkeypatch):
    completed(learner)
    measure = awarding.MEASURES["conversations"]

    def unproved(learner):
        figure = measure(learner)
        figure.prove = lambda *row: None
        return figure

    monkeypatch.setitem(awarding.MEASURES, "conversations", unproved)

    assert "first-conversation" not in {
        one.achievement.slug for one in awarding.award(learner)
    }


def test_an_award_of_an_earlier_catalogue_is_kept_and_left_alone(learner):
    Award.objects.create(
        learner=learner, slug="gone", awarded_at=AT, value=1, evidence={}
    )

    standings = awarding.standings(learner)

    assert [one.achievement.slug for one in standings] == list(achievements.catalogue())
    assert slugs(learner) == {"gone"}


def test_a_learner_has_an_award_once(learner):
    one = {"learner": learner, "slug": "a", "awarded_at": AT, "value": 1}
    Award.objects.create(**one, evidence={})

    with pytest.raises(IntegrityError):
        Award.objects.create(**one, evidence={})


@pytest.mark.parametrize("count", [1, 50])
def test_it_takes_the_same_statements_for_any_history(
    learner, scenarios, count, django_assert_num_queries
):
    live_a_little(learner, scenarios)
    ConversationFactory(learner=learner, turns=count)
    introduce(learner, *[f"zq{n}k" for n in range(count)])
    study(
        learner,
        *(date(2025, 1, 1) + 2 * n * DAY for n in range(1 + count // 2)),
        turns=1,
    )
    awarding.award(learner)
    awarding.award(learner)

    # One for the awards, and one for each measure that has something open.
    with django_assert_num_queries(1 + len(awarding.MEASURES)):
        awarding.award(learner)


def test_new_awards_take_few_statements(learner, scenarios):
    live_a_little(learner, scenarios)

    with CaptureQueriesContext(connection) as taken:
        new = awarding.award(learner)

    assert len(taken) <= 1 + len(awarding.MEASURES) + 3 * len(new) + 3


def test_the_command_awards_everybody_and_says_so(learner, stranger, capsys):
    completed(learner)
    LearnerFactory()

    call_command("award_achievements")
    call_command("award_achievements")

    count = Award.objects.count()
    assert slugs(learner)
    assert not slugs(stranger)
    assert capsys.readouterr().out == (
        f"3 learners checked, {count} achievements awarded.\n"
        "3 learners checked, 0 achievements awarded.\n"
    )
    assert Learner.objects.count() == 3
