"""A page on another origin logs a person in with PKCE, gets its tokens and calls the API, all from the browser."""

import pytest
from playwright.sync_api import Page, expect

from example_project.products.models import Product
from multinexo_oauth.models import RefreshToken
from tests.browser.javascript_client import JavaScriptClient


@pytest.fixture
def connected(javascript_client: JavaScriptClient, page: Page) -> Page:
    javascript_client.register()
    javascript_client.connect(page)
    expect(page.locator("#create")).to_be_visible()
    return page


def test_the_page_creates_a_product_and_shows_it(connected: Page) -> None:
    connected.locator("#create").click()
    expect(connected.locator("#products li")).to_have_text(["Yerba"])
    assert Product.objects.get().owner.username == "luis"


def test_the_page_rotates_its_refresh_token(connected: Page) -> None:
    first = RefreshToken.objects.live().get()
    connected.locator("#refresh").click()
    expect(connected.locator("[data-refreshed]")).to_have_count(1)
    assert RefreshToken.objects.live().exclude(pk=first.pk).exists()
