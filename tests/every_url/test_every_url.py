"""Whatever is sent to whatever address, the server has an answer, and sends nobody elsewhere."""

import html
import re
from collections.abc import Callable
from itertools import product
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve

from multinexo_oauth.models import Application
from tests.conformance import proves
from tests.device import started
from tests.every_url.addresses import Address, addresses, parameter_names
from tests.every_url.malformed import HOSTILE, Malformed, hostile, malformed
from tests.oauth import VERIFIER, OAuthClient, Person, basic
from tests.responses import ClientResponse

pytestmark = proves("never-a-server-error", "authorize-no-open-redirect", "pages-errors")
ADDRESSES = addresses()
every_address = pytest.mark.parametrize("address", ADDRESSES, ids=str)
PAGES = tuple(
    f"/auth/v1/{path}"
    for path in ("auth", "cambiar-cuenta", "aplicaciones", "device/", "logout", "mis-aplicaciones")
)
# Pages of forms alone, where a repeated parameter is no error; the others refuse it (RFC 6749 section 3.1).
FORMS = tuple(
    f"/auth/v1/{path}" for path in ("cambiar-cuenta", "aplicaciones", "device/", "mis-aplicaciones")
)
ACTORS = ("nobody", "somebody")
Send = Callable[[Malformed, str], ClientResponse]


@pytest.fixture
def good(person: Person, web: OAuthClient, device: OAuthClient) -> dict[str, str]:
    """What the app's parameters are in requests that mean something, in so far as anything is known of them."""
    web.application.user = person.user
    web.application.resource_server = True
    web.application.post_logout_redirect_uris = "https://web.example/bye"
    web.application.save()
    tokens, codes = person.tokens(web), started(device)
    page = person.visit(web, prompt="consent")
    known = {
        **web.request(),
        "code": person.consent(web),
        "code_verifier": VERIFIER,
        "device_code": codes["device_code"],
        "user_code": codes["user_code"],
        "token": tokens["access_token"],
        "refresh_token": tokens["refresh_token"],
        "grant_type": "authorization_code",
        "request": re.search(r'name="request" value="([^"]+)"', page.content.decode())[1],
        "scopes": "products:read",
        "decision": "allow",
        "kind": "web",
        "name": web.application.name,
        "redirect_uris": web.redirect_uri,
        "post_logout_redirect_uri": "https://web.example/bye",
        "pk": str(web.application.secrets.get().pk),
        "path": "auth/v1",
        "next": "/",
    }
    return dict.fromkeys(parameter_names(), "") | known


@pytest.fixture
def send(person: Person, web: OAuthClient, good: dict[str, str]) -> Send:
    """Send a request as somebody, leaving nothing behind, and hold the answer against what every answer must be."""
    # Pages know a person by the cookie, endpoints a client by the header.
    credentials = {
        "nobody": {"HTTP_COOKIE": ""},
        "somebody": {
            "HTTP_COOKIE": f"sessionid={person.browser.cookies['sessionid'].value}",
            "HTTP_AUTHORIZATION": basic(web.client_id, web.secret),
        },
    }
    http = Client(raise_request_exception=False)

    def send(request: Malformed, actor: str) -> ClientResponse:
        sent = request.sent_by(credentials[actor])
        cache.clear()  # or the limits on guesses would answer most of them
        with transaction.atomic():
            answer = http.generic(sent.method, sent.path, sent.body, sent.content_type, **sent.environ())
            transaction.set_rollback(True)
        assert answer.status_code < 500, f"{sent} as {actor}: {getattr(answer, 'exc_info', None)}"
        elsewhere = [to for to in destinations(answer) if not (is_of_this_site(to) or is_registered(to))]
        assert not elsewhere, f"{sent} as {actor} leads to {elsewhere}"
        assert not is_bare(answer, sent), f"{sent} as {actor} shows a person {answer.content[:80]!r}"
        return answer

    return send


def is_bare(answer: ClientResponse, sent: Malformed) -> bool:
    """Tell whether an address that people open refuses by another page than the app's."""
    if answer.status_code < 400 or sent.method == "HEAD" or not sent.path.startswith(PAGES):
        return False
    return b'<header class="header">' not in answer.content


def destinations(answer: ClientResponse) -> list[str]:
    """Return where the answer sends its reader: by redirect, or by a form that a page holds."""
    forms = re.findall(r'<form[^>]* action="([^"]+)"', answer.content.decode())
    return [answer.headers.get("Location", ""), *map(html.unescape, forms)]


def is_of_this_site(location: str) -> bool:
    parts = urlsplit(location)
    if "\\" in location or (parts.scheme, parts.netloc) not in {("", ""), ("http", "testserver")}:
        return False
    return not parts.path or is_there(parts.path)


def is_there(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def is_registered(location: str) -> bool:
    registered = Application.objects.values_list("redirect_uris", "post_logout_redirect_uris")
    return any(
        location == uri or location.startswith((f"{uri}?", f"{uri}&"))
        for uris in registered
        for uri in " ".join(uris).split()
    )


@every_address
def test_the_walk_knows_what_to_put_in_its_place(address: Address, good: dict[str, str]) -> None:
    assert is_there(address.filled(good))


@every_address
def test_nothing_malformed_breaks_it(address: Address, good: dict[str, str], send: Send) -> None:
    for request, actor in product(malformed(address.filled(good)), ACTORS):
        send(request, actor)


@every_address
def test_no_parameter_breaks_it(address: Address, good: dict[str, str], send: Send) -> None:
    path = address.filled(good)
    for request in hostile(path, good, ADDRESSES.index(address), path.startswith(FORMS)):
        send(request, "somebody")


@pytest.mark.parametrize("address", [address for address in ADDRESSES if address.names], ids=str)
def test_no_part_of_its_address_breaks_it(address: Address, good: dict[str, str], send: Send) -> None:
    for name, value, method, actor in product(address.names, HOSTILE, ("GET", "POST"), ACTORS):
        send(Malformed(method, address.filled(good | {name: value})), actor)
