"""Measures one database, the one that DATABASE_URL names; prints JSON.

Run by `python -m tests.benchmarks`, which makes the database and shows the figures.
"""

import gc
import json
import statistics
import sys
import time

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from tests.benchmarks import pages, progress_page, words, words_database  # noqa: E402
from tests.benchmarks.by_hand import ByHand  # noqa: E402
from tests.benchmarks.by_lingo import ByLingo  # noqa: E402
from tests.benchmarks.replaced import Replaced  # noqa: E402
from vocabulary import lexicon  # noqa: E402

CONTENDERS = (ByLingo, ByHand, Replaced)
SIZES = (10, 1_000, 20_000)
TURNS, LOADS = 60, 7


def milliseconds(call):
    """Return how long the call takes."""
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1000


def conversations(Contender, size):
    """Return the contender's conversations of that size, to be used in turn."""
    # Small ones would grow by what is measured: there are several of them.
    return [Contender(size) for _ in range(15 if size < 100 else 1)]


def medians(contenders, act, repetitions):
    """Return the median time of `act` by size and contender's name.

    Each repetition has all of them, one after the other, so that what else the machine
    does meets them all.
    """
    times = {key: [] for key in contenders}
    for repetition in range(repetitions):
        for key, alike in contenders.items():
            one = alike[repetition % len(alike)]
            times[key].append(milliseconds(getattr(one, act)))
    found = {size: {} for size in SIZES}
    for (size, name), taken in times.items():
        found[size][name] = statistics.median(taken)
    return found


def measure_conversations():
    """Return for each act its medians, and the statements of a turn."""
    contenders = {
        (size, Contender.name): conversations(Contender, size)
        for size in SIZES
        for Contender in CONTENDERS
    }
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    gc.collect()
    return {
        "turn": medians(contenders, "save_turn", TURNS),
        "released": medians(
            {key: alike for key, alike in contenders.items() if ByLingo.name in key},
            "save_and_release",
            TURNS,
        ),
        "last": medians(contenders, "load_last", LOADS),
        "all": medians(contenders, "load_all", LOADS),
        "statements": {
            size: {
                Contender.name: contenders[size, Contender.name][0].statements()
                for Contender in (ByLingo, Replaced)
            }
            for size in SIZES
        },
    }


def version():
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT 'SQLite ' || sqlite_version()")
        else:
            cursor.execute("SELECT 'PostgreSQL ' || current_setting('server_version')")
        return cursor.fetchone()[0].split(" (")[0]


def main():
    call_command("migrate", verbosity=0)
    lexicon.warm_up(["es"])
    results = {
        "version": version(),
        "conversations": measure_conversations(),
        "pages": pages.measure(milliseconds),
        "progress": progress_page.measure(milliseconds),
        "words": words.measure(milliseconds),
        "vocabulary": words_database.measure(milliseconds),
    }
    json.dump(results, sys.stdout)


if __name__ == "__main__":
    main()
