"""A page that asks for two hundred permissions is read and decided on by a person."""

from playwright.sync_api import Page, expect
from pytest_django import Settings

from multinexo_oauth.models import Consent
from multinexo_oauth.scopes import catalogue
from tests.browser.consents import two_hundred, two_hundred_scopes
from tests.browser.people import press
from tests.conformance import proves


@proves("pages-many-permissions")
def test_it_is_short_and_a_product_is_cleared_at_once(demo: str, page: Page, settings: Settings) -> None:
    settings.MULTINEXO_OAUTH = two_hundred_scopes()["MULTINEXO_OAUTH"]
    two_hundred(page, demo)
    assert page.evaluate("document.documentElement.scrollHeight") < 2000
    fold = page.locator(".fold").nth(2)
    expect(fold).to_contain_text("todos seleccionados")
    fold.locator("summary").click()
    fold.locator("[data-tick=none]").click()
    expect(fold.locator("summary")).to_contain_text("ninguno seleccionado")
    fold.locator("[type=checkbox]").first.check()
    expect(fold.locator("summary")).to_contain_text("algunos seleccionados")
    press(page, "allow")
    page.wait_for_url("**/tienda/**")
    kept = {name for name in catalogue() if not name.startswith("area2:")} | {"area2:permission1"}
    assert set(Consent.objects.get(application__client_id="demo-web").scope_names) == kept
