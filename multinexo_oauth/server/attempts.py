"""Limits on wrong guesses, counted in the site's default cache."""

import logging
import math
import time
from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpRequest

from ..models.digest import digest
from ..network import address
from ..signals import throttled

log = logging.getLogger("multinexo_oauth.security")


class TooManyAttempts(Exception):
    """Somebody has guessed too often, and may go on in `wait` seconds."""

    def __init__(self, wait: int) -> None:
        super().__init__(f"wait {wait} s")
        self.wait = wait


@dataclass(frozen=True)
class Limit:
    """At most so many wrong tries in so many seconds, counted from the first."""

    what: str
    tries: int
    seconds: int

    def take(self, request: HttpRequest, who: str) -> None:
        """Count a try before it is looked at, so that none of several at once slips through.

        Raises TooManyAttempts where it is one too many.
        """
        key = self._key(who)
        now = time.time()
        cache.add(f"{key}:until", now + self.seconds, timeout=self.seconds)
        cache.add(key, 0, timeout=self.seconds)
        try:
            tries = cache.incr(key)
        except ValueError:  # it ran out just now, or the cache keeps nothing
            return
        if tries > self.tries:
            self._tell(request)
            raise TooManyAttempts(max(1, math.ceil(cache.get(f"{key}:until", now) - now)))

    def give_back(self, who: str) -> None:
        """Forget a try that was right."""
        try:
            cache.decr(self._key(who))
        except ValueError:  # it ran out meanwhile
            return

    def _key(self, who: str) -> str:
        return f"multinexo_oauth:{self.what}:{digest(who)}"

    def _tell(self, request: HttpRequest) -> None:
        extra = {
            "event": "throttled",
            "what": self.what,
            "address": address(request),
            "user_id": request.user.pk,
        }
        log.warning("Too many wrong tries: %s.", self.what, extra=extra)
        throttled.send_robust(sender=Limit, request=request, what=self.what)
