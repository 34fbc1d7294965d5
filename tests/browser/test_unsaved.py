"""What was typed into a form whose session had ended comes back after signing in, to who typed it."""

from playwright.sync_api import Page

from multinexo_oauth.models import Application
from tests.admin.pages import page_of
from tests.browser.opening import MINE
from tests.browser.people import PASSWORDS, press, sign_in
from tests.conformance import proves

pytestmark = proves("form-unsaved")
TYPED = "Vende yerba a todo el país."


def lose_the_session(page: Page, demo: str) -> None:
    """Open a form as its application's owner, type, and send it once the session has ended."""
    page.goto(f"{demo}{MINE}demo-web/")
    sign_in(page, "ana")
    page.locator('[name="description"]').fill(TYPED)
    page.context.clear_cookies(name="sessionid")
    press(page, "save")


def test_what_was_typed_comes_back_after_signing_in_and_is_saved(page: Page, demo: str) -> None:
    lose_the_session(page, demo)
    sign_in(page, "ana")
    assert "no se guardó nada" in page.inner_text("main")
    assert page.locator('[name="description"]').input_value() == TYPED
    press(page, "save")
    page.reload()
    assert page.locator('[name="description"]').input_value() == TYPED


def test_what_one_person_typed_is_not_shown_to_another(page: Page, demo: str) -> None:
    lose_the_session(page, demo)
    sign_in(page, "luis")
    page.goto(f"{demo}{MINE}nueva/web/?unsaved=1")
    assert TYPED not in page.content()
    assert page.locator('[name="description"]').input_value() == ""


def staff_signs_in(page: Page) -> None:
    page.locator('[name="username"]').fill("staff")
    page.locator('[name="password"]').fill(PASSWORDS["staff"])
    page.locator('[type="submit"]').click()


def test_what_staff_typed_into_the_admin_comes_back_and_is_saved(page: Page, demo: str) -> None:
    application = Application.objects.get(client_id="demo-web")
    page.goto(f"{demo}{page_of(application)}")
    staff_signs_in(page)
    page.locator('[name="description"]').fill(TYPED)
    page.locator('[name="scopes"][value="cashier:read"]').check()
    page.context.clear_cookies(name="sessionid")
    page.locator('[name="_save"]').click()
    staff_signs_in(page)
    assert "no se guardó nada" in page.inner_text(".messagelist")
    assert page.locator('[name="description"]').input_value() == TYPED
    page.locator('[name="_save"]').click()
    page.locator(".messagelist .success").wait_for()
    application.refresh_from_db()
    assert (application.description, "cashier:read" in application.scope_names) == (TYPED, True)
