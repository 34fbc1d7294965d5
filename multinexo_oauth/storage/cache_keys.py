"""Cache keys bound to the site, so that two sites that share a cache share no entries."""

import hashlib
from functools import lru_cache

from django.conf import settings
from django.utils.crypto import salted_hmac

from ..conf import conf


def key(kind: str, name: str) -> str:
    """Return under what the site keeps something of a kind that has a name."""
    return _key(settings.SECRET_KEY, conf.issuer, kind, name)


def keys(kind: str, name: str) -> list[str]:
    """Return that key, and those under which processes that still have an older SECRET_KEY keep it."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return [_key(secret, conf.issuer, kind, name) for secret in secrets]


def constant(kind: str) -> str:
    """Return under what the site keeps the one thing of a kind."""
    return _constant(settings.SECRET_KEY, conf.issuer, kind)


def constants(kind: str) -> list[str]:
    """Return that key, and those of older SECRET_KEYs."""
    return keys(kind, "")


def _key(secret: str | bytes, issuer: str | None, kind: str, name: str) -> str:
    # BLAKE2 with a key is a MAC (RFC 7693 section 2.9), and takes a third of the time of an HMAC.
    found = hashlib.blake2b(name.encode(), key=_site_key(secret, issuer), digest_size=20)
    return f"multinexo_oauth:{kind}:{found.hexdigest()}"


@lru_cache(maxsize=16)
def _site_key(secret: str | bytes, issuer: str | None) -> bytes:
    return salted_hmac("multinexo_oauth.cache_keys", issuer or "", secret, algorithm="sha256").digest()


@lru_cache(maxsize=16)
def _constant(secret: str | bytes, issuer: str | None, kind: str) -> str:
    return _key(secret, issuer, kind, "")
