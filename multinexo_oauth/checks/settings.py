"""The site's `MULTINEXO_OAUTH`, but for its scopes."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.http.request import validate_host

from ..conf import EMAILS, THROTTLES, conf
from ..server import resource
from ..server.limits.rate import read_rate
from ..server.openid import signing_keys


@register(Tags.security)
def check_issuer(**kwargs: Any) -> list[CheckMessage]:
    """E004: `ISSUER` is not set, and `DEBUG` is off: a `Host` header could determine it.

    Set it.

    E005: `ISSUER` is not `https`, or has a query or a fragment.

    Use an address such as `https://example.com/auth/v1`.
    """
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


@register(Tags.compatibility)
def check_throttles(**kwargs: Any) -> list[CheckMessage]:
    """E011: An entry of `THROTTLES` limits nothing, or is no rate.

    Write it as in [Throttling](#throttling).
    """
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
def check_signing_keys(**kwargs: Any) -> list[CheckMessage]:
    """E008: An entry of `SIGNING_KEYS` is no private key in PEM, has a password, or is neither RSA of at least 2048
    bits nor P-256.

    Make one with `manage.py create_signing_key`.
    """
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
    """E009: An entry of `RESOURCES` is no absolute URL, or has a query or a fragment.

    Use an address such as `https://files.example.com`.
    """
    return [
        Error(
            f"MULTINEXO_OAUTH['RESOURCES'] has {name!r}, which is no resource identifier (RFC 8707 section 2).",
            hint="Use an absolute URL without query and fragment, such as https://files.example.com.",
            id="multinexo_oauth.E009",
        )
        for name in conf.resources
        if not resource.is_identifier(name)
    ]


@register(Tags.security)
def check_hosts_of_resources(**kwargs: Any) -> list[CheckMessage]:
    """W006: `ALLOWED_HOSTS` accepts the host of an entry of `RESOURCES` by a wildcard, so that a token for that API
    alone gives access to the site's API to anyone who sends that `Host`.

    List the site's own hosts.
    """
    wildcards = [pattern for pattern in settings.ALLOWED_HOSTS if pattern.startswith(("*", "."))]
    named = [pattern for pattern in settings.ALLOWED_HOSTS if pattern not in wildcards]
    hosts = {name: urlsplit(name).hostname for name in conf.resources if resource.is_identifier(name)}
    return [
        checks.Warning(
            f"ALLOWED_HOSTS takes {host!r} by a wildcard: a token for {name} alone opens this site's API to whoever"
            " sends that Host.",
            hint="Name the site's own hosts in ALLOWED_HOSTS, and this one among them if the site answers there.",
            id="multinexo_oauth.W006",
        )
        for name, host in hosts.items()
        if host and validate_host(host, wildcards) and not validate_host(host, named)
    ]


@register(Tags.caches)
def check_token_cache(**kwargs: Any) -> list[CheckMessage]:
    """E010: `TOKEN_CACHE` is not in `CACHES`.

    Name one that is, or `None`.

    W004: `TOKEN_CACHE` is local memory, so that other processes learn of a revocation late.

    Use a cache that all processes share.
    """
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


# The option of each of Django's backends that limits how long it waits for its server.
PATIENCE = {
    "django.core.cache.backends.redis.RedisCache": "socket_timeout",
    "django.core.cache.backends.memcached.PyMemcacheCache": "timeout",
}


@register(Tags.caches)
def check_timeouts_of_caches(**kwargs: Any) -> list[CheckMessage]:
    """W009: `CACHES["default"]`, or the cache of `TOKEN_CACHE`, waits without a limit for a server that does not
    answer.

    Use `multinexo_oauth.redis_cache.RedisCache`, or set `socket_timeout` (Redis) or `timeout` (Memcached) in its
    `OPTIONS`.
    """
    return [
        checks.Warning(
            f"CACHES[{alias!r}] has no {option!r} in its OPTIONS: a server that accepts and never answers holds up"
            " every process.",
            hint=f'Set it, such as "OPTIONS": {{"{option}": 0.5}}; multinexo_oauth.redis_cache.RedisCache has it.',
            id="multinexo_oauth.W009",
        )
        for alias, option in _impatient_caches()
    ]


def _impatient_caches() -> Iterator[tuple[str, str]]:
    for alias in sorted({"default", conf.token_cache or "default"} & settings.CACHES.keys()):
        cache = settings.CACHES[alias]
        option = PATIENCE.get(cache["BACKEND"])
        # redis-py also reads it from the query of the URL.
        if option and option not in cache.get("OPTIONS", {}) and option not in str(cache.get("LOCATION")):
            yield alias, option


@register(Tags.compatibility)
def check_emails(**kwargs: Any) -> list[CheckMessage]:
    """E016: `EMAILS` names a message that does not exist.

    Use the names of [this table](#messages-to-people).
    """
    if isinstance(getattr(settings, "MULTINEXO_OAUTH", {}).get("EMAILS"), str):
        return []  # E018 reports it once, instead of once for each letter.
    return [
        Error(
            f"MULTINEXO_OAUTH['EMAILS'] has {name!r}, which is no message of this app's.",
            hint=f"Use a list of some of {', '.join(sorted(EMAILS))}; an empty one for none.",
            id="multinexo_oauth.E016",
        )
        for name in sorted(set(conf.emails).difference(EMAILS), key=str)
    ]
