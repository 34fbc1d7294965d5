from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.utils import timezone
from oauthlib.oauth2.rfc6749.errors import InvalidClientError, InvalidRequestError

from ..models import AccessToken, Application, Kind, RefreshToken
from ..models.digest import digest
from ..scopes import known
from ..server import resource
from ..server.compiled import Compiled
from ..server.failures import Attempt
from ..server.issuer import issuer
from .base import ClientEndpoint

INACTIVE = {"active": False}

_ACCESS_TOKEN = Compiled(
    AccessToken,
    "token_checksum",
    related=["user", "application"],
    among=lambda tokens: tokens.filter(application__suspended_at=None, application__isnull=False),
)
_REFRESH_TOKEN = Compiled(
    RefreshToken,
    "token_checksum",
    related=["user", "application"],
    among=lambda tokens: tokens.filter(revoked=None, replaced_at=None, application__suspended_at=None),
)


class IntrospectionView(ClientEndpoint):
    """The introspection endpoint (RFC 7662), for resource servers that staff marked and for a client's own tokens."""

    throttle_scope = "introspection"

    def allow_origin(self, request: HttpRequest, response: HttpResponseBase) -> None:
        """Let no page read it: its callers are servers."""

    def answer(self, request: HttpRequest, params: QueryDict, client: Application) -> HttpResponse:
        if not Kind(client.kind).has_secret:
            Attempt(request, client.client_id).failed()
            raise InvalidClientError(description="Only a confidential client may introspect.")
        value = params.get("token")
        if not value:
            raise InvalidRequestError(description="Missing token.")
        token = _find(value)
        if token is None or not _may_ask(client, token):
            return JsonResponse(INACTIVE)
        return JsonResponse(_describe(token, request))


def _may_ask(client: Application, token: AccessToken | RefreshToken) -> bool:
    """Tell whether the token is the client's own or may be used at it (RFC 7662 section 4), as no refresh token may."""
    return token.application_id == client.pk or (client.resource_server and isinstance(token, AccessToken))


def _find(value: str) -> AccessToken | RefreshToken | None:
    """Return a live access or refresh token of an active person and a usable application."""
    checksum = digest(value)
    token = _ACCESS_TOKEN.first(checksum) or _REFRESH_TOKEN.first(checksum)
    if token is None or (token.expires is not None and token.expires <= timezone.now()):
        return None
    return token if token.user is None or token.user.is_active else None


def _describe(token: AccessToken | RefreshToken, request: HttpRequest) -> dict[str, Any]:
    client_id = token.application.client_id  # type: ignore[union-attr]  # live tokens have one
    described: dict[str, Any] = {
        "active": True,
        "scope": " ".join(known(token.scope.split())),
        "client_id": client_id,
        "sub": str(token.user_id or client_id),
        "aud": token.resource or resource.own(request),
        "iss": issuer(request),
        "iat": int(token.created.timestamp()),
        "token_type": "Bearer" if isinstance(token, AccessToken) else "refresh_token",
    }
    if token.expires is not None:
        described["exp"] = int(token.expires.timestamp())
    if token.user is not None:
        described["username"] = token.user.get_username()
    return described
