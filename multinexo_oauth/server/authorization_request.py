"""What a client asks of a person at the authorization endpoint, validated (RFC 6749 section 4.1.1)."""

from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import quote

from django.core import signing
from django.http import HttpRequest, QueryDict
from oauthlib.common import add_params_to_uri
from oauthlib.oauth2.rfc6749.errors import (
    InvalidRequestError,
    InvalidScopeError,
    MissingRedirectURIError,
    OAuth2Error,
    UnauthorizedClientError,
    UnsupportedResponseTypeError,
)
from oauthlib.openid.connect.core.exceptions import RequestNotSupported, RequestURINotSupported

from ..conf import conf
from ..models import Application, Kind
from ..scopes import catalogue
from . import parameters, resource
from .authorization_code import PKCE_VALUE
from .client_authentication import find_client
from .issuer import issuer

SALT = "multinexo_oauth.authorization_request"
MAX_NONCE_LENGTH = 255
# Its redirects, to the login page and to the client, repeat what the request holds; Django bounds their length.
MAX_QUERY_LENGTH = 6000
PROMPTS = frozenset({"none", "consent", "select_account"})


class Refused(Exception):
    """An authorization request that is not good.

    `location` is where the client hears of it; None where that cannot be trusted, and the person sees a page.
    """

    def __init__(self, error: OAuth2Error, location: str | None = None) -> None:
        super().__init__(error.error)
        self.error = error
        self.location = location


@dataclass(frozen=True)
class AuthorizationRequest:
    """A validated request. It travels in the consent form as one signed value; nothing beside it is trusted."""

    client: Application
    redirect_uri: str
    redirect_uri_sent: bool
    scopes: tuple[str, ...]
    state: str | None
    code_challenge: str
    nonce: str
    prompt: frozenset[str]
    resource: tuple[str, ...]
    issuer: str

    def sign(self, user: Any, query: str) -> str:
        """Return the request as a signed text that one person may post for a limited time.

        `query` is the query string it came in, which leads back to it once it has expired.
        """
        asked = {field.name: getattr(self, field.name) for field in fields(self)}
        asked |= {"client": self.client.client_id, "prompt": sorted(self.prompt)}
        return signing.dumps(
            {"request": asked, "user": str(user.pk), "query": query}, salt=SALT, compress=True
        )

    def location(self, **answer: str) -> str:
        """Return the client's redirect URI with an answer, the state and the issuer (RFC 9207) added."""
        return _location(self.redirect_uri, self.state, self.issuer, answer)

    def refuse(self, error: OAuth2Error) -> Refused:
        return Refused(error, self.location(**_as_answer(error)))


@dataclass(frozen=True)
class Posted:
    """What came back with the consent form. `request` is None where it has expired or is another person's."""

    request: AuthorizationRequest | None
    query: str


def read_signed(value: str, user: Any) -> Posted | None:
    """Return what a consent form carried, or None where it was not signed here.

    Its client brings the person's consent along: `Consent.read_with`.
    """
    try:
        carried = signing.loads(value, salt=SALT)
    except signing.BadSignature:
        return None
    try:
        signing.loads(value, salt=SALT, max_age=conf.consent_request_seconds)
    except signing.SignatureExpired:
        return Posted(None, carried["query"])
    asked = carried["request"]
    client = find_client(asked["client"], Application.objects.with_consent_of(user))
    if (
        carried["user"] != str(user.pk)
        or client is None
        or not client.redirect_uri_allowed(asked["redirect_uri"])
        or not set(asked["scopes"]) <= set(client.scope_names)
    ):
        return Posted(None, carried["query"])
    asked |= {"client": client, "prompt": frozenset(asked["prompt"])}
    asked |= {name: tuple(asked[name]) for name in ("scopes", "resource")}
    return Posted(AuthorizationRequest(**asked), carried["query"])


def validate(request: HttpRequest) -> AuthorizationRequest:
    """Return what the client asks for. Raises Refused, with a location once client and redirect URI are known good."""
    params = parameters.meant(request.GET)
    client, redirect_uri = _trusted(params)
    state = _state(params)
    try:
        parameters.check(params)
        if len(request.META.get("QUERY_STRING", "")) > MAX_QUERY_LENGTH:
            raise InvalidRequestError(description="The request is too long.")
        _check_kind_of_request(params, client)
        return AuthorizationRequest(
            client=client,
            redirect_uri=redirect_uri,
            redirect_uri_sent="redirect_uri" in params,
            scopes=requested_scopes(params, client),
            state=state,
            code_challenge=_code_challenge(params),
            nonce=_nonce(params),
            prompt=_prompt(params),
            resource=tuple(resource.requested(params, request)),
            issuer=issuer(request),
        )
    except OAuth2Error as error:
        raise Refused(error, _location(redirect_uri, state, issuer(request), _as_answer(error))) from error


def _trusted(params: QueryDict) -> tuple[Application, str]:
    """Return the client and its redirect URI. Raises Refused with no location: the person sees a page instead."""
    if {"client_id", "redirect_uri"} & set(parameters.repeated(params)):
        raise Refused(InvalidRequestError(description="Repeated client_id or redirect_uri."))
    client = find_client(params.get("client_id", ""))
    if client is None:
        raise Refused(InvalidRequestError(description="Unknown client_id."))
    try:
        sent = params.get("redirect_uri")
        redirect_uri = client.default_redirect_uri if sent is None else sent
    except MissingRedirectURIError as error:
        raise Refused(InvalidRequestError(description="Missing redirect_uri.")) from error
    if not client.redirect_uri_allowed(redirect_uri):
        raise Refused(InvalidRequestError(description="The redirect_uri is not registered for this client."))
    return client, redirect_uri


def _state(params: QueryDict) -> str | None:
    """Return the state as it is sent back: not a repeated one, nor one that no redirect could carry."""
    values = params.getlist("state")
    if len(values) != 1 or "\x00" in values[0] or len(quote(values[0])) > MAX_QUERY_LENGTH:
        return None
    return values[0]


def _check_kind_of_request(params: QueryDict, client: Application) -> None:
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
    if params.get("response_mode", "query") != "query":
        raise InvalidRequestError(description="Unsupported response_mode; use query.")
    if "authorization_code" not in Kind(client.kind).grant_types:
        raise UnauthorizedClientError(
            description="This kind of application does not use authorization codes."
        )


def requested_scopes(params: QueryDict, client: Application) -> tuple[str, ...]:
    """Return the scopes that a client asks for, or its default ones. Raises InvalidScopeError."""
    names = params.get("scope", "").split() or client.default_scope_names
    if not names:
        raise InvalidScopeError(description="Say which scopes you need.")
    if beyond := set(names) - set(client.scope_names) or set(names) - set(catalogue()):
        shown = " ".join(sorted(name for name in beyond if name in catalogue()))
        raise InvalidScopeError(description=f"This client may not ask for: {shown or 'an unknown scope'}.")
    return tuple(names)


def _code_challenge(params: QueryDict) -> str:
    """Return the challenge. `S256` alone is offered (RFC 7636 section 4.2, RFC 9700 section 2.1.1)."""
    challenge = params.get("code_challenge")
    if not challenge:
        raise InvalidRequestError(
            description="PKCE is required: send code_challenge and code_challenge_method=S256."
        )
    if params.get("code_challenge_method") != "S256":
        raise InvalidRequestError(description="Use code_challenge_method=S256.")
    if not PKCE_VALUE.fullmatch(challenge):
        raise InvalidRequestError(description="A code_challenge is 43 to 128 unreserved characters.")
    return challenge


def _nonce(params: QueryDict) -> str:
    nonce = params.get("nonce", "")
    if len(nonce) > MAX_NONCE_LENGTH:
        raise InvalidRequestError(description=f"A nonce has at most {MAX_NONCE_LENGTH} characters.")
    return nonce


def _prompt(params: QueryDict) -> frozenset[str]:
    prompt = frozenset(params.get("prompt", "").split())
    if not prompt <= PROMPTS or ("none" in prompt and len(prompt) > 1):
        raise InvalidRequestError(description="Unsupported prompt.")
    return prompt


def _as_answer(error: OAuth2Error) -> dict[str, str]:
    answer = {"error": error.error, "error_description": error.description}
    return {name: text for name, text in answer.items() if text}


def _location(redirect_uri: str, state: str | None, iss: str, answer: dict[str, str]) -> str:
    added = [*answer.items(), *([("state", state)] if state is not None else []), ("iss", iss)]
    location: str = add_params_to_uri(redirect_uri, added)
    return location
