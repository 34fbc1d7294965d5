from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from django.views.generic.base import View

from ..conf import conf
from ..server import bearer, claims, signing_keys
from ..server.bearer import Bearer
from .cors import allow_origin_of_token

INVALID_TOKEN = "The access token is invalid, expired or revoked."


class Refused(Exception):
    """The answer of RFC 6750 section 3; its challenge names no error where the request has no token at all."""

    def __init__(self, status: int, **attributes: str) -> None:
        super().__init__(attributes.get("error", ""))
        self.status = status
        self.attributes = attributes

    def response(self) -> HttpResponse:
        header = bearer.challenge(realm=conf.brand_name, **self.attributes)
        return JsonResponse(self.attributes, status=self.status, headers={"WWW-Authenticate": header})


# Of the whole endpoint: an error report shows no access token.
@method_decorator(sensitive_variables(), name="dispatch")
@method_decorator(csrf_exempt, name="dispatch")
@method_decorator(login_not_required, name="dispatch")
class UserinfoView(View):
    """The userinfo endpoint (OpenID Connect Core section 5.3)."""

    http_method_names = ["get", "head", "post", "options"]
    token: Bearer | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not signing_keys.enabled():
            raise Http404("This site has no OpenID Connect.")
        try:
            response = super().dispatch(request, *args, **kwargs)
        except Refused as refused:
            response = refused.response()
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["Pragma"] = "no-cache"
        allow_origin_of_token(self.token, request, response)
        return response

    def get(self, request: HttpRequest) -> HttpResponse:
        self.token = presented_token(request)
        if "openid" not in self.token.scopes:
            raise Refused(403, error="insufficient_scope", scope="openid")
        user = self.token.user
        if user is None:
            raise Refused(401, error="invalid_token", error_description="The access token is of no person.")
        return JsonResponse(claims.of(user, self.token.scopes) | {"sub": claims.subject(user)})

    def post(self, request: HttpRequest) -> HttpResponse:
        return self.get(request)

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponse(status=204, headers={"Allow": "GET, HEAD, POST, OPTIONS"})


def presented_token(request: HttpRequest) -> Bearer:
    """Return what the request's access token stands for. Raises Refused where it has no good one."""
    try:
        value = bearer.extract(request)
    except bearer.InvalidRequest as error:
        raise Refused(400, error="invalid_request", error_description=error.description) from None
    if value is None:
        raise Refused(401)
    found = bearer.find(value)
    if found is None or not found.is_meant_for(request):
        raise Refused(401, error="invalid_token", error_description=INVALID_TOKEN)
    return found
