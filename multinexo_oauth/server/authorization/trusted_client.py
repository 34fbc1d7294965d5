"""The client and the redirect URI of an authorization request, checked first: an error of theirs redirects nowhere."""

from django.http import HttpRequest, QueryDict
from oauthlib.oauth2.rfc6749.errors import (
    InvalidRequestError,
    MissingRedirectURIError,
    TemporarilyUnavailableError,
)

from ...models import Application
from .. import parameters
from ..clients.authentication import find_client
from ..clients.document import first_seen_by_document, with_fresh_document
from ..limits.attempts import TooManyAttempts
from ..openid import signing_keys
from .answer import FRAGMENT, RESPONSE_MODES, AuthorizationRefused, UnregisteredRedirectURI


def trusted_client(request: HttpRequest, params: QueryDict) -> tuple[Application, str]:
    """Return the client and its redirect URI. Raises AuthorizationRefused without an answer: the person sees a page."""
    if {"client_id", "redirect_uri"} & set(parameters.repeated(params)):
        raise AuthorizationRefused(InvalidRequestError(description="Repeated client_id or redirect_uri."))
    client = _client(request, params.get("client_id", ""))
    if client is None:
        raise AuthorizationRefused(InvalidRequestError(description="Unknown client_id."))
    try:
        sent = params.get("redirect_uri")
        redirect_uri = client.default_redirect_uri if sent is None else sent
    except MissingRedirectURIError as error:
        raise AuthorizationRefused(InvalidRequestError(description="Missing redirect_uri.")) from error
    if sent is None and _is_of_openid(params):
        raise AuthorizationRefused(
            InvalidRequestError(description="Missing redirect_uri, which openid needs.")
        )
    if not client.redirect_uri_allowed(redirect_uri):
        raise UnregisteredRedirectURI(client, redirect_uri)
    if not set(params.getlist("response_mode")) <= _modes_offered(params):
        raise AuthorizationRefused(
            InvalidRequestError(description="Unsupported response_mode; use query or form_post.")
        )
    return client, redirect_uri


def _is_of_openid(params: QueryDict) -> bool:
    """Tell whether it is an OpenID Connect request, whose redirect URI is required (OpenID Connect Core 3.1.2.1)."""
    return signing_keys.enabled() and "openid" in " ".join(params.getlist("scope")).split()


def wants_token_in_front(params: QueryDict) -> bool:
    """Tell whether it is an implicit or hybrid request, whose client reads the fragment alone."""
    return not {"token", "id_token"}.isdisjoint(" ".join(params.getlist("response_type")).split())


def _modes_offered(params: QueryDict) -> set[str]:
    """Return the modes that an answer may travel by; another gets none at all (OpenID Connect Core 3.1.2.6)."""
    return {*RESPONSE_MODES, FRAGMENT} if wants_token_in_front(params) else set(RESPONSE_MODES)


def _client(request: HttpRequest, client_id: str) -> Application | None:
    """Return the client with this id, which may be the URL of its document. Raises AuthorizationRefused for too many
    documents.
    """
    known = with_fresh_document(find_client(client_id))
    try:
        return known or first_seen_by_document(request, client_id)
    except TooManyAttempts as error:
        raise AuthorizationRefused(
            TemporarilyUnavailableError(description=f"Try again in {error.wait} s.")
        ) from error
