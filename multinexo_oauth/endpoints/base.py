"""What the endpoints that clients post forms to have in common."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.generic.base import View
from oauthlib.oauth2.rfc6749.errors import InvalidClientError, OAuth2Error

from ..conf import conf
from ..models import Application
from ..server import client_authentication, parameters
from .cors import allow_registered_origin


def error_response(error: OAuth2Error) -> HttpResponse:
    """Return the JSON of RFC 6749 section 5.2, with the challenge that a failed client authentication calls for."""
    response = HttpResponse(error.json, content_type="application/json", status=error.status_code)
    if isinstance(error, InvalidClientError):
        response.headers["WWW-Authenticate"] = f'Basic realm="{conf.brand_name}"'
    return response


# Of the whole endpoint: an error report has no form and no variable, for each may hold a credential.
@method_decorator(sensitive_variables(), name="dispatch")
@method_decorator(sensitive_post_parameters(), name="dispatch")
@method_decorator(csrf_exempt, name="dispatch")
@method_decorator(login_not_required, name="dispatch")
class ClientEndpoint(View):
    """An endpoint that takes a form from an authenticated or identified client. Every answer is `no-store`."""

    http_method_names = ["post", "options"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            response = super().dispatch(request, *args, **kwargs)
        except OAuth2Error as error:
            response = error_response(error)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Pragma"] = "no-cache"
        self.allow_origin(request, response)
        return response

    def allow_origin(self, request: HttpRequest, response: HttpResponseBase) -> None:
        allow_registered_origin(request, response)

    def post(self, request: HttpRequest) -> HttpResponse:
        params = parameters.form(request)
        return self.answer(request, params, client_authentication.authenticate(request, params))

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponse(status=204, headers={"Allow": "POST, OPTIONS"})

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        body = {"error": "invalid_request", "error_description": "Use POST."}
        return JsonResponse(body, status=405, headers={"Allow": "POST, OPTIONS"})

    def answer(self, request: HttpRequest, params: QueryDict, client: Application) -> HttpResponse:
        raise NotImplementedError
