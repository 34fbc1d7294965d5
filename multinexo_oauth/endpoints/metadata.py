"""The documents that tell clients and APIs where everything is (RFC 8414, RFC 9728, OpenID Connect Discovery)."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator
from django.utils.translation import to_locale
from django.views.generic.base import View

from ..conf import conf
from ..models import Kind
from ..scopes import catalogue
from ..server import api, resource
from ..server.authorization.answer import RESPONSE_MODES
from ..server.authorization.request import PROMPTS
from ..server.issuer import endpoint_url, issuer
from ..server.openid import claims, signing_keys
from .cors import allow_any_page

CACHE_SECONDS = 3600
CLIENT_AUTHENTICATION = ["client_secret_basic", "client_secret_post"]
PROTOCOL_CLAIMS = ["sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "at_hash"]
GRANT_TYPES = sorted({name for kind in Kind for name in kind.grant_types})


@method_decorator(login_not_required, name="dispatch")
class MetadataView(View):
    """A public document of a resource with a path: at the root, with the path after the well-known name.

    Pages of any origin may read every answer, including 404: clients then try the next URL.
    """

    http_method_names = ["get", "head", "options"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            response = super().dispatch(request, *args, **kwargs)
        except Http404 as error:
            response = JsonResponse({"error": "not_found", "error_description": str(error)}, status=404)
        allow_any_page(request, response, methods="GET, HEAD")
        return response

    def get(self, request: HttpRequest, path: str = "") -> HttpResponse:
        if path.strip("/") != self.expected_path(request).strip("/"):
            raise Http404("This server has another identifier.")
        return self.answer(self.document(request))

    def answer(self, document: dict[str, Any]) -> HttpResponse:
        headers = {"Cache-Control": f"public, max-age={CACHE_SECONDS}"}
        return JsonResponse(document, headers=headers)

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponse(status=204, headers={"Allow": "GET, HEAD, OPTIONS"})

    def expected_path(self, request: HttpRequest) -> str:
        return urlsplit(issuer(request)).path

    def document(self, request: HttpRequest) -> dict[str, Any]:
        raise NotImplementedError


def language_tag(code: str) -> str:
    """Return a language of Django's as a BCP 47 tag: `pt-br` as `pt-BR`."""
    return to_locale(code).replace("_", "-")


class AuthorizationServerView(MetadataView):
    """Authorization server metadata (RFC 8414): only what is enabled."""

    def document(self, request: HttpRequest) -> dict[str, Any]:
        def url(name: str) -> str:
            return endpoint_url(request, name)

        document = {
            "issuer": issuer(request),
            "authorization_endpoint": url("authorize"),
            "token_endpoint": url("token"),
            "token_endpoint_auth_methods_supported": [*CLIENT_AUTHENTICATION, "none"],
            "revocation_endpoint": url("revoke"),
            "revocation_endpoint_auth_methods_supported": [*CLIENT_AUTHENTICATION, "none"],
            "device_authorization_endpoint": url("device-authorization"),
            "introspection_endpoint": url("introspect"),
            "introspection_endpoint_auth_methods_supported": CLIENT_AUTHENTICATION,
            "scopes_supported": list(catalogue()),
            "response_types_supported": ["code"],
            "response_modes_supported": list(RESPONSE_MODES),
            "grant_types_supported": GRANT_TYPES,
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
            "request_parameter_supported": False,
            "request_uri_parameter_supported": False,
            "ui_locales_supported": [language_tag(code) for code, _name in settings.LANGUAGES],
        }
        if conf.dynamic_registration:
            document["registration_endpoint"] = url("register")
        if conf.client_id_metadata_documents:
            document["client_id_metadata_document_supported"] = True
        return document | ({"jwks_uri": url("jwks")} if signing_keys.enabled() else {})


class OpenIDView(MetadataView):
    """A document that is there where the site has a signing key."""

    def get(self, request: HttpRequest, path: str = "") -> HttpResponse:
        if not signing_keys.enabled():
            raise Http404("This site has no OpenID Connect.")
        return super().get(request, path)

    def expected_path(self, request: HttpRequest) -> str:
        return ""  # it stands under the issuer (OpenID Connect Discovery section 4)


class DiscoveryView(OpenIDView):
    """OpenID Connect's name for the authorization server's metadata, with what it adds."""

    def document(self, request: HttpRequest) -> dict[str, Any]:
        algorithms = [key.algorithm for key in signing_keys.all_keys()]
        return AuthorizationServerView().document(request) | {
            "userinfo_endpoint": endpoint_url(request, "userinfo"),
            "end_session_endpoint": endpoint_url(request, "logout"),
            "prompt_values_supported": list(PROMPTS),
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": list(dict.fromkeys(algorithms)),
            "claim_types_supported": ["normal"],
            "claims_supported": list(
                dict.fromkeys([*PROTOCOL_CLAIMS, *claims.supported_claims(catalogue())])
            ),
            "claims_parameter_supported": False,
        }


class InsertedDiscoveryView(DiscoveryView):
    """The same document with the issuer's path after the well-known name (RFC 8414 section 5)."""

    def expected_path(self, request: HttpRequest) -> str:
        return AuthorizationServerView().expected_path(request)


class JWKSView(OpenIDView):
    """The public keys that ID tokens are verified with (RFC 7517): the one in use and those before it."""

    def document(self, request: HttpRequest) -> dict[str, Any]:
        return {"keys": [key.public() for key in signing_keys.all_keys()]}


class ProtectedResourceView(MetadataView):
    """Protected resource metadata (RFC 9728): of the whole API, which is the site's root, and of each path of it."""

    def get(self, request: HttpRequest, path: str = "") -> HttpResponse:
        name = api.identifier(request, f"/{path}") if path.strip("/") else resource.own_resource(request)
        if name is None:
            raise Http404("No resource of this server has that path.")
        return self.answer(self.document(request) | {"resource": name})

    def document(self, request: HttpRequest) -> dict[str, Any]:
        return {
            "authorization_servers": [issuer(request)],
            "scopes_supported": _scopes_for_strangers(),
            "bearer_methods_supported": ["header", "query"] if conf.query_tokens else ["header"],
        }


def _scopes_for_strangers() -> list[str]:
    """Return the scopes that a client finds with the API.

    Clients that register themselves ask for all of these, so none is named that they may not have (RFC 9728 section
    2 lets a server keep some to itself).
    """
    open_to_them = conf.dynamic_registration or conf.client_id_metadata_documents
    return [name for name in catalogue() if not open_to_them or name in conf.self_registered_scopes]
