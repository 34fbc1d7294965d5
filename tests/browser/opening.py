"""How the browser comes to a page."""

from collections.abc import Callable
from urllib.parse import urlencode

from playwright.sync_api import Page

from tests.browser.people import sign_in
from tests.oauth import AUTHORIZE, VERIFIER, s256

MINE = "/auth/v1/mis-aplicaciones/"
CONNECTED = "/auth/v1/aplicaciones-conectadas/"
LOGOUT = "/auth/v1/logout/"
DEVICE = "/auth/v1/device/"
Open = Callable[[Page, str], object]


def as_person(page: Page, site: str, username: str, path: str) -> None:
    """Open an address as that person."""
    page.goto(f"{site}/cuentas/entrar/?{urlencode({'next': path})}")
    sign_in(page, username)
    page.wait_for_load_state()


def opens(path: str, username: str = "") -> Open:
    """Return how to open an address, as nobody or as a person."""
    return lambda page, site: as_person(page, site, username, path) if username else page.goto(site + path)


def request(site: str, **changes: str) -> str:
    """Return the address of an authorization request of the seeded shop."""
    parameters = {
        "response_type": "code",
        "client_id": "demo-web",
        "redirect_uri": f"{site}/tienda/volver/",
        "scope": "products:read products:write documents:read",
        "state": "a state",
        "code_challenge": s256(VERIFIER),
        "code_challenge_method": "S256",
    }
    return f"{AUTHORIZE}?{urlencode(parameters | changes)}"
