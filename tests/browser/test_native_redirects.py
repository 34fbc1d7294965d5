"""Authorize leads to programs on the person's own device: the page's policy lets its form's answer go there."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Queue
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import press, sign_in
from tests.oauth import AUTHORIZE, VERIFIER, s256

PATIENCE_SECONDS = 15


class LoopbackProgram:
    """A program that listens on a port of its own for the browser to come back (RFC 8252 section 7.3)."""

    def __init__(self) -> None:
        received: Queue[str] = Queue()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                received.put(self.path)
                self.send_response(200)
                self.end_headers()

            def log_message(self, *args: object) -> None:
                """Keep requests out of the test's output."""

        self.received = received
        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.redirect_uri = f"http://127.0.0.1:{self.server.server_port}/callback"

    def answer(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.received.get(timeout=PATIENCE_SECONDS)).query)


@pytest.fixture
def program() -> Iterator[LoopbackProgram]:
    program = LoopbackProgram()
    thread = threading.Thread(target=program.server.serve_forever, daemon=True)
    thread.start()
    yield program
    program.server.shutdown()
    program.server.server_close()
    thread.join()


def ask(page: Page, site: str, redirect_uri: str) -> None:
    """Open the consent page for the seeded native application, as Luis."""
    request = {
        "response_type": "code",
        "client_id": "demo-native",
        "redirect_uri": redirect_uri,
        "scope": "products:read",
        "state": "a state",
        "code_challenge": s256(VERIFIER),
        "code_challenge_method": "S256",
    }
    page.goto(f"{site}{AUTHORIZE}?{urlencode(request)}")
    sign_in(page, "luis")


def test_the_code_reaches_a_loopback_port_that_nobody_registered(
    demo: str, page: Page, program: LoopbackProgram
) -> None:
    ask(page, demo, program.redirect_uri)
    expect(page.locator(".notice--warning strong").last).to_have_text("127.0.0.1")
    press(page, "allow")
    answer = program.answer()
    assert answer["code"]
    assert answer["state"] == ["a state"]


def test_a_refusal_reaches_it_too(demo: str, page: Page, program: LoopbackProgram) -> None:
    ask(page, demo, program.redirect_uri)
    press(page, "deny")
    assert program.answer()["error"] == ["access_denied"]


def test_the_code_is_handed_to_the_scheme_of_an_application(demo: str, page: Page) -> None:
    ask(page, demo, "com.example.mostrador:/oauth2redirect")
    # No program of this machine claims the scheme, so the browser gives up on the address that it was let go to.
    with page.expect_event("requestfailed") as handed_over:
        press(page, "allow")
    assert handed_over.value.failure == "net::ERR_ABORTED"
    assert handed_over.value.url.startswith("com.example.mostrador:/oauth2redirect?code=")
