from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from oauthlib.common import urlencode
from oauthlib.oauth2.rfc6749.errors import (
    InvalidRequestError,
    OAuth2Error,
    UnauthorizedClientError,
    UnsupportedGrantTypeError,
)

from ..models import AccessToken, Application, Kind
from ..models.application import DEVICE_CODE
from ..server import device
from ..server.request_validator import RequestValidator, token_server
from ..signals import token_issued
from .base import ClientEndpoint, error_response

GRANT_TYPES = frozenset(grant_type for kind in Kind for grant_type in kind.grant_types)


class TokenView(ClientEndpoint):
    """The token endpoint (RFC 6749 section 3.2)."""

    def answer(self, request: HttpRequest, params: QueryDict, client: Application) -> HttpResponse:
        grant_type = params.get("grant_type")
        if not grant_type:
            raise InvalidRequestError(description="Missing grant_type.")
        if grant_type not in GRANT_TYPES:
            raise UnsupportedGrantTypeError
        issued, response = (
            _answer_device(params, client) if grant_type == DEVICE_CODE else _answer(request, params, client)
        )
        if issued is not None:
            token_issued.send_robust(
                sender=AccessToken, request=request, access_token=issued, grant_type=grant_type
            )
        return response


def _answer(
    request: HttpRequest, params: QueryDict, client: Application
) -> tuple[AccessToken | None, HttpResponse]:
    """Let oauthlib answer, by our validator's rules. Return the token it issued, if any, and the answer."""
    validator = RequestValidator(client)
    # A refusal is committed too, with what it ended: the tokens of a code or refresh token that was used twice.
    with transaction.atomic():
        try:
            _headers, body, status = token_server(validator).create_token_response(
                request.path, "POST", urlencode([(name, str(params[name])) for name in params]), {}
            )
        except OAuth2Error as error:
            return None, error_response(error)
    return validator.issued, HttpResponse(body, status=status, content_type="application/json")


def _answer_device(params: QueryDict, client: Application) -> tuple[AccessToken, HttpResponse]:
    """Answer a device's poll (RFC 8628 section 3.4) ourselves: oauthlib's releases differ in what they ask of it."""
    if DEVICE_CODE not in Kind(client.kind).grant_types:
        raise UnauthorizedClientError(description="This kind of application does not use device codes.")
    device_code = params.get("device_code")
    if not device_code:
        raise InvalidRequestError(description="Missing device_code.")
    issued, token = device.redeem(device_code, client)
    return issued, JsonResponse(token)
