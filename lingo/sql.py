"""Statements written by hand: the few that every turn takes, and the ORM can't say, or
takes longer to say than the database takes to do."""

from functools import cache

from django.db import connection

# So many rows a statement: of 50 columns still fewer values than databases take.
BATCH = 500
INSERT = "INSERT INTO {table} ({columns}) VALUES {places} RETURNING {key}"


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


def insert(rows):
    """Insert unsaved objects of one model, in the caller's transaction; return them.

    One statement for each BATCH. As with `bulk_create`, nothing is saved but the row.
    """
    for start in range(0, len(rows), BATCH):
        _insert(rows[start : start + BATCH])
    return rows


def _insert(rows):
    meta = rows[0]._meta
    fields = _fields(type(rows[0]))
    row_of_places = f"({', '.join(['%s'] * len(fields))})"
    statement = INSERT.format(
        table=meta.db_table,
        columns=", ".join(field.column for field in fields),
        places=", ".join([row_of_places] * len(rows)),
        key=meta.pk.column,
    )
    values = [value for row in rows for value in _values(row, fields)]
    for row, (key,) in zip(rows, select(statement, values), strict=True):
        row.pk = key
        row._state.adding, row._state.db = False, connection.alias


def values_of(row, names):
    """Return the values of a model's object as the database takes them, by field."""
    return _values(row, _fields(type(row), names))


@cache
def _fields(model, names=()):
    """Return the fields of these names, or all but the key."""
    if names:
        return [model._meta.get_field(name) for name in names]
    return [
        field for field in model._meta.local_concrete_fields if field != model._meta.pk
    ]


def _values(row, fields):
    return [
        field.get_db_prep_save(getattr(row, field.attname), connection)
        for field in fields
    ]
