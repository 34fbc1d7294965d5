"""How a view's refusal comes to name the scopes that a token lacks.

A permission class answers yes or no, and cannot know what becomes of its answer: to raise the refusal itself
would make `A | B` and `~A` wrong. Django REST Framework calls the view's `permission_denied` once the answer of
the whole expression is no. There, and only then, the permissions are asked what the token would have needed.
"""

from collections.abc import Iterable
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from rest_framework.permissions import AND, OR
from rest_framework.request import Request

from ..scopes import Scopes
from ..server.bearer.admission import fewest
from ..server.bearer.token import Bearer
from .authentication import OAuth2Authentication
from .exceptions import InsufficientScope, TokenRequired

if TYPE_CHECKING:
    # At run time this would be a circle: APIView imports the classes that a site's REST_FRAMEWORK setting names.
    from rest_framework.views import APIView

operands = attrgetter("op1", "op2")


def explain(view: "APIView") -> None:
    """Have the view's refusal, should it come to that, carry the challenge of RFC 6750 section 3."""
    if not isinstance(view.permission_denied, Refusal):
        setattr(view, "permission_denied", Refusal(view))  # noqa: B010


class Refusal:
    """A view's `permission_denied` that first asks whether it is a matter of tokens."""

    def __init__(self, view: "APIView") -> None:
        self.view = view
        self.otherwise = view.permission_denied

    def __call__(self, request: Request, message: Any = None, code: Any = None) -> None:
        if isinstance(request.auth, Bearer):
            self.of_token(request, request.auth, message)
        elif not request.successful_authenticator:
            self.of_stranger(request)
        self.otherwise(request, message=message, code=code)

    def of_token(self, request: Request, token: Bearer, message: Any) -> None:
        """Raise InsufficientScope where other scopes would have changed the answer."""
        needed = Needs(request, self.view, token.scopes).of_all(self.view.get_permissions())
        if needed is not None and not needed <= token.scopes:
            header = authenticator(request).challenge(
                request,
                error="insufficient_scope",
                error_description=InsufficientScope.default_detail,
                scope=Scopes.of(sorted(needed)),
            )
            raise InsufficientScope(needed, header, message)

    def of_stranger(self, request: Request) -> None:
        """Raise TokenRequired where a token may be sent but the first authentication class has no challenge."""
        accepted = any(isinstance(known, OAuth2Authentication) for known in request.authenticators or ())
        if accepted and not self.view.get_authenticate_header(request):
            raise TokenRequired(authenticator(request).authenticate_header(request))


def authenticator(request: Request) -> OAuth2Authentication:
    """Return the site's own authentication class among those of the request, for its realm."""
    ours = (known for known in request.authenticators or () if isinstance(known, OAuth2Authentication))
    return next(ours, OAuth2Authentication())


class Needs:
    """The scopes that a request's token needs to satisfy permissions; None where scopes alone will not do."""

    def __init__(self, request: Request, view: "APIView", granted: frozenset[str]) -> None:
        self.request = request
        self.view = view
        self.granted = granted

    def of(self, permission: Any) -> frozenset[str] | None:
        if hasattr(permission, "sufficient_scopes"):
            return fewest(permission.sufficient_scopes(self.request, self.view), self.granted)
        if isinstance(permission, AND):
            return self.of_all(operands(permission))
        if isinstance(permission, OR):
            return self.of_either(*operands(permission))
        return frozenset() if permission.has_permission(self.request, self.view) else None

    def of_all(self, permissions: Iterable[Any]) -> frozenset[str] | None:
        needed: frozenset[str] = frozenset()
        for permission in permissions:
            # Other people's classes are not asked after a no, as ever: they may count on the yes before them.
            if not needed <= self.granted and not hasattr(permission, "sufficient_scopes"):
                continue
            found = self.of(permission)
            if found is None:
                return None if needed <= self.granted else needed
            needed |= found
        return needed

    def of_either(self, first: Any, second: Any) -> frozenset[str] | None:
        needed = self.of(first)
        if needed is not None and needed <= self.granted:
            return needed
        return fewest((found for found in (needed, self.of(second)) if found is not None), self.granted)
