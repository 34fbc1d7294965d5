"""Pages about the applications that a person has let in, and how to open them."""

from collections.abc import Callable
from datetime import UTC, datetime

from django.contrib.auth.models import User
from playwright.sync_api import Page

from multinexo_oauth.models import Application, Consent, Event, Kind
from multinexo_oauth.origin import Origin
from multinexo_oauth.scopes import catalogue
from tests.browser.consents import LONG_NAME, LONG_WORD, change
from tests.browser.people import press, sign_in

CONNECTED = "/auth/v1/aplicaciones-conectadas/"
OF_THE_SHOP = f"{CONNECTED}demo-web/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
Open = Callable[[Page, str], None]
Act = Callable[[Page], None]


def connect(page: Page, site: str) -> None:
    """Let the shop in, as Luis, and a cash register."""
    page.goto(f"{site}/tienda/")
    press(page, "connect")
    sign_in(page, "luis")
    page.wait_for_load_state()
    if page.locator('[data-action="allow"]').count():  # not where he has let it in before
        press(page, "allow")
    page.wait_for_url(f"{site}/tienda/**")
    luis = User.objects.get(username="luis")
    device = Application.objects.get(client_id="demo-device")
    if device.consents.exists():
        return
    Consent.record(luis, device, ["products:read", "cashier:write"], Origin(luis, "192.0.2.7", FIREFOX))
    Event.record(
        Event.Action.DEVICE_AUTHORIZED,
        application=device,
        origin=Origin(luis, "192.0.2.7", FIREFOX),
        device={"address": "192.0.2.8", "agent": "Caja/2.1 (Linux armv7l)"},
    )


def many(page: Page, site: str) -> None:
    """Have let in more applications than a page of the list takes."""
    connect(page, site)
    luis, ana = (User.objects.get(username=name) for name in ("luis", "ana"))
    for number in range(30):
        application = Application.objects.create(
            user=ana, kind=Kind.DEVICE, name=f"Balanza del depósito {number}"
        )
        Consent.record(luis, application, ["products:read"])


def of_every_sort(page: Page, site: str) -> None:
    """Have let in a suspended application, a verified one, one that may do nothing, and one with long names."""
    connect(page, site)
    luis, ana = (User.objects.get(username=name) for name in ("luis", "ana"))
    change(suspended_at=datetime.now(UTC), verified=True, description=f"{LONG_WORD} {LONG_NAME}")
    change("demo-device", verified=True)
    every = [name for name in catalogue() if name != "openid"]
    change("demo-spa", name=LONG_WORD, scopes=" ".join(every))
    Consent.record(luis, Application.objects.get(client_id="demo-spa"), every)
    idle = Application.objects.create(user=ana, kind=Kind.DEVICE, name=LONG_NAME)
    Consent.record(luis, idle, [])


def needing_some(page: Page, site: str) -> None:
    connect(page, site)
    change(required_scopes="products:read")


def much_happened(page: Page, site: str) -> None:
    connect(page, site)
    luis, shop = User.objects.get(username="luis"), Application.objects.get(client_id="demo-web")
    for action in [*Event.BETWEEN, *Event.BETWEEN, *Event.BETWEEN]:
        scopes = ["products:read", "products:write"]
        origin = Origin(luis, "2001:db8:85a3::8a2e:370:7334", FIREFOX)
        Event.record(action, application=shop, origin=origin, scopes=scopes)


def withdraw_writing(page: Page) -> None:
    page.locator('[name="scopes"][value="products:write"]').check()
    press(page, "choose")
    page.locator('[data-action="confirm"]').wait_for()


def withdrawn(page: Page) -> None:
    withdraw_writing(page)
    press(page, "confirm")
    page.locator(".messages").wait_for()


def confirmed(page: Page) -> None:
    press(page, "confirm")
    page.locator(".messages").wait_for()


def connected(path: str, act: Act = lambda page: None, connecting: Open = connect) -> Open:
    """Return how to open a page as Luis, who has let applications in, and what he does there."""

    def opened(page: Page, site: str) -> None:
        connecting(page, site)
        page.goto(site + path)
        act(page)

    return opened


def as_ana(path: str) -> Open:
    """Return how to open one of Ana's pages once Luis is connected to her shop."""

    def opened(page: Page, site: str) -> None:
        connect(page, site)
        page.context.clear_cookies()
        page.goto(f"{site}/cuentas/entrar/?next={path}")
        sign_in(page, "ana")
        page.wait_for_load_state()

    return opened


def revoke_secret(page: Page, site: str) -> None:
    as_ana("/auth/v1/mis-aplicaciones/demo-web/credenciales/")(page, site)
    page.locator('a[href*="revocar"]').first.click()
    page.locator('[data-action="confirm"]').wait_for()


CONNECTIONS: dict[str, Open] = {
    "connections": connected(CONNECTED),
    "connections, many": connected(CONNECTED, connecting=many),
    "connections, none found": connected(f"{CONNECTED}?q=nada"),
    "connections, of every sort": connected(CONNECTED, connecting=of_every_sort),
    "connection": connected(OF_THE_SHOP),
    "connection, suspended": connected(OF_THE_SHOP, connecting=of_every_sort),
    "connection, much": connected(OF_THE_SHOP, connecting=much_happened),
    "connection, of a device": connected(f"{CONNECTED}demo-device/"),
    "withdraw": connected(f"{OF_THE_SHOP}permisos/"),
    "withdraw, some are needed": connected(f"{OF_THE_SHOP}permisos/", connecting=needing_some),
    "withdraw, nothing ticked": connected(f"{OF_THE_SHOP}permisos/?chosen=yes"),
    "withdraw, confirm": connected(f"{OF_THE_SHOP}permisos/", withdraw_writing),
    "withdraw, done": connected(f"{OF_THE_SHOP}permisos/", withdrawn),
    "remove one": connected(f"{OF_THE_SHOP}quitar/"),
    "remove one, done": connected(f"{OF_THE_SHOP}quitar/", confirmed),
    "remove every one": connected(f"{CONNECTED}quitar-todas/"),
    "remove every one, done": connected(f"{CONNECTED}quitar-todas/", confirmed),
    "delete, with people": as_ana("/auth/v1/mis-aplicaciones/demo-web/eliminar/"),
    "revoke a secret": revoke_secret,
}
