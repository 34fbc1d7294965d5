"""The headers of every page that a person sees."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.generic.base import View


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


class PageMixin(View):
    """Send a page with the app's security headers."""

    form_action: Iterable[str] = ("'self'",)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if (request.encoding or "utf-8").lower() != "utf-8":
            # Browsers send UTF-8; another encoding may decode to text that no database takes.
            raise BadRequest("Only UTF-8 is read.")
        response = super().dispatch(request, *args, **kwargs)
        harden(response, self.form_action)
        return response
