"""Save screenshots of the pages, to be looked at: `python -m tests.browser.gallery FOLDER [PAGE ...]`."""

import argparse
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from playwright.sync_api import Browser, Page, sync_playwright

WIDTHS = (390, 768, 1280)
SCHEMES = ("light", "dark")
HEIGHT = 800


@contextmanager
def demonstration() -> Iterator[str]:
    """Serve the seeded demonstration on a database of its own and give its address."""
    from django.test.utils import override_settings, setup_databases, teardown_databases
    from pytest_django.live_server_helper import LiveServer

    from example_project.demo.seed import seed

    databases = setup_databases(verbosity=0, interactive=False)
    server = LiveServer("127.0.0.1")
    with (
        tempfile.TemporaryDirectory() as folder,
        override_settings(TIENDA_CREDENTIALS=Path(folder, "shop.json")),
    ):
        seed(server.url)
        yield server.url
    server.stop()
    teardown_databases(databases, verbosity=0)


def photograph(page: Page, name: str, folder: Path) -> None:
    """Save the open page at every width, in light and dark."""
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            picture = folder / f"{name}-{width}-{scheme}.png"
            page.screenshot(path=picture, full_page=True, animations="disabled")


def photograph_all(browser: Browser, site: str, names: list[str], folder: Path) -> None:
    from tests.browser.pages import PAGES

    for name in names:
        with browser.new_context(locale="es") as context:
            page = context.new_page()
            PAGES[name](page, site)
            photograph(page, name, folder)


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop runs in the thread that seeds
    django.setup()
    from tests.browser.pages import GALLERY, PAGES
    from tests.requirements import chromium

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "pages", nargs="*", metavar="PAGE", help=f"Of {', '.join(PAGES)}; by default {', '.join(GALLERY)}."
    )
    arguments = parser.parse_args()
    if unknown := set(arguments.pages) - set(PAGES):
        parser.error(f"no such page: {', '.join(sorted(unknown))}")
    arguments.folder.mkdir(parents=True, exist_ok=True)
    with demonstration() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        photograph_all(browser, site, arguments.pages or list(GALLERY), arguments.folder)
        browser.close()


if __name__ == "__main__":
    main()
