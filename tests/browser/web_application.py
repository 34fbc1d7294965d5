"""A web application on a site of its own: it keeps what browsers bring it, and serves one page."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from typing import NamedTuple
from urllib.parse import parse_qs

import pytest
from django.contrib.auth.models import User

from tests.oauth import OAuthClient, register

PATIENCE_SECONDS = 15


class Visit(NamedTuple):
    path: str
    form: dict[str, list[str]]
    origin: str | None


class WebApplication:
    """`page` is what it serves. Browsers know it as 127.0.0.1, which is another site than localhost."""

    def __init__(self) -> None:
        self.page = "<!doctype html><title>The application</title><p id=application>Here you are."
        self.visits: Queue[Visit] = Queue()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(self))
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.client: OAuthClient | None = None

    def register(self, owner: User) -> OAuthClient:
        self.client = register(
            owner,
            "web",
            name="Caja Norte",
            redirect_uris=f"{self.url}/callback",
            post_logout_redirect_uris=f"{self.url}/bye",
            scopes="openid products:read products:write",
        )
        return self.client

    def visit(self) -> Visit:
        """Return what the next browser that came brought along."""
        return self.visits.get(timeout=PATIENCE_SECONDS)


def handler_of(application: WebApplication) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._note({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._note(parse_qs(body))

        def _note(self, form: dict[str, list[str]]) -> None:
            if not self.path.startswith("/favicon"):
                application.visits.put(Visit(self.path, form, self.headers["Origin"]))
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(application.page.encode())

        def log_message(self, *args: object) -> None:
            """Keep requests out of the test's output."""

    return Handler


@pytest.fixture
def web_application(demo: str) -> Iterator[WebApplication]:
    """The application, registered by Ana and running."""
    application = WebApplication()
    application.register(User.objects.get(username="ana"))
    thread = threading.Thread(target=application.server.serve_forever, daemon=True)
    thread.start()
    yield application
    application.server.shutdown()
    application.server.server_close()
    thread.join()
