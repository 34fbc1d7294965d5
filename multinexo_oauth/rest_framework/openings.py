"""Whether a token without any scope gets into a view, and whether the view says that this is meant."""

from collections.abc import Iterable
from enum import Enum
from typing import TYPE_CHECKING, Any

from rest_framework.permissions import (
    AND,
    NOT,
    OR,
    SAFE_METHODS,
    AllowAny,
    DjangoModelPermissionsOrAnonReadOnly,
    IsAuthenticatedOrReadOnly,
)

from . import ways
from .authentication import OAuth2Authentication
from .refusal import operands

if TYPE_CHECKING:
    # At run time this would be a circle: APIView imports the classes that a site's REST_FRAMEWORK setting names.
    from rest_framework.views import APIView

_READ_BY_ANYBODY = (IsAuthenticatedOrReadOnly, DjangoModelPermissionsOrAnonReadOnly)


class Opening(Enum):
    """Why a token without any scope gets in."""

    NONE = "it does not"
    MEANT = "any token, as the view says"
    ANYBODY = "anybody, with a token or without"
    UNASKED = "its permissions do not ask about tokens"


def openings_of(view: "APIView") -> Opening:
    """Return how open a view is that has its request and action. Raises what `ways.into` raises."""
    if not any(isinstance(it, OAuth2Authentication) for it in view.get_authenticators()):
        return Opening.NONE
    found = [way for way in ways.into(view) if way.token is not False and not way.scopes]
    if not found:
        return Opening.NONE
    if all(_lets_anybody_in(it, view.request.method) for it in view.get_permissions()):
        return Opening.ANYBODY
    return Opening.MEANT if _asks_for_none(view) or all(way.token for way in found) else Opening.UNASKED


def _asks_for_none(view: "APIView") -> bool:
    """Tell whether the view says itself that it needs no scope: `required_scopes = []`."""
    names = getattr(view, "required_scopes", None)
    return isinstance(names, str | list | tuple | set | frozenset) and not names


def _lets_anybody_in(permission: Any, method: str | None) -> bool:
    if isinstance(permission, AND):
        return all(_lets_anybody_in(part, method) for part in operands(permission))
    if isinstance(permission, OR):
        return any(_lets_anybody_in(part, method) for part in operands(permission))
    reads = isinstance(permission, _READ_BY_ANYBODY) and method in SAFE_METHODS
    return isinstance(permission, AllowAny) or reads


def written(permissions: Iterable[Any]) -> str:
    """Return a view's permissions as its `permission_classes` have them."""
    return ", ".join(map(_written, permissions))


def _written(permission: Any, within: str = "") -> str:
    if isinstance(permission, NOT):
        return f"~{_written(ways.operand(permission), '~')}"
    if isinstance(permission, AND | OR):
        sign = "&" if isinstance(permission, AND) else "|"
        expression = f" {sign} ".join(_written(part, sign) for part in operands(permission))
        return f"({expression})" if within not in {"", sign} else expression
    return type(permission).__name__
