"""What a page on another origin may not do, and what it is told."""

from playwright.sync_api import Page, expect

from example_project.products.models import Product
from multinexo_oauth.models import AccessToken
from tests.browser.javascript_client import JavaScriptClient


def test_an_origin_that_is_not_registered_cannot_read_the_tokens(
    javascript_client: JavaScriptClient, page: Page
) -> None:
    javascript_client.register(allowed_origins="https://another.example")
    javascript_client.connect(page)
    expect(page.locator("#problem")).to_have_text("Failed to fetch")
    expect(page.locator("#create")).to_be_hidden()
    assert AccessToken.objects.exists()  # it was answered: only the browser keeps the page from reading it


def test_the_page_is_told_that_the_person_refused(javascript_client: JavaScriptClient, page: Page) -> None:
    javascript_client.register()
    javascript_client.connect(page, decision="deny")
    expect(page.locator("#problem")).to_have_text("access_denied")


def test_the_page_can_read_which_scope_it_lacks(javascript_client: JavaScriptClient, page: Page) -> None:
    javascript_client.register(scope="products:read")
    javascript_client.connect(page)
    page.locator("#create").click()
    expect(page.locator("#problem")).to_contain_text("403")
    expect(page.locator("#problem")).to_contain_text('error="insufficient_scope"')
    expect(page.locator("#problem")).to_contain_text('scope="products:write"')
    assert not Product.objects.exists()
