"""How Lingo opens its database, by the kind that `DATABASE_URL` names."""

SQLITE_PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
BUSY_SECONDS = 20


def with_options(database, *, pool_size):
    """Return the parsed `DATABASE_URL` with the options that Lingo relies on.

    SQLite: readers beside one writer (WAL), every commit on disk (FULL), a write lock
    from a transaction's first statement (IMMEDIATE), patience instead of "locked", and
    a connection that its thread keeps, since closing the last one waits for the disk.
    PostgreSQL: a pool of at most `pool_size` connections a process, and a plan kept for
    each statement that a connection has seen five times, psycopg's own measure.
    """
    if database["ENGINE"].endswith("sqlite3"):
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
