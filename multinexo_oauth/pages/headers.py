"""The headers of every page that a person sees."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.http.response import HttpResponseBase

from .. import login_page

# Under no-referrer a browser sends forms with "Origin: null" (Fetch, section 3.2), which CSRF protection refuses.
SAME_ORIGIN = "same-origin"


def harden(
    response: HttpResponseBase, form_action: Iterable[str] = ("'self'",), referrer_policy: str = SAME_ORIGIN
) -> None:
    """Set the headers of a page: not stored, not framed, no script or style but the site's own files.

    `form_action` must name where a form's answer redirects to: browsers hold the whole chain against it. The way to
    log in need not be named.
    """
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = referrer_policy
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Content-Security-Policy"] = "; ".join(
        [
            "default-src 'self'",
            " ".join(["img-src 'self' data:", *_origin(settings.MEDIA_URL)]),
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            " ".join(["form-action", *form_action, *_way_to_log_in()]),
        ]
    )


def keep_opener(response: HttpResponseBase) -> None:
    """Let the page of a client that opened this one in a popup stay its `window.opener`, past Django's default.

    The client learns of the answer through it. Browsers evaluate each response of a redirect chain (HTML Standard,
    section 7.1.3), and any other value cuts the connection permanently.
    """
    response.headers["Cross-Origin-Opener-Policy"] = "unsafe-none"


def _way_to_log_in() -> list[str]:
    """Return where a form may redirect who has to log in: a page that is not Django's may lead to any provider."""
    if login_page.is_djangos():
        return []
    return [*_origin(str(settings.LOGIN_URL)), "https:"]


def _origin(address: str) -> list[str]:
    """Return the origin of an address, where it names one: others are the site's own."""
    parts = urlsplit(address)
    if not parts.netloc:
        return []
    return [f"{parts.scheme}://{parts.netloc}" if parts.scheme else parts.netloc]
