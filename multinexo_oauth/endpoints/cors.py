"""Cross-origin answers for JavaScript clients (https://fetch.spec.whatwg.org/#http-cors-protocol)."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from ..models import AllowedOrigin, redirect_uris
from ..server.bearer import Bearer
from ..server.client_authentication import find_client
from ..server.parameters import UNREADABLE_BODY

PREFLIGHT_SECONDS = 600


def allow_registered_origin(request: HttpRequest, response: HttpResponseBase) -> None:
    """Let a page read the answer whose origin its client has registered.

    A preflight names no client: any usable one's origin will do, and the request itself is then held to its own.
    """
    patch_vary_headers(response, ["Origin"])
    origin = request.META.get("HTTP_ORIGIN")
    if origin and _is_registered(request, origin):
        _allow(origin, request, response, methods="POST")
        if response.has_header("Retry-After"):
            response.headers["Access-Control-Expose-Headers"] = "Retry-After"


def allow_origin_of_token(token: Bearer | None, request: HttpRequest, response: HttpResponseBase) -> None:
    """Let a page read what a token's client, whose origin it is, is told.

    Where no token is good there is no client: as for a preflight, any usable one's origin will do.
    """
    patch_vary_headers(response, ["Origin"])
    origin = request.META.get("HTTP_ORIGIN")
    if origin and (_is_of_client(token.application_id, origin) if token else _is_of_any_client(origin)):
        _allow(origin, request, response, methods="GET, POST")
        response.headers["Access-Control-Expose-Headers"] = "WWW-Authenticate"


def allow_any_origin(response: HttpResponseBase) -> None:
    response.headers["Access-Control-Allow-Origin"] = "*"


def allow_any_page(request: HttpRequest, response: HttpResponseBase, *, methods: str) -> None:
    """Let a page of any origin call: nothing here takes a cookie."""
    _allow("*", request, response, methods=methods)
    response.headers["Access-Control-Expose-Headers"] = "WWW-Authenticate, Retry-After"


def _allow(origin: str, request: HttpRequest, response: HttpResponseBase, *, methods: str) -> None:
    response.headers["Access-Control-Allow-Origin"] = origin
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = methods
        response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
        response.headers["Access-Control-Max-Age"] = str(PREFLIGHT_SECONDS)


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
