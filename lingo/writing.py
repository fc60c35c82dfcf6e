"""Writes that may meet the same write elsewhere."""

from django.db import IntegrityError, transaction

ATTEMPTS = 5


def first_wins(write, already_done=lambda: None, attempts=ATTEMPTS):
    """Run `write()` in a transaction and return what it returns.

    Where a unique constraint says that somebody else was first, all of it is rolled
    back; the answer is then `already_done()`, or, where that is None, another try.
    Raises IntegrityError where trying again doesn't help.
    """
    try:
        with transaction.atomic():
            return write()
    except IntegrityError:
        done = already_done()
        if done is not None:
            return done
        if attempts == 1:
            raise
    return first_wins(write, already_done, attempts - 1)
