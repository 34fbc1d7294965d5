"""The pages of what went wrong."""

from django.conf import settings
from django.test.utils import override_settings
from playwright.sync_api import Page

from tests.browser.consents import consent
from tests.browser.opening import DEVICE, MINE, as_person, request
from tests.browser.people import press


def not_registered(page: Page, site: str) -> None:
    page.goto(site + request(site, redirect_uri="https://not-registered.example/"))


def expired(page: Page, site: str) -> None:
    consent(page, site)
    with override_settings(MULTINEXO_OAUTH=settings.MULTINEXO_OAUTH | {"CONSENT_REQUEST_SECONDS": -1}):
        press(page, "allow")
        page.locator(".actions a").wait_for()


def stale_form(page: Page, site: str) -> None:
    """Send a form of a page from before somebody else signed in."""
    as_person(page, site, "luis", DEVICE)
    other = page.context.new_page()
    as_person(other, site, "ana", MINE)
    other.close()
    press(page, "continue")
    page.locator(".actions a").wait_for()


def no_cookies(page: Page, site: str) -> None:
    consent(page, site)
    page.context.clear_cookies()
    press(page, "allow")
    page.locator(".actions a").wait_for()


def wrong_method(page: Page, site: str) -> None:
    page.goto(f"{site}/auth/v1/cambiar-cuenta/")


def wrong_password(page: Page, site: str) -> None:
    page.goto(f"{site}/cuentas/entrar/")
    page.locator('[name="username"]').fill("luis")
    page.locator('[name="password"]').fill("not the password")
    press(page, "sign-in")
    page.locator(".notice--danger").wait_for()


def registration_closed(page: Page, site: str) -> None:
    with override_settings(MULTINEXO_OAUTH=settings.MULTINEXO_OAUTH | {"REGISTRATION": "staff"}):
        as_person(page, site, "ana", f"{MINE}nueva/")
