"""The credential that stands behind a number, as Python and as SQL compute it."""

import hashlib

from django.db import connection


def value(number: int, kind: str = "access") -> str:
    """Return a credential: 64 hexadecimal digits, in no order."""
    return hashlib.sha256(f"{kind}{number}".encode()).hexdigest()


def value_sql(kind: str = "access") -> str:
    """Return the SQL of `value` for the number `i`."""
    return digest_sql(f"('{kind}' || CAST(i AS varchar(9)))")


def digest_sql(text: str, algorithm: str = "sha256") -> str:
    """Return the SQL of a text's hexadecimal digest."""
    if connection.vendor == "sqlite":
        return f"{algorithm.upper()}({text})"
    return f"encode({algorithm}(({text})::bytea), 'hex')"


def uuid_sql() -> str:
    return "lower(hex(randomblob(16)))" if connection.vendor == "sqlite" else "gen_random_uuid()"
