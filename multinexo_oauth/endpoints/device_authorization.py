from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from oauthlib.oauth2.rfc6749.errors import UnauthorizedClientError

from ..models import Application
from ..models.kind import DEVICE_CODE
from ..origin import Origin
from ..server import requested_scopes
from ..server.grants import device
from ..server.issuer import endpoint_url
from ..server.resource import requested_resources
from .base import ClientEndpoint


class DeviceAuthorizationView(ClientEndpoint):
    """The device authorization endpoint (RFC 8628 section 3.1)."""

    throttle_scope = "device_authorization"

    def answer(self, request: HttpRequest, params: QueryDict, client: Application) -> HttpResponse:
        if DEVICE_CODE not in client.kind.grant_types:
            raise UnauthorizedClientError(description="This kind of application does not use device codes.")
        started = device.start(
            client,
            requested_scopes.read_requested_scopes(params.get("scope", ""), client),
            requested_resources(params, request),
            Origin.of_program(request),
        )
        page = endpoint_url(request, "device")
        return JsonResponse(
            {
                "device_code": started.device_code,
                "user_code": started.user_code,
                "verification_uri": page,
                "verification_uri_complete": f"{page}?{urlencode({'user_code': started.user_code})}",
                "expires_in": device.LIFETIME_SECONDS,
                "interval": started.interval,
            }
        )
