"""A device's request on its way through the pages: one signed value in each form; nothing beside it is trusted."""

from dataclasses import dataclass
from typing import Any, Self

from django.core import signing
from django.utils import timezone

from ...conf import conf
from ...models import Application, DeviceGrant
from ...server import device
from ...server.client_authentication import find_client

SALT = "multinexo_oauth.device_request"


@dataclass(frozen=True)
class DeviceRequest:
    """A request for a person to answer. `confirmed` says that the person knows the device."""

    grant: DeviceGrant
    client: Application
    user_code: str
    confirmed: bool = False

    @classmethod
    def find(cls, typed: str) -> Self | None:
        """Return the request under a user code, or None. Takes any text."""
        return cls._of(device.find_pending(typed), device.shown(device.read(typed)))

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
        return cls._of(grant, carried["user_code"], carried["confirmed"])

    @classmethod
    def _of(cls, grant: DeviceGrant | None, user_code: str, confirmed: bool = False) -> Self | None:
        client = find_client(grant.client_id) if grant else None
        return cls(grant, client, user_code, confirmed) if grant and client else None

    @property
    def scopes(self) -> tuple[str, ...]:
        return tuple(self.grant.scope.split())

    def answer_of(self, user: Any) -> str | None:
        """Return what the person has answered by now, as a status of DeviceGrant's, or None."""
        answered = DeviceGrant.objects.filter(pk=self.grant.pk, user=user)
        return answered.values_list("status", flat=True).first()

    def sign(self, user: Any, *, confirmed: bool) -> str:
        """Return the request as a signed text that one person may post for a limited time."""
        carried = {
            "grant": self.grant.pk,
            "user": str(user.pk),
            "user_code": self.user_code,
            "confirmed": confirmed,
        }
        return signing.dumps(carried, salt=SALT)
