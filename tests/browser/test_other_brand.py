"""One template and one file of custom properties turn every page into another company's."""

from collections.abc import Iterator

import pytest
from django.test.utils import override_settings
from playwright.sync_api import Page, expect

from tests.browser.applications import OWN
from tests.browser.axe import WHERE_LOOKS_MATTER, OnceLoaded, Scheme, problems
from tests.browser.consents import consent
from tests.browser.pages import CONNECTIONS, CONSENT, DEVICES, LOGOUTS, MISHAPS, PAGES
from tests.conformance import proves
from tests.sites import puentes

pytestmark = proves("pages-brand")
COLOURS: dict[Scheme, dict[str, str]] = {
    "light": {"header": "rgb(106, 31, 61)", "page": "rgb(251, 245, 236)"},
    "dark": {"header": "rgb(61, 16, 35)", "page": "rgb(27, 18, 21)"},
}
# The app's own, for the demonstration's speak of Multinexo; of each, the state that its name alone stands for.
OURS = [name for name in CONSENT | MISHAPS | OWN | CONNECTIONS if "," not in name]
OURS += ["consent", "error", "list", "create", "secret", "detail", *DEVICES, *LOGOUTS]


@pytest.fixture
def branded(demo: str) -> Iterator[str]:
    with override_settings(**puentes.brand()):
        yield demo


@pytest.mark.parametrize("name", OURS)
def test_every_page_is_the_other_companys(branded: str, page: Page, name: str) -> None:
    PAGES[name](page, branded)
    assert page.title().endswith(f" · {puentes.NAME}")
    assert page.locator(".brand__word").inner_text().lower() == puentes.NAME.lower()
    assert page.locator(".brand img").evaluate("image => image.decode().then(() => image.naturalWidth > 0)")
    assert page.locator("link[rel=icon]").get_attribute("href") == "/static/puentes/logo.svg"
    assert page.locator(".mark").count() == 0
    assert "multinexo" not in page.locator("body").inner_text().lower()
    for scheme, colours in COLOURS.items():
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        expect(page.locator(".header")).to_have_css("background-color", colours["header"])
        expect(page.locator("body")).to_have_css("background-color", colours["page"])
    expect(page.locator("body")).to_have_css("font-family", 'Georgia, "Times New Roman", serif')


def test_its_buttons_and_links_are_too(branded: str, page: Page) -> None:
    PAGES["device"](page, branded)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    button = page.locator('[data-action="continue"]')
    expect(button).to_have_css("background-color", "rgb(106, 31, 61)")
    expect(button).to_have_css("color", "rgb(255, 246, 234)")
    expect(button).to_have_css("border-radius", "22px")


@proves("pages-accessible")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_stays_accessible_in_their_colours(branded: str, page: Page, scheme: Scheme) -> None:
    consent(page, branded)
    assert problems(page, OnceLoaded(), scheme, 390, WHERE_LOOKS_MATTER) == []
