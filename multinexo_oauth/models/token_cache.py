"""Which access tokens are known to be good, in the cache that the site names; nowhere unless it names one.

An entry is only ever added, and a revocation writes a tombstone over it: who read the database just before the
revocation cannot bring the token back. A tombstone, like a cache that is down, means that the database is asked.
"""

import logging
from collections.abc import Collection
from typing import Any

from django.core.cache import BaseCache, caches

from ..conf import conf

log = logging.getLogger("multinexo_oauth")

TOMBSTONE = "revoked"


def enabled() -> bool:
    return conf.token_cache is not None


def get(checksum: str) -> tuple[Any, ...] | None:
    """Return what was remembered under an access token's digest, or None."""
    cache = _cache()
    if cache is None:
        return None
    try:
        found = cache.get(_key(checksum))
    except Exception:  # each kind of cache raises its own
        log.warning("The token cache does not answer.", exc_info=True)
        return None
    # An entry says whose it is: a cache that mixes up its answers opens no door with another token's.
    return found[1:] if isinstance(found, tuple) and found[:1] == (checksum,) else None


def add(checksum: str, entry: tuple[Any, ...], seconds: float) -> None:
    """Remember an entry for so many seconds at most, unless there is one, or a tombstone."""
    cache = _cache()
    if cache is None:
        return
    try:
        cache.add(_key(checksum), (checksum, *entry), min(seconds, conf.token_cache_seconds))
    except Exception:
        log.warning("The token cache takes nothing.", exc_info=True)


def bury(checksums: Collection[str]) -> None:
    """Have the database asked about the access tokens from now on.

    Called before the transaction that ends them is committed: no moment is left in which an entry outlives its token.
    """
    cache = _cache()
    if cache is None or not checksums:
        return
    try:
        cache.set_many({_key(checksum): TOMBSTONE for checksum in checksums}, conf.token_cache_seconds)
    except Exception:
        log.exception(
            "A revocation did not reach the token cache; it holds in %s s.", conf.token_cache_seconds
        )


def bury_owner(kind: str, pk: Any) -> None:
    """Placeholder until the cache branch is merged."""


def _cache() -> BaseCache | None:
    alias = conf.token_cache
    return None if alias is None else caches[alias]


def _key(checksum: str) -> str:
    return f"multinexo_oauth:token:{checksum}"
