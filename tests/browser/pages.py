"""Every page that a person meets, in every state, and how to open it: for accessibility, layout and the gallery."""

from urllib.parse import urlencode

from playwright.sync_api import Page

from tests.browser import applications, connections, consents, devices, mishaps, shop
from tests.browser.applications import OWN
from tests.browser.opening import CONNECTED, DEVICE, LOGOUT, MINE, Open, as_person, opens, request
from tests.browser.people import press


def form_post(page: Page, site: str) -> None:
    """Open the page that sends an answer, as it stands without JavaScript."""
    page.route("**/submit.js", lambda route: route.fulfill(content_type="text/javascript", body=""))
    as_person(page, site, "luis", request(site, response_mode="form_post", scope="unknown"))
    page.locator('[data-action="continue"]').wait_for()


def logout(page: Page, site: str) -> None:
    as_person(page, site, "luis", f"{LOGOUT}?client_id=demo-web")


def logout_stayed(page: Page, site: str) -> None:
    after = {"client_id": "demo-web", "post_logout_redirect_uri": f"{site}/tienda/"}
    as_person(page, site, "luis", f"{LOGOUT}?{urlencode(after)}")
    press(page, "stay")
    page.locator('[data-action="back"]').wait_for()


def connected(path: str) -> Open:
    """Return how to open a page about applications that a person has let in, who has let one in."""

    def opened(page: Page, site: str) -> None:
        consents.given(page, site, "products:read products:write")
        page.goto(site + path)

    return opened


GALLERY: dict[str, Open] = {
    "home": opens("/"),
    "login": opens("/cuentas/entrar/?next=/tienda/"),
    "consent": consents.consent,
    "error": mishaps.not_registered,
    "list": opens(MINE, "ana"),
    "create": opens(f"{MINE}nueva/web/", "ana"),
    "secret": applications.secret,
    "detail": opens(f"{MINE}demo-web/", "ana"),
    "tienda": shop.connected,
}
CONSENT: dict[str, Open] = {
    "consent, to this device": consents.on_this_device,
    "consent, of a private scheme": consents.of_a_private_scheme,
    "consent, verified": consents.verified,
    "consent, many permissions": consents.many_permissions,
    "consent, two hundred permissions": consents.two_hundred,
    "consent, long names": consents.long_names,
    "consent, only what is new": consents.only_what_is_new,
    "consent, one more": consents.one_more,
    "consent, asked again": consents.asked_again,
    "consent, withdrawn meanwhile": consents.withdrawn_meanwhile,
    "consent, who you are": consents.who_you_are,
    "consent, nothing ticked": consents.nothing_ticked,
    "consent, registered itself": consents.registered_itself,
    "consent, registered itself, to this device": consents.registered_itself_on_this_device,
    "consent, refused": consents.refused,
    "consent, sign in again": consents.sign_in_again,
    "consent, by its document": consents.by_document,
    "consent, in English": consents.in_english,
    "form post": form_post,
}
DEVICES: dict[str, Open] = {
    "device": opens(DEVICE, "luis"),
    "device, wrong code": opens(f"{DEVICE}?user_code=BCDF-GHJK", "luis"),
    "device, too many": devices.too_many,
    "device, confirm": devices.confirm,
    "device, confirm an odd one": devices.confirm_odd,
    "device, permissions": devices.permissions,
    "device, nothing ticked": devices.permissions_unticked,
    "device, allowed": devices.allowed,
    "device, denied": devices.denied,
    "device, allowed before": devices.allowed_before,
    "device, denied before": devices.denied_before,
    "device, stale": devices.stale,
}
MISHAPS: dict[str, Open] = {
    "expired": mishaps.expired,
    "stale form": mishaps.stale_form,
    "no cookies": mishaps.no_cookies,
    "wrong method": mishaps.wrong_method,
    "not found": opens(f"{MINE}unknown/", "luis"),
    "not found, nobody": opens("/auth/v1/unknown/"),
    "wrong password": mishaps.wrong_password,
    "login, signed in": opens("/cuentas/entrar/?next=/tienda/", "luis"),
    "registration closed": mishaps.registration_closed,
}
LOGOUTS: dict[str, Open] = {
    "logout": logout,
    "logout, done": opens(LOGOUT),
    "logout, stayed": logout_stayed,
    "logout, refused": opens(f"{LOGOUT}?client_id=unknown", "luis"),
}
CONNECTIONS: dict[str, Open] = {
    "no connected applications": opens(CONNECTED, "luis"),
    "connected applications": connected(CONNECTED),
    "connected applications, none found": connected(f"{CONNECTED}?q=nada"),
    "connected application": connected(f"{CONNECTED}demo-web/"),
    "remove access": connected(f"{CONNECTED}demo-web/quitar/"),
}
SHOP: dict[str, Open] = {
    "shop, not connected": opens("/tienda/"),
    "shop, refused": shop.refused,
    "shop, may only see": shop.may_only_see,
    "shop, with problems": shop.with_problems,
    "shop, unseeded": shop.unseeded,
    "shop, unreachable": shop.unreachable,
}
REST: dict[str, Open] = {"home, signed in": opens("/", "luis")}
REST |= SHOP | CONSENT | DEVICES | MISHAPS | LOGOUTS | OWN | CONNECTIONS
REST |= connections.CONNECTIONS
PAGES = GALLERY | REST
