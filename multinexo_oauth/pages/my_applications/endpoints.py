"""The authorization server's addresses, as a developer needs them."""

from dataclasses import dataclass
from typing import Self

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from ...models import Kind
from ...server.issuer import base_path, issuer


@dataclass(frozen=True)
class Endpoints:
    """Addresses under the issuer. One that the site does not serve is empty."""

    issuer: str
    authorization: str
    token: str
    revocation: str
    device_authorization: str

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        def url(name: str) -> str:
            try:
                path = reverse(f"multinexo_oauth:{name}")
            except NoReverseMatch:
                return ""
            return issuer(request) + path.removeprefix(base_path())

        return cls(
            issuer=issuer(request),
            authorization=url("authorize"),
            token=url("token"),
            revocation=url("revoke"),
            device_authorization=url("device-authorization"),
        )

    def labelled(self, kind: Kind) -> list[tuple[str, str]]:
        """Return those that the kind uses, each with its label."""
        endpoints = [
            (_("Issuer"), self.issuer),
            (_("Authorization endpoint"), self.authorization if kind.has_redirect_uris else ""),
            (_("Device authorization endpoint"), self.device_authorization if kind is Kind.DEVICE else ""),
            (_("Token endpoint"), self.token),
            (_("Revocation endpoint"), self.revocation),
        ]
        return [(label, address) for label, address in endpoints if address]
