"""What npm's oidc-client-ts reports where nobody is signed in, or is no longer."""

import pytest
from playwright.sync_api import expect

from multinexo_oauth.models import AccessToken
from tests.browser.oidc_client_ts import OIDCClient
from tests.browser.people import press
from tests.conformance import proves

pytestmark = proves("oidc-client-ts-refusals")


def test_the_page_is_told_that_the_person_refused(oidc_client: OIDCClient) -> None:
    oidc_client.ask()
    oidc_client.receive("deny")
    expect(oidc_client.page.locator("#problem")).to_have_text("access_denied")
    expect(oidc_client.page.locator("#person")).to_be_empty()


def test_an_answer_that_the_page_did_not_ask_for_signs_nobody_in(oidc_client: OIDCClient) -> None:
    oidc_client.open("?code=a-code&state=a-state")
    expect(oidc_client.page.locator("#problem")).to_have_text("No matching state found in storage")
    assert not AccessToken.objects.exists()


@pytest.mark.usefixtures("tokens_that_end_soon")
def test_the_tokens_are_not_renewed_once_the_person_removed_the_access(oidc_client: OIDCClient) -> None:
    oidc_client.ask()
    oidc_client.receive()
    with oidc_client.page.context.new_page() as another:
        another.goto(f"{oidc_client.site}/auth/v1/aplicaciones-conectadas/quitar-todas/")
        press(another, "confirm")
        another.wait_for_url("**/aplicaciones-conectadas/")
    expect(oidc_client.page.locator("#problem")).to_have_text("invalid_grant")
