"""Who asked for something, and from where."""

import ipaddress
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest

MAX_AGENT_LENGTH = 200


@dataclass(frozen=True)
class Origin:
    """The signed-in person, the IP address and the user agent that a request came from, each where it is known.

    It is made once from a request and handed on to whatever records the act.
    """

    person: Any = None
    ip: str | None = None
    agent: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> "Origin":
        """Return the origin of a request that a person's browser sent."""
        person: Any = request.user
        return cls(person if person.is_authenticated else None, ip(request), agent(request))

    @classmethod
    def of_program(cls, request: HttpRequest, person: Any = None) -> "Origin":
        """Return the origin of a request that a client sent. A session cookie is ignored."""
        return cls(person, ip(request), agent(request))

    def by(self, person: Any) -> "Origin":
        return replace(self, person=person)


# For acts of the site itself, and acts of unknown origin.
UNKNOWN = Origin()


def agent(request: HttpRequest) -> str:
    """Return the request's User-Agent as text that can be shown and stored."""
    return "".join(filter(str.isprintable, request.headers.get("User-Agent", "")))[:MAX_AGENT_LENGTH]


def ip(request: HttpRequest) -> str | None:
    """Return the IP address that a request came from, or None where the site's server names none.

    Behind proxies it is the one that the first of REST framework's `NUM_PROXIES` saw. Without that setting
    `X-Forwarded-For` is not believed: any client can write it.
    """
    return _read(_forwarded(request)) or _read(request.META.get("REMOTE_ADDR", ""))


def counted_ip(request: HttpRequest) -> str:
    """Return the address, or network, under which requests are counted.

    An IPv6 address counts as its /64, for one sender usually has all of it.
    """
    found = ip(request) or ""
    return str(ipaddress.IPv6Network((found, 64), strict=False)) if ":" in found else found


def _forwarded(request: HttpRequest) -> str:
    proxies: int = getattr(settings, "REST_FRAMEWORK", {}).get("NUM_PROXIES") or 0
    if proxies <= 0:
        return ""
    seen = request.headers.get("X-Forwarded-For", "").split(",")
    return seen[-proxies] if proxies <= len(seen) else ""


def _read(text: str) -> str | None:
    """Return an IP address in its canonical form: without a zone, and as IPv4 where it is mapped into IPv6."""
    if not text:
        return None
    try:
        found = ipaddress.ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    return str(getattr(found, "ipv4_mapped", None) or found)
