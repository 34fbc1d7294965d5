import ipaddress

from django.conf import settings
from django.http import HttpRequest

MAX_AGENT_LENGTH = 200


def agent(request: HttpRequest) -> str:
    """Return what the program that sent a request says it is, as text that can be shown and stored."""
    return "".join(filter(str.isprintable, request.headers.get("User-Agent", "")))[:MAX_AGENT_LENGTH]


def address(request: HttpRequest) -> str | None:
    """Return the IP address that a request came from, or None where the site's server tells none.

    Behind proxies it is the one that the first of REST framework's `NUM_PROXIES` saw. Without that setting nothing
    of `X-Forwarded-For` is believed, for anybody may write it.
    """
    return _read(_forwarded(request)) or _read(request.META.get("REMOTE_ADDR", ""))


def source(request: HttpRequest) -> str:
    """Return what stands for the sender of a request where requests are counted by address.

    An IPv6 address counts as its /64, all of which one sender has.
    """
    found = address(request) or ""
    return str(ipaddress.IPv6Network((found, 64), strict=False)) if ":" in found else found


def _forwarded(request: HttpRequest) -> str:
    proxies: int = getattr(settings, "REST_FRAMEWORK", {}).get("NUM_PROXIES") or 0
    if proxies <= 0:
        return ""
    seen = request.headers.get("X-Forwarded-For", "").split(",")
    return seen[-proxies] if proxies <= len(seen) else ""


def _read(text: str) -> str | None:
    """Return an address in its one form: without a zone, and as IPv4 where a dual-stack server maps it into IPv6."""
    if not text:
        return None
    try:
        found = ipaddress.ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    return str(getattr(found, "ipv4_mapped", None) or found)
