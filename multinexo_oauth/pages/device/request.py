"""A device's request on its way through the pages: one signed value in each form; nothing beside it is trusted."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Self

from django.core import signing
from django.utils import timezone

from ...conf import conf
from ...models import Application, DeviceGrant
from ...policy import policy
from ...server.clients.authentication import find_client
from ...server.grants import device

SALT = "multinexo_oauth.device_request"


@dataclass(frozen=True)
class DeviceRequest:
    """A request for a person to answer. `confirmed` says that the person knows the device.

    `displayed` are the scopes on the page of permissions, and `shown` those of them that it showed as granted before.
    """

    grant: DeviceGrant
    client: Application
    user: Any
    user_code: str
    confirmed: bool = False
    displayed: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()

    @classmethod
    def find(cls, typed: str, user: Any) -> Self | None:
        """Return the request under a user code, or None. Takes any text."""
        return cls._of(device.find_pending(typed), user, device.displayed_code(device.normalized_code(typed)))

    @classmethod
    def find_answered(cls, typed: str, user: Any) -> Self | None:
        """Return the request under a user code that the person has answered already, or None. Takes any text."""
        return cls._of(
            device.find_answered(typed, user), user, device.displayed_code(device.normalized_code(typed))
        )

    @classmethod
    def read(cls, value: str, user: Any) -> Self | None:
        """Return the request that a form carried; None where it is stale, another person's or not ours."""
        try:
            carried = signing.loads(value, salt=SALT, max_age=conf.consent_request_seconds)
        except signing.BadSignature:
            return None
        if carried["user"] != str(user.pk):
            return None
        grant = DeviceGrant.objects.filter(pk=carried["grant"], expires__gt=timezone.now()).first()
        found = cls._of(grant, user, carried["user_code"])
        return found and replace(
            found,
            confirmed=carried["confirmed"],
            displayed=tuple(carried["displayed"]),
            shown=tuple(carried["shown"]),
        )

    @classmethod
    def _of(cls, grant: DeviceGrant | None, user: Any, user_code: str) -> Self | None:
        client = find_client(grant.client_id) if grant else None
        return cls(grant, client, user, user_code) if grant and client else None

    def of(self, client: Application) -> Self:
        """Return the request with the client as it is now."""
        return replace(self, client=client)

    @property
    def scopes(self) -> tuple[str, ...]:
        """What the device asks for, of what the client may ask and the person grant now."""
        allowed = set(self.client.scope_names)
        asked = [name for name in self.grant.scope.names if name in allowed]
        return tuple(name for name in asked if policy().may_grant(self.user, self.client, name))

    def answer_of(self, user: Any) -> str | None:
        """Return what the person has answered by now, as a status of DeviceGrant's, or None."""
        answered = DeviceGrant.objects.filter(pk=self.grant.pk, user=user)
        return answered.values_list("status", flat=True).first()

    def sign(self, user: Any, *, confirmed: bool, shown: Iterable[str] = ()) -> str:
        """Return the request as a signed text that one person may post for a limited time."""
        carried = {
            "grant": self.grant.pk,
            "user": str(user.pk),
            "user_code": self.user_code,
            "confirmed": confirmed,
            "displayed": list(self.scopes),
            "shown": list(shown),
        }
        return signing.dumps(carried, salt=SALT)
