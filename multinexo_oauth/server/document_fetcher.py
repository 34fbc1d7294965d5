"""Fetching what a stranger's address holds, without being led astray (draft client-id-metadata-document)."""

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPException, HTTPResponse, HTTPSConnection
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from ssl import SSLContext, create_default_context
from typing import Any, Self
from urllib.parse import urlsplit

from oauth2_provider.settings import oauth2_settings

from . import client_metadata

_JSON = re.compile(r"application/(?:[\w.+-]+\+)?json")
_MAX_AGE = re.compile(r"\bmax-age\s*=\s*(\d{1,9})", re.IGNORECASE)
# IPv4 within IPv6: NAT64 (RFC 6052 section 2.1) and the compatible addresses of old (RFC 4291 section 2.5.5.1).
_HOLDS_IPV4 = (ip_network("64:ff9b::/96"), ip_network("::/96"))
# All that is routed (RFC 4291 section 2.4): `is_global` takes the site-local addresses of old and NAT64 prefixes of
# somebody's own (RFC 8215), which lead into networks, for global ones.
_GLOBAL_UNICAST = ip_network("2000::/3")


class Unfetched(Exception):
    """There is no document to be had at the address. The message is for the log alone."""


class DocumentFetcher:
    """Fetches a document over https, from a public address, without redirects, in bounded time and size.

    Unlike django-oauth-toolkit's own fetcher, whose time limit starts anew with every byte, it ends in time. A site
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
        for address in self.addresses(host, port):
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


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Tell whether an address is anybody's; one that holds IPv4 addresses is where all of them are."""
    if isinstance(address, IPv6Address):
        if held := _held(address):
            return all(map(is_public, held))
        if address not in _GLOBAL_UNICAST:
            return False
    return address.is_global and not address.is_multicast


def _held(address: IPv6Address) -> list[IPv4Address]:
    if any(address in network for network in _HOLDS_IPV4):
        return [IPv4Address(int(address) & 0xFFFFFFFF)]
    one = address.ipv4_mapped or address.sixtofour
    return [one] if one else list(address.teredo or ())


class Connection(HTTPSConnection):
    """A connection to one checked address, whose certificate must be the host's, that is cut off at a deadline."""

    def __init__(self, host: str, port: int, address: str, deadline: float, context: SSLContext) -> None:
        super().__init__(host, port, timeout=max(0.1, deadline - time.monotonic()))
        self.address = address
        self.tls = context
        # The timeout of a socket counts from byte to byte: a host that drips would never run into it.
        self.watch = threading.Timer(max(0.1, deadline - time.monotonic()), _cut_off)
        self.watch.daemon = True

    def connect(self) -> None:
        plain = socket.create_connection((self.address, self.port), self.timeout)
        self.sock = self.tls.wrap_socket(plain, server_hostname=self.host, do_handshake_on_connect=False)
        self.watch.args = [self.sock]
        self.watch.start()
        self.sock.do_handshake()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.watch.cancel()
        self.close()


def _cut_off(connected: socket.socket) -> None:
    with suppress(OSError):
        # The plain socket's own: whoever reads meanwhile keeps the TLS state.
        socket.socket.shutdown(connected, socket.SHUT_RDWR)


def _read(response: HTTPResponse) -> tuple[dict[str, Any], int]:
    if response.status != 200:
        raise Unfetched(f"The document's host answers {response.status}.")
    if not _JSON.fullmatch(response.headers.get_content_type()):
        raise Unfetched("The document is not JSON by its Content-Type.")
    limit = min(oauth2_settings.CIMD_MAX_DOCUMENT_SIZE, client_metadata.MAX_BYTES)
    body = response.read(limit + 1)
    if len(body) > limit:
        raise Unfetched(f"The document has more than {limit} bytes.")
    return client_metadata.read(body), _max_age(response.headers.get("Cache-Control", ""))


def _max_age(cache_control: str) -> int:
    """Return how long the document is good: as its host says, within the site's bounds."""
    shortest: int = oauth2_settings.CIMD_METADATA_MIN_AGE_SECONDS
    longest: int = oauth2_settings.CIMD_METADATA_MAX_AGE_SECONDS
    if re.search(r"\bno-(?:store|cache)\b", cache_control, re.IGNORECASE):
        return shortest
    said = _MAX_AGE.search(cache_control)
    return max(shortest, min(int(said[1]), longest)) if said else longest
