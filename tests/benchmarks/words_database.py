"""Words: introducing and reviewing them, what is due among very many, the list page."""

import statistics
from functools import partial

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.benchmarks import crowd
from tests.benchmarks.by_lingo import Statements
from tests.benchmarks.material import new_words
from tests.factories import LearnerFactory, introduce
from vocabulary.managers import BATCH
from vocabulary.models import Review, VocabularyItem
from vocabulary.reviewing import review

REPETITIONS, REVIEWS, VISITS = 300, 100, 7
INDEX = "vocabulary_review_queue"
MANY = 100_000
# What is asked of the list page, by name.
LISTS = {
    "newest first": {},
    "last page": {"page": MANY // 50},
    "due": {"due": "on", "order": "due"},
    "due first": {"order": "due"},
    "known, hardest first": {"stage": "known", "order": "hardest"},
    "search that finds many": {"q": "word 7"},
    "search that finds one": {"q": "palabra77777"},
    "alphabetical, difficulty 9 to 10": {
        "difficulty_from": 9,
        "difficulty_to": 10,
        "order": "alphabetical",
    },
}


def measure(milliseconds):
    """Return rows of (what, number of words, figures), and the query plans of due."""
    rows = [*introducing(milliseconds), *reviewing(milliseconds)]
    due_rows, plans = due(milliseconds)
    return {"rows": [*rows, *due_rows, *listing(milliseconds)], "plans": plans}


def introducing(milliseconds):
    """Yield what introducing words takes of which every second is known."""
    counts = {}
    for size in (BATCH, 2 * BATCH):
        learner = LearnerFactory()
        words = new_words()[:size]
        introduce(learner, *words[::2])
        with Statements() as statements:
            taken = milliseconds(partial(introduce, learner, *words))
        mine = VocabularyItem.objects.for_learner(learner)
        assert mine.count() == size
        counts[size] = statements.count
        yield "introducing words, half of them known", size, shown(taken, statements)
    assert counts[2 * BATCH] <= 2 * counts[BATCH]


def reviewing(milliseconds):
    """Yield what the act of reviewing takes, its memory, log and progress."""
    learner = LearnerFactory()
    items = introduce(learner, *new_words()[:REVIEWS])
    turns = iter([*items, items[0]])

    def act():
        item = next(turns)
        review(item, 3, client_id=f"{item.pk} {Review.objects.count()}")

    taken = statistics.median(milliseconds(act) for _ in items)
    with Statements() as statements:
        review(items[0], 3, client_id="last")
    yield "reviewing a word", REVIEWS, shown(taken, statements)


def due(milliseconds):
    """Return rows for one learner's due words among few and among very many others'.

    And the plans of both queries among very many, by name.
    """
    sizes = {1_000: ("few", 10), 1_000_000: ("very-many", 9_990)}
    asked = {
        "due queue, first 50": lambda learner: list(due_of(learner)[:50]),
        "due count": lambda learner: due_of(learner).count(),
    }
    rows, first = [], {}
    for size, (name, count) in sizes.items():
        learner = crowd.learners(name, count)
        crowd.words(name, 100)
        for what, ask in asked.items():
            ask(learner)
            times = [milliseconds(partial(ask, learner)) for _ in range(REPETITIONS)]
            taken = statistics.median(times)
            ratio = taken / first.setdefault(what, taken)
            rows.append((what, size, f"{taken:.2f} ({ratio:.2g}×)"))
    return rows, plans(learner)


def due_of(learner):
    """Return the learner's words due today, as pages and API ask for them."""
    mine = VocabularyItem.objects.for_learner(learner)
    return mine.due(timezone.now(), learner.day_end())


def plans(learner):
    """Return the plans of the learner's due queue and count: both use the index."""
    found = {
        "due queue": due_of(learner)[:50].explain(),
        "due count": due_of(learner).order_by().values("learner").explain(),
    }
    for plan in found.values():
        assert INDEX in plan, plan
    return {
        what: next(line.strip() for line in plan.splitlines() if INDEX in line)
        for what, plan in found.items()
    }


def listing(milliseconds):
    """Yield what the list page takes for a learner with very many words."""
    learner = crowd.learners("reader", 1)
    crowd.words("reader", MANY)
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(learner)
    for what, query in LISTS.items():

        def get(query=query):
            assert browser.get(reverse("vocabulary:list"), query).status_code == 200

        get()
        with Statements() as statements:
            get()
        taken = statistics.median(milliseconds(get) for _ in range(VISITS))
        yield f"vocabulary page, {what}", MANY, shown(taken, statements)


def shown(taken, statements):
    return f"{taken:.1f} ({statements.count} statements)"
