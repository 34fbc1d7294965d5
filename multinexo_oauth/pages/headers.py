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


def _media_origin() -> list[str]:
    """Return the origin that logos come from, where it is another than the site's."""
    media = urlsplit(settings.MEDIA_URL)
    if not media.netloc:
        return []
    return [f"{media.scheme}://{media.netloc}" if media.scheme else media.netloc]
