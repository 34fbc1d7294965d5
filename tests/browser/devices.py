"""The states of the page that lets devices in."""

from typing import Any

import requests
from django.conf import settings
from django.test.utils import override_settings
from playwright.sync_api import Page

from tests.browser.opening import DEVICE, as_person
from tests.browser.people import press


def ask(site: str, agent: str = "Caja/2.4 (Linux; ARM)") -> dict[str, Any]:
    """Have the seeded cash register ask to be let in, and return what it is told."""
    answer = requests.post(
        f"{site}/auth/v1/device-authorization/",
        {"client_id": "demo-device", "scope": "products:read cashier:read cashier:write"},
        headers={"User-Agent": agent},
        timeout=10,
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def confirm(page: Page, site: str) -> None:
    as_person(page, site, "luis", ask(site)["verification_uri_complete"].removeprefix(site))


def confirm_odd(page: Page, site: str) -> None:
    codes = ask(site, "Mozilla/5.0" + "(SmartTV;NoSpaces)" * 12)
    as_person(page, site, "luis", codes["verification_uri_complete"].removeprefix(site))


def permissions(page: Page, site: str) -> None:
    confirm(page, site)
    press(page, "confirm")
    page.locator('[data-action="allow"]').wait_for()


def permissions_unticked(page: Page, site: str) -> None:
    permissions(page, site)
    for box in page.locator('[name="scopes"]').all():
        box.uncheck()
    press(page, "allow")
    page.locator('form [role="alert"]').wait_for()


def allowed(page: Page, site: str) -> None:
    permissions(page, site)
    press(page, "allow")
    page.locator(".notice--success").wait_for()


def allowed_before(page: Page, site: str) -> None:
    """Open once more the complete address of a device that the person has let in."""
    address = ask(site)["verification_uri_complete"].removeprefix(site)
    as_person(page, site, "luis", address)
    press(page, "confirm")
    press(page, "allow")
    page.locator(".notice--success").wait_for()
    page.goto(site + address)


def denied_before(page: Page, site: str) -> None:
    """Open once more the complete address of a device that the person has refused."""
    address = ask(site)["verification_uri_complete"].removeprefix(site)
    as_person(page, site, "luis", address)
    press(page, "deny")
    page.locator("h1:not(:has-text('?'))").wait_for()
    page.goto(site + address)


def denied(page: Page, site: str) -> None:
    confirm(page, site)
    press(page, "deny")
    page.locator("h1:not(:has-text('?'))").wait_for()


def stale(page: Page, site: str) -> None:
    confirm(page, site)
    with override_settings(MULTINEXO_OAUTH=settings.MULTINEXO_OAUTH | {"CONSENT_REQUEST_SECONDS": -1}):
        press(page, "confirm")
        page.locator(".actions a").wait_for()


def too_many(page: Page, site: str) -> None:
    limits = {**settings.MULTINEXO_OAUTH.get("THROTTLES", {}), "user_code_by_account": "1/10m"}
    as_person(page, site, "luis", DEVICE)
    with override_settings(MULTINEXO_OAUTH=settings.MULTINEXO_OAUTH | {"THROTTLES": limits}):
        for _try in range(2):
            page.goto(f"{site}{DEVICE}?user_code=BCDF-GHJK")
