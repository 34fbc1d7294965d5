"""Questions about the access token of a request. Each composes with others by `&`, `|` and `~`.

A request without a token, one with a session for example, gets a no from all of them. What a class asks for
stands on the view, or on a subclass of the permission where one view needs several:

    class MayExport(TokenHasScope):
        required_scopes = ["products:export"]

Other people's classes do not know tokens: `MayExport | IsAdminUser` lets in every token of a member of the staff. Write
`MayExport | (IsSessionAuthenticated & IsAdminUser)`.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ImproperlyConfigured
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from ..scopes import Scopes
from ..server.bearer.admission import ANY_TOKEN, NO_TOKEN, Choices, listed_for, listed_for_method
from ..server.bearer.token import Bearer
from . import refusal

if TYPE_CHECKING:
    # At run time this would be a circle: APIView imports the classes that a site's REST_FRAMEWORK setting names.
    from rest_framework.views import APIView


class TokenPermission(BasePermission):
    """Allow a request whose token carries one of the sets of scopes that `sufficient_scopes` returns."""

    def sufficient_scopes(self, request: Request, view: "APIView") -> Choices:
        """Return the sets of scopes of which any one lets the request in; none at all to let no token in."""
        raise NotImplementedError

    def has_permission(self, request: Request, view: "APIView") -> bool:
        choices = self.sufficient_scopes(request, view)
        granted = request.auth.scopes if isinstance(request.auth, Bearer) else None
        allowed = granted is not None and any(scopes <= granted for scopes in choices)
        if not allowed:
            refusal.explain(view)
        return allowed

    def has_object_permission(self, request: Request, view: "APIView", obj: Any) -> bool:
        # The same answer again, for `~` turns this one round too.
        return self.has_permission(request, view)

    def declared(self, name: str, view: "APIView") -> Any:
        """Return an attribute of this class or else of the view. Raises ImproperlyConfigured without it."""
        for holder in (self, view):
            if hasattr(holder, name):
                return getattr(holder, name)
        raise ImproperlyConfigured(f"{type(self).__name__} needs `{name}` on {type(view).__name__}.")

    def required(self, view: "APIView") -> list[str]:
        """Return the scopes of `required_scopes`, a list."""
        names = self.declared("required_scopes", view)
        if isinstance(names, Mapping):
            raise ImproperlyConfigured(f"{type(self).__name__} needs a list in `required_scopes`.")
        return Scopes.read(names).names

    def required_by_key(self, view: "APIView") -> Mapping[str, Any]:
        """Return the scopes of `required_scopes`, a mapping."""
        scopes = self.declared("required_scopes", view)
        if not isinstance(scopes, Mapping):
            raise ImproperlyConfigured(f"{type(self).__name__} needs a mapping in `required_scopes`.")
        return scopes


class IsTokenAuthenticated(TokenPermission):
    """Allow a request that carries an access token, whatever its scopes.

    On the view:

        permission_classes = [IsTokenAuthenticated & IsAuthenticated]

    That is a person's token; `& ~IsAuthenticated` is one with which an application acts for itself.
    """

    def sufficient_scopes(self, request: Request, view: "APIView") -> Choices:
        return ANY_TOKEN


class IsSessionAuthenticated(BasePermission):
    """Allow a request of somebody who is logged in on the site, by the browser's session.

    Beside a class that asks for a token:

        authentication_classes = [OAuth2Authentication, SessionAuthentication]
        permission_classes = [IsSessionAuthenticated | TokenHasScope]
        required_scopes = ["products:read"]

    Django REST Framework's SessionAuthentication asks such a request for its CSRF token.
    """

    def has_permission(self, request: Request, view: "APIView") -> bool:
        by_session = isinstance(request.successful_authenticator, SessionAuthentication)
        return by_session and getattr(request.user, "is_authenticated", False)

    def has_object_permission(self, request: Request, view: "APIView", obj: Any) -> bool:
        return self.has_permission(request, view)


class TokenHasScope(TokenPermission):
    """Allow a request whose token carries every scope of `required_scopes`.

    On the view:

        permission_classes = [TokenHasScope]
        required_scopes = ["products:read", "companies:read"]
    """

    def sufficient_scopes(self, request: Request, view: "APIView") -> Choices:
        return [frozenset(self.required(view))]


class TokenHasAnyScope(TokenPermission):
    """Allow a request whose token carries at least one scope of `required_scopes`.

    On the view:

        permission_classes = [TokenHasAnyScope]
        required_scopes = ["documents:read", "cashier:read"]
    """

    def sufficient_scopes(self, request: Request, view: "APIView") -> Choices:
        return [frozenset({name}) for name in self.required(view)]


class TokenHasMethodScopes(TokenPermission):
    """Allow a request whose token carries every scope that `required_scopes` has for its HTTP method.

    On the view:

        permission_classes = [TokenHasMethodScopes]
        required_scopes = {"GET": ["products:read"], "POST": ["products:read", "products:write"]}

    HEAD and OPTIONS ask what GET asks unless they are listed. A method that is not listed is for no token.
    """

    def sufficient_scopes(self, request: Request, view: "APIView") -> Choices:
        if not answers(view, request.method):
            return ANY_TOKEN
        return listed_for_method(request.method, self.required_by_key(view))


class TokenHasActionScopes(TokenPermission):
    """Allow a request whose token carries every scope that `required_scopes` has for the viewset's action.

    On the viewset:

        permission_classes = [TokenHasActionScopes]
        required_scopes = {"list": ["products:read"], "create": ["products:write"]}

    An action that is not listed is for no token; OPTIONS, the action "metadata", is for any unless listed.
    """

    def sufficient_scopes(self, request: Request, view: "APIView") -> Choices:
        if not answers(view, request.method):
            return ANY_TOKEN
        action = getattr(view, "action", None)
        own = listed_for(action, self.required_by_key(view))
        return own or (ANY_TOKEN if action == "metadata" else NO_TOKEN)


class TokenHasResourceScope(TokenPermission):
    """Allow a request whose token carries `resource:read`, or `resource:write` for a method that is not safe.

    On the view:

        permission_classes = [TokenHasResourceScope]
        scope_resource = "products"
    """

    def sufficient_scopes(self, request: Request, view: "APIView") -> Choices:
        resource = self.declared("scope_resource", view)
        kind = "read" if request.method in SAFE_METHODS else "write"
        return [frozenset({f"{resource}:{kind}"})]


class IsOwner(BasePermission):
    """Allow a request about an object of the person who makes it, with a token or a session.

    On the view:

        permission_classes = [TokenHasResourceScope & IsOwner]
        scope_resource = "products"
        owner_field = "owner"

    `owner_field` is "owner" unless the view or a subclass says otherwise; `company__owner` follows a relation. Where
    an application acts for itself, its own owner is the person. A list shows what `get_queryset` leaves in it, which
    `person_of(self.request)` helps to filter.
    """

    def has_object_permission(self, request: Request, view: "APIView", obj: Any) -> bool:
        person = person_of(request)
        found = obj
        for name in owner_field(view, self).split("__"):
            found = getattr(found, name, None)
        return person is not None and found == person


def person_of(request: Request) -> Any:
    """Return whose data a request is about: its person, or the owner of an application that acts for itself.

    None for a stranger, and where the account is no longer active.
    """
    if getattr(request.user, "is_authenticated", False):
        return request.user
    # A token of a person who is gone is still that person's: nobody becomes the application's owner by it.
    if not isinstance(request.auth, Bearer) or request.auth.user_id is not None:
        return None
    return request.auth.owner


def owner_field(*holders: Any) -> str:
    """Return the first holder's `owner_field`."""
    return next((holder.owner_field for holder in holders if hasattr(holder, "owner_field")), "owner")


def answers(view: "APIView", method: str | None) -> bool:
    """Tell whether the view has a handler for the method; where it has none, the answer is to be 405."""
    name = (method or "").lower()
    # A viewset has its handlers once it is asked; before that, its map of actions says which there will be.
    handled = hasattr(view, name) or name in (getattr(view, "action_map", None) or {})
    return name in view.http_method_names and handled
