"""The one query of a bearer call: the needed columns of the token, and the person's row.

If the cache knows the token, the person is loaded by a separate query.
"""

from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.contrib.auth import get_user_model
from django.db import router
from django.db.models import Value

from ...models import AccessToken
from ..compiled import Compiled, Part, Statement

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
    """The values of FIELDS, when a use was noted last, and the person's own row, or None where there is no person."""

    token: list[Any]
    last_used_at: datetime
    user: Any


@lru_cache
def _compiled(alias: str) -> tuple[Statement, Part]:
    find_person = Part.of(get_user_model(), "user")
    tokens = AccessToken.objects.using(alias).usable().filter(token_checksum=Value(""))
    rows = tokens.values_list(*FIELDS, "last_used_at", *(f"user__{name}" for name in find_person.fields))
    return Statement.of(alias, rows), find_person


def find_row(checksum: str) -> Row | None:
    """Return the access token with a digest, whose application is usable, expired or not; None without one."""
    statement, find_person = _compiled(router.db_for_read(AccessToken))
    values = statement.first([(AccessToken._meta.get_field("token_checksum"), checksum)])
    if values is None:
        return None
    token, (last_used_at, *own) = values[: len(FIELDS)], values[len(FIELDS) :]
    return Row(token, last_used_at, find_person.row(statement.alias, own))


@lru_cache
def _people() -> Compiled[Any]:
    model = get_user_model()
    return Compiled(model, model._meta.pk.name)


def find_person(key: Any) -> Any:
    """Return the person with a primary key, or None."""
    return _people().first(key)
