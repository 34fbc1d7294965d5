"""Cross-origin answers for JavaScript clients (https://fetch.spec.whatwg.org/#http-cors-protocol)."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from ..models import Application
from ..server.client_authentication import find_client
from ..server.parameters import UNREADABLE_BODY

PREFLIGHT_SECONDS = 600


def allow_registered_origin(request: HttpRequest, response: HttpResponseBase) -> None:
    """Let a page read the answer whose origin its client has registered.

    A preflight names no client: any usable one's origin will do, and the request itself is then held to its own.
    """
    patch_vary_headers(response, ["Origin"])
    origin = request.headers.get("Origin")
    if not origin or not _is_registered(request, origin):
        return
    response.headers["Access-Control-Allow-Origin"] = origin
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "POST"
        response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
        response.headers["Access-Control-Max-Age"] = str(PREFLIGHT_SECONDS)


def allow_any_origin(response: HttpResponseBase) -> None:
    response.headers["Access-Control-Allow-Origin"] = "*"


def _is_registered(request: HttpRequest, origin: str) -> bool:
    if "\x00" in origin:
        return False
    if request.method == "OPTIONS":
        clients = Application.objects.usable().filter(allowed_origins__contains=origin)
        return any(client.origin_allowed(origin) for client in clients)
    try:
        client = find_client(request.POST.get("client_id", ""))
    except UNREADABLE_BODY:
        return False
    return client is not None and client.origin_allowed(origin)
