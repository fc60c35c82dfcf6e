"""Statements written by hand: the few that every turn takes, and the ORM can't say, or
takes longer to say than the database takes to do."""

from django.db import connection


def execute(sql, values):
    """Execute a statement that writes; return how many rows it made or changed."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.rowcount


def select(sql, values):
    """Return the rows that a statement finds, as tuples."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def values_of(row, names):
    """Return the values of a model's object as the database takes them, by field."""
    fields = map(row._meta.get_field, names)
    return [
        field.get_db_prep_save(getattr(row, field.attname), connection)
        for field in fields
    ]
