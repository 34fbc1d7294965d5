"""The cache of valid access tokens, if the site names one.

Entries are only added, and a revocation overwrites them with a tombstone: a process that read the database before the
revocation cannot add the token again. A tombstone, like a failing cache, means that the database is asked.
"""

import logging
import time
from collections.abc import Collection
from functools import partial
from itertools import islice
from typing import Any, Literal

from django.core.cache import BaseCache, caches
from django.core.cache.backends.locmem import LocMemCache
from django.db import transaction

from ..conf import conf
from . import cache_keys, cache_pause

log = logging.getLogger("multinexo_oauth")

TOMBSTONE = "revoked"
Owner = Literal["application", "person"]
# Where an entry has them, of the fields that `server.token_query` reads.
PLACES: dict[Owner, int] = {"application": 0, "person": 2}
# Tombstones in one command, so that none is long.
AT_ONCE = 1000
# Tombstones that could not be written, and until when they matter: later no entry is left that they would replace.
MOST_LATE = 10_000
_late: dict[str, float] = {}
# Until when this process marks owners in local memory, which no other process writes to.
_marked_until = 0.0


def enabled() -> bool:
    return conf.token_cache is not None


def get(checksum: str) -> tuple[Any, ...] | None:
    """Return what was remembered under an access token's digest, or None."""
    alias = conf.token_cache
    cache = _usable(alias)
    if cache is None:
        return None
    try:
        found, some_ended = _read(cache, cache_keys.key("token", checksum))
        # Each entry holds its key, so a cache that mixes up responses cannot accept another token.
        good = isinstance(found, tuple) and found[:1] == (checksum,)
        ended = good and some_ended and _has_ended_owner(cache, found[1:])
    except Exception:  # each kind of cache raises its own
        log.warning("The token cache does not answer.", exc_info=True)
        cache_pause.begin(alias)
        return None
    cache_pause.end(alias)
    return found[1:] if good and not ended else None


def add(checksum: str, entry: tuple[Any, ...], seconds: float) -> None:
    """Remember an entry for so many seconds at most, unless there is one, or a tombstone."""
    alias = conf.token_cache
    cache = _usable(alias)
    if cache is None:
        return
    key = cache_keys.key("token", checksum)
    try:
        cache.add(key, (checksum, *entry), min(seconds, conf.token_cache_seconds))
    except Exception:
        log.warning("The token cache takes nothing.", exc_info=True)
        cache_pause.begin(alias)


def bury(checksums: Collection[str]) -> None:
    """Write tombstones, so that the database is asked about these access tokens.

    Called before the commit, so that no entry outlives its token.
    """
    if enabled() and checksums:
        keys = [key for checksum in checksums for key in cache_keys.keys("token", checksum)]
        _write(keys, conf.token_cache_seconds)


def bury_owner(kind: Owner, pk: Any, using: str | None = None) -> None:
    """Write one tombstone for all access tokens of an application or a person.

    It takes effect now and again on commit, for as long as an entry of before may live. Meanwhile each call reads a
    second time from the cache, so few tokens are better buried one by one.
    """
    if enabled():
        _bury_owner(kind, pk)
        transaction.on_commit(partial(_bury_owner, kind, pk), using=using)


def _bury_owner(kind: Owner, pk: Any) -> None:
    global _marked_until
    # Twice: one that is added before the commit lives on for as long after it.
    seconds = 2 * conf.token_cache_seconds
    # The owner's own first: who sees the other looks for it.
    _write([*cache_keys.keys(kind, str(pk)), *cache_keys.constants("ended")], seconds)
    _marked_until = time.monotonic() + seconds


def _read(cache: BaseCache, key: str) -> tuple[Any, bool]:
    """Return what is under a token's key, and whether the tokens of some owners have ended lately."""
    if isinstance(cache, LocMemCache):
        # The second read costs as much as the first.
        return cache.get(key), time.monotonic() < _marked_until
    some_ended = cache_keys.constant("ended")
    found = cache.get_many((key, some_ended))
    return found.get(key), some_ended in found


def _has_ended_owner(cache: BaseCache, entry: tuple[Any, ...]) -> bool:
    return bool(cache.get_many([cache_keys.key(kind, str(entry[place])) for kind, place in PLACES.items()]))


def _write(keys: list[str], seconds: int) -> None:
    """Write tombstones. Those that fail are logged and retried later."""
    cache = _usable(conf.token_cache)
    left = keys if cache is None else _unwritten(cache, keys, seconds)
    if left:
        until = time.monotonic() + 2 * conf.token_cache_seconds
        _late.update(dict.fromkeys(islice(left, max(MOST_LATE - len(_late), 0)), until))
        log.error(
            "A revocation did not reach the token cache. Where it is reached, what ended may be taken for %s s more.",
            conf.token_cache_seconds,
        )


def _unwritten(cache: BaseCache, keys: list[str], seconds: int) -> list[str]:
    """Write tombstones, one after the other. Return the keys of those that the cache did not take."""
    alias = conf.token_cache
    for start in range(0, len(keys), AT_ONCE):
        try:
            _take(cache, keys[start : start + AT_ONCE], seconds)
        except Exception:
            log.warning("The token cache takes no revocation.", exc_info=True)
            cache_pause.begin(alias)
            return keys[start:]
    cache_pause.end(alias)
    return []


def _take(cache: BaseCache, keys: list[str], seconds: int) -> None:
    # Some caches return what they did not take, and raise nothing.
    if refused := cache.set_many(dict.fromkeys(keys, TOMBSTONE), seconds):
        raise ConnectionError(f"{len(refused)} of {len(keys)} keys were not set")


def _usable(alias: str | None) -> BaseCache | None:
    """Return the cache, or None where there is none, or one that is left alone."""
    if alias is None or cache_pause.is_on(alias):
        return None
    cache: BaseCache = caches[alias]
    return None if _late and not _catch_up(cache) else cache


def _catch_up(cache: BaseCache) -> bool:
    """Write the waiting tombstones before anything is read. Return whether that succeeded."""
    now, late = time.monotonic(), dict(_late)
    due = [key for key, until in late.items() if until > now]
    left = _unwritten(cache, due, 2 * conf.token_cache_seconds)
    for key in late.keys() - left:
        _late.pop(key, None)
    return not left
