"""What a site imports into its settings: `from multinexo_oauth.defaults import *`."""

from typing import Any

__all__ = [
    "OAUTH2_PROVIDER",
    "OAUTH2_PROVIDER_ACCESS_TOKEN_MODEL",
    "OAUTH2_PROVIDER_APPLICATION_MODEL",
    "OAUTH2_PROVIDER_DEVICE_GRANT_MODEL",
    "OAUTH2_PROVIDER_GRANT_MODEL",
    "OAUTH2_PROVIDER_ID_TOKEN_MODEL",
    "OAUTH2_PROVIDER_REFRESH_TOKEN_MODEL",
]

OAUTH2_PROVIDER_APPLICATION_MODEL = "multinexo_oauth.Application"
OAUTH2_PROVIDER_GRANT_MODEL = "multinexo_oauth.Grant"
OAUTH2_PROVIDER_DEVICE_GRANT_MODEL = "multinexo_oauth.DeviceGrant"
OAUTH2_PROVIDER_ACCESS_TOKEN_MODEL = "multinexo_oauth.AccessToken"
OAUTH2_PROVIDER_REFRESH_TOKEN_MODEL = "multinexo_oauth.RefreshToken"
OAUTH2_PROVIDER_ID_TOKEN_MODEL = "multinexo_oauth.IDToken"

OAUTH2_PROVIDER: dict[str, Any] = {
    "OAUTH2_VALIDATOR_CLASS": "multinexo_oauth.server.request_validator.RequestValidator",
    "SCOPES_BACKEND_CLASS": "multinexo_oauth.server.scopes_backend.CatalogueScopes",
    "APPLICATION_ADMIN_CLASS": "multinexo_oauth.admin.ApplicationAdmin",
    "ACCESS_TOKEN_ADMIN_CLASS": "multinexo_oauth.admin.AccessTokenAdmin",
    "GRANT_ADMIN_CLASS": "multinexo_oauth.admin.GrantAdmin",
    "ID_TOKEN_ADMIN_CLASS": "multinexo_oauth.admin.IDTokenAdmin",
    "REFRESH_TOKEN_ADMIN_CLASS": "multinexo_oauth.admin.RefreshTokenAdmin",
    "ACCESS_TOKEN_GENERATOR": "multinexo_oauth.server.grants.tokens.random_value",
    # Seconds. Multinexo documents 900 for an access token; a code is redeemed at once (RFC 6749 4.1.2: at most 600).
    "ACCESS_TOKEN_EXPIRE_SECONDS": 900,
    "AUTHORIZATION_CODE_EXPIRE_SECONDS": 60,
    "ID_TOKEN_EXPIRE_SECONDS": 900,
    "PKCE_REQUIRED": True,
    "ROTATE_REFRESH_TOKEN": True,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    # Our fetcher has a time limit, whatever the document's host does.
    "CIMD_METADATA_FETCHER": "multinexo_oauth.server.clients.fetcher.DocumentFetcher",
    # Loopback redirects are plain http (RFC 8252 7.3); our own rules refuse http on every other host.
    "ALLOWED_REDIRECT_URI_SCHEMES": ["http", "https"],
    "ALLOW_URI_WILDCARDS": False,
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    "COMPLIANT_BCP_RFC9700_REFRESH_TOKEN": True,
    "COMPLIANT_BCP_RFC9700_REDIRECT_URI_MATCHING": True,
    "COMPLIANT_BCP_RFC9700_PKCE_REQUIRED": True,
}
