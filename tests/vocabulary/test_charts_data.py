"""What words and reviews make charts of."""

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from progress.charts_data import Asked
from tests.factories import introduce, learned
from vocabulary import charts_data
from vocabulary.models import Review, VocabularyItem
from vocabulary.reviewing import review, undo
from vocabulary.scheduling import Memory

NOW = datetime(2026, 6, 17, 12, tzinfo=UTC)  # a Wednesday
TODAY = NOW.date()
Rating = Review.Rating


def data(name, learner, days=30, **asked):
    made = charts_data.CHARTS[name].make(Asked(learner, days, now=NOW, **asked))
    assert {len(row) for row in made.rows} <= {len(made.columns)}
    return made


def rows(name, learner, **asked):
    return data(name, learner, **asked).rows


def something(name, learner, **asked):
    return [row for row in rows(name, learner, **asked) if any(row[1:])]


def rate(item, rating=Rating.GOOD, at=NOW, **details):
    client_id = f"{item.pk}-{at.isoformat()}"
    return review(item, rating, client_id=client_id, at=at, **details)[0]


def ago(**span):
    return NOW - timedelta(**span)


class TestWordStates:
    def test_a_word_moves_from_stage_to_stage(self, learner):
        at = ago(days=20)
        [item] = introduce(learner, "casa", at=at, date=at.date())
        rate(item, Rating.EASY, ago(days=19))
        rate(item, Rating.EASY, ago(days=10))
        rate(item, Rating.AGAIN, ago(days=5))

        states = {row[0]: row[1:] for row in rows("word-states", learner)}

        assert states[TODAY - timedelta(days=21)] == (0, 0, 0, 0)
        assert states[TODAY - timedelta(days=20)] == (0, 0, 0, 1)
        assert states[TODAY - timedelta(days=19)] == (0, 1, 0, 0)
        assert states[TODAY - timedelta(days=10)] == (1, 0, 0, 0)
        assert states[TODAY - timedelta(days=5)] == (0, 0, 1, 0)
        assert states[TODAY] == (0, 0, 1, 0)

    @pytest.mark.parametrize("seed", range(3))
    def test_it_is_what_replaying_the_log_gives(self, learner, seed):
        chance = random.Random(seed)
        for n in range(12):
            lived_through(learner, f"zq{'bcdfghklmnpr'[n]}a", chance)
        mine = VocabularyItem.objects.for_learner(learner)
        now = Counter(item.stage.value for item in mine)
        logs = [(item, list(item.reviews.standing().latest_first())) for item in mine]

        for days in (30, 365):
            made = data("word-states", learner, days)

            period = Asked(learner, days, now=NOW).period
            for start, *counts in made.rows:
                end = min(TODAY, start + timedelta(days=period.step - 1))
                expected = replayed(logs, end)
                assert dict(zip(charts_data.STAGES, counts, strict=True)) == expected
            assert made.rows[-1][1:] == tuple(now[one] for one in charts_data.STAGES)

    def test_what_was_before_the_period_is_what_it_begins_with(self, learner):
        at = ago(days=200)
        introduce(learner, "casa", at=at, date=at.date())

        assert {row[1:] for row in rows("word-states", learner)} == {(0, 0, 0, 1)}

    def test_a_review_that_was_taken_back_moved_nothing(self, learner):
        at = ago(days=3)
        [item] = introduce(learner, "casa", at=at, date=at.date())
        undo(rate(item, Rating.EASY, ago(days=1)))

        assert rows("word-states", learner)[-1] == (TODAY, 0, 0, 0, 1)

    def test_no_count_is_below_nothing(self, learner):
        [item] = introduce(learner, "casa", at=ago(days=3), date=TODAY)
        rate(item, Rating.EASY, ago(days=1))

        yesterday = rows("word-states", learner)[-2]

        assert yesterday == (TODAY - timedelta(days=1), 0, 1, 0, 0)
        assert rows("word-states", learner)[-1] == (TODAY, 0, 1, 0, 0)

    def test_a_language_and_a_learner_have_their_own(self, learner, stranger):
        [item] = introduce(learner, "casa", at=NOW, date=TODAY)
        rate(item, Rating.EASY)
        introduce(learner, "maison", language="fr", at=NOW, date=TODAY)
        introduce(stranger, "mesa", at=NOW, date=TODAY)

        def last(**asked):
            return rows("word-states", learner, **asked)[-1][1:]

        assert last() == (0, 1, 0, 1)
        assert last(language="es") == (0, 1, 0, 0)
        assert last(language="fr") == (0, 0, 0, 1)


def lived_through(learner, word, chance):
    """Introduce a word, review it now and then, take some of it back."""
    at = ago(days=chance.randint(1, 400))
    [item] = introduce(learner, word, at=at, date=at.date())
    while (at := at + timedelta(days=chance.choice([0.01, 1, 5, 30]))) < NOW:
        rating = chance.choice([Rating.AGAIN, Rating.GOOD, Rating.EASY, Rating.EASY])
        made = rate(item, rating, at)
        if chance.random() < 0.2:
            undo(made)


def replayed(logs, end):
    """Slow and obvious: the stage that each word's last review by that day left."""
    counts = dict.fromkeys(charts_data.STAGES, 0)
    for item, log in logs:
        if item.introduced_on > end:
            continue
        last = next((made for made in log if made.reviewed_on <= end), None)
        item.last_review = None
        if last:
            item.memory = Memory.from_json(last.after)
        counts[item.stage.value] += 1
    return counts


def test_the_forecast_is_of_a_month_whatever_the_period(learner):
    learned(learner, "casa", due=ago(days=2))
    learned(learner, "mesa", due=NOW + timedelta(days=3))
    learned(learner, "maison", language="fr", due=NOW)

    shown = something("forecast", learner)

    assert shown == [(TODAY, 2), (TODAY + timedelta(days=3), 1)]
    assert len(rows("forecast", learner, days=365)) == 30
    assert something("forecast", learner, language="fr") == [(TODAY, 1)]


class TestRetention:
    def test_the_share_recalled_stands_beside_what_was_desired(self, learner):
        learner.desired_retention = 0.85
        for n, word in enumerate(("casa", "mesa", "pan")):
            [item] = learned(learner, word, due=ago(days=1), at=ago(days=20))
            item.learner = learner
            rate(item, Rating.HARD if n else Rating.AGAIN, ago(days=1))

        shown = something("retention", learner)

        assert shown == [(date(2026, 6, 15), 66.7, 85.0, 3)]
        assert (date(2026, 6, 8), None, None, 0) in rows("retention", learner)

    def test_words_in_steps_and_words_used_in_talk_are_left_out(self, learner):
        [new] = introduce(learner, "casa", at=ago(days=1))
        rate(new)
        [item] = learned(learner, "mesa", due=ago(days=1), at=ago(days=20))
        item.learner = learner
        rate(item, kind=Review.Kind.CONVERSATION, source_id="a")

        assert something("retention", learner) == []

    def test_a_language_has_its_own(self, learner):
        for language, word in (("es", "casa"), ("fr", "maison")):
            [item] = learned(learner, word, language=language, due=NOW)
            item.learner = learner
            rate(item, Rating.GOOD if language == "es" else Rating.AGAIN)

        [(_, recalled, _, count)] = something("retention", learner, language="fr")

        assert (recalled, count) == (0, 1)


def test_pace_is_how_long_answers_took_by_week(learner):
    items = introduce(learner, "casa", "mesa", "pan", at=ago(days=9))
    rate(items[0], at=ago(days=1), duration_ms=2000)
    rate(items[1], at=ago(days=1), duration_ms=5000)
    rate(items[2], at=ago(days=1))

    assert something("pace", learner) == [(date(2026, 6, 15), 3.5, 2)]


def test_the_hardest_words_lead_to_their_pages(learner, stranger):
    casa, mesa, pan, sol = introduce(learner, "casa", "mesa", "pan", "sol", at=NOW)
    introduce(stranger, "mar", at=NOW)
    for item in (casa, mesa, pan, sol):
        rate(item)
    lapses = VocabularyItem.objects.filter
    lapses(learner=stranger).update(lapses=9)
    lapses(pk=casa.pk).update(lapses=2)
    lapses(pk=mesa.pk).update(lapses=5, stability=1.26)
    lapses(pk=sol.pk).update(lapses=7, is_suspended=True)

    made = data("hardest-words", learner)

    assert made.rows == [
        ("mesa", 5, 1.3, "Spanish"),
        ("casa", 2, made.rows[1][2], "Spanish"),
    ]
    assert [place.address for place in made.places] == [
        mesa.get_absolute_url(),
        casa.get_absolute_url(),
    ]
    assert {place.language for place in made.places} == {"es"}
    assert rows("hardest-words", learner, language="fr") == []


def test_a_word_brought_in_without_its_memory_can_be_hard_too(learner):
    introduce(learner, "casa", at=NOW)
    VocabularyItem.objects.update(lapses=2)

    assert rows("hardest-words", learner) == [("casa", 2, None, "Spanish")]


@pytest.mark.parametrize("count", [1, 50])
def test_each_takes_the_same_queries_for_any_number_of_words(
    learner, count, django_assert_num_queries
):
    words = [f"zq{'bcdfg'[n % 5]}a{'klmnpqrstv'[n // 5]}o" for n in range(count)]
    for item in introduce(learner, *words, at=ago(days=2)):
        rate(item, Rating.EASY, ago(days=1), duration_ms=900)

    with django_assert_num_queries(6):
        for name in charts_data.CHARTS:
            data(name, learner)
