"""Error pages: what went wrong, in words for the person, and where to go next."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import global_settings, settings
from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import get_script_prefix, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect
from oauthlib.oauth2.rfc6749.errors import OAuth2Error

from ..models import Application
from ..server.request_body import is_charset
from ..storage.deadlock import Busy, is_conflict
from .headers import harden, keep_opener

View = Callable[..., HttpResponseBase]
MAX_SENT_LENGTH = 300
TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


@dataclass(frozen=True)
class Link:
    """A link that leads on from an error."""

    url: str
    label: str


def error_page(
    request: HttpRequest,
    title: str,
    message: str,
    *,
    status: int = 400,
    sent: str = "",
    advice: str = "",
    ways: Sequence[Link] = (),
    error: OAuth2Error | None = None,
) -> HttpResponse:
    """Return a page with the security headers that says what went wrong.

    `sent` is the wrong value that the request held; `error` is for the developer.
    """
    context = {
        "title": title,
        "message": message,
        "sent": Truncator(sent).chars(MAX_SENT_LENGTH),
        "advice": advice,
        "ways": ways,
        "error": error.error if error else "",
        "error_description": error.description if error else "",
    }
    response = render(request, "multinexo_oauth/error.html", context, status=status)
    harden(response)
    keep_opener(response)  # a client that opened it learns that the person closed it
    return response


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return the page of what is not there: a site's `handler404` may name it."""
    if _is_signed_in(request):
        message = _("It may have been deleted, the address may be wrong, or it is another account's.")
    else:
        message = _("It may have been deleted, or the address may be wrong.")
    return error_page(request, _("There is nothing here"), message, status=404, ways=_ways(request))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return the page of what the person may not do: a site's `handler403` may name it."""
    message = _("Your account may not do this.")
    return error_page(request, _("You cannot open this page"), message, status=403, ways=_ways(request))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return the page of a request that cannot be read: a site's `handler400` may name it."""
    if isinstance(exception, TOO_LARGE):
        message = _("What was sent is too large, so nothing was done.")
    else:
        message = _("What was sent cannot be read, so nothing was done.")
    return error_page(request, _("The request failed"), message, ways=_ways(request))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Return the page of a form that is not this site's, or no longer: a site's CSRF_FAILURE_VIEW may name it."""
    if request.COOKIES:
        title = _("This page is no longer valid")
        message = _(
            "Your session changed after this page was opened, in another tab perhaps. Nothing was done."
        )
    else:
        title = _("The request failed")
        message = _(
            "Your browser sent no cookie, so nothing was done. Allow cookies for this site and try again."
        )
    return error_page(request, title, message, status=403, ways=[_page_of_form(request)])


def _page_of_form(request: HttpRequest) -> Link:
    """Return the way to the page that held the form, where it is of this site; to its start otherwise."""
    page = request.META.get("HTTP_REFERER", "")
    same_site = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    return Link(page, _("Open it again")) if same_site else _start()


def _start() -> Link:
    return Link(get_script_prefix(), _("Go to the start"))


def csrf_protected(view: View) -> View:
    """Refuse forms that are not this site's, by our page unless the site names a CSRF_FAILURE_VIEW."""

    @wraps(view)
    def protected(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        passed = False

        @wraps(view)
        def through(*args: Any, **kwargs: Any) -> HttpResponseBase:
            nonlocal passed
            passed = True
            return view(*args, **kwargs)

        response: HttpResponseBase = csrf_protect(through)(request, *args, **kwargs)
        site_has_own = settings.CSRF_FAILURE_VIEW != global_settings.CSRF_FAILURE_VIEW
        return response if passed or site_has_own else csrf_failure(request)

    return protected


def told(view: View) -> View:
    """Turn a view's exceptions for bad requests, and its 405, into pages."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            _check_encoding(request)
            response = view(request, *args, **kwargs)
        except (Http404, Application.DoesNotExist):  # the connection may have been lost meanwhile
            return not_found(request)
        except PermissionDenied:
            return forbidden(request)
        except (BadRequest, SuspiciousOperation, MultiPartParserError) as error:
            _tell_operators(request, error)
            return bad_request(request, error)
        except Busy:
            return _busy(request)
        except DatabaseError as error:
            if not is_conflict(error):
                raise
            return _busy(request)
        return _wrong_method(request, response) if isinstance(response, HttpResponseNotAllowed) else response

    return answered


def _check_encoding(request: HttpRequest) -> None:
    """Read forms as UTF-8, which browsers send: another encoding may decode to text that no database takes."""
    if not is_charset((request.content_params or {}).get("charset", "utf-8")):
        raise BadRequest("The charset is unknown.")
    if request.encoding is not None:
        request.encoding = "utf-8"


def _tell_operators(request: HttpRequest, error: Exception) -> None:
    """Log what Django logs of suspicious operations that nobody catches."""
    if isinstance(error, SuspiciousOperation):
        log = logging.getLogger(f"django.security.{type(error).__name__}")
        log.error("%s", error, extra={"status_code": 400, "request": request})


def _wrong_method(request: HttpRequest, refusal: HttpResponseNotAllowed) -> HttpResponse:
    message = _("This page cannot be opened directly: a form leads to it. Nothing was changed.")
    response = error_page(request, _("The request failed"), message, status=405, ways=_ways(request))
    response.headers["Allow"] = refusal.headers["Allow"]
    return response


def _busy(request: HttpRequest) -> HttpResponse:
    message = _("Too many requests arrived at the same time. Nothing was changed: try again.")
    response = error_page(request, _("The request failed for now"), message, status=503, ways=_ways(request))
    response.headers["Retry-After"] = "1"
    return response


def _ways(request: HttpRequest) -> list[Link]:
    if not _is_signed_in(request):
        return [_start()]
    return [
        Link(reverse("multinexo_oauth:my-applications"), _("My applications")),
        Link(reverse("multinexo_oauth:connected-applications"), _("Connected applications")),
    ]


def _is_signed_in(request: HttpRequest) -> bool:
    # A request that was refused early has no user.
    user = getattr(request, "user", None)
    return user is not None and user.is_authenticated
