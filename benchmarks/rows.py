"""Rows in bulk, by one statement: copies of one that the models made, with what must differ computed in SQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.models import AutoField, Model

# What a million rows are quicker without: they are checked and sorted at once, afterwards.
CONSTRAINTS = """
    SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
           format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('f', 'u') ORDER BY contype
"""
INDEXES = """
    SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid)
    FROM pg_index WHERE indrelid = %s::regclass AND NOT indisprimary
    AND indexrelid NOT IN (SELECT conindid FROM pg_constraint WHERE conrelid = indrelid)
"""


def multiply(row: Model, size: int, **columns: str) -> None:
    """Copy the table's only row until there are `size`. `columns` are SQL by attribute, of `i` from 2 to `size`."""
    if size < 2:
        return
    fields = [field for field in type(row)._meta.concrete_fields if not isinstance(field, AutoField)]
    names = ", ".join(quoted(field.column) for field in fields)
    values = ", ".join(columns.get(field.attname) or f"first.{quoted(field.column)}" for field in fields)
    table = quoted(type(row)._meta.db_table)
    with connection.cursor() as cursor, unindexed(cursor, table):
        cursor.execute(
            "WITH RECURSIVE numbers(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM numbers WHERE i < %s) "
            f"INSERT INTO {table} ({names}) "
            f"SELECT {values} FROM (SELECT * FROM {table} LIMIT 1) AS first, numbers ORDER BY i",
            [size],
        )


@contextmanager
def unindexed(cursor: Any, table: str) -> Iterator[None]:
    """Take a PostgreSQL table's constraints and indexes away, and put them back."""
    found: list[tuple[str, str]] = []
    if connection.vendor == "postgresql":
        for statement in (CONSTRAINTS, INDEXES):
            cursor.execute(statement, [table])
            found += cursor.fetchall()
        cursor.execute("SET maintenance_work_mem = '256MB'")
    for take, _put in found:
        cursor.execute(take)
    yield
    for _take, put in reversed(found):
        cursor.execute(put)


def quoted(name: str) -> str:
    return connection.ops.quote_name(name)
