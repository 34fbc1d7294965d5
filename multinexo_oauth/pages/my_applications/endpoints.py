"""The authorization server's addresses, as a developer needs them."""

from dataclasses import dataclass
from typing import Self

from django.http import HttpRequest
from django.utils.translation import gettext as _

from ...models import Kind
from ...server.issuer import endpoint_url, issuer


@dataclass(frozen=True)
class Endpoints:
    issuer: str
    authorization: str
    token: str
    revocation: str
    device_authorization: str

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        return cls(
            issuer=issuer(request),
            authorization=endpoint_url(request, "authorize"),
            token=endpoint_url(request, "token"),
            revocation=endpoint_url(request, "revoke"),
            device_authorization=endpoint_url(request, "device-authorization"),
        )

    def labelled(self, kind: Kind) -> list[tuple[str, str]]:
        """Return those that the kind uses, each with its label."""
        first = []
        if kind.has_redirect_uris:
            first.append((_("Authorization endpoint"), self.authorization))
        if kind is Kind.DEVICE:
            first.append((_("Device authorization endpoint"), self.device_authorization))
        return [
            (_("Issuer"), self.issuer),
            *first,
            (_("Token endpoint"), self.token),
            (_("Revocation endpoint"), self.revocation),
        ]
