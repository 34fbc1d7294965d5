"""A pause after a cache failure, so that a cache that does not respond delays one call and not every call.

Each process has its own pauses. Aliases of `CACHES` with the same server share them.
"""

import threading
import time
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings

from ..conf import conf


class Pause(NamedTuple):
    """Since when a server is left alone, by `time.monotonic`, and under which CACHES: others are other servers."""

    since: float
    caches: Any


_pauses: dict[Any, Pause] = {}
_lock = threading.Lock()


def is_on(alias: str) -> bool:
    """Tell whether the cache is paused. After each pause, one caller tries it again."""
    return bool(_pauses) and _is_on(_server(alias))


def _is_on(server: Any) -> bool:
    with _lock:
        pause = _pauses.get(server)
        if pause is None or pause.caches is not settings.CACHES:
            return False
        if time.monotonic() < pause.since + conf.cache_pause_seconds:
            return True
        _pauses[server] = _from_now()
        return False


def begin(alias: str | None) -> None:
    """Start a pause, because the cache failed."""
    if alias is not None:
        with _lock:
            _pauses[_server(alias)] = _from_now()


def end(alias: str | None) -> None:
    """End the pause, because the cache responded."""
    if _pauses and alias is not None:
        with _lock:
            _pauses.pop(_server(alias), None)


def _from_now() -> Pause:
    return Pause(time.monotonic(), settings.CACHES)


def _server(alias: str) -> Any:
    location: Any = settings.CACHES[alias].get("LOCATION", "")
    if isinstance(location, str):
        # Of redis://server/1 and redis://server/2 the server.
        return urlsplit(location).netloc or location or alias
    return tuple(location)
