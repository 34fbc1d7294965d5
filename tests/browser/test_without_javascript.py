"""Nothing that a person needs depends on JavaScript."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.devices import ask
from tests.browser.opening import LOGOUT
from tests.browser.pages import PAGES
from tests.browser.people import press, sign_in
from tests.conformance import proves

pytestmark = proves("pages-without-javascript")


@pytest.fixture
def plain_page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(java_script_enabled=False) as context:
        yield context.new_page()


@pytest.mark.parametrize(("decision", "then"), [("allow", "create-product"), ("deny", "connect")])
def test_a_person_decides_without_javascript(demo: str, plain_page: Page, decision: str, then: str) -> None:
    plain_page.goto(f"{demo}/tienda/")
    press(plain_page, "connect")
    sign_in(plain_page, "luis")
    press(plain_page, decision)
    expect(plain_page).to_have_url(f"{demo}/tienda/")
    expect(plain_page.locator(f'[data-action="{then}"]')).to_be_visible()


def test_a_developer_registers_and_reads_the_secret_without_javascript(demo: str, plain_page: Page) -> None:
    plain_page.goto(f"{demo}/auth/v1/mis-aplicaciones/nueva/service/")
    sign_in(plain_page, "ana")
    plain_page.locator('[name="name"]').fill("Copia nocturna")
    plain_page.locator('[name="scopes"][value="products:read"]').check()
    press(plain_page, "create-application")
    expect(plain_page.locator("#client-secret")).not_to_be_empty()


def test_a_person_lets_a_device_in_without_javascript(demo: str, plain_page: Page) -> None:
    plain_page.goto(ask(demo)["verification_uri_complete"])
    sign_in(plain_page, "luis")
    press(plain_page, "confirm")
    press(plain_page, "allow")
    expect(plain_page.locator(".notice--success")).to_be_visible()


def test_a_person_takes_access_back_and_signs_out_without_javascript(demo: str, plain_page: Page) -> None:
    PAGES["connected application"](plain_page, demo)
    plain_page.goto(f"{demo}/auth/v1/aplicaciones-conectadas/demo-web/quitar/")
    press(plain_page, "confirm")
    expect(plain_page.locator(".messages")).to_be_visible()
    plain_page.goto(f"{demo}{LOGOUT}")
    press(plain_page, "sign-out")
    expect(plain_page.locator('[data-action="sign-out"]')).to_have_count(0)


def test_a_developer_parts_changes_from_people_without_javascript(demo: str, plain_page: Page) -> None:
    PAGES["activity, of strangers"](plain_page, demo)
    people = plain_page.locator('.filters [aria-current="page"]').inner_text()
    plain_page.locator(".filters a:not([aria-current])").click()
    expect(plain_page).to_have_url(f"{demo}/auth/v1/mis-aplicaciones/demo-web/actividad/?filter=changes")
    expect(plain_page.locator('.filters [aria-current="page"]')).not_to_have_text(people)
