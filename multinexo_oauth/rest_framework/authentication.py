from typing import Any

from django.views.decorators.debug import sensitive_variables
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from ..server.bearer import admission
from ..server.bearer.token import Bearer, InvalidTokenRequest, extract_token, find_bearer
from . import exceptions


class OAuth2Authentication(BaseAuthentication):
    """Authenticate by the access token of the request (RFC 6750).

    `request.user` is the person who gave consent, or AnonymousUser where the application acts for itself;
    `request.auth` is a `Bearer`. A bad token is refused even on a view that allows anyone. List it first:
    Django REST Framework takes the challenge for a request without credentials from the first class.
    """

    www_authenticate_realm = admission.REALM
    takes_tokens = True

    @sensitive_variables()
    def authenticate(self, request: Request) -> tuple[Any, Bearer] | None:
        http_request = request._request
        if admission.forbids_storing(http_request):
            forbid_storing(request)
        try:
            value = extract_token(http_request)
        except InvalidTokenRequest as error:
            header = self.challenge(request, error="invalid_request", error_description=error.description)
            raise exceptions.InvalidRequest(error.description, header) from None
        if value is None:
            return None
        found = find_bearer(value)
        if found is None or not found.is_meant_for(http_request):
            raise exceptions.InvalidToken(
                self.challenge(
                    request,
                    error="invalid_token",
                    error_description=exceptions.InvalidToken.default_detail,
                )
            )
        return found.request_user, found

    def authenticate_header(self, request: Request) -> str:
        return self.challenge(request)

    def challenge(self, request: Request, **attributes: str) -> str:
        """Return a challenge of the Bearer scheme that tells where to get a token (RFC 9728 section 5.1)."""
        return admission.challenge(request._request, realm=self.www_authenticate_realm, **attributes)


def forbid_storing(request: Request) -> None:
    """Have the answer, whatever it will be, say that nobody may keep it (RFC 6750 section 2.3)."""
    headers = getattr((request.parser_context or {}).get("view"), "headers", None)
    if headers is not None:
        headers["Cache-Control"] = "private, no-store"
