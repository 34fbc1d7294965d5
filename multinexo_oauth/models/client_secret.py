import secrets
from typing import Self

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from ..conf import conf
from ..origin import UNKNOWN, Origin
from ..storage.digest import digest
from ..storage.locks import Lock, hold
from .application import Application
from .event import Event


class TooManySecrets(Exception):
    """The application already has as many live secrets as it may."""


class ClientSecretQuerySet(models.QuerySet["ClientSecret"]):
    def live(self) -> Self:
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=timezone.now()), revoked_at=None)

    def matching(self, value: str) -> Self:
        return self.filter(digest=digest(value))


class ClientSecret(models.Model):
    """A secret of a confidential client. Only its digest is kept.

    The value is 256 random bits, so one fast hash suffices.
    """

    application = models.ForeignKey(
        "multinexo_oauth.Application",
        on_delete=models.CASCADE,
        related_name="secrets",
        verbose_name=_("application"),
    )
    label = models.CharField(_("label"), max_length=80, blank=True)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    last_four = models.CharField(_("last four characters"), max_length=4, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)

    objects = ClientSecretQuerySet.as_manager()

    class Meta:
        verbose_name = _("secret")
        verbose_name_plural = _("secrets")

    def __str__(self) -> str:
        return f"{self.label or _('Secret')} …{self.last_four}"

    @property
    def has_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @classmethod
    @sensitive_variables()
    def issue(
        cls, application: Application, label: str = "", origin: Origin = UNKNOWN
    ) -> tuple["ClientSecret", str]:
        """Return a new secret and its value, which is never available again.

        Raises TooManySecrets when the application already has `LIVE_SECRETS` live ones, and Application.DoesNotExist
        when it was deleted meanwhile.
        """
        value = secrets.token_urlsafe(32)
        with transaction.atomic():
            # The lock makes two requests at once count each other's secret.
            if not hold(Application.objects.filter(pk=application.pk), Lock.ALONE):
                raise Application.DoesNotExist("The application has been deleted.")
            if cls.objects.filter(application=application).live().count() >= conf.live_secrets:
                raise TooManySecrets
            secret = cls.objects.create(
                application=application, label=label, digest=digest(value), last_four=value[-4:]
            )
            Event.record(
                Event.Action.SECRET_ISSUED, application=application, origin=origin, secret=str(secret)
            )
        return secret, value

    def revoke(self, origin: Origin = UNKNOWN) -> None:
        """Stop the secret from authenticating anybody. Revoking it again changes nothing."""
        now = timezone.now()
        if ClientSecret.objects.filter(pk=self.pk, revoked_at=None).update(revoked_at=now):
            self.revoked_at = now
            Event.record(
                Event.Action.SECRET_REVOKED,
                application=self.application,
                origin=origin,
                secret=str(self),
            )
