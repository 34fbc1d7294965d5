"""The headers of every page that a person sees."""

from collections.abc import Iterable
from typing import Any

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
            "img-src 'self' data:",
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            f"form-action {' '.join(form_action)}",
        ]
    )


class PageMixin(View):
    """Send a page with the app's security headers."""

    form_action: Iterable[str] = ("'self'",)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        harden(response, self.form_action)
        return response
