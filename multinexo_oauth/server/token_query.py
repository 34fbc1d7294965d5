"""The one query of a bearer call, compiled once: building it anew costs several times what the database does."""

from functools import lru_cache
from typing import Any, NamedTuple

from django.contrib.auth import get_user_model
from django.db import connections, router

from ..models import AccessToken

# In the order of `Bearer`'s own.
FIELDS = (
    "application_id",
    "application__client_id",
    "user_id",
    "scope",
    "resource",
    "family",
    "expires",
)


class Row(NamedTuple):
    """The values of FIELDS, and the person's own row, or None where the application acts for itself."""

    token: tuple[Any, ...]
    user: Any


class Compiled:
    """The query for one database. It takes a token's digest as its one parameter; expiry is looked at afterwards."""

    def __init__(self, alias: str) -> None:
        self.user_model = get_user_model()
        self.user_fields = [field.attname for field in self.user_model._meta.concrete_fields]
        rows = (
            AccessToken.objects.using(alias)
            .usable()
            .filter(token_checksum="")
            .values_list(*FIELDS, *(f"user__{name}" for name in self.user_fields))
        )
        # A connection of its own, for the compiler keeps it, and those of threads come and go.
        connection = connections.create_connection(alias)
        compiler = rows.query.get_compiler(connection=connection)
        self.alias = alias
        self.sql, _digest = compiler.as_sql()
        self.converters = compiler.get_converters([column for column, _sql, _name in compiler.select])
        self.connection = connection
        connection.close()

    def find(self, checksum: str) -> Row | None:
        with connections[self.alias].cursor() as cursor:
            cursor.execute(self.sql, [checksum])
            found = cursor.fetchone()
        return None if found is None else self._read(list(found))

    def _read(self, values: list[Any]) -> Row:
        for place, (converters, expression) in self.converters.items():
            for convert in converters:
                values[place] = convert(values[place], expression, self.connection)
        token, person = tuple(values[: len(FIELDS)]), values[len(FIELDS) :]
        has_person = token[FIELDS.index("user_id")] is not None
        user = self.user_model.from_db(self.alias, self.user_fields, person) if has_person else None
        return Row(token, user)


@lru_cache
def _compiled(alias: str) -> Compiled:
    return Compiled(alias)


def find(checksum: str) -> Row | None:
    """Return the access token with a digest, whose application is usable, expired or not; None without one."""
    return _compiled(router.db_for_read(AccessToken)).find(checksum)
