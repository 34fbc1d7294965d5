"""Validation of authorization requests (RFC 6749 section 4.1.1)."""

import re
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, QueryDict
from oauthlib.oauth2.rfc6749.errors import (
    AccessDeniedError,
    InvalidRequestError,
    OAuth2Error,
    UnauthorizedClientError,
    UnsupportedResponseTypeError,
)
from oauthlib.openid.connect.core.exceptions import RequestNotSupported, RequestURINotSupported

from ... import redirect_uris
from ...conf import conf
from ...models import Application
from ...policy import policy
from .. import parameters, resource
from ..issuer import issuer
from ..openid import signing_keys
from ..openid.id_token_hint import read_hint
from ..requested_scopes import read_requested_scopes
from . import login_marker
from .answer import (
    FORM_POST,
    FRAGMENT,
    Destination,
)
from .pkce import PKCE_VALUE
from .trusted_client import trusted_client, wants_token_in_front

MAX_NONCE_LENGTH = 255
# The redirects to the login page and to the client repeat the request, and Django limits their length.
MAX_QUERY_LENGTH = 6000
MAX_AGE = re.compile(r"[0-9]{1,9}")
PKCE_REQUIRED = "PKCE is required: send code_challenge and code_challenge_method=S256."
PROMPTS = ("none", "login", "consent", "select_account")


@dataclass(frozen=True)
class AuthorizationRequest(Destination):
    """A validated request. The consent form carries it as one signed value and trusts nothing else.

    `max_age` is how old the person's login may be, in seconds, and `subject` the person that the client means.
    """

    redirect_uri_sent: bool
    scopes: tuple[str, ...]
    code_challenge: str
    nonce: str
    prompt: frozenset[str]
    max_age: int | None
    subject: str | None
    resource: tuple[str, ...]

    @property
    def login_age(self) -> int | None:
        """The maximum age of the person's login in seconds: 0 requires a new login, None accepts any."""
        return 0 if "login" in self.prompt else self.max_age

    @property
    def is_allowed(self) -> bool:
        """Whether the client may ask this, as it is registered now."""
        client = self.client
        return client.redirect_uri_allowed(self.redirect_uri) and set(self.scopes) <= set(client.scope_names)

    def grantable_by(self, user: Any) -> "AuthorizationRequest":
        """Return the request with the scopes that the person may grant. Raises AuthorizationRefused if none is left."""
        kept = tuple(name for name in self.scopes if policy().may_grant(user, self.client, name))
        if not kept:
            raise self.refuse(AccessDeniedError(description="The person may grant none of the scopes."))
        return replace(self, scopes=kept)

    def of(self, client: Application) -> "AuthorizationRequest":
        """Return the request with the client as it is now."""
        return replace(self, client=client)


def validate(request: HttpRequest) -> AuthorizationRequest:
    """Return the validated request. Raises AuthorizationRefused, with an answer if client and redirect URI are good."""
    params = parameters.meant(request.GET)
    params.pop(login_marker.PARAMETER, None)
    client, redirect_uri = trusted_client(request, params)
    back = Destination(
        client, redirect_uri, _response_mode(params, redirect_uri), _state(params), issuer(request)
    )
    try:
        parameters.check(params)
        if is_too_long(request) or (back.state is None and "state" in params):
            raise InvalidRequestError(description="The request is too long.")
        _check_kind_of_request(params, back)
        return AuthorizationRequest(
            **vars(back),
            redirect_uri_sent="redirect_uri" in params,
            scopes=tuple(read_requested_scopes(params.get("scope", ""), client)),
            code_challenge=_code_challenge(params, client),
            nonce=_nonce(params),
            prompt=_prompt(params),
            max_age=_max_age(params),
            subject=_subject(params, back),
            resource=tuple(resource.requested_resources(params, request)),
        )
    except OAuth2Error as error:
        raise back.refuse(error) from error


def is_too_long(request: HttpRequest) -> bool:
    return len(login_marker.without(request.META.get("QUERY_STRING", ""))) > MAX_QUERY_LENGTH


def _state(params: QueryDict) -> str | None:
    """Return the state to send back, or None if it is repeated or too long for a redirect."""
    values = params.getlist("state")
    if len(values) != 1 or "\x00" in values[0] or len(quote(values[0])) > MAX_QUERY_LENGTH:
        return None
    return values[0]


def _response_mode(params: QueryDict, redirect_uri: str) -> str:
    """Return the response mode: a form if the client asked for one and its redirect URI can receive one.

    Otherwise it is the query, or the fragment for the refusal of an implicit or hybrid request (Multiple Response
    Types section 5, which forbids them the query).
    """
    if params.getlist("response_mode") == [FORM_POST] and not redirect_uris.is_private_use(redirect_uri):
        return FORM_POST
    return FRAGMENT if wants_token_in_front(params) else "query"


def _check_kind_of_request(params: QueryDict, back: Destination) -> None:
    if "request" in params:
        raise RequestNotSupported
    if "request_uri" in params:
        raise RequestURINotSupported
    response_type = params.get("response_type")
    if not response_type:
        raise InvalidRequestError(description="Missing response_type.")
    if response_type != "code":
        raise UnsupportedResponseTypeError(
            description="Use response_type=code with PKCE; a browser application gets its token by CORS."
        )
    if params.get("response_mode", "query") != back.response_mode:
        raise InvalidRequestError(description="No form can be posted to a private-use scheme.")
    if "authorization_code" not in back.client.kind.grant_types:
        raise UnauthorizedClientError(
            description="This kind of application does not use authorization codes."
        )


def _code_challenge(params: QueryDict, client: Application) -> str:
    """Return the challenge, or nothing where the client may leave it out.

    `S256` alone is offered (RFC 7636 section 4.2, RFC 9700 section 2.1.1).
    """
    challenge = params.get("code_challenge")
    if not challenge:
        if client.may_leave_out_pkce and "code_challenge_method" not in params:
            return ""
        raise InvalidRequestError(description=f"{PKCE_REQUIRED} {_pkce_waiver(client)}".rstrip())
    if params.get("code_challenge_method") != "S256":
        raise InvalidRequestError(description="Use code_challenge_method=S256.")
    if not PKCE_VALUE.fullmatch(challenge):
        raise InvalidRequestError(description="A code_challenge is 43 to 128 unreserved characters.")
    return challenge


def _pkce_waiver(client: Application) -> str:
    """Say where PKCE is waived for a program that cannot send it."""
    if not client.kind.may_waive_pkce or client.is_self_registered:
        return ""
    who = "Its owner" if conf.pkce_waiver == "owner" else "Staff"
    return f"{who} can waive it for this application, under Credentials."


def _nonce(params: QueryDict) -> str:
    nonce = params.get("nonce", "")
    if len(nonce) > MAX_NONCE_LENGTH:
        raise InvalidRequestError(description=f"A nonce has at most {MAX_NONCE_LENGTH} characters.")
    return nonce


def _prompt(params: QueryDict) -> frozenset[str]:
    """Return the known values and ignore others (OpenID Connect Core 3.1.2.1). `none` must be the only value."""
    prompt = frozenset(params.get("prompt", "").split())
    if "none" in prompt and len(prompt) > 1:
        raise InvalidRequestError(description="Combine prompt=none with no other value.")
    return prompt & set(PROMPTS)


def _max_age(params: QueryDict) -> int | None:
    value = params.get("max_age")
    if not value:
        return None
    if not MAX_AGE.fullmatch(value):
        raise InvalidRequestError(description="A max_age is a number of seconds, of at most 9 digits.")
    return int(value)


def _subject(params: QueryDict, back: Destination) -> str | None:
    """Return the subject of the client's `id_token_hint`, which must be its own ID token."""
    value = params.get("id_token_hint")
    if not value or not signing_keys.enabled():
        return None
    hint = read_hint(value, back.issuer)
    if hint.client_id != back.client.client_id:
        raise InvalidRequestError(description="The id_token_hint is another client's.")
    return hint.subject
