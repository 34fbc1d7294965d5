"""A developer registers an application by hand, and what the page showed once is all that it needs."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from multinexo_oauth.models import Application
from tests.browser.people import press, sign_in


@pytest.fixture
def kinds(demo: str, page: Page) -> Page:
    """The kinds of application, before Ana, who came from the home page."""
    page.goto(demo)
    page.locator('.steps a[href="/auth/v1/mis-aplicaciones/"]').click()
    sign_in(page, "ana")
    press(page, "create-application")
    expect(page.locator(".choice")).to_have_count(5)
    return page


def register(page: Page, kind: str, redirect_uri: str = "") -> None:
    page.locator(f'.choice[href$="/{kind}/"]').click()
    page.locator('[name="name"]').fill("Ventas de Ana")
    if redirect_uri:
        page.locator('[name="redirect_uris"]').fill(redirect_uri)
    for scope in ("products:read", "products:write"):
        page.locator(f'[name="scopes"][value="{scope}"]').check()
    press(page, "create-application")


def shown(page: Page, name: str) -> str:
    return page.locator(f"#{name}").inner_text().strip()


def test_the_id_and_secret_that_were_shown_run_the_shop(demo: str, kinds: Page, settings: Settings) -> None:
    register(kinds, "web", f"{demo}/tienda/volver/")
    known = {name: shown(kinds, name.replace("_", "-")) for name in ("client_id", "client_secret")}
    Path(settings.TIENDA_CREDENTIALS).write_text(json.dumps(known))
    kinds.goto(f"{demo}/tienda/")
    press(kinds, "connect")
    expect(kinds.locator("h1")).to_contain_text("Ventas de Ana")
    press(kinds, "allow")
    expect(kinds.locator('[data-action="create-product"]')).to_be_visible()


def test_the_id_and_secret_of_a_service_get_a_token_for_the_api(demo: str, kinds: Page) -> None:
    register(kinds, "service")
    http = kinds.request
    answer = http.post(
        f"{demo}/auth/v1/token/",
        form={
            "grant_type": "client_credentials",
            "client_id": shown(kinds, "client-id"),
            "client_secret": shown(kinds, "client-secret"),
            "scope": "products:read",
        },
    )
    assert answer.ok, answer.text()
    bearer = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    assert http.get(f"{demo}/api/v1/products/", headers=bearer).ok


def test_the_secret_can_be_saved_and_is_never_shown_again(kinds: Page) -> None:
    register(kinds, "web", "https://ventas.example/volver")
    secret = shown(kinds, "client-secret")
    with kinds.expect_download() as download:
        kinds.locator("[data-download]").click()
    assert secret in download.value.path().read_text()
    kinds.locator("main a.button").last.click()
    for tab in kinds.locator(".tabs a").all():
        tab.click()
        assert secret not in kinds.content()


def test_a_javascript_application_is_shown_no_secret(kinds: Page) -> None:
    register(kinds, "spa", "https://panel.example/volver")
    assert shown(kinds, "client-id")
    expect(kinds.locator("#client-secret")).to_have_count(0)
    assert Application.objects.get(name="Ventas de Ana").allowed_origins == "https://panel.example"


def test_a_bad_redirect_uri_is_explained_beside_its_field(kinds: Page) -> None:
    register(kinds, "web", "http://ventas.example/volver")
    expect(kinds.locator('.field--invalid:has([name="redirect_uris"]) .field__error')).to_be_visible()
    expect(kinds.locator('[name="name"]')).to_have_value("Ventas de Ana")
    assert not Application.objects.filter(name="Ventas de Ana").exists()
