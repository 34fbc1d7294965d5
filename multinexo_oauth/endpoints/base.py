"""What the endpoints that clients post forms to have in common."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.generic.base import View
from oauthlib.oauth2.rfc6749.errors import InvalidClientError, OAuth2Error, TemporarilyUnavailableError

from ..error_reports import unreported
from ..models import Application
from ..policy import policy
from ..server import parameters
from ..server.bearer.challenge import format_challenge
from ..server.clients.authentication import authenticate_client
from ..server.limits.attempts import TooManyAttempts
from ..server.limits.throttling import ClientThrottle
from ..server.request_body import prepare_body
from ..storage.deadlock import Busy, is_conflict
from .cors import allow_registered_origin


def error_response(error: OAuth2Error) -> HttpResponse:
    """Return the JSON of RFC 6749 section 5.2, with the challenge that a failed client authentication calls for."""
    response = HttpResponse(error.json, content_type="application/json", status=error.status_code)
    if isinstance(error, InvalidClientError):
        response.headers["WWW-Authenticate"] = format_challenge("Basic", realm=policy().brand_name())
    return response


def busy() -> HttpResponse:
    """Answer 503 with Retry-After (RFC 9110 section 15.6.4): each attempt conflicted with another request."""
    error = TemporarilyUnavailableError(description="The server is busy; try again.", status_code=503)
    response = error_response(error)
    response.headers["Retry-After"] = "1"
    return response


class EndpointView(View):
    """A view that programs call: without session, login and CSRF token.

    Error reports omit its form and variables, which may hold credentials.
    """

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:
        # Wrapped around the view once; on `dispatch` Django would wrap it again for each request.
        view = unreported(super().as_view(**initkwargs))
        # Under ATOMIC_REQUESTS, a transaction that the database aborted could not be run again.
        return transaction.non_atomic_requests(login_not_required(csrf_exempt(view)))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer the request. Raises InvalidRequestError for a body that cannot be read."""
        prepare_body(request)
        return super().dispatch(request, *args, **kwargs)


class ClientEndpoint(EndpointView):
    """An endpoint that takes a form from an authenticated or identified client. Every answer is `no-store`."""

    http_method_names = ["post", "options"]
    throttle_classes = (ClientThrottle,)
    throttle_scope: str
    client: Application

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            response = super().dispatch(request, *args, **kwargs)
        except OAuth2Error as error:
            response = error_response(error)
        except TooManyAttempts as error:
            response = self.too_many_attempts(request, error.wait)
        except Busy:
            response = busy()
        except DatabaseError as error:
            if not is_conflict(error):
                raise
            response = busy()
        response.headers["Cache-Control"] = "no-store"
        response.headers["Pragma"] = "no-cache"
        self.allow_origin(request, response)
        return response

    def allow_origin(self, request: HttpRequest, response: HttpResponseBase) -> None:
        allow_registered_origin(request, response)

    def post(self, request: HttpRequest) -> HttpResponse:
        params = parameters.form(request)
        self.client = authenticate_client(request, params)
        for throttle in (throttle_class() for throttle_class in self.throttle_classes):
            if not throttle.allow_request(request, self):
                return self.too_many_attempts(request, throttle.wait())
        return self.answer(request, params, self.client)

    def too_many_attempts(self, request: HttpRequest, wait: int) -> HttpResponse:
        """Answer 429 (RFC 6585 section 4)."""
        description = f"Too many requests; wait {wait} seconds."
        response = error_response(self.overload(request)(description=description, status_code=429))
        response.headers["Retry-After"] = str(wait)
        return response

    def overload(self, request: HttpRequest) -> type[OAuth2Error]:
        """Return the error that asks the client to retry: only RFC 6749 section 4.1.2.1 defines one."""
        return TemporarilyUnavailableError

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponse(status=204, headers={"Allow": "POST, OPTIONS"})

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        body = {"error": "invalid_request", "error_description": "Use POST."}
        return JsonResponse(body, status=405, headers={"Allow": "POST, OPTIONS"})

    def answer(self, request: HttpRequest, params: QueryDict, client: Application) -> HttpResponse:
        raise NotImplementedError
