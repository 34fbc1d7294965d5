"""The security schemes in drf-spectacular's OpenAPI document: the flows, and the scopes of each operation."""

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from drf_spectacular.authentication import SessionScheme
from drf_spectacular.extensions import OpenApiAuthenticationExtension

from ..conf import conf
from ..scopes import catalogue
from ..server.issuer import base_path
from ..server.openid import signing_keys
from . import ways

if TYPE_CHECKING:
    from drf_spectacular.openapi import AutoSchema

OAUTH2 = "oauth2"
OPENID_CONNECT = "openIdConnect"


class OAuth2Scheme(OpenApiAuthenticationExtension):
    """The security scheme of `OAuth2Authentication`, and, where the site has a signing key, that of its discovery."""

    target_class = "multinexo_oauth.rest_framework.authentication.OAuth2Authentication"
    match_subclasses = True

    @property
    def name(self) -> list[str]:  # type: ignore[override]
        return [OAUTH2, OPENID_CONNECT] if signing_keys.enabled() else [OAUTH2]

    def get_security_requirement(self, auto_schema: "AutoSchema") -> list[dict[str, list[str]]]:
        """Return a requirement for each set of scopes that opens the operation; none where no token does."""
        sets = [sorted(way.scopes) for way in ways.into(auto_schema.view) if way.token is not False]
        return [{name: scopes} for scopes in sets for name in self.name]

    def get_security_definition(self, auto_schema: "AutoSchema") -> list[dict[str, Any]]:
        token = {"tokenUrl": _url("token"), "scopes": _scopes()}
        code = {"authorizationUrl": _url("authorize"), "refreshUrl": _url("token"), **token}
        definitions: list[dict[str, Any]] = [
            {"type": "oauth2", "flows": {"authorizationCode": code, "clientCredentials": token}}
        ]
        if signing_keys.enabled():
            definitions.append({"type": "openIdConnect", "openIdConnectUrl": _url("openid-configuration")})
        return definitions


class SessionInPlaceOfTokenScheme(SessionScheme):
    """The session scheme, only for operations whose permissions accept a session."""

    priority = 0

    def get_security_requirement(
        self, auto_schema: "AutoSchema"
    ) -> dict[str, list[Any]] | list[dict[str, list[Any]]]:
        needs_token = all(way.token for way in ways.into(auto_schema.view))
        return [] if needs_token else super().get_security_requirement(auto_schema)


def _url(name: str) -> str:
    """Return an endpoint's URL, or only its path if no issuer is set, which is allowed only under DEBUG."""
    path = reverse(f"multinexo_oauth:{name}")
    return conf.issuer + path.removeprefix(base_path()) if conf.issuer else path


def _scopes() -> dict[str, str]:
    return {name: str(scope.label) for name, scope in catalogue().items()}
