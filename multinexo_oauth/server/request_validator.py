"""The validator that oauthlib calls at the token endpoint. It delegates to the other modules of this package."""

from collections.abc import Sequence
from typing import Any, cast

from django.views.decorators.debug import sensitive_variables
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.settings import oauth2_settings
from oauthlib.common import Request
from oauthlib.oauth2.rfc6749.endpoints import TokenEndpoint

from ..models import Application, Grant, RefreshToken
from ..policy import policy
from ..storage.family import new_family
from . import requested_scopes
from .authorization.code import find_code, redeem_code
from .grants import tokens
from .grants.refresh import exchange_refresh_token, find_refresh_token
from .held import Held, hold_parties
from .resource import narrowed


def token_server(validator: "RequestValidator") -> TokenEndpoint:
    """Return oauthlib's server as django-oauth-toolkit's settings configure it."""
    configured = oauth2_settings.server_kwargs | {"token_expires_in": _access_token_seconds}
    server: TokenEndpoint = oauth2_settings.OAUTH2_SERVER_CLASS(validator, **configured)
    return server


def _access_token_seconds(request: Request) -> int:
    client = cast("Application", request.client)
    return policy().access_token_seconds(client, str(request.grant_type), request.scopes or [])


class RequestValidator(OAuth2Validator):
    """The rules of one token request, of a client that the endpoint has authenticated already.

    Made without a client, as django-oauth-toolkit's own views make it, it authenticates nobody.
    """

    def __init__(self, client: Application | None = None, resource: Sequence[str] = ()) -> None:
        super().__init__()
        self.client = client
        self.resource = list(resource)
        self.grant: Grant | None = None
        self.refresh_token: RefreshToken | None = None
        self.held: Held | None = None
        self.issued: tokens.Issued | None = None

    def client_authentication_required(self, request: Request, *args: Any, **kwargs: Any) -> bool:
        return True

    def authenticate_client(self, request: Request, *args: Any, **kwargs: Any) -> bool:
        if self.client is None:
            return False
        request.client, request.client_id = self.client, self.client.client_id
        return True

    def validate_grant_type(
        self, client_id: str, grant_type: str, client: Any, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        return grant_type in client.kind.grant_types

    def validate_scopes(
        self, client_id: str, scopes: list[str], client: Any, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        request.scopes = requested_scopes.read_requested_scopes(" ".join(scopes), client)
        return True

    def validate_code(
        self, client_id: str, code: str, client: Any, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        """Lock the rows, decide on their current values, and redeem the code: no later step refuses it."""
        self.grant = find_code(code, client, request.redirect_uri, request.code_verifier)
        self.resource = narrowed(self.resource, self.grant.resource)
        self.held = hold_parties(client, self.grant.user_id)
        request.user = self.held.user
        request.scopes = tokens.still_granted(self.grant.scope, self.held)
        redeem_code(self.grant, client)
        request.redirect_uri = self.grant.redirect_uri
        return True

    def is_pkce_required(self, client_id: str, request: Request) -> bool:
        return False  # the authorization request decided

    def get_code_challenge(self, code: str, request: Request) -> str | None:  # type: ignore[override]
        """Return the challenge, or None for a code that was asked for without one."""
        return (self.grant.code_challenge if self.grant else "") or None

    def get_code_challenge_method(self, code: str, request: Request) -> str:
        return self.grant.code_challenge_method if self.grant else ""

    def confirm_redirect_uri(self, *args: Any, **kwargs: Any) -> bool:
        return True  # validate_code compared it, and answers invalid_grant where oauthlib would say invalid_request

    def invalidate_authorization_code(self, *args: Any, **kwargs: Any) -> None:
        """Do nothing: the code was redeemed before its tokens were stored, and stays so that a replay is seen."""

    def validate_refresh_token(
        self, refresh_token: str, client: Any, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        self.refresh_token = find_refresh_token(refresh_token, client)
        self.resource = narrowed(self.resource, self.refresh_token.resource)
        self.held = hold_parties(client, self.refresh_token.user_id)
        request.user = self.held.user
        return True

    def get_original_scopes(
        self, refresh_token: str, request: Request, *args: Any, **kwargs: Any
    ) -> list[str]:
        if self.refresh_token is None or self.held is None:
            return []
        return tokens.still_granted(self.refresh_token.scope, self.held)

    def is_within_original_scope(
        self, request_scopes: list[str], refresh_token: str, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        """Narrow the scopes asked for to those of the grant, as other requests are. Raises InvalidScopeError."""
        original = self.get_original_scopes(refresh_token, request)
        client = cast("Application", request.client)
        request.scopes = requested_scopes.permitted_scopes(request_scopes, client, original)
        return True

    def rotate_refresh_token(self, request: Request) -> bool:
        return (
            True  # `refresh.exchange` decides, once the row is held, and says which token the answer brings
        )

    @sensitive_variables()
    def save_bearer_token(self, token: Any, request: Request, *args: Any, **kwargs: Any) -> None:
        client = self.held.client if self.held else cast("Application", self.client)
        user = None if request.grant_type == "client_credentials" else request.user
        lineage = self._lineage(token, request)
        self.issued = tokens.Issued(
            tokens.save_access_token(token, client, user, lineage, self.resource),
            dict(token),
            nonce=self.grant.nonce if self.grant else "",
            auth_time=lineage.auth_time,
        )

    @sensitive_variables()
    def _lineage(self, token: dict[str, Any], request: Request) -> tokens.Lineage:
        """Store the refresh token of an answer, if it has one, and return what its tokens come from."""
        if self.held is None:
            return tokens.Lineage(new_family(), token["scope"], self.resource)
        if self.grant is not None:
            lineage = tokens.Lineage.of_grant(self.grant, self.held)
            tokens.save_refresh_token(token["refresh_token"], self.held.client, request.user, lineage)
            return lineage
        token["refresh_token"], lineage = exchange_refresh_token(
            cast("str", request.refresh_token), cast("RefreshToken", self.refresh_token), self.held
        )
        return lineage
