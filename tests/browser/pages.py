"""Every page that a person meets, and how to open it: for accessibility, for layout and for the gallery."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Page

from tests.browser.people import press, sign_in
from tests.oauth import AUTHORIZE, VERIFIER, s256

MINE = "/auth/v1/mis-aplicaciones/"
LOGOUT = "/auth/v1/logout/"
Open = Callable[[Page, str], None]


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


def consent(page: Page, site: str) -> None:
    as_person(page, site, "luis", request(site))


def consent_on_this_device(page: Page, site: str) -> None:
    to_device = {"client_id": "demo-native", "redirect_uri": "http://127.0.0.1:4321/callback"}
    as_person(page, site, "luis", request(site, scope="products:read", **to_device))


def consent_to_a_stranger(page: Page, site: str, **registration: Any) -> None:
    """Open the request of an application that registered itself, on a site that lets it."""
    from django.conf import settings
    from django.test.utils import override_settings

    from multinexo_oauth.models import Application

    application, _created = Application.objects.get_or_create(
        client_id=registration.pop("client_id"),
        defaults={"kind": "spa", "name": "Asistente de ventas", "scopes": "products:read products:write"}
        | registration,
    )
    asked = request(
        site,
        client_id=application.client_id,
        redirect_uri=application.redirect_uris,
        scope="products:read products:write",
    )
    with override_settings(MULTINEXO_OAUTH=settings.MULTINEXO_OAUTH | {"CLIENT_ID_METADATA_DOCUMENTS": True}):
        as_person(page, site, "luis", asked)


def consent_dynamic(page: Page, site: str) -> None:
    consent_to_a_stranger(
        page,
        site,
        client_id="dynamic",
        registration_source="dcr",
        redirect_uris="https://asistente.example/volver",
    )


def consent_dynamic_on_this_device(page: Page, site: str) -> None:
    consent_to_a_stranger(
        page,
        site,
        client_id="dynamic-native",
        registration_source="dcr",
        kind="native",
        redirect_uris="http://localhost:3030/callback",
    )


def consent_by_document(page: Page, site: str) -> None:
    consent_to_a_stranger(
        page,
        site,
        client_id="https://asistente.example/oauth/client.json",
        registration_source="cimd",
        redirect_uris="https://otro.example/volver",
        cimd_expires_at=datetime.now(UTC) + timedelta(hours=1),
        homepage_url="https://asistente.example/",
    )


def error(page: Page, site: str) -> None:
    page.goto(site + request(site, redirect_uri="https://not-registered.example/"))


def form_post(page: Page, site: str) -> None:
    """Open the page that sends an answer, as it stands without JavaScript."""
    page.route("**/submit.js", lambda route: route.fulfill(content_type="text/javascript", body=""))
    page.goto(site + request(site, response_mode="form_post", scope="unknown"))


def logout(page: Page, site: str) -> None:
    as_person(page, site, "luis", f"{LOGOUT}?client_id=demo-web")


def logout_stayed(page: Page, site: str) -> None:
    after = {"client_id": "demo-web", "post_logout_redirect_uri": f"{site}/tienda/"}
    as_person(page, site, "luis", f"{LOGOUT}?{urlencode(after)}")
    press(page, "stay")
    page.locator('[data-action="back"]').wait_for()


def secret(page: Page, site: str) -> None:
    as_person(page, site, "ana", f"{MINE}nueva/web/")
    page.locator('[name="name"]').fill("Catálogo en línea")
    page.locator('[name="redirect_uris"]').fill("https://catalogo.example/volver")
    page.locator('[name="scopes"][value="products:read"]').check()
    press(page, "create-application")
    page.locator("#client-secret").wait_for()


def create_with_problems(page: Page, site: str) -> None:
    as_person(page, site, "ana", f"{MINE}nueva/web/")
    page.locator('[name="redirect_uris"]').fill("http://not-a-good-address.example/callback#fragment")
    press(page, "create-application")
    page.locator(".field__error").first.wait_for()


def tienda(page: Page, site: str) -> None:
    """Open the connected shop with a product in it."""
    page.goto(f"{site}/tienda/")
    press(page, "connect")
    sign_in(page, "luis")
    press(page, "allow")
    for field, value in {"name": "Mate de calabaza", "sku": "M-1", "price": "1200.50", "stock": "3"}.items():
        page.locator(f'[name="{field}"]').fill(value)
    press(page, "create-product")
    page.locator("tbody tr").wait_for()


GALLERY: dict[str, Open] = {
    "home": opens("/"),
    "login": opens("/cuentas/entrar/?next=/tienda/"),
    "consent": consent,
    "error": error,
    "list": opens(MINE, "ana"),
    "create": opens(f"{MINE}nueva/web/", "ana"),
    "secret": secret,
    "detail": opens(f"{MINE}demo-web/", "ana"),
    "tienda": tienda,
}
REST: dict[str, Open] = {
    "shop, not connected": opens("/tienda/"),
    "consent, to this device": consent_on_this_device,
    "consent, registered itself": consent_dynamic,
    "consent, registered itself, to this device": consent_dynamic_on_this_device,
    "consent, by its document": consent_by_document,
    "empty list": opens(MINE, "luis"),
    "kinds": opens(f"{MINE}nueva/", "ana"),
    "create, with problems": create_with_problems,
    "credentials": opens(f"{MINE}demo-web/credenciales/", "ana"),
    "permissions": opens(f"{MINE}demo-web/permisos/", "ana"),
    "brand": opens(f"{MINE}demo-web/marca/", "ana"),
    "activity": opens(f"{MINE}demo-web/actividad/", "ana"),
    "delete": opens(f"{MINE}demo-web/eliminar/", "ana"),
    "device": opens("/auth/v1/device/", "luis"),
    "device, wrong code": opens("/auth/v1/device/?user_code=BCDF-GHJK", "luis"),
    "form post": form_post,
    "logout": logout,
    "logout, done": opens(LOGOUT),
    "logout, stayed": logout_stayed,
    "logout, refused": opens(f"{LOGOUT}?client_id=unknown", "luis"),
    "no connected applications": opens("/auth/v1/aplicaciones-conectadas/", "luis"),
}
PAGES = GALLERY | REST
