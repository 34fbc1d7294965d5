"""Changing accounts on the consent page comes back to this very request, as another person."""

from playwright.sync_api import Page, expect

from multinexo_oauth.models import Consent
from tests.browser.people import press, sign_in


def test_another_person_answers_the_very_same_request(demo: str, page: Page) -> None:
    page.goto(f"{demo}/tienda/")
    press(page, "connect")
    sign_in(page, "ana")
    asked = page.url
    expect(page.locator(".account")).to_contain_text("ana@example.com")
    press(page, "switch-account")
    sign_in(page, "luis")
    expect(page.locator(".account")).to_contain_text("luis@example.com")
    assert page.url == asked
    press(page, "allow")
    expect(page.locator('[data-action="create-product"]')).to_be_visible()
    assert [consent.user.username for consent in Consent.objects.select_related("user")] == ["luis"]


def test_a_page_left_open_by_another_person_authorizes_nothing(demo: str, page: Page) -> None:
    page.goto(f"{demo}/tienda/")
    press(page, "connect")
    sign_in(page, "ana")
    other = page.context.new_page()
    other.goto(page.url)
    press(other, "switch-account")
    sign_in(other, "luis")
    expect(other.locator(".account")).to_contain_text("luis@example.com")
    press(page, "allow")
    expect(page.locator("main .card h1")).to_be_visible()
    expect(page.locator('[data-action="allow"]')).to_have_count(0)
    assert not Consent.objects.exists()
