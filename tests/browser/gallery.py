"""Save screenshots of the pages, to be looked at: `python -m tests.browser.gallery FOLDER [PAGE ...]`.

`--docs` saves those of docs/gallery.md alone, each as a small file.
"""

import argparse
import math
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import django
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

WIDTHS = (390, 768, 1280)
SCHEMES = ("light", "dark")
HEIGHT = 800
COLOURS = 256
# Of the mark: small, and what it is known by.
NODES = [(92, 204, 92), (255, 102, 102), (31, 175, 255), (255, 193, 69)]


class Shot(NamedTuple):
    """A picture of a page."""

    name: str
    width: int
    scheme: str

    @property
    def file(self) -> str:
        return f"{self.name.replace(', ', '-').replace(' ', '-')}-{self.width}-{self.scheme}.png"


def of(name: str, widths: Iterable[int] = WIDTHS, schemes: Iterable[str] = SCHEMES) -> list[Shot]:
    return [Shot(name, width, scheme) for scheme in schemes for width in widths]


# What docs/gallery.md shows.
ON_PHONE_AND_DESKTOP = (
    "consent, verified",
    "consent, many permissions",
    "device, confirm",
    "list",
    "secret",
    "connected applications",
)
ON_A_PHONE = (
    "consent, to this device",
    "consent, only what is new",
    "consent, by its document",
    "device",
    "device, permissions",
    "device, allowed",
    "device, too many",
    "error",
    "expired",
    "logout",
)
ON_A_DESKTOP = ("kinds", "detail", "credentials", "connected application")
IN_THE_DARK = ("consent, verified", "device, confirm", "connected applications")
DOCS = [
    *(shot for name in ON_PHONE_AND_DESKTOP for shot in of(name, (390, 1280), ("light",))),
    *(shot for name in ON_A_PHONE for shot in of(name, (390,), ("light",))),
    *(shot for name in ON_A_DESKTOP for shot in of(name, (1280,), ("light",))),
    *(shot for name in IN_THE_DARK for shot in of(name, (390,), ("dark",))),
]
OTHER_BRAND = of("consent, verified", (390,)) + of("list", (1280,), ("light",))


@contextmanager
def demonstration() -> Iterator[str]:
    """Serve the demonstration on a database of its own and give its address."""
    from django.test.utils import override_settings, setup_databases, teardown_databases
    from pytest_django.live_server_helper import LiveServer

    databases = setup_databases(verbosity=0, interactive=False)
    server = LiveServer("127.0.0.1")
    with (
        tempfile.TemporaryDirectory() as folder,
        override_settings(TIENDA_CREDENTIALS=Path(folder, "shop.json"), DEBUG=False),
    ):
        yield server.url
    server.stop()
    teardown_databases(databases, verbosity=0)


def photograph(page: Page, shot: Shot, path: Path) -> None:
    """Save the open page as that picture."""
    page.emulate_media(color_scheme=shot.scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": shot.width, "height": HEIGHT})
    page.screenshot(path=path, full_page=True, animations="disabled")


def photograph_all(
    browser: Browser, site: str, shots: Iterable[Shot], folder: Path, language: str = "es"
) -> Iterator[Path]:
    """Save the pictures and yield where; each page is opened once, on a site seeded anew."""
    from django.core.management import call_command

    from example_project.demo.seed import seed
    from tests.browser.pages import PAGES

    folder.mkdir(parents=True, exist_ok=True)
    wanted = list(shots)
    for name in dict.fromkeys(shot.name for shot in wanted):
        call_command("flush", interactive=False, verbosity=0)
        seed(site)
        with browser.new_context(locale=language) as context:
            page = context.new_page()
            PAGES[name](page, site)
            for shot in wanted:
                if shot.name == name:
                    photograph(page, shot, folder / shot.file)
                    yield folder / shot.file


def shrink(path: Path) -> None:
    """Keep the most frequent colours, as they are: flat pages have few others than the edges of letters."""
    with Image.open(path) as opened:
        picture = opened.convert("RGB")
    found: Any = picture.getcolors(picture.width * picture.height)
    counted: list[tuple[int, tuple[int, ...]]] = sorted(found, reverse=True)
    kept = NODES + [colour for _count, colour in counted if colour not in NODES][: COLOURS - len(NODES)]
    place = {colour: nearest(colour, kept) for _count, colour in counted}
    few = Image.new("P", picture.size)
    few.putpalette([part for colour in kept for part in colour])
    few.putdata([place[colour] for colour in zip(*[iter(picture.tobytes())] * 3, strict=True)])
    few.save(path, optimize=True)


def nearest(colour: tuple[int, ...], kept: list[tuple[int, ...]]) -> int:
    return min(range(len(kept)), key=lambda place: math.dist(colour, kept[place]))


def photograph_for_docs(browser: Browser, site: str, folder: Path) -> None:
    from django.test.utils import override_settings

    from tests.sites import puentes

    for path in photograph_all(browser, site, DOCS, folder):
        shrink(path)
    with override_settings(**puentes.brand()):
        for path in photograph_all(browser, site, OTHER_BRAND, folder / "other-brand"):
            shrink(path)


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop runs in the thread that seeds
    django.setup()
    from tests.browser.pages import GALLERY, PAGES
    from tests.requirements import chromium

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--language", default="es", help="Which language the browser asks for (default: es).")
    parser.add_argument("--docs", action="store_true", help="Save the pictures of docs/gallery.md alone.")
    parser.add_argument(
        "pages", nargs="*", metavar="PAGE", help=f"Of {'; '.join(PAGES)}. By default {', '.join(GALLERY)}."
    )
    arguments = parser.parse_args()
    if unknown := set(arguments.pages) - set(PAGES):
        parser.error(f"no such page: {', '.join(sorted(unknown))}")
    with demonstration() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        if arguments.docs:
            photograph_for_docs(browser, site, arguments.folder)
        else:
            shots = [shot for name in arguments.pages or GALLERY for shot in of(name)]
            list(photograph_all(browser, site, shots, arguments.folder, arguments.language))
        browser.close()


if __name__ == "__main__":
    main()
