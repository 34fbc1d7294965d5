"""Limits on attempts and requests, counted in the site's default cache. If the cache is down, nobody is limited."""

import functools
import logging
import math
import time
from dataclasses import dataclass

from django.core.cache import DEFAULT_CACHE_ALIAS, BaseCache, caches
from django.http import HttpRequest

from ...announce import announce
from ...conf import conf
from ...origin import ip
from ...signals import throttled
from ...storage import cache_keys, cache_pause
from .rate import read_rate

log = logging.getLogger("multinexo_oauth")


class TooManyAttempts(Exception):
    """There were too many attempts; the next is allowed after `wait` seconds.

    `what` is the limit's name, and `began` marks its first refusal.
    """

    def __init__(self, wait: int, what: str, *, began: bool) -> None:
        super().__init__(f"{what}: wait {wait} s")
        self.wait = wait
        self.what = what
        self.began = began


@dataclass(frozen=True)
class Limit:
    """At most so many tries in so many seconds, counted from the first; `tries` is None where there is no limit."""

    what: str
    tries: int | None
    seconds: int

    @classmethod
    def named(cls, what: str) -> "Limit":
        """Return the limit that the site's THROTTLES set under a name."""
        rate = conf.throttles[what]
        return cls(what, None, 0) if rate is None else cls(what, *read_rate(rate))

    def take(self, request: HttpRequest, who: str, client_id: str = "") -> None:
        """Count an attempt before it is checked, so that concurrent attempts cannot exceed the limit.

        Raises TooManyAttempts where it is one too many.
        """
        if self.tries is None:
            return
        tries, until = 0, 0.0
        with CacheMayFail():
            key, until = self._window(who)
            tries = self._count(key)
        if tries > self.tries:
            began = tries == self.tries + 1
            if began:
                self._tell(request, client_id)
            raise TooManyAttempts(max(1, math.ceil(until - time.time())), self.what, began=began)

    def _count(self, key: str) -> int:
        """Return how many tries there are, with one more."""
        cache = default_cache()
        try:
            return cache.incr(key)
        except ValueError:  # the first one
            cache.add(key, 0, timeout=self.seconds)
            return cache.incr(key)

    def check(self, request: HttpRequest, who: str, client_id: str = "") -> None:
        """Check the limit without counting; only a failed attempt is counted. Raises TooManyAttempts."""
        if self.tries is not None and self._taken(who) >= self.tries:
            self.take(request, who, client_id)

    def give_back(self, who: str) -> None:
        """Uncount an attempt that was successful."""
        if self.tries is not None:
            with CacheMayFail():
                default_cache().decr(self._window(who)[0])

    def _taken(self, who: str) -> int:
        with CacheMayFail():
            return int(default_cache().get(self._window(who)[0], 0))
        return 0

    def _window(self, who: str) -> tuple[str, float]:
        """Return the key of the tries that count now, and until when they do."""
        key = cache_keys.key(self.what, who)
        # The key contains the window's end, so a stale counter never leaks into the next window.
        ends = time.time() + self.seconds
        until = default_cache().get_or_set(key, ends, timeout=self.seconds) or ends
        return f"{key}:{until}", until

    def _tell(self, request: HttpRequest, client_id: str) -> None:
        extra = {
            "event": "throttled",
            "what": self.what,
            "client_id": client_id,
            "address": ip(request),
            "user_id": getattr(getattr(request, "user", None), "pk", None),
        }
        message = f"Too many tries: {self.what}."
        announce(throttled, Limit, message, extra, request=request, what=self.what, client_id=client_id)


class LeftAlone(Exception):
    """The default cache has failed a moment ago."""


def default_cache() -> BaseCache:
    """Return the site's default cache. Raises LeftAlone for a while after it has failed, for `CacheMayFail`."""
    if cache_pause.is_on(DEFAULT_CACHE_ALIAS):
        raise LeftAlone
    return caches[DEFAULT_CACHE_ALIAS]


class CacheMayFail:
    """Leaves undone what the cache cannot do now: each kind of cache fails with errors of its own."""

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: type[BaseException] | None, *error: object) -> bool:
        # A ValueError says that the number ran out just now, or that the cache keeps nothing.
        if kind is None or issubclass(kind, ValueError):
            cache_pause.end(DEFAULT_CACHE_ALIAS)
            return kind is not None
        if not issubclass(kind, Exception):
            return False
        if kind is not LeftAlone:
            cache_pause.begin(DEFAULT_CACHE_ALIAS)
            _tell_of_failure(kind.__qualname__)
        return True


@functools.cache
def _tell_of_failure(name: str) -> None:
    """Log a kind of error of the cache's, the first time that this process meets it."""
    log.error("The default cache fails (%s): nothing is throttled.", name)
