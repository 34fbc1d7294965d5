"""Count failed client authentications, report them, and temporarily refuse a client that fails too often.

Failures count per client and IP address, so that nobody can lock out a client from elsewhere, and per IP address for
all clients. Credentials that were right within the last day are always checked: neither another client at the same
address nor an old program with an old secret blocks them.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property

from ...announce import announce
from ...conf import conf
from ...models import Application, Event
from ...origin import Origin, counted_ip, ip
from ...signals import client_authentication_failed
from ...storage import cache_keys
from .attempts import CacheMayFail, Limit, default_cache

MAX_SHOWN_LENGTH = 255
PROVEN_FOR_SECONDS = 24 * 60 * 60
OWNER_IS_TOLD_EVERY = timedelta(hours=1)
BY_CLIENT, BY_ADDRESS = "failures_by_client", "failures_by_address"


@dataclass(frozen=True)
class Attempt:
    """A client's attempt to authenticate. `client_id` is empty where the request names none."""

    request: HttpRequest
    client_id: str = ""
    secret: str | None = field(default=None, repr=False)

    def check(self) -> None:
        """Raise TooManyAttempts after too many failures, unless these credentials were right recently.

        Nothing is counted yet, because a client that sends many valid requests at once must not be refused.
        """
        if self._is_limited and not self._is_proven:
            for limit, who in self._limits:
                limit.check(self.request, who, self._shown_id)

    def succeeded(self) -> None:
        if self._is_limited and not self._is_proven:
            with CacheMayFail():
                default_cache().set(self._proof, True, timeout=PROVEN_FOR_SECONDS)

    def failed(self) -> None:
        """Count and report the failure. Raises TooManyAttempts above the limit, which is reported once."""
        for limit, who in self._limits:
            limit.take(self.request, who, self._shown_id)
        self._tell()

    def _tell(self) -> None:
        extra = {
            "event": "client_authentication_failed",
            "client_id": self._shown_id,
            "address": ip(self.request),
        }
        announce(
            client_authentication_failed,
            Application,
            "Client authentication failed.",
            extra,
            request=self.request,
            client_id=self.client_id,
        )

    @property
    def _is_limited(self) -> bool:
        rates = conf.throttles
        return bool(rates[BY_CLIENT] or rates[BY_ADDRESS])

    @property
    def _limits(self) -> list[tuple[Limit, str]]:
        """The limits that are on, and for whom this attempt counts in each."""
        sender = counted_ip(self.request)
        limits = [(Limit.named(BY_ADDRESS), sender)]
        if self.client_id:
            limits.insert(0, (Limit.named(BY_CLIENT), f"{self.client_id} {sender}"))
        return [(limit, who) for limit, who in limits if limit.tries is not None]

    @property
    def _shown_id(self) -> str:
        return self.client_id[:MAX_SHOWN_LENGTH]

    @property
    def _proof(self) -> str:
        return cache_keys.key("proven", f"{self.client_id} {self.secret or ''}")

    @cached_property
    def _is_proven(self) -> bool:
        with CacheMayFail():
            return bool(default_cache().get(self._proof))
        return False


def tell_owner(client: Application, request: HttpRequest) -> None:
    """Record, at most once an hour, that somebody has failed too often to authenticate as the client."""
    since = timezone.now() - OWNER_IS_TOLD_EVERY
    told = Event.objects.filter(application=client, action=Event.Action.THROTTLED, at__gt=since)
    if not told.exists():
        Event.record(Event.Action.THROTTLED, application=client, origin=Origin.of_program(request))
