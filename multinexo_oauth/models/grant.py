from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import AbstractDeviceGrant, AbstractGrant

from ..storage.exact_text import ExactCharField
from ..storage.family import new_family
from .fields import ScopesField


class Grant(AbstractGrant):
    """An authorization code, as a digest. A redeemed one stays until it expires, so that a replay is seen."""

    code = models.CharField(max_length=64, editable=False)
    scope = ScopesField(_("scope"), blank=True)
    family = models.UUIDField(_("family"), default=new_family, editable=False, db_index=True)
    redeemed_at = models.DateTimeField(_("redeemed"), null=True, editable=False)
    # RFC 6749 section 4.1.3: the token request repeats redirect_uri only where the authorization request held it.
    redirect_uri_sent = models.BooleanField(default=True, editable=False)
    auth_time = models.DateTimeField(_("logged in"), null=True, editable=False)

    class Meta(AbstractGrant.Meta):
        verbose_name = _("authorization code")
        verbose_name_plural = _("authorization codes")
        constraints = [models.UniqueConstraint(fields=["code"], name="multinexo_oauth_one_code")]
        indexes = [models.Index(fields=["expires"])]


class DeviceGrantQuerySet(models.QuerySet["DeviceGrant"]):
    def live(self) -> Self:
        return self.filter(expires__gt=timezone.now(), redeemed_at=None)

    def pending(self) -> Self:
        """Requests that nobody has answered yet."""
        return self.live().filter(status=DeviceGrant.AUTHORIZATION_PENDING)


class DeviceGrant(AbstractDeviceGrant):
    """A device's request for authorization (RFC 8628). Both codes are kept as digests.

    `scope` is what the device asks for and, once a person has said yes, what that person granted.
    """

    device_code = models.CharField(max_length=64, editable=False)
    user_code = models.CharField(max_length=64, unique=True, editable=False)
    scope = ScopesField(_("scope"), blank=True)
    client_id = ExactCharField(_("client ID"), max_length=255, db_index=True)  # as the application's
    family = models.UUIDField(_("family"), default=new_family, editable=False)
    redeemed_at = models.DateTimeField(_("redeemed"), null=True, editable=False)
    # What the tokens are for (RFC 8707), as URIs; none for everything.
    resource = models.JSONField(_("resource"), default=list, blank=True, editable=False)
    # Empty until the first poll, which may come at once.
    last_checked = models.DateTimeField(_("last polled"), null=True, editable=False)  # type: ignore[assignment]
    # What the device looked like when it asked, for the person to recognise.
    address = models.GenericIPAddressField(_("from"), null=True, editable=False)
    agent = models.CharField(_("agent"), max_length=200, blank=True, editable=False)
    # Of the person who said yes.
    auth_time = models.DateTimeField(_("logged in"), null=True, editable=False)

    objects = DeviceGrantQuerySet.as_manager()

    class Meta(AbstractDeviceGrant.Meta):
        verbose_name = _("device request")
        verbose_name_plural = _("device requests")
        indexes = [models.Index(fields=["expires"])]

    def __str__(self) -> str:
        return f"{self.client_id} #{self.pk}"
