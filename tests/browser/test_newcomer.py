"""The way of somebody who knows nothing of the project: from the home page to a product that the shop created."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from example_project.products.models import Product
from multinexo_oauth.models import AccessToken, Consent, RefreshToken
from tests.browser.people import PASSWORDS, press, sign_in


@pytest.fixture
def connected(demo: str, page: Page) -> Page:
    """The shop, connected by Luis from the home page on."""
    page.goto(demo)
    page.locator('.steps a[href="/tienda/"]').click()
    press(page, "connect")
    sign_in(page, "luis")
    press(page, "allow")
    expect(page).to_have_url(f"{demo}/tienda/")
    return page


def create_product(page: Page, name: str, price: str = "1200.50") -> None:
    for field, value in {"name": name, "sku": "M-1", "price": price, "stock": "3"}.items():
        page.locator(f'[name="{field}"]').fill(value)
    press(page, "create-product")


def listed(page: Page) -> Locator:
    return page.locator('section[aria-labelledby="products"] tbody tr')


def test_the_home_page_says_who_to_be(demo: str, page: Page) -> None:
    page.goto(demo)
    for username, password in PASSWORDS.items():
        row = page.locator("tr").filter(has=page.locator("code", has_text=re.compile(f"^{username}$")))
        expect(row).to_contain_text(password)


def test_the_consent_page_tells_who_asks_for_what(demo: str, page: Page) -> None:
    page.goto(f"{demo}/tienda/")
    press(page, "connect")
    sign_in(page, "luis")
    expect(page).to_have_url(re.compile(f"^{demo}/auth/v1/authorize/"))
    expect(page.locator("h1")).to_contain_text("Tienda de demostración")
    expect(page.locator(".account")).to_contain_text("luis@example.com")
    expect(page.locator('[name="scopes"]')).to_have_count(2)


def test_an_authorized_shop_creates_a_product_in_the_persons_account(connected: Page) -> None:
    create_product(connected, "Mate de calabaza")
    expect(listed(connected)).to_contain_text("Mate de calabaza")
    assert Product.objects.get().owner.username == "luis"


def test_a_product_that_the_api_refuses_is_explained_beside_its_field(connected: Page) -> None:
    connected.locator("form:has([data-action=create-product])").evaluate("form => form.noValidate = true")
    create_product(connected, "Mate", price="-1")
    expect(connected.locator('.field--invalid:has([name="price"])')).to_be_visible()
    assert not Product.objects.exists()


def test_the_shop_renews_its_tokens_and_nobody_signs_in(connected: Page) -> None:
    first = set(AccessToken.objects.values_list("pk", flat=True))
    press(connected, "refresh")
    expect(connected.locator(".notice--success")).to_be_visible()
    assert set(AccessToken.objects.values_list("pk", flat=True)) - first
    create_product(connected, "Bombilla")
    expect(listed(connected)).to_contain_text("Bombilla")


def test_a_disconnected_shop_hands_its_tokens_back(connected: Page) -> None:
    press(connected, "disconnect")
    expect(connected.locator('[data-action="connect"]')).to_be_visible()
    assert not AccessToken.objects.live().exists()
    assert not RefreshToken.objects.live().exists()


def test_a_person_who_consented_before_is_not_asked_again(connected: Page) -> None:
    press(connected, "disconnect")
    press(connected, "connect")
    expect(connected.locator('[data-action="create-product"]')).to_be_visible()


def test_a_permission_that_was_cleared_is_not_granted(demo: str, page: Page) -> None:
    page.goto(f"{demo}/tienda/")
    press(page, "connect")
    sign_in(page, "luis")
    page.get_by_role("checkbox").nth(1).uncheck()
    press(page, "allow")
    expect(page.locator('section[aria-labelledby="create"] .notice--warning')).to_be_visible()
    expect(page.locator('[data-action="create-product"]')).to_have_count(0)
    assert Consent.objects.get().scope_names == ["products:read"]
