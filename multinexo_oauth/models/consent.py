from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import models, transaction
from django.dispatch import Signal
from django.utils.translation import gettext_lazy as _

from ..scopes import Scope, by_product, concrete, describe, expand, known
from ..signals import consent_given, consent_reduced, consent_removed, consents_removed
from ..storage.deadlock import survives_deadlocks
from ..storage.locks import Lock, hold, hold_row
from .application import Application
from .event import Event
from .grant import DeviceGrant
from .revocation import revoke_consents, revoke_scopes

AT_ONCE = 500


class ConsentQuerySet(models.QuerySet["Consent"]):
    def owned_by(self, user: Any) -> Self:
        return self.filter(user=user, application__deleted_at=None)

    def for_client(self, application: Application) -> Self:
        return self.filter(application=application)

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-pk")

    def remove(self, user: Any, by: Any = None, address: str | None = None, agent: str = "") -> "Removed":
        """End what a person let applications do, and every code and token that came of it."""
        removed = Removed()
        mine = self.owned_by(user).order_by("pk")
        # Some at a time, each time whole: whatever stops it halfway leaves no consent without its tokens.
        while some := _remove(mine, user, by, address, agent):
            removed += some
        if removed.applications:
            about = {"user": user, "applications": removed.applications}
            _after_commit(consents_removed, by=by, address=address, agent=agent, **about)
        return removed


class Consent(models.Model):
    """A person's durable yes to an application: asked once, kept until the person removes it."""

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
    scope = models.TextField(_("scope"), blank=True)
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
        """What was granted, without what the catalogue has no longer: that stays in `scope` alone."""
        return known(self.scope.split())

    @property
    def permissions(self) -> list[tuple[str, list[Scope]]]:
        """What the application may do, in the catalogue's words, under its products."""
        return by_product(self.scope_names)

    @property
    def has_changed(self) -> bool:
        """Whether the permissions are others than they were at first."""
        return self.updated_at - self.created_at > timedelta(seconds=1)

    @property
    def can_be_reduced(self) -> bool:
        return bool(self.withdrawable) and len(describe(self.scope_names)) > 1

    @property
    def covered(self) -> frozenset[str]:
        """The scopes of the catalogue that the person granted, by name or by one that implies them."""
        return expand(self.scope.split())

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
        address: str | None = None,
        consent: "Consent | None" = None,
        agent: str = "",
        grant: "DeviceGrant | None" = None,
    ) -> "Consent":
        """Add the scopes to what the person has granted the application before.

        `consent` is what stands, where the caller holds it; `grant` the device's that it is given to, if it is.
        """
        added = list(names)
        created = False
        if consent is None:
            consent, created = cls.objects.select_for_update().get_or_create(
                user=user, application=application, defaults={"scope": " ".join(added)}
            )
        if not created:
            added = consent._add(added)
        if added:
            Event.record(
                Event.Action.CONSENT_GIVEN,
                application=application,
                actor=user,
                address=address,
                scopes=added,
                **by_agent(agent),
            )
            about = {"consent": consent, "added": added, "grant": grant}
            _after_commit(consent_given, address=address, agent=agent, **about)
        return consent

    def _add(self, names: Iterable[str]) -> list[str]:
        """Add scopes that the consent does not cover. Return them."""
        covered = self.covered
        added = [name for name in names if name not in covered]
        if added:
            self.scope = " ".join([*self.scope.split(), *added])
            self.save(update_fields=["scope", "updated_at"])
        return added

    def carriers(self, names: Iterable[str]) -> list[str]:
        """Return the granted scopes that cannot stay without the named ones: these, and what brings them along."""
        wanted = set(names)
        return [name for name in self.scope_names if not wanted.isdisjoint(expand([name]))]

    @property
    def withdrawable(self) -> list[str]:
        """The granted scopes that can be taken back one by one: without any that the application cannot do without."""
        required = set(concrete(self.application.required_scope_names))
        return [name for name in self.scope_names if required.isdisjoint(self.carriers([name]))]

    @survives_deadlocks
    def withdraw(
        self, names: Iterable[str], by: Any = None, address: str | None = None, agent: str = ""
    ) -> int:
        """Take scopes back, and those that bring them along. Return how many live access tokens ended.

        Refresh tokens stay and bring what is left.
        """
        with transaction.atomic():
            if not hold_row(self, Lock.ALONE):
                return 0
            held = Consent.objects.get(pk=self.pk)
            withdrawn = held.carriers(names)
            if not withdrawn:
                return 0
            before = held.scope.split()
            kept = [name for name in before if name not in withdrawn]
            if not kept:  # others went at the same moment
                return held.remove(by, address, agent)
            self.scope = held.scope = " ".join(kept)
            held.save(update_fields=["scope", "updated_at"])
            ended = revoke_scopes(self.user, self.application, expand(before) - expand(kept))
            Event.record(
                Event.Action.CONSENT_REDUCED,
                application=self.application,
                actor=by,
                address=address,
                scopes=withdrawn,
                **by_agent(agent),
            )
            _after_commit(consent_reduced, consent=self, withdrawn=withdrawn)
        return ended

    def remove(self, by: Any = None, address: str | None = None, agent: str = "") -> int:
        """End every code and token of the person at the application. Return how many tokens were live."""
        try:
            person = self.user
        except ObjectDoesNotExist:  # deleted since the consent was read, with everything of theirs
            return 0
        return Consent.objects.filter(pk=self.pk).remove(person, by, address, agent).tokens


@dataclass(frozen=True)
class Removed:
    """What ended with consents: the applications that lost access, and how many live tokens."""

    applications: list[Application] = field(default_factory=list)
    tokens: int = 0

    def __add__(self, other: "Removed") -> "Removed":
        return Removed([*self.applications, *other.applications], self.tokens + other.tokens)


def by_agent(agent: str) -> dict[str, str]:
    """Return what an event's detail says of the program that a person used, where that is known."""
    return {"agent": agent} if agent else {}


def _after_commit(signal: Signal, **facts: Any) -> None:
    """Send a signal once what it tells of is committed."""
    transaction.on_commit(partial(signal.send_robust, sender=Consent, **facts))


@survives_deadlocks
def _remove(mine: ConsentQuerySet, user: Any, by: Any, address: str | None, agent: str) -> Removed | None:
    """Remove the first of one person's consents. Return what ended, or None where there was none."""
    with transaction.atomic():
        keys = list(mine.values_list("pk", flat=True)[:AT_ONCE])
        if not keys:
            return None
        # Locked by their keys alone: a join would lock the applications as well.
        held = hold(Consent.objects.filter(pk__in=keys), Lock.ALONE)
        consents = list(Consent.objects.filter(pk__in=held).order_by("pk").prefetch_related("application"))
        applications = [consent.application for consent in consents]
        tokens = revoke_consents(user, applications)
        Event.record_all(
            Event.Action.CONSENT_REMOVED, applications, actor=by, address=address, **by_agent(agent)
        )
        Consent.objects.filter(pk__in=held).delete()
        for application in applications:
            _after_commit(consent_removed, user=user, application=application)
    return Removed(applications, tokens)
