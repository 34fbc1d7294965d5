"""The states of the demonstration shop."""

from pathlib import Path
from urllib.parse import urlsplit

from django.test.utils import override_settings
from playwright.sync_api import Page, Route

from tests.browser.people import press, sign_in


def asked(page: Page, site: str) -> None:
    """Let the shop ask Luis for access."""
    page.goto(f"{site}/tienda/")
    press(page, "connect")
    sign_in(page, "luis")
    page.locator('[data-action="allow"]').wait_for()


def create(page: Page, **product: str) -> None:
    for field, value in product.items():
        page.locator(f'[name="{field}"]').fill(value)
    press(page, "create-product")


def connected(page: Page, site: str) -> None:
    """Open the connected shop with a product in it."""
    asked(page, site)
    press(page, "allow")
    create(page, name="Mate de calabaza", sku="M-1", price="1200.50", stock="3")
    page.locator("tbody tr").wait_for()


def refused(page: Page, site: str) -> None:
    asked(page, site)
    press(page, "deny")
    page.locator(".messages").wait_for()


def may_only_see(page: Page, site: str) -> None:
    asked(page, site)
    page.locator('[value="products:write"]').uncheck()
    press(page, "allow")
    page.locator(".notice--warning").wait_for()


def with_problems(page: Page, site: str) -> None:
    asked(page, site)
    press(page, "allow")
    create(page, name="Mate de calabaza", sku="M-1", price="1", stock="9" * 30)
    page.locator(".field__error").wait_for()


def unseeded(page: Page, site: str) -> None:
    with override_settings(TIENDA_CREDENTIALS=Path("/nonexistent")):
        page.goto(f"{site}/tienda/")


def unreachable(page: Page, site: str) -> None:
    """Open the connected shop under an address where nothing listens: it seeks Multinexo there."""
    asked(page, site)
    press(page, "allow")
    page.locator(".messages").wait_for()

    def elsewhere(route: Route) -> None:
        route.fulfill(response=route.fetch(headers=route.request.headers | {"host": "127.0.0.1:9"}))

    page.route(lambda url: urlsplit(url).path == "/tienda/", elsewhere)
    page.goto(f"{site}/tienda/")
