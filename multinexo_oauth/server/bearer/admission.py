"""The protected resource's side of RFC 6750: which tokens let a request in, and how others are refused."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import NoReverseMatch, reverse
from django.views.decorators.debug import sensitive_variables

from ...conf import conf
from ...scopes import Scopes
from .. import api
from ..resource import own_resource
from .challenge import format_challenge
from .query_string import tokens_in_query
from .token import Bearer, InvalidTokenRequest, extract_token, find_bearer

REALM = "api"
INVALID_TOKEN = "The access token is invalid, expired or revoked."
INSUFFICIENT_SCOPE = "The request needs a scope that the access token does not have."

# Sets of scopes of which any one is enough.
Choices = Sequence[frozenset[str]]
ANY_TOKEN: Choices = [frozenset()]
NO_TOKEN: Choices = []


class Refused(Exception):
    """The request is refused. `challenge` is None if no token would let it in."""

    def __init__(self, status: int, challenge: str | None, **body: str) -> None:
        super().__init__(body.get("error", ""))
        self.status = status
        self.challenge = challenge
        self.body = body

    def response(self) -> HttpResponse:
        headers = {"WWW-Authenticate": self.challenge} if self.challenge else {}
        return JsonResponse(self.body, status=self.status, headers=headers)


def admit(request: HttpRequest, choices: Iterable[Collection[str]] = ANY_TOKEN) -> Bearer:
    """Return what the request's token stands for, where it carries one of the sets of scopes. Raises Refused."""
    return checked(request, authenticate(request), choices)


def checked(request: HttpRequest, token: Bearer | None, choices: Iterable[Collection[str]]) -> Bearer:
    """Return the token where it carries one of the sets of scopes. Raises Refused."""
    if token is None:
        raise Refused(401, challenge(request))
    sets = [frozenset(scopes) for scopes in choices]
    if any(scopes <= token.scopes for scopes in sets):
        return token
    needed = fewest(sets, token.scopes)
    if needed is None:
        raise Refused(403, None)
    raise refused(request, 403, "insufficient_scope", INSUFFICIENT_SCOPE, scope=Scopes.of(sorted(needed)))


@sensitive_variables()
def authenticate(request: HttpRequest) -> Bearer | None:
    """Return what the request's token stands for, or None without one. Raises Refused for one that is no good."""
    try:
        value = extract_token(request)
    except InvalidTokenRequest as error:
        raise refused(request, 400, "invalid_request", error.description) from None
    if value is None:
        return None
    found = find_bearer(value)
    if found is None or not found.is_meant_for(request):
        raise refused(request, 401, "invalid_token", INVALID_TOKEN)
    return found


def refused(request: HttpRequest, status: int, error: str, description: str, **more: str) -> Refused:
    """Return a refusal whose challenge and body say the error (RFC 6750 section 3.1)."""
    attributes = {"error": error, "error_description": description, **more}
    return Refused(status, challenge(request, **attributes), **attributes)


def challenge(request: HttpRequest, realm: str = REALM, **attributes: str) -> str:
    """Return a challenge of the Bearer scheme that tells where to get a token (RFC 9728 section 5.1)."""
    address = resource_metadata_url(request)
    if address:
        attributes["resource_metadata"] = address
    return format_challenge(realm=realm, **attributes)


def resource_metadata_url(request: HttpRequest) -> str | None:
    """Return the URL of the metadata of the called resource, or None if the site serves none.

    It is the document of the called path, whose `resource` clients compare with the URL (RFC 9728 section 3.3), or that
    of the root if the path has none.
    """
    try:
        document = reverse("multinexo_oauth_well_known:protected-resource")
    except NoReverseMatch:
        return None
    name = api.identifier(request, request.path)
    if name is None:
        return own_resource(request) + document
    parts = urlsplit(name)
    return f"{parts.scheme}://{parts.netloc}{document}{parts.path}"


def forbids_storing(request: HttpRequest) -> bool:
    """Tell whether the answer must not be stored, because the token came in the URL (RFC 6750 section 2.3)."""
    return bool(tokens_in_query(request) and conf.query_tokens)


def fewest(choices: Iterable[frozenset[str]], granted: frozenset[str]) -> frozenset[str] | None:
    """Return the set of scopes of which the token lacks the fewest, or None if there is no set."""
    return min(choices, key=lambda scopes: len(scopes - granted), default=None)


def listed_for(key: str | None, scopes: Mapping[str, str | Iterable[str]]) -> Choices:
    """Return the scopes that a mapping has for a key. A key that it leaves out accepts no token."""
    return [frozenset(Scopes.read(scopes[key]).names)] if key is not None and key in scopes else NO_TOKEN


def listed_for_method(method: str | None, scopes: Mapping[str, str | Iterable[str]]) -> Choices:
    """Return what a mapping has for an HTTP method; HEAD and OPTIONS ask what GET asks unless they are listed."""
    listed = listed_for(method, scopes)
    return listed or (listed_for("GET", scopes) if method in {"HEAD", "OPTIONS"} else NO_TOKEN)
