"""Sign-out requests of applications (OpenID Connect RP-Initiated Logout 1.0)."""

from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import quote

from django.core import signing
from django.http import HttpRequest, QueryDict
from oauthlib.common import add_params_to_uri
from oauthlib.oauth2.rfc6749.errors import InvalidRequestError

from ... import redirect_uris
from ...conf import conf
from ...models import Application
from .. import login_time, parameters
from ..clients.authentication import find_client
from ..issuer import issuer
from . import claims
from .id_token_hint import Hint, read_hint

SALT = "multinexo_oauth.logout_request"
# The redirect to the application repeats it, percent-encoded; Django bounds that one's length.
MAX_STATE_LENGTH = 2000


@dataclass(frozen=True)
class LogoutRequest:
    """A validated request. `redirect_uri` is where the person is sent afterwards, or empty."""

    client: Application | None = None
    redirect_uri: str = ""
    state: str | None = None
    hint: Hint | None = None

    @property
    def location(self) -> str:
        """The redirect URI with the state in its query, or nothing."""
        added = [("state", self.state)] if self.redirect_uri and self.state is not None else []
        location: str = add_params_to_uri(self.redirect_uri, added) if added else self.redirect_uri
        return location

    @property
    def is_unverified_self_registered(self) -> bool:
        """Whether the client registered itself and staff has not verified it."""
        return self.client is not None and self.client.is_unverified_self_registered

    @property
    def destination(self) -> str:
        """How the page names the destination: the client's name, or its host if the client is unverified and self-
        registered.
        """
        if self.client is None or self.client.is_unverified_self_registered:
            return redirect_uris.shown_host(self.redirect_uri)
        return self.client.name

    def is_of_session(self, request: HttpRequest) -> bool:
        """Tell whether the application's ID token was issued for this person and this login."""
        logged_in = login_time.logged_in_at(request)
        if self.hint is None or logged_in is None:
            return False
        same_person = self.hint.subject == claims.subject(request.user)
        return same_person and self.hint.auth_time == logged_in.timestamp()

    def sign(self) -> str:
        """Return the request as a signed text, good for a limited time. The ID token is not in it."""
        carried = {
            "client": self.client and self.client.client_id,
            "redirect_uri": self.redirect_uri,
            "state": self.state,
            "hint": self.hint and asdict(self.hint),
        }
        return signing.dumps(carried, salt=SALT, compress=True)


def read_signed(value: str) -> LogoutRequest:
    """Return the request of a signed text. An expired or foreign text only asks to sign out."""
    try:
        carried: dict[str, Any] = signing.loads(value, salt=SALT, max_age=conf.consent_request_seconds)
    except signing.BadSignature:
        return LogoutRequest()
    client = find_client(carried["client"] or "")
    redirect_uri = carried["redirect_uri"]
    if redirect_uri and not (client and client.post_logout_redirect_uri_allowed(redirect_uri)):
        return LogoutRequest()
    hint = Hint(**carried["hint"]) if carried["hint"] else None
    return LogoutRequest(client, redirect_uri, carried["state"], hint)


def validate(request: HttpRequest, params: QueryDict) -> LogoutRequest:
    """Return the validated request. Raises InvalidRequestError, which is never sent to the application by a
    redirect.
    """
    params = parameters.meant(params)
    parameters.check(params)
    value = params.get("id_token_hint")
    hint = read_hint(value, issuer(request)) if value else None
    client = _client(params, hint)
    redirect_uri = params.get("post_logout_redirect_uri", "")
    if redirect_uri:
        _check_redirect(client, redirect_uri)
    state = params.get("state")
    if state and len(quote(state)) > MAX_STATE_LENGTH:
        raise InvalidRequestError(
            description=f"A state has at most {MAX_STATE_LENGTH} characters, percent-encoded."
        )
    return LogoutRequest(client, redirect_uri, state, hint)


def _client(params: QueryDict, hint: Hint | None) -> Application | None:
    """Return the client that the parameters name, which is the ID token's where they name it twice."""
    named = params.get("client_id")
    if named and hint and named != hint.client_id:
        raise InvalidRequestError(description="The id_token_hint is another client's.")
    client = find_client(named or (hint.client_id if hint else ""))
    if named and client is None:
        raise InvalidRequestError(description="Unknown client_id.")
    return client


def _check_redirect(client: Application | None, redirect_uri: str) -> None:
    if client is None:
        raise InvalidRequestError(
            description="A post_logout_redirect_uri needs an id_token_hint or a client_id."
        )
    if not client.post_logout_redirect_uri_allowed(redirect_uri):
        raise InvalidRequestError(
            description="The post_logout_redirect_uri is not registered for this client."
        )
