"""The same way where the person, or the server, says no."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from multinexo_oauth.ending.consents import remove_consent
from multinexo_oauth.models import AccessToken, Application, Consent
from tests.browser.people import press, sign_in


@pytest.fixture
def asked(demo: str, page: Page) -> Page:
    """The consent page of the shop, before Luis."""
    page.goto(f"{demo}/tienda/")
    press(page, "connect")
    sign_in(page, "luis")
    expect(page.locator('[data-action="deny"]')).to_be_visible()
    return page


def parameters(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def test_a_person_who_cancels_is_told_so_by_the_shop(demo: str, asked: Page) -> None:
    press(asked, "deny")
    expect(asked).to_have_url(f"{demo}/tienda/")
    expect(asked.locator(".messages .notice--info")).to_be_visible()
    expect(asked.locator("body")).not_to_contain_text("access_denied")
    expect(asked.locator('[data-action="connect"]')).to_be_visible()
    assert not Consent.objects.exists()
    assert not AccessToken.objects.exists()


def test_the_shop_receives_access_denied_with_its_state_and_the_issuer(demo: str, asked: Page) -> None:
    sent = parameters(asked.url)
    with asked.expect_request(lambda request: "/tienda/volver/" in request.url) as callback:
        press(asked, "deny")
    received = parameters(callback.value.url)
    assert received["error"] == "access_denied"
    assert received["state"] == sent["state"]
    assert received["iss"] == f"{demo}/auth/v1"
    assert "code" not in received


def test_a_person_who_cancelled_may_still_connect(asked: Page) -> None:
    press(asked, "deny")
    press(asked, "connect")
    press(asked, "allow")
    expect(asked.locator('[data-action="create-product"]')).to_be_visible()


def test_a_request_with_a_strange_redirect_uri_ends_on_an_error_page(demo: str, asked: Page) -> None:
    asked_for: list[str] = []
    asked.on("request", lambda request: asked_for.append(urlsplit(request.url).netloc))
    asked.goto(asked.url.replace("volver", "otra"))
    expect(asked.locator("main .small code")).to_have_text("invalid_request")
    assert set(asked_for) == {urlsplit(demo).netloc}


def test_access_that_was_removed_meanwhile_is_explained_by_the_shop(asked: Page) -> None:
    press(asked, "allow")
    expect(asked.locator('[data-action="create-product"]')).to_be_visible()
    remove_consent(Consent.objects.get())
    asked.reload()
    expect(asked.locator(".messages .notice--warning")).to_be_visible()
    expect(asked.locator('[data-action="connect"]')).to_be_visible()


def test_a_suspended_application_can_ask_nobody(asked: Page) -> None:
    Application.objects.get(client_id="demo-web").suspend()
    asked.reload()
    expect(asked.locator('[data-action="allow"]')).to_have_count(0)
    expect(asked.locator("main code")).to_be_visible()
