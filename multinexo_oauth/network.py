import ipaddress

from django.http import HttpRequest


def address(request: HttpRequest) -> str | None:
    """Return the IP address that a request came from, as the site's server tells it, or None where it tells none."""
    try:
        return str(ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")))
    except ValueError:
        return None
