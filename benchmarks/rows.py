"""Rows in bulk, by one statement: copies of one that the models made, with what must differ computed in SQL."""

from django.db import connection
from django.db.models import AutoField, Model



def multiply(row: Model, size: int, **columns: str) -> None:
    """Copy the table's only row until there are `size`. `columns` are SQL by attribute, of `i` from 2 to `size`."""
    if size < 2:
        return
    fields = [field for field in type(row)._meta.concrete_fields if not isinstance(field, AutoField)]
    names = ", ".join(quoted(field.column) for field in fields)
    values = ", ".join(columns.get(field.attname) or f"first.{quoted(field.column)}" for field in fields)
    table = quoted(type(row)._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE numbers(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM numbers WHERE i < %s) "
            f"INSERT INTO {table} ({names}) "
            f"SELECT {values} FROM (SELECT * FROM {table} LIMIT 1) AS first, numbers ORDER BY i",
            [size],
        )


def quoted(name: str) -> str:
    return connection.ops.quote_name(name)
