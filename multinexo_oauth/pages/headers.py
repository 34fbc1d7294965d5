"""The headers of every page that a person sees."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.http.response import HttpResponseBase


def harden(response: HttpResponseBase, form_action: Iterable[str] = ("'self'",)) -> None:
    """Set the headers of a page: not stored, not framed, no script or style but the site's own files.

    `form_action` must name where a form's answer redirects to: browsers hold the whole chain against it.
    """
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Content-Security-Policy"] = "; ".join(
        [
            "default-src 'self'",
            " ".join(["img-src 'self' data:", *_media_origin()]),
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            f"form-action {' '.join(form_action)}",
        ]
    )


def keep_opener(response: HttpResponseBase) -> None:
    """Let the page of a client that opened this one in a popup stay its `window.opener`, past Django's default.

    It hears of the answer by that. Browsers look at each answer of a chain, redirects too (HTML Standard, section
    7.1.3, cross-origin opener policies), and every value but this one parts the two for good.
    """
    response.headers["Cross-Origin-Opener-Policy"] = "unsafe-none"


def _media_origin() -> list[str]:
    """Return the origin that logos come from, where it is another than the site's."""
    media = urlsplit(settings.MEDIA_URL)
    if not media.netloc:
        return []
    return [f"{media.scheme}://{media.netloc}" if media.scheme else media.netloc]
