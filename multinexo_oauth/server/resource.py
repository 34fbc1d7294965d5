"""Resource indicators (RFC 8707): which resources a client requests, and whether a URL belongs to one."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self
from urllib.parse import quote, unquote_to_bytes, urlsplit

from django.http import HttpRequest, QueryDict
from oauthlib.oauth2.rfc6749.errors import OAuth2Error

from ..conf import conf
from .issuer import issuer

MAX_RESOURCES = 10
MAX_LENGTH = 512
# What RFC 3986 lets stand in a URI; urlsplit leaves tabs and line ends out without a word.
_URI = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
# What a path's segment may hold as it is (RFC 3986 section 3.3): clients compare resources letter by letter.
_PATH_CHARACTERS = "/:@!$&'()*+,;="
_DEFAULT_PORTS = {"http": 80, "https": 443}


class InvalidTarget(OAuth2Error):
    """The resource is unknown, malformed or more than was granted (RFC 8707 section 2)."""

    error = "invalid_target"


def own_resource(request: HttpRequest) -> str:
    """Return the identifier of the site's API: the root of the issuer's host."""
    parts = urlsplit(issuer(request))
    return f"{parts.scheme}://{parts.netloc}"


def addresses(request: HttpRequest) -> list[str]:
    """Return the request's URL on its own host and on the issuer's host, which a proxy may have replaced."""
    # Put behind the host and quoted, for urljoin and urlsplit read more than a path in `//other.example/x` and `/a?b`.
    return [host + _quoted(request.path) for host in _hosts(request)]


def at_path(request: HttpRequest, path: str) -> str | None:
    """Return the resource identifier of a path of the site, or None if no client could request a token for it.

    It is on the host that the client called where that host is one of the known resources, else on the issuer's.
    """
    known = [own_resource(request), *conf.resources]
    names = [host + _quoted(path) for host in _hosts(request)] if path.isprintable() else []
    return next((name for name in names if len(name) <= MAX_LENGTH and covered([name], known)), None)


def _hosts(request: HttpRequest) -> list[str]:
    return [f"{request.scheme}://{request.get_host()}", own_resource(request)]


def _quoted(path: str) -> str:
    return "/" + quote(path.removeprefix("/"), safe=_PATH_CHARACTERS)


def requested_resources(params: QueryDict, request: HttpRequest) -> list[str]:
    """Return the resources that a client names, each of which is known. Raises InvalidTarget."""
    names = list(dict.fromkeys(params.getlist("resource")))
    if not names:
        return []
    if len(names) > MAX_RESOURCES:
        raise InvalidTarget(description=f"At most {MAX_RESOURCES} resources.")
    if any(len(name) > MAX_LENGTH for name in names):
        raise InvalidTarget(description=f"A resource has at most {MAX_LENGTH} characters.")
    if not covered(names, [own_resource(request), *conf.resources]):
        raise InvalidTarget(description="This server gives no tokens for that resource.")
    return names


def narrowed(names: list[str], granted: list[str]) -> list[str]:
    """Return the resources of an access token: those that the client requests, or all granted ones. Raises
    InvalidTarget.

    A grant that names no resource is for all of them.
    """
    if granted and not covered(names, granted):
        raise InvalidTarget(description="The grant is not for that resource.")
    return names or granted


def covered(names: Iterable[str], resources: Iterable[str]) -> bool:
    """Tell whether each of the names is one of the resources or lies beneath one."""
    return all(any(_lies_in(name, resource) for resource in resources) for name in names)


def is_identifier(name: str) -> bool:
    """Tell whether a text may name a resource: an absolute URL with a host, without query and fragment."""
    return Place.of(name) is not None and "?" not in name


@dataclass(frozen=True)
class Place:
    """Where a resource is: two that are written differently may be one (RFC 3986 section 6.2)."""

    scheme: str
    host: str
    port: int | None
    segments: list[bytes]

    @classmethod
    def of(cls, name: str) -> Self | None:
        """Return the place of an absolute URL without a fragment (RFC 8707 section 2), or None."""
        try:
            parts = urlsplit(name)
            port = parts.port
        except ValueError:
            return None
        if not _URI.fullmatch(name) or parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
            return None
        if "#" in name or "@" in parts.netloc:
            return None
        port = _DEFAULT_PORTS[parts.scheme] if port is None else port
        segments = [unquote_to_bytes(segment) for segment in parts.path.split("/")]
        if any(map(_leads_elsewhere, segments)):
            return None
        return cls(parts.scheme, parts.hostname, port, segments)

    def lies_in(self, other: Self) -> bool:
        """Tell whether this is the other, or beneath it: a path ends where a segment does."""
        base = other.segments[:-1] if other.segments[-1] == b"" else other.segments
        same_host = (self.scheme, self.host, self.port) == (other.scheme, other.host, other.port)
        return same_host and self.segments[: len(base)] == base


def _leads_elsewhere(segment: bytes) -> bool:
    """Tell whether a server might read a path's segment as another path."""
    return segment in {b".", b".."} or b"/" in segment or b"\\" in segment


def _lies_in(name: str, resource: str) -> bool:
    inner, outer = Place.of(name), Place.of(resource)
    return inner is not None and outer is not None and inner.lies_in(outer)
