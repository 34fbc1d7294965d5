from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.functional import classproperty
from oauthlib.oauth2.rfc6749.errors import OAuth2Error

from ..server.bearer import admission
from ..server.bearer.admission import Refused
from ..server.bearer.token import Bearer
from ..server.openid import claims, signing_keys
from .base import EndpointView, error_response
from .cors import allow_origin_of_token


class UserinfoView(EndpointView):
    """The userinfo endpoint (OpenID Connect Core section 5.3)."""

    http_method_names = ["get", "head", "post", "options"]
    token: Bearer | None = None

    @classproperty
    def takes_tokens(cls) -> bool:  # noqa: N805
        """Tell whether it is a protected resource with metadata of its own (RFC 9728)."""
        return signing_keys.enabled()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not signing_keys.enabled():
            raise Http404("This site has no OpenID Connect.")
        try:
            response = super().dispatch(request, *args, **kwargs)
        except Refused as refused:
            response = refused.response()
        except OAuth2Error as error:
            response = error_response(error)
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["Pragma"] = "no-cache"
        allow_origin_of_token(self.token, request, response)
        return response

    def get(self, request: HttpRequest) -> HttpResponse:
        self.token = admission.admit(request, [{"openid"}])
        user = self.token.user
        if user is None:
            raise admission.refused(request, 401, "invalid_token", "The access token is of no person.")
        return JsonResponse(claims.claims_of(user, self.token.scopes) | {"sub": claims.subject(user)})

    def post(self, request: HttpRequest) -> HttpResponse:
        return self.get(request)

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponse(status=204, headers={"Allow": "GET, HEAD, POST, OPTIONS"})
