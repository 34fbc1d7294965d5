"""Throttles that count a token's calls, and say how many are left.

The header fields are those of draft-ietf-httpapi-ratelimit-headers-10, beside Django REST Framework's `Retry-After`.
"""

from math import ceil
from typing import TYPE_CHECKING, Any

from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle, SimpleRateThrottle

from ..server.bearer.token import Bearer
from ..server.limits.attempts import CacheMayFail, default_cache
from ..storage import cache_keys
from . import ways

if TYPE_CHECKING:
    # At run time this would be a circle: APIView imports the classes that a site's REST_FRAMEWORK setting names.
    from rest_framework.views import APIView


class _Counts:
    """The site's default cache. If it fails, nobody is limited."""

    def get(self, key: str, default: Any) -> Any:
        with CacheMayFail():
            return default_cache().get(key, default)
        return default

    def set(self, key: str, value: Any, timeout: float) -> None:
        with CacheMayFail():
            default_cache().set(key, value, timeout)


class TokenRateThrottle(SimpleRateThrottle):
    """Count the requests of a token by `counted`; one without a token is not counted."""

    cache = _Counts()  # type: ignore[assignment]
    num_requests: int
    duration: int

    @property
    def THROTTLE_RATES(self) -> Any:  # type: ignore[override]  # noqa: N802
        # Read on access, unlike Django REST Framework's own, so that `override_settings` just works.
        return api_settings.DEFAULT_THROTTLE_RATES

    def counted(self, token: Bearer) -> str:
        """Return who the calls are counted for."""
        raise NotImplementedError

    def get_cache_key(self, request: Request, view: "APIView") -> str | None:
        if not isinstance(request.auth, Bearer):
            return None
        return cache_keys.key(f"throttle:{self.scope}", self.counted(request.auth))

    def allow_request(self, request: Request, view: "APIView") -> bool:
        allowed = super().allow_request(request, view)
        if self.rate is not None and self.key is not None:
            self.tell(view)
        return allowed

    def tell(self, view: "APIView") -> None:
        """Add to the answer, whatever it is, what is left of the quota and when it is reset."""
        left = max(self.num_requests - len(self.history), 0)
        seconds = ceil(self.history[-1] + self.duration - self.now) if self.history else self.duration
        _add(view, "RateLimit-Policy", f'"{self.scope}";q={self.num_requests};w={self.duration}')
        _add(view, "RateLimit", f'"{self.scope}";r={left};t={seconds}')


class ApplicationRateThrottle(TokenRateThrottle):
    """Limit an application, whoever it acts for, to the rate `application` of DEFAULT_THROTTLE_RATES."""

    scope = "application"

    def counted(self, token: Bearer) -> str:
        return str(token.application_id)


class PersonRateThrottle(TokenRateThrottle):
    """Limit what an application does for one person, or for itself, to the rate `person`."""

    scope = "person"

    def counted(self, token: Bearer) -> str:
        return f"{token.application_id}.{token.user_id}"


class ScopeRateThrottle(BaseThrottle):
    """Limit what an application does for one person by each scope that DEFAULT_THROTTLE_RATES names.

    It counts the scopes that the request needed, so that `"products:write": "100/hour"` leaves reading alone.
    """

    refused: "list[OneScopeRateThrottle]"

    def allow_request(self, request: Request, view: "APIView") -> bool:
        rates = api_settings.DEFAULT_THROTTLE_RATES
        limits = [OneScopeRateThrottle(name) for name in sorted(_needed(request, view)) if name in rates]
        # All throttles are checked, so that each reports what is left.
        self.refused = [limit for limit in limits if not limit.allow_request(request, view)]
        return not self.refused

    def wait(self) -> float | None:
        return max((limit.wait() or 0 for limit in self.refused), default=None)


class OneScopeRateThrottle(PersonRateThrottle):
    def __init__(self, scope: str) -> None:
        self.scope = scope
        super().__init__()


def _needed(request: Request, view: "APIView") -> frozenset[str]:
    """Return the scopes by which the token was let in."""
    granted = request.auth.scopes if isinstance(request.auth, Bearer) else frozenset()
    let_in = (way.scopes for way in ways.into(view) if way.token is not False and way.scopes <= granted)
    return next(let_in, frozenset())


def _add(view: Any, name: str, item: str) -> None:
    headers = getattr(view, "headers", None)
    if headers is not None:
        headers[name] = f"{headers[name]}, {item}" if name in headers else item
