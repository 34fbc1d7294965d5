"""Cross-origin answers for JavaScript clients (https://fetch.spec.whatwg.org/#http-cors-protocol)."""

import re

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from .. import redirect_uris
from ..models import AllowedOrigin
from ..server.bearer.token import Bearer
from ..server.clients.authentication import find_client
from ..server.parameters import UNREADABLE_BODY

PREFLIGHT_SECONDS = 600
# A list of field names (RFC 9110 section 5.1), of at most 64 of at most 64 characters.
HEADER_NAMES = re.compile(r"[\w!#$%&'*+.^`|~-]{1,64}( ?, ?[\w!#$%&'*+.^`|~-]{1,64}){,63}", re.ASCII)


def allow_registered_origin(request: HttpRequest, response: HttpResponseBase) -> None:
    """Let a page read the answer if its client has registered the page's origin.

    A preflight does not name the client, so any registered origin is accepted; the request itself must match its
    client.
    """
    patch_vary_headers(response, ["Origin"])
    origin = request.META.get("HTTP_ORIGIN")
    if origin and _is_registered(request, origin):
        _allow(origin, request, response, methods="POST")
        if response.has_header("Retry-After"):
            response.headers["Access-Control-Expose-Headers"] = "Retry-After"


def allow_origin_of_token(token: Bearer | None, request: HttpRequest, response: HttpResponseBase) -> None:
    """Let a page read the answer if the token's client has registered the page's origin.

    Without a valid token there is no client, so any registered origin is accepted, as for a preflight.
    """
    patch_vary_headers(response, ["Origin"])
    origin = request.META.get("HTTP_ORIGIN")
    if origin and (_is_of_client(token.application_id, origin) if token else _is_of_any_client(origin)):
        _allow(origin, request, response, methods="GET, POST")
        response.headers["Access-Control-Expose-Headers"] = "WWW-Authenticate"


def allow_any_page(request: HttpRequest, response: HttpResponseBase, *, methods: str) -> None:
    """Let pages of any origin call: no cookie is used here."""
    _allow("*", request, response, methods=methods)
    response.headers["Access-Control-Expose-Headers"] = "WWW-Authenticate, Retry-After"


def _allow(origin: str, request: HttpRequest, response: HttpResponseBase, *, methods: str) -> None:
    response.headers["Access-Control-Allow-Origin"] = origin
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = methods
        response.headers["Access-Control-Allow-Headers"] = _headers_asked_for(request)
        response.headers["Access-Control-Max-Age"] = str(PREFLIGHT_SECONDS)


def _headers_asked_for(request: HttpRequest) -> str:
    """Return the headers that a preflight asks for. Libraries add their own headers, and none of them grants anything.

    They are listed, because the wildcard does not include `Authorization`.
    """
    asked = request.headers.get("Access-Control-Request-Headers", "")
    return asked if HEADER_NAMES.fullmatch(asked) else "Authorization, Content-Type"


def _is_of_any_client(origin: str) -> bool:
    return _is_origin(origin) and AllowedOrigin.objects.usable().matching(origin).exists()


def _is_of_client(application_id: int, origin: str) -> bool:
    mine = AllowedOrigin.objects.filter(application=application_id)
    return _is_origin(origin) and mine.matching(origin).exists()


def _is_origin(origin: str) -> bool:
    return redirect_uris.origin_of(origin) == origin


def _is_registered(request: HttpRequest, origin: str) -> bool:
    if request.method == "OPTIONS":
        return _is_of_any_client(origin)
    try:
        client = find_client(request.POST.get("client_id", ""))
    except UNREADABLE_BODY:
        return False
    return client is not None and client.origin_allowed(origin)
