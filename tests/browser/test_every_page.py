"""What holds for every page: anybody can use it, with any screen."""

from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.pages import PAGES

SMALLEST = {"width": 320, "height": 640}


@pytest.fixture(params=PAGES)
def opened(request: pytest.FixtureRequest, demo: str, page: Page) -> Page:
    PAGES[request.param](page, demo)
    return page


def test_it_is_accessible_in_light_and_dark_and_never_scrolls_sideways(opened: Page) -> None:
    assert problems(opened, "light") == []
    # The dark page differs in its colours alone.
    assert problems(opened, "dark", runOnly=["color-contrast"]) == []
    opened.set_viewport_size(SMALLEST)
    wide = opened.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide == 0, wider_than_the_screen(opened)


def problems(page: Page, scheme: Literal["light", "dark"], **options: Any) -> list[str]:
    """Return what axe finds in a colour scheme, once nothing moves."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    found = Axe().run(page, options=options).response["violations"]
    return [f"{rule['id']}: {node['html']}" for rule in found for node in rule["nodes"]]


def wider_than_the_screen(page: Page) -> list[str]:
    """Return the elements that reach beyond the screen's edge."""
    return page.evaluate(
        """() => [...document.querySelectorAll("body *")]
            .filter((element) => element.getBoundingClientRect().right > document.documentElement.clientWidth)
            .map((element) => element.outerHTML.slice(0, 120))"""
    )
