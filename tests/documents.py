"""A host of client id metadata documents, over https on this machine, and the fetcher that may go there."""

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from multinexo_oauth.models import Application
from multinexo_oauth.server.clients.fetcher import DocumentFetcher
from tests.oauth import OAuthClient

FETCHER = "tests.documents.LoopbackFetcher"


@cache
def certificate() -> Path:
    """Return a file with a certificate for `localhost`, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with NamedTemporaryFile(suffix=".pem", delete=False) as file:
        file.write(made.public_bytes(Encoding.PEM) + private)
    return Path(file.name)


class LoopbackFetcher(DocumentFetcher):
    """The real one, to which this machine is the Internet."""

    def allows(self, address: str) -> bool:
        return address in {"127.0.0.1", "::1"}

    def context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(certificate()))


class DocumentHost:
    """What its addresses answer, and how often each was asked for."""

    def __init__(self, port: int) -> None:
        self.origin = f"https://localhost:{port}"
        self.answers: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {}
        self.asked: list[str] = []

    def publish(
        self,
        path: str = "/client.json",
        headers: dict[str, str] | None = None,
        status: int = 200,
        **changes: Any,
    ) -> str:
        """Publish a good document, some members changed, and return its address; None leaves one out."""
        address = self.origin + path
        members = {
            "client_id": address,
            "client_name": "Asistente",
            "redirect_uris": ["http://127.0.0.1/callback"],
            "token_endpoint_auth_method": "none",
            "application_type": "native",
        } | changes
        body = json.dumps({name: value for name, value in members.items() if value is not None}).encode()
        return self.answer(path, body, headers, status)

    def answer(self, path: str, body: bytes, headers: dict[str, str] | None = None, status: int = 200) -> str:
        """Answer with these very bytes at a path. Return its address."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            for name, value in ({"Content-Type": "application/json"} | (headers or {})).items():
                handler.send_header(name, value)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)

        self.answers[path] = answer
        return self.origin + path

    def withdraw(self, path: str = "/client.json") -> None:
        del self.answers[path]


@pytest.fixture
def documents() -> Iterator[DocumentHost]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            host.asked.append(self.path)
            answer = host.answers.get(self.path)
            answer(self) if answer else self.send_error(404)

        def log_message(self, *args: object) -> None:
            """Keep requests out of the test's output."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate())
        server.socket = context.wrap_socket(server.socket, server_side=True)
        host = DocumentHost(server.server_port)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield host
        server.shutdown()
        thread.join()


def client_at(address: str) -> OAuthClient:
    """Return the client of the document that `publish` publishes, as it starts out: nobody has heard of it."""
    return OAuthClient(Application(client_id=address, redirect_uris="http://127.0.0.1:4321/callback"))
