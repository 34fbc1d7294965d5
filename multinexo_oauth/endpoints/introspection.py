from typing import Any

from django.db.models import F
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.utils import timezone
from oauthlib.oauth2.rfc6749.errors import InvalidClientError, InvalidGrantError, InvalidRequestError

from ..models import AccessToken, Application, Consent, RefreshToken
from ..scopes import Scopes, expand, known
from ..server import resource
from ..server.compiled import Compiled
from ..server.grants.remaining import remaining
from ..server.issuer import issuer
from ..server.limits.failures import Attempt
from ..server.openid import claims
from ..storage.digest import digest
from .base import ClientEndpoint

INACTIVE = {"active": False}

_ACCESS_TOKEN = Compiled(
    AccessToken,
    "token_checksum",
    related=["user", "application"],
    among=lambda tokens: tokens.filter(
        application__suspended_at=None, pk__gt=F("application__access_tokens_ended_through")
    ),
)
_REFRESH_TOKEN = Compiled(
    RefreshToken,
    "token_checksum",
    related=["user", "application"],
    among=lambda tokens: tokens.filter(
        revoked=None,
        replaced_at=None,
        application__suspended_at=None,
        pk__gt=F("application__refresh_tokens_ended_through"),
    ),
)
_CONSENT = Compiled(Consent, "user", "application")


class IntrospectionView(ClientEndpoint):
    """The introspection endpoint (RFC 7662), for resource servers that staff marked and for a client's own tokens."""

    throttle_scope = "introspection"

    def allow_origin(self, request: HttpRequest, response: HttpResponseBase) -> None:
        """Allow no origin: only servers call this endpoint."""

    def answer(self, request: HttpRequest, params: QueryDict, client: Application) -> HttpResponse:
        if not client.kind.has_secret:
            Attempt(request, client.client_id).failed()
            raise InvalidClientError(description="Only a confidential client may introspect.")
        value = params.get("token")
        if not value:
            raise InvalidRequestError(description="Missing token.")
        token = _find(value)
        if token is None or not _may_ask(client, token):
            return JsonResponse(INACTIVE)
        scopes = _scopes(token)
        if scopes is None:
            return JsonResponse(INACTIVE)
        return JsonResponse(_describe(token, scopes, request) | _subject(token, scopes, client))


def _may_ask(client: Application, token: AccessToken | RefreshToken) -> bool:
    """Tell whether the token is the client's own or may be used at it (RFC 7662 section 4), as no refresh token may."""
    return token.application_id == client.pk or (client.resource_server and isinstance(token, AccessToken))


def _find(value: str) -> AccessToken | RefreshToken | None:
    """Return a live access or refresh token of an active person and a usable application."""
    checksum = digest(value)
    token = _ACCESS_TOKEN.first(checksum) or _REFRESH_TOKEN.first(checksum)
    if token is None or _has_expired(token):
        return None
    return token if token.user is None or token.user.is_active else None


def _has_expired(token: AccessToken | RefreshToken) -> bool:
    if isinstance(token, RefreshToken):
        return token.is_past or token.is_idle
    return token.expires <= timezone.now()


def _scopes(token: AccessToken | RefreshToken) -> list[str] | None:
    """Return the scopes that a token has now; None for a refresh token of whose grant nothing is left."""
    names = token.scope.names
    if isinstance(token, AccessToken):
        return known(names)
    application = token.application
    try:
        return remaining(names, application, _CONSENT.first(token.user_id, application.pk))
    except InvalidGrantError:
        return None


def _describe(token: AccessToken | RefreshToken, scopes: list[str], request: HttpRequest) -> dict[str, Any]:
    described: dict[str, Any] = {
        "active": True,
        "scope": Scopes.of(scopes),
        "client_id": token.application.client_id,  # type: ignore[union-attr]  # live tokens have one
        "aud": token.resource or resource.own_resource(request),
        "iss": issuer(request),
        "iat": int(token.created.timestamp()),
        "token_type": "Bearer" if isinstance(token, AccessToken) else "refresh_token",
    }
    if token.expires is not None:
        described["exp"] = int(token.expires.timestamp())
    return described


def _subject(token: AccessToken | RefreshToken, scopes: list[str], client: Application) -> dict[str, str]:
    """Return what the caller may learn about the person: what the token's scopes allow (section 5).

    A resource server always learns it. A token of an application that acts for itself names its client id.
    """
    if token.user is None:
        return {"sub": token.application.client_id}  # type: ignore[union-attr]
    granted = expand(scopes)
    telling = {
        "openid": ("sub", claims.subject(token.user)),
        "profile": ("username", token.user.get_username()),
    }
    return dict(told for scope, told in telling.items() if client.resource_server or scope in granted)
