"""Endpoints where clients register themselves and manage their registration (RFC 7591, RFC 7592)."""

from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.functional import classproperty
from oauthlib.oauth2.rfc6749.errors import OAuth2Error

from ..conf import conf
from ..models import Application
from ..origin import Origin, counted_ip
from ..server.bearer import admission
from ..server.bearer.admission import REALM, Refused
from ..server.bearer.challenge import format_challenge
from ..server.bearer.token import tokens_in_header
from ..server.clients import registration
from ..server.clients.members import MAX_BYTES, InvalidClientMetadata, read_metadata
from ..server.clients.metadata import described_metadata
from ..server.issuer import endpoint_url
from ..server.limits.attempts import Limit, TooManyAttempts
from ..server.parameters import UNREADABLE_BODY
from ..server.request_body import check_charset
from .base import EndpointView, error_response
from .cors import allow_any_page

# RFC 7592 section 2.2: the server's own, which a change must not hold.
SERVERS_OWN = frozenset(
    {
        "registration_access_token",
        "registration_client_uri",
        "client_secret_expires_at",
        "client_id_issued_at",
    }
)


class RegistrationEndpoint(EndpointView):
    """Answers 404 unless the site lets clients register. Every answer is `no-store`."""

    methods: ClassVar[str]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not conf.dynamic_registration:
            raise Http404("Clients do not register themselves here.")
        response = self._answer(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Pragma"] = "no-cache"
        allow_any_page(request, response, methods=self.methods)
        return response

    def _answer(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except OAuth2Error as error:
            return error_response(error)
        except Refused as refused:
            return refused.response()
        except TooManyAttempts as error:
            body = {"error": "temporarily_unavailable", "error_description": f"Wait {error.wait} seconds."}
            return JsonResponse(body, status=429, headers={"Retry-After": str(error.wait)})

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponse(status=204, headers={"Allow": self.methods})

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        body = {"error": "invalid_request", "error_description": f"Use {self.methods}."}
        return JsonResponse(body, status=405, headers={"Allow": self.methods})


class RegistrationView(RegistrationEndpoint):
    """The client registration endpoint (RFC 7591 section 3)."""

    http_method_names = ["post", "options"]
    methods = "POST, OPTIONS"

    @classproperty
    def takes_tokens(cls) -> bool:  # noqa: N805
        """Tell whether it is a protected resource with metadata of its own (RFC 7591 section 3, RFC 9728)."""
        return conf.dynamic_registration == "token"

    def post(self, request: HttpRequest) -> HttpResponse:
        by = _initial_access(request)
        Limit.named("registration").take(request, counted_ip(request))
        made = registration.register(_metadata(request), Origin.of_program(request, by))
        answer = _information(request, made.client, made.token)
        if made.secret is not None:
            answer |= {"client_secret": made.secret, "client_secret_expires_at": 0}
        return JsonResponse(answer, status=201)


class ClientConfigurationView(RegistrationEndpoint):
    """The client configuration endpoint (RFC 7592 section 2). The registration access token stays the same."""

    http_method_names = ["get", "put", "delete", "options"]
    methods = "GET, PUT, DELETE, OPTIONS"

    def get(self, request: HttpRequest, client_id: str) -> HttpResponse:
        client, token = _managed(request, client_id)
        return JsonResponse(_information(request, client, token))

    def put(self, request: HttpRequest, client_id: str) -> HttpResponse:
        client, token = _managed(request, client_id)
        metadata = _metadata(request)
        _check_change(metadata, client)
        registration.change(client, metadata, Origin.of_program(request))
        return JsonResponse(_information(request, client, token))

    def delete(self, request: HttpRequest, client_id: str) -> HttpResponse:
        client, _token = _managed(request, client_id)
        registration.remove(client, Origin.of_program(request))
        return HttpResponse(status=204)


def _initial_access(request: HttpRequest) -> Any:
    """Return the person behind the initial access token, if any. Raises Refused where the site wants one."""
    if conf.dynamic_registration == "open":
        return None
    scope = conf.registration_token_scope
    token = admission.authenticate(request)
    if token is None:
        # The challenge has no error where nothing was sent (RFC 6750 section 3.1); clients show people the body.
        missing = f"Send an initial access token with the scope {scope}."
        raise Refused(401, admission.challenge(request, scope=scope), error_description=missing)
    return admission.checked(request, token, [{scope}]).user


def _managed(request: HttpRequest, client_id: str) -> tuple[Application, str]:
    """Return the client that the request's registration access token manages, and the token. Raises Refused.

    The challenges name no metadata (RFC 9728): only the registration gives this token (RFC 7592 section 3).
    """
    values = tokens_in_header(request)
    if not values:
        missing = "Send the client's registration access token."
        raise Refused(401, format_challenge(realm=REALM), error_description=missing)
    client = registration.find_registered(client_id, values[0])
    if client is None:
        error = {"error": "invalid_token", "error_description": admission.INVALID_TOKEN}
        raise Refused(401, format_challenge(realm=REALM, **error), **error)
    return client, values[0]


def _metadata(request: HttpRequest) -> dict[str, Any]:
    """Return what the client says of itself. Raises InvalidClientMetadata."""
    if request.content_type != "application/json":
        # A form of another site cannot send this media type, so it cannot make a browser register a client.
        raise InvalidClientMetadata(description="Send the metadata as application/json.")
    check_charset(request)
    try:
        body = request.read(MAX_BYTES + 1)
    except UNREADABLE_BODY as error:
        raise InvalidClientMetadata(description="The body is malformed.") from error
    return read_metadata(body)


def _check_change(metadata: dict[str, Any], client: Application) -> None:
    """Raise InvalidClientMetadata for what a change must not hold (RFC 7592 section 2.2)."""
    if metadata.get("client_id") != client.client_id:
        raise InvalidClientMetadata(description="client_id is that of the client to change.")
    if SERVERS_OWN & metadata.keys():
        raise InvalidClientMetadata(description=f"A change holds none of {', '.join(sorted(SERVERS_OWN))}.")
    if "client_secret" in metadata and not registration.is_secret(client, metadata["client_secret"]):
        raise InvalidClientMetadata(description="client_secret is not the client's.")


def _information(request: HttpRequest, client: Application, token: str) -> dict[str, Any]:
    """Return the client information response (RFC 7591 section 3.2.1), without a secret, which is told once."""
    address_of_it = endpoint_url(request, "client-configuration", client.client_id)
    return described_metadata(client) | {
        "registration_access_token": token,
        "registration_client_uri": address_of_it,
    }
