"""The API's documentation: its "Authorize" button gets a token with PKCE, and its page calls the API with it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from example_project.products.models import Product
from multinexo_oauth.models import AccessToken, RefreshToken
from tests.browser.people import press, sign_in
from tests.conformance import proves

pytestmark = proves("api-docs")
DOCS = "/api/docs/"
PRODUCT = '{"name": "Yerba", "sku": "Y-1", "price": "10.00", "stock": 2}'


@pytest.fixture
def docs(demo: str, page: Page) -> Iterator[Page]:
    """The documentation, which asks no other site for anything."""
    elsewhere: list[str] = []
    page.context.on(
        "request", lambda sent: None if sent.url.startswith((demo, "data:")) else elsewhere.append(sent.url)
    )
    page.goto(demo + DOCS)
    expect(page.locator(".opblock")).to_have_count(6)
    yield page
    assert elsewhere == []


def flow(page: Page) -> Locator:
    """Return the part of the open dialog that is about a person's token, by code and PKCE."""
    return page.locator(".auth-container").filter(has_text="authorizationCode").first


def authorize(page: Page, *scopes: str) -> None:
    """Go through the dialog, sign in as Luis in the window that opens, and grant the scopes."""
    page.locator(".auth-wrapper .authorize").first.click()
    expect(flow(page).locator("#client_id_authorizationCode")).to_have_value("demo-docs")
    for scope in scopes:
        page.locator(f'label[for="{scope}-authorizationCode-checkbox-oauth2"]').click()
    with page.expect_popup() as opened:
        flow(page).locator("button.authorize").click()
    window = opened.value
    sign_in(window, "luis")
    with window.expect_event("close"):
        press(window, "allow")
    expect(flow(page).get_by_role("button", name="Remove authorization")).to_be_visible()
    page.locator(".close-modal").click()


def execute(page: Page, operation: str, body: str = "") -> Locator:
    """Call an operation by its buttons and return where the answer stands."""
    block = page.locator(f"#operations-{operation}")
    block.locator(".opblock-summary-control").click()
    block.locator(".try-out__btn").click()
    if body:
        block.locator(".body-param__text").fill(body)
    block.locator(".execute").click()
    return block.locator(".live-responses-table .response").first


def test_a_person_reads_and_creates_products(docs: Page) -> None:
    authorize(docs, "products:write")
    expect(
        execute(docs, "products-products_create", PRODUCT).locator(".response-col_status")
    ).to_contain_text("201")
    expect(execute(docs, "products-products_list").locator(".response-col_status")).to_contain_text("200")
    assert Product.objects.get().owner.username == "luis"
    assert AccessToken.objects.get().scope == "products:write"
    assert RefreshToken.objects.get().application.client_id == "demo-docs"


def test_a_token_that_may_only_read_is_told_so(docs: Page) -> None:
    authorize(docs, "products:read")
    answer = execute(docs, "products-products_create", PRODUCT)
    expect(answer.locator(".response-col_status")).to_contain_text("403")
    expect(answer).to_contain_text("insufficient_scope")


def test_without_a_token_the_api_is_closed(docs: Page) -> None:
    expect(execute(docs, "products-products_list").locator(".response-col_status")).to_contain_text("401")
