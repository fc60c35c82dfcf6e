"""Writes that may meet the same write elsewhere, and what no wait may hold."""

from django.db import IntegrityError, OperationalError, connection, transaction

ATTEMPTS = 5
# PostgreSQL's name for a deadlock: it breaks off one of two that wait for each other.
DEADLOCK = "40P01"


def first_wins(write, already_done=lambda: None, attempts=ATTEMPTS):
    """Run `write()` in a transaction and return what it returns.

    Where a unique constraint says that somebody else was first, all of it is rolled
    back; the answer is then `already_done()`, or, where that is None, another try.
    So it is after a deadlock. Raises the error where trying again doesn't help.
    """
    try:
        with transaction.atomic():
            return write()
    except (IntegrityError, OperationalError) as error:
        if not _is_collision(error):
            raise
        done = already_done()
        if done is not None:
            return done
        if attempts == 1:
            raise
    return first_wins(write, already_done, attempts - 1)


def _is_collision(error):
    is_deadlock = getattr(error.__cause__, "sqlstate", None) == DEADLOCK
    return is_deadlock or isinstance(error, IntegrityError)


def release_connection():
    """Give the connection back to the pool, unless the caller's transaction needs it.

    A connection that its thread keeps, as one to SQLite, keeps nobody waiting.
    """
    is_pooled = connection.settings_dict["CONN_MAX_AGE"] == 0
    if is_pooled and not connection.in_atomic_block:
        connection.close()
