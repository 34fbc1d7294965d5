"""Which tokens a view's permissions require, found without a request, for checks, lists and OpenAPI."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from rest_framework.permissions import AND, NOT, OR

from .permissions import IsSessionAuthenticated, IsTokenAuthenticated
from .refusal import operands

if TYPE_CHECKING:
    # At run time this would be a circle: APIView imports the classes that a site's REST_FRAMEWORK setting names.
    from rest_framework.views import APIView


operand = attrgetter("op1")


@dataclass(frozen=True)
class Way:
    """One way in. `token` says whether it needs a token, must have none (False), or does not say (None)."""

    scopes: frozenset[str] = frozenset()
    token: bool | None = None

    def along_with(self, other: "Way") -> "Way | None":
        """Return the combination of both, or None if they exclude each other."""
        told = {self.token, other.token} - {None}
        if len(told) > 1:
            return None
        return Way(self.scopes | other.scopes, next(iter(told), None))


def into(view: "APIView") -> list[Way]:
    """Return the ways into a view that has its request and action, by its permissions as they compose.

    Raises ImproperlyConfigured where a permission does not find on the view what it asks for.
    """
    return _through_all(view.get_permissions(), view)


def _through_all(permissions: Iterable[Any], view: "APIView") -> list[Way]:
    return reduce(_both, (_through(permission, view) for permission in permissions), [Way()])


def _both(first: list[Way], second: list[Way]) -> list[Way]:
    pairs = (one.along_with(other) for one in first for other in second)
    return list(dict.fromkeys(way for way in pairs if way is not None))


def _through(permission: Any, view: "APIView") -> list[Way]:
    if hasattr(permission, "sufficient_scopes"):
        return [Way(scopes, token=True) for scopes in permission.sufficient_scopes(view.request, view)]
    if isinstance(permission, AND):
        return _through_all(operands(permission), view)
    if isinstance(permission, OR):
        return [way for part in operands(permission) for way in _through(part, view)]
    if isinstance(permission, NOT):
        return _past(operand(permission), view)
    return [Way(token=False if isinstance(permission, IsSessionAuthenticated) else None)]


def _past(permission: Any, view: "APIView") -> list[Way]:
    """Return the ways in if the permission is negated."""
    if isinstance(permission, NOT):
        return _through(operand(permission), view)
    if isinstance(permission, OR):
        return reduce(_both, (_past(part, view) for part in operands(permission)))
    if isinstance(permission, AND):
        return [way for part in operands(permission) for way in _past(part, view)]
    return [Way(token=False if isinstance(permission, IsTokenAuthenticated) else None)]
