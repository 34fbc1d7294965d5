"""A person signs out of an application, and is asked whether to sign out of their account here too."""

from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from tests.browser.people import press, sign_in
from tests.browser.web_application import WebApplication, web_application
from tests.conformance import proves
from tests.oauth import AUTHORIZE, VERIFIER, OAuthClient

__all__ = ["web_application"]

LOGOUT = "/auth/v1/logout/"


@pytest.fixture
def asked(demo: str, page: Page, web_application: WebApplication, settings: Settings) -> dict[str, str]:
    """What the application sends along, whose person Luis is."""
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "ISSUER": f"{demo}/auth/v1"}
    client: OAuthClient | None = web_application.client
    assert client is not None
    page.goto(f"{demo}{AUTHORIZE}?{urlencode(client.request(scope='openid'))}")
    sign_in(page, "luis")
    press(page, "allow")
    expect(page.locator("#application")).to_be_visible()
    code = page.url.partition("code=")[2].partition("&")[0]
    web_application.visit()
    id_token = client.exchange(code, code_verifier=VERIFIER).json()["id_token"]
    return {
        "id_token_hint": id_token,
        "post_logout_redirect_uri": f"{web_application.url}/bye",
        "state": "a state",
    }


def is_signed_in(page: Page, site: str) -> bool:
    page.goto(f"{site}/auth/v1/aplicaciones-conectadas/")
    return page.locator('[name="password"]').count() == 0


@proves("logout-asks", "logout-redirect", "logout-ends-session")
def test_a_person_signs_out_and_goes_back(
    demo: str, page: Page, web_application: WebApplication, asked: dict[str, str]
) -> None:
    page.goto(f"{demo}{LOGOUT}?{urlencode(asked)}")
    expect(page.locator("main")).to_contain_text("Caja Norte")
    press(page, "sign-out")
    expect(page.locator("#application")).to_be_visible()
    assert web_application.visit().path == "/bye?state=a+state"
    assert not is_signed_in(page, demo)


@proves("logout-asks")
def test_a_person_stays_signed_in_and_goes_back(
    demo: str, page: Page, web_application: WebApplication, asked: dict[str, str]
) -> None:
    page.goto(f"{demo}{LOGOUT}?{urlencode(asked)}")
    press(page, "stay")
    press(page, "back")
    assert web_application.visit().path == "/bye?state=a+state"
    assert is_signed_in(page, demo)


@proves("logout-methods")
def test_a_form_of_the_applications_own_site_finds_the_person_signed_in(
    demo: str, page: Page, web_application: WebApplication, asked: dict[str, str]
) -> None:
    fields = "".join(f'<input name="{name}" value="{value}">' for name, value in asked.items())
    web_application.page = (
        f'<form method="post" action="{demo}{LOGOUT}">{fields}<button>Salir</button></form>'
    )
    page.goto(web_application.url)
    web_application.visit()
    page.locator("button").click()
    expect(page.locator("main")).to_contain_text("luis@example.com")
    assert asked["id_token_hint"] not in page.url
    press(page, "sign-out")
    page.wait_for_url(f"{web_application.url}/bye?state=a+state")
    assert not is_signed_in(page, demo)


@proves("prompt-login")
def test_a_person_signs_in_again_where_the_application_asks_for_that(
    demo: str, page: Page, web_application: WebApplication, asked: dict[str, str]
) -> None:
    client = web_application.client
    assert client is not None
    page.goto(f"{demo}{AUTHORIZE}?{urlencode(client.request(scope='openid', prompt='login'))}")
    sign_in(page, "luis")
    expect(page.locator("#application")).to_be_visible()
    assert "code=" in web_application.visit().path
