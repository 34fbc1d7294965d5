import ipaddress

from django.http import HttpRequest

MAX_AGENT_LENGTH = 200


def agent(request: HttpRequest) -> str:
    """Return what the program that sent a request says it is, as text that can be shown and stored."""
    return "".join(filter(str.isprintable, request.headers.get("User-Agent", "")))[:MAX_AGENT_LENGTH]


def address(request: HttpRequest) -> str | None:
    """Return the IP address that a request came from, as the site's server tells it, or None where it tells none."""
    try:
        return str(ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")))
    except ValueError:
        return None
