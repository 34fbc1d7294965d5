"""How the app, django-oauth-toolkit and Django are set up together."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from rest_framework.settings import api_settings

from .. import defaults

IMPORT_LINE = "Put `from multinexo_oauth.defaults import *` in your settings before the first migrate."
# Settings that must stay as `defaults` has them, and what goes wrong otherwise.
PROVIDER_RULES = {
    "OAUTH2_VALIDATOR_CLASS": "the token endpoint would not follow this app's rules",
    "SCOPES_BACKEND_CLASS": "the scope catalogue would not be asked",
    "PKCE_REQUIRED": "a stolen code could be redeemed",
    "ROTATE_REFRESH_TOKEN": "a stolen refresh token would never be noticed",
    "ALLOW_URI_WILDCARDS": "a client's answers could go to another host",
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": "tokens could be stored in the clear",
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": "tokens would be taken from query strings",
}
MAX_ACCESS_TOKEN_SECONDS = 24 * 60 * 60
MAX_CODE_SECONDS = 600


@register(Tags.models)
def check_swapped_models(**kwargs: Any) -> list[CheckMessage]:
    """E001: A model of django-oauth-toolkit is not swapped for ours.

    Put `from multinexo_oauth.defaults import *` in your settings before the first `migrate`.
    """
    names = [name for name in defaults.__all__ if name.endswith("_MODEL")]
    return [
        Error(
            f"{name} is not {getattr(defaults, name)}.",
            hint=IMPORT_LINE,
            id="multinexo_oauth.E001",
        )
        for name in names
        if getattr(settings, name, None) != getattr(defaults, name)
    ]


@register(Tags.compatibility)
def check_installed_apps(**kwargs: Any) -> list[CheckMessage]:
    """E002: `oauth2_provider` is missing from `INSTALLED_APPS`, or comes before `multinexo_oauth`.

    List `multinexo_oauth` first.
    """
    apps = [entry.partition(".apps.")[0] for entry in settings.INSTALLED_APPS]
    if "oauth2_provider" in apps and apps.index("oauth2_provider") > apps.index("multinexo_oauth"):
        return []
    return [
        Error(
            "multinexo_oauth must stand before oauth2_provider in INSTALLED_APPS, and both must be there.",
            hint='List "multinexo_oauth" first, then "oauth2_provider".',
            id="multinexo_oauth.E002",
        )
    ]


@register(Tags.security)
def check_provider_settings(**kwargs: Any) -> list[CheckMessage]:
    """E006: A value of `OAUTH2_PROVIDER` is not the safe one.

    Remove your own value.

    W002: Access tokens or codes are valid for longer than they should be.

    Shorten their lifetime.
    """
    provider = getattr(settings, "OAUTH2_PROVIDER", {})
    unsafe: list[CheckMessage] = [
        Error(
            f"OAUTH2_PROVIDER[{name!r}] is {_shown(provider, name)}: {consequence}.",
            hint=f"Set it to {defaults.OAUTH2_PROVIDER[name]!r}, as `multinexo_oauth.defaults` does.",
            id="multinexo_oauth.E006",
        )
        for name, consequence in PROVIDER_RULES.items()
        if provider.get(name) != defaults.OAUTH2_PROVIDER[name]
    ]
    return [*unsafe, *_lifetime_warnings(provider)]


def _shown(provider: dict[str, Any], name: str) -> str:
    return repr(provider[name]) if name in provider else "not set"


def _lifetime_warnings(provider: dict[str, Any]) -> Iterator[CheckMessage]:
    limits = {
        "ACCESS_TOKEN_EXPIRE_SECONDS": MAX_ACCESS_TOKEN_SECONDS,
        "AUTHORIZATION_CODE_EXPIRE_SECONDS": MAX_CODE_SECONDS,
    }
    for name, limit in limits.items():
        if provider.get(name, limit + 1) > limit:
            long = f"more than {limit} seconds" if name in provider else "not set"
            yield checks.Warning(
                f"OAUTH2_PROVIDER[{name!r}] is {long}.",
                hint=f"Set it to {defaults.OAUTH2_PROVIDER[name]}, as `multinexo_oauth.defaults` does.",
                id="multinexo_oauth.W002",
            )


@register(Tags.compatibility)
def check_sqlite(**kwargs: Any) -> list[CheckMessage]:
    """W003: A SQLite database begins transactions without its lock, so that concurrent requests may fail.

    Add `"OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20}` to it.
    """
    databases: dict[str, dict[str, Any]] = settings.DATABASES
    return [
        checks.Warning(
            f"DATABASES[{alias!r}] is SQLite whose transactions begin without the lock: two at once may fail.",
            hint='Add "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20}.',
            id="multinexo_oauth.W003",
        )
        for alias, database in databases.items()
        if database["ENGINE"].endswith(".sqlite3")
        and database.get("OPTIONS", {}).get("transaction_mode") != "IMMEDIATE"
    ]


@register(Tags.security, deploy=True)
def check_proxies(**kwargs: Any) -> list[CheckMessage]:
    """W005: With `--deploy`: `NUM_PROXIES` is not set, so all requests may seem to come from the proxy's IP.

    Set it, to `0` where there is no proxy; see [Behind a proxy](#behind-a-proxy).
    """
    if api_settings.NUM_PROXIES is not None:
        return []
    return [
        checks.Warning(
            "REST_FRAMEWORK['NUM_PROXIES'] is not set: behind a proxy all requests have one address to throttle.",
            hint="Set it to how many proxies stand before Django, 0 for none.",
            id="multinexo_oauth.W005",
        )
    ]
