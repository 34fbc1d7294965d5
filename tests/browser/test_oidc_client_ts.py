"""npm's oidc-client-ts signs a person in from a page on another origin, and keeps them signed in."""

import re

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from example_project.products.models import Product
from multinexo_oauth.models import AccessToken, RefreshToken
from tests.browser.oidc_client_ts import SCOPES, OIDCClient
from tests.browser.people import press
from tests.conformance import proves


@pytest.fixture
def signed_in(oidc_client: OIDCClient) -> OIDCClient:
    oidc_client.ask()
    oidc_client.receive()
    return oidc_client


@proves("oidc-client-ts-login")
def test_the_page_knows_who_signed_in(signed_in: OIDCClient) -> None:
    luis = User.objects.get(username="luis")
    expect(signed_in.page.locator("#person")).to_have_text(f"{luis.pk} luis luis@example.com")
    expect(signed_in.page.locator("#tokens")).to_have_text(f"1: {SCOPES}")


@proves("oidc-client-ts-api")
def test_the_page_creates_a_product_in_the_persons_account(signed_in: OIDCClient) -> None:
    signed_in.page.locator("#create").click()
    expect(signed_in.page.locator("#product")).to_have_text("Yerba")
    assert Product.objects.get().owner.username == "luis"


@proves("oidc-client-ts-renewal")
@pytest.mark.usefixtures("tokens_that_end_soon")
def test_the_library_renews_the_tokens_by_itself(signed_in: OIDCClient) -> None:
    expect(signed_in.page.locator("#tokens")).to_have_text(re.compile(f"[2-9]: {SCOPES}"))
    signed_in.page.locator("#create").click()
    expect(signed_in.page.locator("#product")).to_have_text("Yerba")


@proves("oidc-client-ts-revocation")
def test_the_page_hands_its_tokens_back(signed_in: OIDCClient) -> None:
    signed_in.page.locator("#revoke").click()
    expect(signed_in.page.locator("#tokens")).to_have_text("handed back")
    assert not AccessToken.objects.live().exists()
    assert not RefreshToken.objects.live().exists()


@proves("oidc-client-ts-logout")
def test_a_person_who_signs_out_of_the_page_signs_out_of_the_site(signed_in: OIDCClient) -> None:
    signed_in.page.locator("#sign-out").click()
    press(signed_in.page, "sign-out")
    signed_in.page.wait_for_url(signed_in.url)
    expect(signed_in.page.locator("#problem")).to_be_empty()
    signed_in.page.locator("#sign-in").click()
    expect(signed_in.page.locator('[data-action="sign-in"]')).to_be_visible()
