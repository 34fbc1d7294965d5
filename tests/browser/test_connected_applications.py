"""A person looks after what they have let in, with a browser."""

import pytest
from playwright.sync_api import Page, expect

from multinexo_oauth.models import Consent
from tests.browser.connections import CONNECTED, OF_THE_SHOP, confirmed, connect, withdraw_writing, withdrawn
from tests.browser.people import press
from tests.conformance import proves


@pytest.fixture
def luis(demo: str, page: Page) -> Page:
    """Luis, who has let the shop and a cash register in, before his list."""
    connect(page, demo)
    page.goto(demo + CONNECTED)
    return page


def permissions() -> set[str]:
    return set(Consent.objects.get(application__client_id="demo-web").scope_names)


@proves("withdraw", "connected-said")
def test_one_permission_goes_and_the_shop_goes_on_with_the_other(demo: str, luis: Page) -> None:
    luis.goto(demo + OF_THE_SHOP)
    press(luis, "withdraw")
    withdrawn(luis)
    expect(luis.locator(".messages .notice--success")).to_contain_text("«Tienda de demostración»")
    assert permissions() == {"products:read"}
    luis.goto(f"{demo}/tienda/")
    expect(luis.locator("h1")).to_be_visible()
    assert permissions() == {"products:read"}


@proves("withdraw")
def test_the_back_button_and_cancel_change_nothing(demo: str, luis: Page) -> None:
    before = permissions()
    luis.goto(demo + OF_THE_SHOP)
    press(luis, "withdraw")
    withdraw_writing(luis)
    luis.go_back()
    expect(luis.locator('[name="scopes"][value="products:write"]')).to_be_visible()
    luis.locator(".actions a").click()
    luis.wait_for_url(demo + OF_THE_SHOP)
    assert permissions() == before


@proves("withdraw", "connected-said")
def test_what_leaves_nothing_is_asked_as_removing_the_access(demo: str, luis: Page) -> None:
    luis.goto(f"{demo}{OF_THE_SHOP}permisos/")
    luis.locator('[name="scopes"][value="products:read"]').check()
    press(luis, "choose")
    luis.wait_for_url(f"{demo}{OF_THE_SHOP}quitar/")
    assert permissions() == {"products:read", "products:write"}


@proves("connected-twice")
def test_a_second_tab_is_told_that_the_access_is_gone(demo: str, luis: Page) -> None:
    other = luis.context.new_page()
    for tab in (luis, other):
        tab.goto(f"{demo}{OF_THE_SHOP}quitar/")
    for tab in (luis, other):
        confirmed(tab)
        assert tab.url == demo + CONNECTED
    expect(other.locator(".messages")).to_contain_text("Tienda de demostración")
    assert not Consent.objects.filter(application__client_id="demo-web").exists()


@proves("connected-said")
def test_everything_goes_once_that_is_confirmed(luis: Page) -> None:
    press(luis, "revoke-all")
    assert Consent.objects.count() == 2
    confirmed(luis)
    expect(luis.locator(".empty")).to_be_visible()
    assert not Consent.objects.exists()
