"""The answer of a consent page reaches an application by a form, which posts itself where JavaScript runs."""

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.people import press, sign_in
from tests.browser.web_application import WebApplication, web_application
from tests.conformance import proves
from tests.oauth import AUTHORIZE

__all__ = ["web_application"]

pytestmark = proves("form-post")


@pytest.fixture
def plain_page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(java_script_enabled=False) as context:
        yield context.new_page()


def ask(page: Page, site: str, application: WebApplication, **changes: str) -> None:
    assert application.client is not None
    request = application.client.request(response_mode="form_post", **changes)
    page.goto(f"{site}{AUTHORIZE}?{urlencode(request)}")


def arrived(application: WebApplication, site: str) -> dict[str, list[str]]:
    """Return what the application got, by a form of the authorization server's."""
    visit = application.visit()
    assert visit.path == "/callback"
    assert visit.origin == site
    return visit.form


def test_the_form_posts_itself(demo: str, page: Page, web_application: WebApplication) -> None:
    ask(page, demo, web_application)
    sign_in(page, "luis")
    press(page, "allow")
    expect(page.locator("#application")).to_be_visible()
    told = arrived(web_application, demo)
    assert told.keys() == {"code", "state", "iss"}
    assert told["iss"] == [f"{demo}/auth/v1"]


def test_an_error_posts_itself(demo: str, page: Page, web_application: WebApplication) -> None:
    ask(page, demo, web_application, scope="unknown")
    sign_in(page, "luis")
    expect(page.locator("#application")).to_be_visible()
    assert arrived(web_application, demo)["error"] == ["invalid_scope"]


@pytest.mark.parametrize(("decision", "told"), [("allow", "code"), ("deny", "error")])
def test_a_person_presses_the_button_without_javascript(
    demo: str, plain_page: Page, web_application: WebApplication, decision: str, told: str
) -> None:
    ask(plain_page, demo, web_application)
    sign_in(plain_page, "luis")
    press(plain_page, decision)
    press(plain_page, "continue")
    expect(plain_page.locator("#application")).to_be_visible()
    assert told in arrived(web_application, demo)
