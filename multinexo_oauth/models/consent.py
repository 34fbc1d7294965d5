from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.dispatch import Signal
from django.utils.translation import gettext_lazy as _

from ..origin import UNKNOWN, Origin
from ..scopes import Scope, Scopes, by_product, concrete, describe, expand
from ..signals import consent_given
from .application import Application
from .event import Event
from .fields import ScopesField
from .grant import DeviceGrant


class ConsentQuerySet(models.QuerySet["Consent"]):
    def owned_by(self, user: Any) -> Self:
        return self.filter(user=user, application__deleted_at=None)

    def for_client(self, application: Application) -> Self:
        return self.filter(application=application)

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-pk")


class Consent(models.Model):
    """What a person has granted to an application. It is asked for once and kept until the person removes it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="multinexo_oauth_consents",
        verbose_name=_("person"),
    )
    application = models.ForeignKey(
        "multinexo_oauth.Application",
        on_delete=models.CASCADE,
        related_name="consents",
        verbose_name=_("application"),
    )
    scope = ScopesField(_("scope"), blank=True)
    created_at = models.DateTimeField(_("since"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)
    # When the application last got a token or called the API, noted at most hourly.
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.UniqueConstraint(fields=["user", "application"], name="multinexo_oauth_one_consent"),
        ]
        indexes = [models.Index(fields=["user", "-created_at", "-id"])]

    def __str__(self) -> str:
        return f"{self.user} → {self.application}"

    @property
    def scope_names(self) -> list[str]:
        """The granted scopes that the catalogue has. Others stay in `scope`."""
        return self.scope.known

    @property
    def permissions(self) -> list[tuple[str, list[Scope]]]:
        """What the application may do, in the catalogue's words, under its products."""
        return by_product(self.scope_names)

    @property
    def has_changed(self) -> bool:
        """Whether the permissions have changed since the consent was given."""
        return self.updated_at - self.created_at > timedelta(seconds=1)

    @property
    def can_be_reduced(self) -> bool:
        return bool(self.withdrawable) and len(describe(self.scope_names)) > 1

    @property
    def covered(self) -> frozenset[str]:
        """The scopes of the catalogue that the person granted, by name or by one that implies them."""
        return self.scope.expanded

    def covers(self, name: str) -> bool:
        """Tell whether the person granted a scope."""
        return name in self.covered

    @classmethod
    @transaction.atomic
    def record(
        cls,
        user: Any,
        application: Application,
        names: Iterable[str],
        origin: Origin = UNKNOWN,
        consent: "Consent | None" = None,
        grant: "DeviceGrant | None" = None,
    ) -> "Consent":
        """Add the scopes to what the person has granted the application before.

        `consent` is the existing consent if the caller has locked it; `grant` is the device's request, if there is one.
        """
        added = list(names)
        created = False
        if consent is None:
            consent, created = cls.objects.select_for_update().get_or_create(
                user=user, application=application, defaults={"scope": Scopes.of(added)}
            )
        if not created:
            added = consent._add(added)
        if added:
            Event.record(
                Event.Action.CONSENT_GIVEN, application=application, origin=origin.by(user), scopes=added
            )
            about = {"consent": consent, "added": added, "grant": grant}
            after_commit(consent_given, address=origin.ip, agent=origin.agent, **about)
        return consent

    def _add(self, names: Iterable[str]) -> list[str]:
        """Add scopes that the consent does not cover. Return them."""
        covered = self.covered
        added = [name for name in names if name not in covered]
        if added:
            self.scope = Scopes.of([*self.scope.names, *added])
            self.save(update_fields=["scope", "updated_at"])
        return added

    def carriers(self, names: Iterable[str]) -> list[str]:
        """Return the granted scopes that cannot stay without the named ones: these, and what brings them along."""
        wanted = set(names)
        return [name for name in self.scope_names if not wanted.isdisjoint(expand([name]))]

    @property
    def withdrawable(self) -> list[str]:
        """The granted scopes that can be withdrawn one by one: all but those that the application requires."""
        required = set(concrete(self.application.required_scope_names))
        return [name for name in self.scope_names if required.isdisjoint(self.carriers([name]))]


def after_commit(signal: Signal, **facts: Any) -> None:
    """Send a signal about a consent once the transaction is committed."""
    transaction.on_commit(partial(signal.send_robust, sender=Consent, **facts))
