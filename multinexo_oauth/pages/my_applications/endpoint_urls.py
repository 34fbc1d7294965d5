"""The authorization server's addresses, as a developer needs them."""

from dataclasses import dataclass
from typing import Self

from django.http import HttpRequest
from django.utils.translation import gettext as _

from ...models import Kind
from ...server.issuer import endpoint_url, issuer, server_metadata_url
from ...server.openid import signing_keys


@dataclass(frozen=True)
class Endpoints:
    """The URLs of OpenID Connect are empty if the site has none."""

    issuer: str
    discovery: str
    authorization: str
    token: str
    revocation: str
    device_authorization: str
    userinfo: str
    end_session: str

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        openid = signing_keys.enabled()
        return cls(
            issuer=issuer(request),
            discovery=endpoint_url(request, "openid-configuration")
            if openid
            else server_metadata_url(request),
            authorization=endpoint_url(request, "authorize"),
            token=endpoint_url(request, "token"),
            revocation=endpoint_url(request, "revoke"),
            device_authorization=endpoint_url(request, "device-authorization"),
            userinfo=endpoint_url(request, "userinfo") if openid else "",
            end_session=endpoint_url(request, "logout") if openid else "",
        )

    def labelled(self, kind: Kind) -> list[tuple[str, str]]:
        """Return those that the kind uses, each with its label."""
        in_browser, with_people = kind.has_redirect_uris, kind.has_people
        used = [
            (_("Issuer"), self.issuer),
            (_("Discovery document"), self.discovery),
            (_("Authorization endpoint"), self.authorization if in_browser else ""),
            (_("Device authorization endpoint"), self.device_authorization if kind is Kind.DEVICE else ""),
            (_("Token endpoint"), self.token),
            (_("Revocation endpoint"), self.revocation),
            (_("Userinfo endpoint"), self.userinfo if with_people else ""),
            (_("End session endpoint"), self.end_session if in_browser else ""),
        ]
        return [(label, address) for label, address in used if address]
