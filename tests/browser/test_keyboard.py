"""A person with a keyboard alone sees where they are, and decides."""

import pytest
from playwright.sync_api import Page, expect

from multinexo_oauth.models import Consent
from tests.browser import applications
from tests.browser.connections import CONNECTIONS
from tests.browser.consents import consent, nothing_ticked, verified
from tests.browser.devices import ask
from tests.browser.mishaps import wrong_password
from tests.browser.opening import DEVICE, MINE, Open, as_person
from tests.browser.people import PASSWORDS
from tests.conformance import proves

pytestmark = proves("pages-keyboard")
FOCUSED = """() => {
    const element = document.activeElement;
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    return {
        name: element.dataset.action || element.id || element.textContent.trim(),
        ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
        seen: box.top >= 0 && box.bottom <= innerHeight && box.right <= innerWidth,
    };
}"""


def tab_to(page: Page, name: str) -> list[str]:
    """Press Tab until that has the focus; return what had it on the way, each with a ring and in sight."""
    passed: list[str] = []
    while not passed or passed[-1] != name:
        assert len(passed) < 40, passed
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        assert focused["ring"], f"{focused['name']} has the focus and no ring"
        assert focused["seen"], f"{focused['name']} has the focus out of sight"
        passed.append(focused["name"])
    return passed


def test_a_person_authorizes(demo: str, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 700})
    consent(page, demo)
    passed = tab_to(page, "allow")
    assert passed[0] == "Ir al contenido"
    asked = {"products:read", "products:write", "documents:read"}
    assert passed[-5] == "ana@example.com"
    assert {name.removeprefix("scope-") for name in passed[-4:-1]} == asked
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    tab_to(page, "allow")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{demo}/tienda/")
    assert set(Consent.objects.get().scope_names) == asked - {passed[-2].removeprefix("scope-")}


def test_a_choice_that_will_not_do_is_told_in_sight_wherever_the_page_is_scrolled(
    demo: str, page: Page
) -> None:
    page.set_viewport_size({"width": 390, "height": 600})
    nothing_ticked(page, demo)
    told = page.evaluate(FOCUSED)
    assert told["name"] == "Marque al menos un permiso, o cancele."
    assert told["seen"]


def test_everything_on_the_page_is_reached_in_the_order_in_which_it_is_read(demo: str, page: Page) -> None:
    verified(page, demo)
    passed = tab_to(page, "Aplicaciones conectadas")
    links = ["ana@example.com", "Sitio de la aplicación", "Política de privacidad", "Términos del servicio"]
    assert passed[2:7] == ["switch-account", *links]
    assert passed[-3:] == ["allow", "deny", "Aplicaciones conectadas"]


def test_the_skip_link_leads_past_the_bar(demo: str, page: Page) -> None:
    consent(page, demo)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert tab_to(page, "switch-account") == ["switch-account"]


def test_a_person_lets_a_device_in(demo: str, page: Page) -> None:
    as_person(page, demo, "luis", DEVICE)
    page.keyboard.type(ask(demo)["user_code"].lower())  # the field has the focus from the start
    page.keyboard.press("Enter")
    page.locator('[data-action="confirm"]').wait_for()
    tab_to(page, "confirm")
    page.keyboard.press("Enter")
    page.locator('[data-action="allow"]').wait_for()
    tab_to(page, "allow")
    page.keyboard.press("Enter")
    expect(page.locator(".notice--success")).to_be_visible()


def test_who_mistyped_the_password_types_it_again_at_once(demo: str, page: Page) -> None:
    wrong_password(page, demo)
    page.keyboard.type(PASSWORDS["luis"])
    page.keyboard.press("Enter")
    expect(page.locator('[data-action="sign-in"]')).to_have_count(0)


def test_who_is_named_already_types_the_password_at_once(demo: str, page: Page) -> None:
    page.goto(f"{demo}/cuentas/entrar/?login_hint=luis")
    expect(page.locator('[name="password"]')).to_be_focused()
    page.goto(f"{demo}/cuentas/entrar/")
    expect(page.locator('[name="username"]')).to_be_focused()


def test_a_long_line_of_code_is_read_to_its_end(demo: str, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 700})
    as_person(page, demo, "ana", f"{MINE}demo-web/credenciales/")
    code = page.locator("pre").first
    code.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("(code) => code.scrollLeft > 0", arg=code.element_handle())
    assert page.evaluate("document.documentElement.scrollWidth") == 390


@proves("pages-motion")
def test_nothing_moves_for_who_asks_for_less_motion(demo: str, page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    consent(page, demo)
    moving = page.evaluate(
        """() => [...document.querySelectorAll("*")].filter((element) => {
            const style = getComputedStyle(element);
            return style.transitionDuration !== "0s" || style.animationName !== "none";
        }).map((element) => element.className)"""
    )
    assert moving == []


REFUSED = {
    "a new application": applications.create_with_problems,
    "a tab": applications.detail_with_problems,
    "a logo": applications.not_a_logo,
    "a deletion": applications.wrong_name,
    "a secret": applications.secret_refused,
    "consent": nothing_ticked,
    "permissions to withdraw": CONNECTIONS["withdraw, nothing ticked"],
}


@proves("pages-focus-on-errors")
@pytest.mark.parametrize("refused", REFUSED.values(), ids=REFUSED)
def test_after_an_error_the_focus_is_where_it_says_what_is_wrong(
    demo: str, page: Page, refused: Open
) -> None:
    page.set_viewport_size({"width": 390, "height": 600})
    refused(page, demo)
    expect(page.locator("main [role=alert]").first).to_be_focused()
    assert page.evaluate(FOCUSED)["seen"]


@proves("pages-focus-on-errors")
def test_from_there_a_link_leads_to_each_field_that_is_wrong(demo: str, page: Page) -> None:
    applications.detail_with_problems(page, demo)
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED)["name"] == "Nombre"
    page.keyboard.press("Enter")
    expect(page.locator('[name="name"]')).to_be_focused()


@proves("pages-focus-on-errors")
def test_a_wrong_code_is_typed_again_at_once(demo: str, page: Page) -> None:
    as_person(page, demo, "luis", f"{DEVICE}?user_code=BCDF-GHJK")
    expect(page.locator('[name="user_code"]')).to_be_focused()
