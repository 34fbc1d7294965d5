"""What axe finds on a page."""

from typing import Any, Literal

from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

Scheme = Literal["light", "dark"]
HEIGHT = 900
# What the browser makes of a page's markup is the same in all schemes and at all widths; colours and places differ.
WHERE_LOOKS_MATTER = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "rule", "values": ["color-contrast", "target-size", "link-in-text-block"]},
}


class OnceLoaded(Axe):
    """Axe, sent to a page by its first run alone."""

    def run(self, *args: Any, **kwargs: Any) -> AxeResults:
        results = super().run(*args, **kwargs)
        self.axe_script = "undefined"
        return results


def problems(page: Page, axe: Axe, scheme: Scheme, width: int, options: dict[str, Any]) -> list[str]:
    """Return what axe finds, once nothing moves."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": HEIGHT})
    found = axe.run(page, options=options).response["violations"]
    return [f"{rule['id']}: {node['html']}" for rule in found for node in rule["nodes"]]
