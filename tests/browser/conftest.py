"""A real Chromium, and a second origin for a JavaScript client's pages."""

import functools
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from example_project.demo.seed import seed
from tests.browser.javascript_client import javascript_client
from tests.browser.oidc_client_ts import oidc_client, tokens_that_end_soon
from tests.requirements import chromium, require

__all__ = ["javascript_client", "oidc_client", "tokens_that_end_soon"]

QUIET_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PATIENCE_MILLISECONDS = 15_000


@pytest.fixture(scope="session")
def executable() -> str | None:
    path = chromium()
    require(path, "Chromium is not installed")
    return path


@pytest.fixture(scope="session")
def browser(executable: str | None, live_server: LiveServer) -> Iterator[Browser]:
    """Chromium, started once, and closed before the server that its connections are kept open to."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's loop runs in this thread, so Django would refuse the tests' own queries.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        started = playwright.chromium.launch(executable_path=executable, args=QUIET_ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser profile of one test's own, in Spanish."""
    with browser.new_context(locale="es", viewport={"width": 1280, "height": 900}) as context:
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        yield context


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page whose scripts must raise nothing and stay within the Content-Security-Policy."""
    problems: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            problems.append(message.text)

    context.on("console", note)
    context.on("weberror", lambda error: problems.append(str(error.error)))
    yield context.new_page()
    assert problems == []


@pytest.fixture
def demo(live_server: LiveServer, settings: Settings, tmp_path: Path) -> str:
    """The address of the demonstration, seeded and running."""
    settings.TIENDA_CREDENTIALS = tmp_path / "tienda.json"
    seed(live_server.url)
    return live_server.url


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        """Keep requests out of the test's output."""


@contextmanager
def served(directory: Path) -> Iterator[str]:
    """Serve a folder of files on a free port and give its origin."""
    handler = functools.partial(QuietHandler, directory=str(directory))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def other_origin() -> Iterator[Callable[[Path], str]]:
    """Serve a folder on an origin other than the authorization server's: `other_origin(directory)` is its URL."""
    with ExitStack() as stack:
        yield lambda directory: stack.enter_context(served(directory))
