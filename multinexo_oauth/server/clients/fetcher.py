"""Fetching a URL that a stranger chose, safely (draft client-id-metadata-document)."""

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPException, HTTPResponse, HTTPSConnection
from ipaddress import ip_address
from ssl import SSLContext, create_default_context
from typing import Any, Self
from urllib.parse import urlsplit

from oauth2_provider.settings import oauth2_settings

from .members import MAX_BYTES, read_metadata
from .name_lookup import LookupFailed, lookups
from .public_addresses import is_public

_JSON = re.compile(r"application/(?:[\w.+-]+\+)?json")
_MAX_AGE = re.compile(r"\bmax-age\s*=\s*(\d{1,9})", re.IGNORECASE)


class Unfetched(Exception):
    """The URL has no usable document. The message is only logged."""


class DocumentFetcher:
    """Fetches a document over https, from a public address, without redirects, in bounded time and size.

    Unlike django-oauth-toolkit's fetcher, whose timeout restarts with every byte, it has a total time limit. A site
    names a subclass, or any class with such a `fetch`, in OAUTH2_PROVIDER["CIMD_METADATA_FETCHER"]; the bounds are
    that dictionary's other CIMD_* settings.
    """

    def fetch(self, client_id: str) -> tuple[dict[str, Any], int]:
        """Return the document's members and for how many seconds they are good.

        Raises Unfetched or InvalidClientMetadata.
        """
        deadline = time.monotonic() + oauth2_settings.CIMD_FETCH_TIMEOUT_SECONDS
        parts = urlsplit(client_id)
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        host, port = parts.hostname or "", parts.port or 443
        reason = "it has no address"
        headers = {"Host": parts.netloc, "Accept": "application/json"}
        for address in self.addresses_by(deadline, host, port):
            if time.monotonic() > deadline:
                break
            try:
                with Connection(host, port, address, deadline, self.context()) as connection:
                    connection.request("GET", target, headers=headers)
                    with connection.getresponse() as response:
                        return _read(response)
            except (OSError, HTTPException, ValueError) as error:
                reason = f"{type(error).__name__}: {error}"
        raise Unfetched(f"The document cannot be fetched: {reason}.")

    def addresses_by(self, deadline: float, host: str, port: int) -> list[str]:
        """Return the host's addresses. Raises Unfetched where none may be used, or finding them takes too long."""
        try:
            return lookups.within(deadline, lambda: self.addresses(host, port))
        except LookupFailed as problem:
            raise Unfetched(str(problem)) from problem

    def addresses(self, host: str, port: int) -> Iterator[str]:
        """Give the host's addresses. Raises Unfetched where one of them is within somebody's own network."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise Unfetched(f"The host is unknown: {error}.") from error
        addresses = dict.fromkeys(str(entry[4][0]) for entry in found)
        if not all(map(self.allows, addresses)):
            raise Unfetched("The host is not on the public Internet.")
        yield from addresses

    def allows(self, address: str) -> bool:
        """Tell whether documents may come from an IP address."""
        return is_public(ip_address(address.partition("%")[0]))

    def context(self) -> SSLContext:
        """Return what decides whose certificates are good."""
        return create_default_context()


class Connection(HTTPSConnection):
    """A connection to one checked address, whose certificate must be the host's, that is cut off at a deadline."""

    def __init__(self, host: str, port: int, address: str, deadline: float, context: SSLContext) -> None:
        super().__init__(host, port, timeout=_left(deadline))
        self.address = address
        self.tls = context
        self.deadline = deadline
        self.watch: threading.Timer | None = None

    def connect(self) -> None:
        plain = socket.create_connection((self.address, self.port), self.timeout)
        self.sock = self.tls.wrap_socket(plain, server_hostname=self.host, do_handshake_on_connect=False)
        # A socket's timeout applies to each read, so a slow host would never exceed it.
        self.watch = threading.Timer(_left(self.deadline), _cut_off, [self.sock])
        self.watch.daemon = True
        self.watch.start()
        self.sock.do_handshake()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if self.watch:
            self.watch.cancel()
        self.close()


def _left(deadline: float) -> float:
    """Return the seconds until the deadline, or a moment where it has passed."""
    return max(0.1, deadline - time.monotonic())


def _cut_off(connected: socket.socket) -> None:
    with suppress(OSError):
        # The plain socket's own: whoever reads meanwhile keeps the TLS state.
        socket.socket.shutdown(connected, socket.SHUT_RDWR)


def _read(response: HTTPResponse) -> tuple[dict[str, Any], int]:
    if response.status != 200:
        raise Unfetched(f"The document's host answers {response.status}.")
    if not _JSON.fullmatch(response.headers.get_content_type()):
        raise Unfetched("The document is not JSON by its Content-Type.")
    limit = min(oauth2_settings.CIMD_MAX_DOCUMENT_SIZE, MAX_BYTES)
    body = response.read(limit + 1)
    if len(body) > limit:
        raise Unfetched(f"The document has more than {limit} bytes.")
    return read_metadata(body), _max_age(response.headers.get("Cache-Control", ""))


def _max_age(cache_control: str) -> int:
    """Return how long the document is good: as its host says, within the site's bounds."""
    shortest: int = oauth2_settings.CIMD_METADATA_MIN_AGE_SECONDS
    longest: int = oauth2_settings.CIMD_METADATA_MAX_AGE_SECONDS
    if re.search(r"\bno-(?:store|cache)\b", cache_control, re.IGNORECASE):
        return shortest
    said = _MAX_AGE.search(cache_control)
    return max(shortest, min(int(said[1]), longest)) if said else longest
