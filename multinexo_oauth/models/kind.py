from django.db import models
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import AbstractApplication

DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"
CLIENT_CREDENTIALS = "client_credentials"


class Kind(models.TextChoices):
    """The kinds of application. Which grants one may use follows from its kind alone."""

    WEB = "web", _("Web server")
    SPA = "spa", _("JavaScript (client side)")
    NATIVE = "native", _("Installed (desktop, mobile)")
    DEVICE = "device", _("Device without a browser")
    SERVICE = "service", _("Service (no user)")

    @property
    def client_type(self) -> str:
        return (
            AbstractApplication.CLIENT_CONFIDENTIAL if self.has_secret else AbstractApplication.CLIENT_PUBLIC
        )

    @property
    def may_waive_pkce(self) -> bool:
        """Whether its secret can stand in for PKCE (RFC 9700 section 2.1.1)."""
        return self is Kind.WEB

    @property
    def grant_types(self) -> frozenset[str]:
        """The values of `grant_type` that the kind may send to the token endpoint."""
        if self is Kind.SERVICE:
            return frozenset({CLIENT_CREDENTIALS})
        first = DEVICE_CODE if self is Kind.DEVICE else "authorization_code"
        return frozenset({first, "refresh_token"})

    @property
    def has_secret(self) -> bool:
        return self in {Kind.WEB, Kind.SERVICE}

    @property
    def has_redirect_uris(self) -> bool:
        return self in {Kind.WEB, Kind.SPA, Kind.NATIVE}

    @property
    def has_origins(self) -> bool:
        return self is Kind.SPA

    @property
    def has_people(self) -> bool:
        """Whether a person gives it consent; a service acts for itself."""
        return self is not Kind.SERVICE

    @property
    def summary(self) -> str:
        return str(_SUMMARIES[self])

    @property
    def gives(self) -> str:
        return str(_GIVES[self])


_SUMMARIES = {
    Kind.WEB: _("It runs on a server of yours, where a secret can be kept."),
    Kind.SPA: _("It runs in the browser: a page that calls the API with JavaScript."),
    Kind.NATIVE: _("It is installed on a computer or a phone."),
    Kind.DEVICE: _("It has no browser, or is hard to type on: a cash register, a printer, a television."),
    Kind.SERVICE: _("It runs unattended and acts for your own account."),
}
_GIVES = {
    Kind.WEB: _("A client id and a secret."),
    Kind.SPA: _("A client id; no secret, because anyone could read it."),
    Kind.NATIVE: _("A client id; no secret, because anyone could read it."),
    Kind.DEVICE: _("A client id, without a secret; the person types a short code on another device."),
    Kind.SERVICE: _("A client id and a secret."),
}
