"""How Lingo opens its database, by the kind that `DATABASE_URL` names."""

import sqlite3

from django.core.exceptions import ImproperlyConfigured

# What a statement gives back (RETURNING) came with this one, of March 2021.
LEAST_SQLITE = (3, 35)
SQLITE_PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
BUSY_SECONDS = 20


def with_options(database, *, pool_size):
    """Return the parsed `DATABASE_URL` with the options that Lingo relies on.

    SQLite: readers beside one writer (WAL), every commit on disk (FULL), a write lock
    from a transaction's first statement (IMMEDIATE), patience instead of "locked", and
    a connection that its thread keeps, since closing the last one waits for the disk.
    PostgreSQL: a pool of at most `pool_size` connections a process, and a plan kept for
    each statement that a connection has seen five times, psycopg's own measure. Raises
    ImproperlyConfigured where SQLite is too old.
    """
    if database["ENGINE"].endswith("sqlite3"):
        if sqlite3.sqlite_version_info < LEAST_SQLITE:
            raise ImproperlyConfigured(
                f"Lingo needs SQLite 3.35 or newer; this is {sqlite3.sqlite_version}."
            )
        options = {
            "init_command": SQLITE_PRAGMAS,
            "timeout": BUSY_SECONDS,
            "transaction_mode": "IMMEDIATE",
        }
        database = {"CONN_MAX_AGE": None, **database}
    else:
        options = {
            "pool": {"min_size": 1, "max_size": pool_size, "timeout": 30},
            "server_side_binding": True,
            "prepare_threshold": 5,
        }
    return {**database, "OPTIONS": {**options, **database.get("OPTIONS", {})}}
