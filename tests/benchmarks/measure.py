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

from tests.benchmarks import pages  # noqa: E402
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


def medians(contenders, act, repetitions):
    """Return the median time of `act` by contender's name.

    `contenders` are lists of conversations of one kind. Each repetition has one of
    each, one after the other, so that what else the machine does meets them all.
    """
    times = {kind[0].name: [] for kind in contenders}
    for repetition in range(repetitions):
        for kind in contenders:
            one = kind[repetition % len(kind)]
            times[one.name].append(milliseconds(getattr(one, act)))
    return {name: statistics.median(taken) for name, taken in times.items()}


def measure_size(size):
    """Return the figures of conversations with `size` messages."""
    # Small conversations would grow by the turns: there are several of them.
    copies = 15 if size < 100 else 1
    contenders = [[Contender(size) for _ in range(copies)] for Contender in CONTENDERS]
    gc.collect()
    return {
        "turn": medians(contenders, "save_turn", TURNS),
        "last": medians(contenders, "load_last", LOADS),
        "all": medians(contenders, "load_all", LOADS),
        "statements": {
            kind[0].name: kind[0].statements()
            for kind in contenders
            if hasattr(kind[0], "statements")
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
        "sizes": {size: measure_size(size) for size in SIZES},
        "pages": pages.measure(milliseconds),
    }
    json.dump(results, sys.stdout)


if __name__ == "__main__":
    main()
