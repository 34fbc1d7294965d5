"""What holds for every page in every state: anybody can use it, with any screen, and it trusts nobody's scripts."""

import pytest
from playwright.sync_api import Page, Response

from tests.browser.axe import HEIGHT, WHERE_LOOKS_MATTER, OnceLoaded, Scheme, problems
from tests.browser.pages import PAGES
from tests.conformance import proves

WIDTHS = (390, 768, 1280)
# Beside the first width in light, where all rules are checked: colours do not depend on the width, places do.
LOOKS: tuple[tuple[Scheme, int], ...] = (
    ("light", 768),
    ("light", 1280),
    ("dark", 390),
    ("dark", 1280),
)
SMALLEST = 320
STANDARDS = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},
}
KILOBYTE = 1000


@pytest.fixture
def answers(page: Page) -> list[Response]:
    """What the server sent so far, in order."""
    sent: list[Response] = []
    page.on("response", lambda answer: sent.append(answer))
    return sent


@pytest.fixture(params=PAGES)
def opened(request: pytest.FixtureRequest, demo: str, page: Page, answers: list[Response]) -> Page:
    PAGES[request.param](page, demo)
    return page


@proves("pages-accessible", "pages-reflow", "pages-headers", "pages-light")
def test_anybody_can_use_it_and_it_trusts_nobodys_scripts(opened: Page, answers: list[Response]) -> None:
    document = [answer for answer in answers if answer.request.is_navigation_request()][-1]
    assert untrusting(document.headers) == []
    assert weight(opened) <= 30 * KILOBYTE
    axe = OnceLoaded()
    assert problems(opened, axe, "light", WIDTHS[0], STANDARDS) == []
    for scheme, width in LOOKS:
        assert problems(opened, axe, scheme, width, WHERE_LOOKS_MATTER) == [], f"{scheme}, {width} px"
    assert wider_than_the_screen(opened, SMALLEST) == []
    # CSSOM is not under the page's policy for styles.
    opened.evaluate("document.documentElement.style.fontSize = '200%'")
    assert wider_than_the_screen(opened, WIDTHS[-1]) == []


def untrusting(headers: dict[str, str]) -> list[str]:
    """Return the promises of a page's headers that are missing."""
    policy = headers.get("content-security-policy", "")
    promises = {
        "default-src 'self'": "default-src 'self'" in policy,
        "no unsafe": "unsafe-" not in policy,
        "object-src 'none'": "object-src 'none'" in policy,
        "base-uri 'none'": "base-uri 'none'" in policy,
        "frame-ancestors 'none'": "frame-ancestors 'none'" in policy,
        "not framed": headers.get("x-frame-options") == "DENY",
        "no sniffing": headers.get("x-content-type-options") == "nosniff",
    }
    return [promise for promise, is_kept in promises.items() if not is_kept]


def weight(page: Page) -> int:
    """Return how many bytes the page's style sheets and scripts have, uncompressed."""
    return page.evaluate(
        """async () => {
            const elements = [...document.querySelectorAll("link[rel=stylesheet], script[src]")];
            const answers = await Promise.all(elements.map((element) => fetch(element.href || element.src)));
            const files = await Promise.all(answers.map((answer) => answer.blob()));
            return files.reduce((total, file) => total + file.size, 0);
        }"""
    )


def wider_than_the_screen(page: Page, width: int) -> list[str]:
    """Return the elements that reach beyond the screen's edge, where the page scrolls sideways."""
    page.set_viewport_size({"width": width, "height": HEIGHT})
    return page.evaluate(
        """() => {
            const screen = document.documentElement;
            if (screen.scrollWidth <= screen.clientWidth) return [];
            return [...document.querySelectorAll("body *")]
                .filter((element) => element.getBoundingClientRect().right > screen.clientWidth)
                .map((element) => element.outerHTML.slice(0, 120));
        }"""
    )
