"""Numbered system checks: what is wrong with the site's settings, and the way out."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from rest_framework.settings import api_settings

from . import defaults
from .conf import THROTTLES, conf, read_rate
from .scopes import catalogue, declarations, expand, is_wildcard
from .server import resource, signing_keys
from .site_views import operations

IMPORT_LINE = "Put `from multinexo_oauth.defaults import *` in your settings before the first migrate."
SCOPE_KEYS = frozenset({"label", "description", "product", "sensitive", "implies"})
REGISTRATION = frozenset({"anyone", "permission", "staff"})
DYNAMIC_REGISTRATION = (False, "open", "token")
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
    """E001: every model of django-oauth-toolkit's is swapped for ours."""
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
    """E002: django-oauth-toolkit is installed, after this app, whose migrations and commands come first."""
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


@register(Tags.compatibility)
def check_scope_catalogue(**kwargs: Any) -> list[CheckMessage]:
    """E003: every entry of the catalogue is well-formed, declared once, and implies scopes that exist."""
    return [
        Error(
            f"{place}[{name!r}] {problem}.",
            hint='Write it as "products:read": {"label": _("See your products"), "product": _("Products")}.',
            id="multinexo_oauth.E003",
        )
        for place, name, problem in _catalogue_problems()
    ]


def _catalogue_problems() -> Iterator[tuple[str, str, str]]:
    declared: dict[str, str] = {}
    known = {name for _place, entries in declarations() for name in entries}
    for place, entries in declarations():
        for name, entry in entries.items():
            if name in declared:
                yield place, name, f"stands in {declared[name]} too, whose words are used"
            declared.setdefault(name, place)
            for problem in _entry_problems(name, entry, known):
                yield place, name, problem


def _entry_problems(name: str, entry: Any, known: set[str]) -> Iterator[str]:
    # RFC 6749 section 3.3: a scope is printable ASCII without space, quote or backslash.
    if not name or not all("!" <= character <= "~" and character not in '"\\' for character in name):
        yield "is no scope name: it has a space, a quote, a backslash or is not ASCII"
    if is_wildcard(name):
        yield "is no scope name: it would stand for every scope that begins like it"
    if not isinstance(entry, dict) or not entry.get("label"):
        yield "has no label"
        return
    if unknown := set(entry) - SCOPE_KEYS:
        yield f"has unknown keys: {', '.join(sorted(unknown))}"
    for implied in entry.get("implies", ()):
        if implied not in known:
            yield f"implies {implied!r}, which is not in the catalogue"


@register(Tags.security)
def check_issuer(**kwargs: Any) -> list[CheckMessage]:
    """E004: outside DEBUG the issuer is set, so that no Host header can name it; E005: it has the form of one."""
    issuer = conf.issuer
    if issuer is None:
        return [] if settings.DEBUG else [_missing_issuer()]
    secure = issuer.startswith("https://") or settings.DEBUG
    if secure and "?" not in issuer and "#" not in issuer:
        return []
    return [
        Error(
            f"MULTINEXO_OAUTH['ISSUER'] is {issuer!r}, which is no issuer identifier (RFC 8414 section 2).",
            hint="Use an https URL without query and fragment, such as https://example.com/auth/v1.",
            id="multinexo_oauth.E005",
        )
    ]


def _missing_issuer() -> CheckMessage:
    return Error(
        "MULTINEXO_OAUTH['ISSUER'] is not set.",
        hint='Set it to where you include multinexo_oauth.urls, such as "https://example.com/auth/v1".',
        id="multinexo_oauth.E004",
    )


@register(Tags.security)
def check_sessions_from_tokens(**kwargs: Any) -> list[CheckMessage]:
    """W001: nothing turns an access token into a session."""
    found = [
        entry
        for entry in [*settings.AUTHENTICATION_BACKENDS, *settings.MIDDLEWARE]
        if entry
        in {"oauth2_provider.backends.OAuth2Backend", "oauth2_provider.middleware.OAuth2TokenMiddleware"}
    ]
    return [
        checks.Warning(
            f"{entry} logs a person in by an access token, whatever its scopes.",
            hint="Remove it; protect API views with multinexo_oauth.rest_framework.OAuth2Authentication.",
            id="multinexo_oauth.W001",
        )
        for entry in found
    ]


@register(Tags.security)
def check_provider_settings(**kwargs: Any) -> list[CheckMessage]:
    """E006: OAUTH2_PROVIDER keeps the safe values of `defaults`; W002: nothing lives longer than it should."""
    provider = getattr(settings, "OAUTH2_PROVIDER", {})
    unsafe: list[CheckMessage] = [
        Error(
            f"OAUTH2_PROVIDER[{name!r}] is {provider.get(name)!r}: {consequence}.",
            hint=f"Set it to {defaults.OAUTH2_PROVIDER[name]!r}, as `multinexo_oauth.defaults` does.",
            id="multinexo_oauth.E006",
        )
        for name, consequence in PROVIDER_RULES.items()
        if provider.get(name) != defaults.OAUTH2_PROVIDER[name]
    ]
    return [*unsafe, *_lifetime_warnings(provider)]


def _lifetime_warnings(provider: dict[str, Any]) -> Iterator[CheckMessage]:
    limits = {
        "ACCESS_TOKEN_EXPIRE_SECONDS": MAX_ACCESS_TOKEN_SECONDS,
        "AUTHORIZATION_CODE_EXPIRE_SECONDS": MAX_CODE_SECONDS,
    }
    for name, limit in limits.items():
        if provider.get(name, limit + 1) > limit:
            yield checks.Warning(
                f"OAUTH2_PROVIDER[{name!r}] is more than {limit} seconds.",
                hint=f"Set it to {defaults.OAUTH2_PROVIDER[name]}, as `multinexo_oauth.defaults` does.",
                id="multinexo_oauth.W002",
            )


@register(Tags.compatibility)
def check_registration(**kwargs: Any) -> list[CheckMessage]:
    """E007: the setting that says who may register an application is one of the three."""
    if conf.registration in REGISTRATION:
        return []
    return [
        Error(
            f"MULTINEXO_OAUTH['REGISTRATION'] is {conf.registration!r}.",
            hint=f"Use one of {', '.join(sorted(REGISTRATION))}.",
            id="multinexo_oauth.E007",
        )
    ]


@register(Tags.compatibility)
def check_throttles(**kwargs: Any) -> list[CheckMessage]:
    """E011: every throttle is one that exists, and its rate can be read."""
    return [
        Error(
            f"MULTINEXO_OAUTH['THROTTLES'][{name!r}] {problem}.",
            hint=f'Write a rate such as "10/min" or "10/10min", or None, under one of {", ".join(THROTTLES)}.',
            id="multinexo_oauth.E011",
        )
        for name, problem in _throttle_problems()
    ]


def _throttle_problems() -> Iterator[tuple[str, str]]:
    for name, rate in conf.throttles.items():
        if name not in THROTTLES:
            yield name, "limits nothing"
        elif rate is not None:
            try:
                read_rate(rate)
            except (TypeError, ValueError):
                yield name, f"is {rate!r}, which is no rate"


@register(Tags.security)
def check_dynamic_registration(**kwargs: Any) -> list[CheckMessage]:
    """E012: the setting that lets clients register themselves is one of the three, and its token can be had."""
    if conf.dynamic_registration not in DYNAMIC_REGISTRATION:
        problem = f"MULTINEXO_OAUTH['DYNAMIC_REGISTRATION'] is {conf.dynamic_registration!r}"
        hint = 'Use False, "open" or "token".'
    elif conf.dynamic_registration == "token" and conf.registration_token_scope not in catalogue():
        problem = (
            f"MULTINEXO_OAUTH['SCOPES'] has no {conf.registration_token_scope!r}: no token registers clients"
        )
        hint = "Add it for the application that may register clients, or name another in REGISTRATION_TOKEN_SCOPE."
    else:
        return []
    return [Error(f"{problem}.", hint=hint, id="multinexo_oauth.E012")]


@register(Tags.security)
def check_self_registered_scopes(**kwargs: Any) -> list[CheckMessage]:
    """E013: clients that register themselves may ask for something, and for nothing that does not exist or spreads."""
    if not conf.dynamic_registration and not conf.client_id_metadata_documents:
        return []
    return [
        Error(
            f"MULTINEXO_OAUTH['SELF_REGISTERED_SCOPES'] {problem}.",
            hint='List what clients may ask for that nobody has looked at, such as ["products:read"].',
            id="multinexo_oauth.E013",
        )
        for problem in _self_registered_scope_problems()
    ]


def _self_registered_scope_problems() -> Iterator[str]:
    if not conf.self_registered_scopes:
        yield "is empty: such clients could ask for nothing"
    for name in conf.self_registered_scopes:
        if name not in catalogue():
            yield f"has {name!r}, which is not in the catalogue"
        elif conf.registration_token_scope in expand([name]):
            yield f"has {name!r}: clients that register themselves could register others"


@register(Tags.security)
def check_signing_keys(**kwargs: Any) -> list[CheckMessage]:
    """E008: ID tokens can be signed with every key, and with none that is weak."""
    for place, text in enumerate(conf.signing_keys):
        try:
            signing_keys.read(text)
        except signing_keys.UnusableKey as problem:
            return [
                Error(
                    f"MULTINEXO_OAUTH['SIGNING_KEYS'][{place}] {problem}.",
                    hint="Make one with `manage.py create_signing_key`; the setting is a list of such texts.",
                    id="multinexo_oauth.E008",
                )
            ]
    return []


@register(Tags.security)
def check_resources(**kwargs: Any) -> list[CheckMessage]:
    """E009: every further API has an identifier of RFC 8707's form."""
    return [
        Error(
            f"MULTINEXO_OAUTH['RESOURCES'] has {name!r}, which is no resource identifier (RFC 8707 section 2).",
            hint="Use an absolute URL without query and fragment, such as https://files.example.com.",
            id="multinexo_oauth.E009",
        )
        for name in conf.resources
        if not resource.is_identifier(name)
    ]


@register(Tags.caches)
def check_token_cache(**kwargs: Any) -> list[CheckMessage]:
    """E010: the cache of tokens is one of the site's; W004: its processes share it."""
    alias = conf.token_cache
    if alias is None:
        return []
    if alias not in settings.CACHES:
        return [
            Error(
                f"MULTINEXO_OAUTH['TOKEN_CACHE'] is {alias!r}, which is not in CACHES.",
                hint="Name one of CACHES, or None.",
                id="multinexo_oauth.E010",
            )
        ]
    if not settings.CACHES[alias]["BACKEND"].endswith(".LocMemCache"):
        return []
    return [
        checks.Warning(
            f"MULTINEXO_OAUTH['TOKEN_CACHE'] is {alias!r}, which each process keeps for itself: the others would"
            f" take a revoked token for up to {conf.token_cache_seconds} seconds.",
            hint="Use a cache that all processes share, such as Redis, unless there is only one.",
            id="multinexo_oauth.W004",
        )
    ]


@register(Tags.security, deploy=True)
def check_proxies(**kwargs: Any) -> list[CheckMessage]:
    """W005: the site says how many proxies stand before it, of which one could pass for everybody."""
    if api_settings.NUM_PROXIES is not None:
        return []
    return [
        checks.Warning(
            "REST_FRAMEWORK['NUM_PROXIES'] is not set: behind a proxy all requests have one address to throttle.",
            hint="Set it to how many proxies stand before Django, 0 for none.",
            id="multinexo_oauth.W005",
        )
    ]


@register(Tags.compatibility)
def check_sqlite(**kwargs: Any) -> list[CheckMessage]:
    """W003: SQLite begins transactions by taking the lock, so that requests at once wait for each other."""
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


@register(Tags.urls)
def check_scopes_of_views(**kwargs: Any) -> list[CheckMessage]:
    """E014: every scope that a view asks for is in the catalogue; E015: every view says what its permissions ask."""
    if not getattr(settings, "ROOT_URLCONF", None):
        return []
    known = {name for _place, entries in declarations() for name in entries}
    unknown: dict[tuple[str, str], str] = {}
    problems: dict[str, None] = {}
    for operation in operations():
        if operation.problem:
            problems[f"{operation.view}: {operation.problem}"] = None
        for name in sorted(operation.scopes - known):
            unknown.setdefault((operation.view, name), f"{operation.method} {operation.path}".strip())
    return [
        *(_unknown_scope(view, name, where) for (view, name), where in unknown.items()),
        *(_undeclared(problem) for problem in problems),
    ]


def _unknown_scope(view: str, name: str, where: str) -> CheckMessage:
    return Error(
        f"{view} asks for the scope {name!r} at {where}, which is not in the catalogue: no token has it.",
        hint="Correct its name, or declare it in MULTINEXO_OAUTH['SCOPES'] or in an app's oauth_scopes.py.",
        id="multinexo_oauth.E014",
    )


def _undeclared(problem: str) -> CheckMessage:
    return Error(
        problem,
        hint="Write on the view what its permission class asks for, as docs/protect-an-api.md shows.",
        id="multinexo_oauth.E015",
    )
