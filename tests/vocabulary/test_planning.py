"""What today asks of a learner, and which word comes next."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.factories import introduce, learned
from vocabulary import planning
from vocabulary.models import Review, VocabularyItem
from vocabulary.queue import queue
from vocabulary.reviewing import review, undo

NOON = datetime(2026, 6, 17, 12, tzinfo=UTC)  # a Wednesday
Rating = Review.Rating


def words(count, begin="zq"):
    letters = "bcdfghklmn"
    return [
        f"{begin}{n // 10 % 10}{letters[n % 10]}o{letters[n // 10]}a"
        for n in range(count)
    ]


def plan(learner, now=NOON, **wishes):
    return planning.plan(learner, now, **wishes)


def rate(item, rating=Rating.GOOD, at=NOON):
    return review(item, rating, client_id=f"{item.pk}-{at.isoformat()}", at=at)[0]


def order(learner, now=NOON, limit=100, **wishes):
    asked = plan(learner, now, **wishes)
    language = wishes.get("language", "")
    return [
        item.word for item in queue(learner, asked, now, language=language, limit=limit)
    ]


def local(zone, *moment):
    return datetime(*moment, tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Pacific/Auckland", date(2026, 6, 17), 24),
        ("Pacific/Auckland", date(2026, 4, 5), 25),
        ("Pacific/Auckland", date(2026, 9, 27), 23),
        ("America/Los_Angeles", date(2026, 3, 8), 23),
        ("America/Los_Angeles", date(2026, 11, 1), 25),
        # Here midnight itself was skipped.
        ("America/Sao_Paulo", date(2018, 11, 4), 23),
    ],
)
class TestTheLearnersDay:
    def test_it_begins_and_ends_by_the_learners_clock(self, learner, zone, day, hours):
        learner.time_zone = zone
        start = learner.day_start(day)

        end = learner.day_end(start)

        assert end - start == timedelta(hours=hours)
        assert learner.local_date(start) == day
        assert learner.local_date(start - timedelta(seconds=1)) == day - timedelta(1)
        assert learner.local_date(end) == day + timedelta(1)
        assert learner.local_date(end - timedelta(seconds=1)) == day

    def test_a_learned_word_is_due_from_its_beginning(self, learner, zone, day, hours):
        learner.time_zone = zone
        start = learner.day_start(day)
        end = learner.day_end(start)
        learned(learner, "casa", due=end - timedelta(seconds=1))
        learned(learner, "mesa", due=end)

        assert plan(learner, start - timedelta(seconds=1)).reviews_left == 0
        assert order(learner, start) == ["casa"]
        assert sorted(order(learner, end)) == ["casa", "mesa"]


def test_a_word_in_learning_steps_is_due_by_the_clock(learner):
    item = introduce(learner, "casa", at=NOON)[0]
    rate(item, Rating.GOOD)

    assert plan(learner).left == 0
    assert plan(learner, NOON + timedelta(minutes=10)).steps_left == 1
    assert order(learner, NOON + timedelta(minutes=10)) == ["casa"]


def test_whether_one_word_is_due_agrees_with_the_queue(learner):
    learner.time_zone = "Pacific/Auckland"
    today = learner.day_end(NOON) - timedelta(minutes=1)
    for word, due in (("casa", NOON), ("mesa", today), ("pan", today + timedelta(1))):
        learned(learner, word, due=due)
    introduce(learner, "vino", at=today)
    VocabularyItem.objects.filter(word="casa").update(is_suspended=True)
    now, end = NOON, learner.day_end(NOON)

    mine = VocabularyItem.objects.for_learner(learner)
    assert [item.word for item in mine.due(now, end)] == ["mesa"]
    for item in mine:
        assert item.is_due_at(now, end) == (item.word == "mesa")
        assert not item.is_due_at(now)


def test_the_queue_reads_its_index(learner):
    mine = VocabularyItem.objects.for_learner(learner)

    assert "vocabulary_review_queue" in mine.due(NOON, NOON).explain()


def test_new_words_come_up_to_the_days_limit(learner):
    learner.new_words_a_day = 3
    introduce(learner, *words(5), at=NOON)

    asked = plan(learner)

    assert (asked.new_left, asked.new_waiting, asked.left) == (3, 2, 3)
    assert len(order(learner)) == 3


def test_new_words_reviewed_today_count_towards_the_limit(learner):
    learner.new_words_a_day = 2
    items = introduce(learner, *words(3), at=NOON - timedelta(days=2))
    rate(items[0], at=NOON - timedelta(days=1))
    done = rate(items[1])

    assert plan(learner).new_left == 1
    undo(done)
    assert plan(learner).new_left == 2
    assert plan(learner, NOON + timedelta(days=1)).new_left == 2


def test_new_words_are_mixed_in_evenly_and_stay_so(learner):
    learned(learner, *words(6, "zr"), due=NOON - timedelta(days=1))
    introduce(learner, *words(2), at=NOON)
    new = set(words(2))
    expected = [False, False, True, False, False, False, True, False]

    # Each word is seen when it comes, and again in the order of those that follow.
    seen = []
    for at in range(8):
        now = NOON + timedelta(seconds=at)
        coming = [word in new for word in order(learner, now)]
        assert coming == expected[at:]
        item = queue(learner, plan(learner, now), now)[0]
        seen.append(item.word)
        rate(item, at=now)
    assert len(set(seen)) == 8


def test_words_most_at_risk_come_first_after_those_in_steps(learner):
    """The one reviewed long ago is likelier to be forgotten, though due later."""
    learned(learner, "casa", due=NOON - timedelta(days=5), at=NOON - timedelta(days=9))
    learned(learner, "mesa", due=NOON - timedelta(days=1), at=NOON - timedelta(days=90))
    step = introduce(learner, "pan", at=NOON)[0]
    rate(step, Rating.AGAIN, at=NOON - timedelta(minutes=2))

    assert order(learner) == ["pan", "mesa", "casa"]
    assert order(learner, limit=2) == ["pan", "mesa"]


def test_an_easy_day_asks_for_half_most_at_risk_first(learner):
    learner.easy_days = [2]
    for days in range(5):
        learned(
            learner,
            words(5)[days],
            due=NOON - timedelta(days=1),
            at=NOON - timedelta(days=10 * (days + 1)),
        )
    asked = plan(learner)

    assert (asked.reviews_left, asked.reviews_waiting) == (3, 2)
    assert asked.is_easy_day
    assert order(learner) == words(5)[:1:-1]
    assert plan(learner, NOON + timedelta(days=1)).reviews_left == 5


def test_an_easy_day_is_half_of_what_it_began_with(learner):
    learner.easy_days = [2]
    for left in (3, 2, 1, 0):
        if left == 3:
            learned(learner, *words(5), due=NOON - timedelta(days=1))
        now = NOON + timedelta(minutes=3 - left)
        assert plan(learner, now).reviews_left == left
        for item in queue(learner, plan(learner, now), now):
            rate(item, at=now)


def test_a_review_before_its_time_takes_nothing_off_an_easy_day(learner):
    learner.easy_days = [2]
    learned(learner, *words(2), due=NOON)
    early = learned(learner, "casa", due=NOON + timedelta(days=5))[0]

    rate(early)

    assert plan(learner).reviews_left == 1


def test_a_holiday_asks_for_nothing_and_hinders_nobody(learner):
    learner.away_until = NOON.date()
    learned(learner, "casa", due=NOON)
    introduce(learner, "mesa", at=NOON)
    rate(introduce(learner, "pan", at=NOON)[0], Rating.AGAIN, NOON - timedelta(hours=1))

    away = plan(learner)

    assert (away.left, away.is_away) == (0, True)
    assert (away.reviews_waiting, away.new_waiting) == (2, 1)
    assert order(learner) == []
    assert plan(learner, beyond=True).left == 3
    assert plan(learner, NOON + timedelta(days=1)).left == 3
    assert VocabularyItem.objects.get(word="casa").due == NOON


def test_a_backlog_is_worked_off_in_equal_shares(learner):
    learned(learner, *words(10), due=NOON - timedelta(days=9))
    learner.catch_up_until = NOON.date() + timedelta(days=3)
    shares = []

    for day in range(5):
        now = NOON + timedelta(days=day)
        asked = plan(learner, now)
        shares.append(asked.left)
        assert asked.is_catching_up == (day < 4)
        while asked.left:
            rate(queue(learner, asked, now)[0], Rating.EASY, at=now)
            now += timedelta(minutes=1)
            asked = plan(learner, now)

    assert shares == [3, 3, 2, 2, 0]


def test_catching_up_asks_for_what_falls_on_the_day_too(learner):
    learned(learner, *words(10), due=NOON - timedelta(days=9))
    learned(learner, "casa", "mesa", due=NOON)
    learner.catch_up_until = NOON.date() + timedelta(days=4)

    assert plan(learner).reviews_left == 4
    assert plan(learner).overdue == 10
    assert plan(learner, beyond=True).reviews_left == 12


def test_catching_up_is_offered_where_much_has_waited(learner):
    learned(learner, *words(planning.BACKLOG), due=NOON - timedelta(days=9))

    assert plan(learner).offers_catching_up
    learner.catch_up_until = NOON.date()
    assert not plan(learner).offers_catching_up
    learner.catch_up_until, learner.away_until = None, NOON.date()
    assert not plan(learner).offers_catching_up


def test_a_language_narrows_the_plan_but_not_the_days_limit(learner):
    learner.new_words_a_day = 2
    introduce(learner, "casa", at=NOON)
    introduce(learner, "maison", "table", "pain", language="fr", at=NOON)
    learned(learner, "mesa", due=NOON)
    rate(VocabularyItem.objects.get(word="maison"))

    assert plan(learner).languages == {"es": 2, "fr": 2}
    assert plan(learner, language="fr").new_left == 1
    assert plan(learner, language="es").reviews_left == 1
    assert plan(learner, language="de").left == 0
    assert set(order(learner, language="es")) == {"mesa", "casa"}
    assert len(order(learner, language="fr")) == 1


def test_only_cards_count_as_done_and_only_while_they_stand(learner):
    items = learned(learner, "casa", "mesa", "pan", due=NOON)
    taken_back = rate(items[0])
    rate(items[1])
    review(items[2], 3, client_id="c", kind="conversation", source_id="t", at=NOON)
    undo(taken_back)

    asked = plan(learner)

    assert (asked.done_today, asked.learned_done, asked.left) == (1, 2, 1)


def test_nobody_elses_words_or_reviews_count(learner, stranger):
    rate(learned(stranger, "casa", due=NOON)[0])
    introduce(stranger, "mesa", at=NOON)

    assert plan(learner) == planning.Plan()
    assert order(learner) == []
    assert sum(reviews for _, reviews in planning.forecast(learner, now=NOON)) == 0


def test_without_a_moment_it_is_now(learner):
    introduce(learner, "casa")

    assert planning.plan(learner).left == 1
    assert [item.word for item in queue(learner, planning.plan(learner))] == ["casa"]
    assert planning.forecast(learner)[0] == (learner.local_date(), 0)


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles", "UTC"])
@pytest.mark.parametrize(
    "today", [date(2026, 3, 7), date(2026, 9, 26), date(2026, 4, 4)]
)
def test_the_forecast_counts_by_the_learners_dates(learner, zone, today):
    learner.time_zone = zone
    now = learner.day_start(today) + timedelta(hours=12)
    tomorrow = learner.day_end(now)
    for word, due in (
        ("casa", now - timedelta(days=40)),
        ("mesa", tomorrow - timedelta(seconds=1)),
        ("pan", tomorrow),
        ("vino", learner.day_start(today + timedelta(days=2)) - timedelta(seconds=1)),
        ("leche", learner.day_start(today + timedelta(days=3))),
    ):
        learned(learner, word, due=due, at=now - timedelta(days=50))
    introduce(learner, "nuevo", at=now)
    learned(learner, "suspenso", due=now)
    VocabularyItem.objects.filter(word="suspenso").update(is_suspended=True)

    days = planning.forecast(learner, days=3, now=now)

    assert days == [
        (today, 2),
        (today + timedelta(days=1), 2),
        (today + timedelta(days=2), 0),
    ]


@pytest.mark.parametrize("count", [1, 50])
def test_plan_queue_and_forecast_take_the_same_queries_for_any_number(
    learner, count, django_assert_num_queries
):
    learned(learner, *words(count), due=NOON)
    introduce(learner, *words(count, "zt"), at=NOON)
    with django_assert_num_queries(2):
        asked = plan(learner)
    with django_assert_num_queries(2):  # none are in steps
        assert queue(learner, asked, NOON, limit=200)
    with django_assert_num_queries(1):
        planning.forecast(learner, now=NOON)


def test_of_many_due_words_those_due_longest_are_looked_at(learner):
    """However many are due, only a batch of them is read."""
    learned(learner, *words(60), due=NOON)
    VocabularyItem.objects.filter(word=words(60)[-1]).update(
        due=NOON - timedelta(days=1)
    )

    assert len(order(learner, limit=1)) == 1
    assert len(order(learner, limit=60)) == 60
    assert words(60)[-1] in order(learner, limit=50)


def test_days_are_planned_as_they_come(learner):
    assert planning.reviews_asked(due=25, overdue=20) == 25
    assert planning.reviews_asked(due=25, overdue=20, days_left=1) == 25
    assert planning.reviews_asked(due=25, overdue=20, days_left=4) == 10
    assert planning.reviews_asked(due=5, overdue=0, is_easy_day=True) == 3
