"""Checks for parts of django-oauth-toolkit that are unsafe here, and for its settings that have no effect."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Tags, register
from oauth2_provider.contrib.rest_framework.authentication import OAuth2Authentication
from rest_framework.settings import api_settings

from .. import defaults
from ..site_views import authentication_classes

# Settings of OAUTH2_PROVIDER that this app, or what it takes from django-oauth-toolkit, still reads.
READ = frozenset(
    {
        "CIMD_FAILURE_BACKOFF_SECONDS",
        "CIMD_FETCH_TIMEOUT_SECONDS",
        "CIMD_MAX_CONCURRENT_FETCHES",
        "CIMD_MAX_DOCUMENT_SIZE",
        "CIMD_METADATA_MAX_AGE_SECONDS",
        "CIMD_METADATA_MIN_AGE_SECONDS",
        "CLIENT_ID_GENERATOR_CLASS",
        "COMPLIANT_BCP_RFC9700_REDIRECT_URI_SCHEME",
        "DEVICE_FLOW_INTERVAL",
        "EXTRA_SERVER_KWARGS",
        "OAUTH2_SERVER_CLASS",
        "OAUTH_PRE_TOKEN_VALIDATION",
        "REFRESH_TOKEN_GENERATOR",
        *defaults.OAUTH2_PROVIDER,
    }
)
# What to use instead of those that do nothing here.
INSTEAD = {
    "ALLOWED_SCHEMES": "nothing: origins follow from the redirect URIs",
    "ALLOW_LOCALHOST_LOOPBACK": "nothing: the kind of an application decides",
    "CIMD_ENABLED": 'MULTINEXO_OAUTH["CLIENT_ID_METADATA_DOCUMENTS"]',
    "DCR_ENABLED": 'MULTINEXO_OAUTH["DYNAMIC_REGISTRATION"]',
    "DCR_REGISTRATION_SCOPE": 'MULTINEXO_OAUTH["REGISTRATION_TOKEN_SCOPE"]',
    "DEFAULT_SCOPES": "the permissions that each application has when it asks for none",
    "OAUTH2_PROTECTED_RESOURCE_IDENTIFIER": 'MULTINEXO_OAUTH["ISSUER"]',
    "OIDC_ENABLED": 'MULTINEXO_OAUTH["SIGNING_KEYS"]',
    "OIDC_ISS_ENDPOINT": 'MULTINEXO_OAUTH["ISSUER"]',
    "OIDC_RP_INITIATED_LOGOUT_ALWAYS_PROMPT": 'MULTINEXO_OAUTH["LOGOUT_ALWAYS_ASKS"]',
    "OIDC_RSA_PRIVATE_KEY": 'MULTINEXO_OAUTH["SIGNING_KEYS"]',
    "OIDC_RSA_PRIVATE_KEYS_INACTIVE": 'MULTINEXO_OAUTH["SIGNING_KEYS"]',
    "REFRESH_TOKEN_EXPIRE_SECONDS": 'MULTINEXO_OAUTH["REFRESH_LIFETIME_SECONDS"]',
    "REFRESH_TOKEN_GRACE_PERIOD_SECONDS": 'MULTINEXO_OAUTH["REFRESH_GRACE_SECONDS"]',
    "SCOPES": 'MULTINEXO_OAUTH["SCOPES"]',
}
SIGN_IN = {"oauth2_provider.backends.OAuth2Backend", "oauth2_provider.middleware.OAuth2TokenMiddleware"}


@register(Tags.security)
def check_sessions_from_tokens(**kwargs: Any) -> list[CheckMessage]:
    """W001: A backend or middleware of django-oauth-toolkit signs people in by an access token, whatever its scopes.

    Remove it; protect views as in [protect-an-api.md](protect-an-api.md).
    """
    return [
        *(
            _warning(
                f"{entry} logs a person in by an access token, whatever its scopes.",
                "Remove it; protect API views with multinexo_oauth.rest_framework.OAuth2Authentication.",
            )
            for entry in [*settings.AUTHENTICATION_BACKENDS, *settings.MIDDLEWARE]
            if entry in SIGN_IN
        ),
        *(
            _warning(
                f"{where} authenticates by django-oauth-toolkit's {name}, which takes tokens of deactivated people.",
                "Use multinexo_oauth.rest_framework.OAuth2Authentication in its place.",
            )
            for where, name in dict.fromkeys(_authenticated_by_toolkit())
        ),
    ]


def _warning(problem: str, hint: str) -> CheckMessage:
    return checks.Warning(problem, hint=hint, id="multinexo_oauth.W001")


def _authenticated_by_toolkit() -> Iterator[tuple[str, str]]:
    """Give where django-oauth-toolkit authenticates an API's requests, and by which class."""
    defaults_of_site: list[Any] = list(api_settings.DEFAULT_AUTHENTICATION_CLASSES)
    for used in defaults_of_site:
        if issubclass(used, OAuth2Authentication):
            yield "REST_FRAMEWORK['DEFAULT_AUTHENTICATION_CLASSES']", used.__name__
    if getattr(settings, "ROOT_URLCONF", None):
        for view, classes in authentication_classes():
            for used in classes:
                if used not in defaults_of_site and issubclass(used, OAuth2Authentication):
                    yield view, used.__name__


@register(Tags.compatibility)
def check_settings_without_effect(**kwargs: Any) -> list[CheckMessage]:
    """W012: A setting of `OAUTH2_PROVIDER` has no effect with this app, such as `SCOPES` or `OIDC_ENABLED`.

    Remove it, and use what the hint names.
    """
    provider: dict[str, Any] = getattr(settings, "OAUTH2_PROVIDER", {})
    return [
        checks.Warning(
            f"OAUTH2_PROVIDER[{name!r}] has no effect with multinexo_oauth.",
            hint=f"Remove it, and use {INSTEAD[name]}." if name in INSTEAD else "Remove it.",
            id="multinexo_oauth.W012",
        )
        for name in provider
        if name not in READ
    ]
