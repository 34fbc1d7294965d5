from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..scopes import Scope, by_product, concrete, describe, expand, known
from ..signals import consent_given, consent_reduced, consent_removed, consents_removed
from .application import Application
from .deadlock import survives_deadlocks
from .event import Event
from .grant import DeviceGrant
from .revocation import revoke_consents, revoke_scopes

AT_ONCE = 500


class ConsentQuerySet(models.QuerySet["Consent"]):
    def owned_by(self, user: Any) -> Self:
        return self.filter(user=user)

    def for_client(self, application: Application) -> Self:
        return self.filter(application=application)

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-pk")

    def remove(self, user: Any, by: Any = None, address: str | None = None, agent: str = "") -> "Removed":
        """End what a person let applications do, and every code and token that came of it."""
        removed = Removed()
        mine = self.owned_by(user).select_related(None).prefetch_related("application").order_by("pk")
        # Some at a time, each time whole: whatever stops it halfway leaves no consent without its tokens.
        while some := _remove(mine, user, by, address, agent):
            removed += some
            for application in some.applications:
                consent_removed.send_robust(sender=Consent, user=user, application=application)
        if removed.applications:
            consents_removed.send_robust(
                sender=Consent,
                user=user,
                applications=removed.applications,
                by=by,
                address=address,
                agent=agent,
            )
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

    @classmethod
    def read_with(cls, application: Application, user: Any) -> "Consent | None":
        """Return the consent that `Application.objects.with_consent_of(user)` brought along, or None."""
        found = application.consent_id  # type: ignore[attr-defined]
        scope = application.consent_scope  # type: ignore[attr-defined]
        return cls(pk=found, user=user, application=application, scope=scope) if found else None

    @classmethod
    def record(
        cls,
        user: Any,
        application: Application,
        names: Iterable[str],
        address: str | None = None,
        before: "Consent | None" = None,
        agent: str = "",
        grant: "DeviceGrant | None" = None,
    ) -> "Consent":
        """Add the scopes to what the person has granted the application before.

        `before` is the consent as it was read a moment ago, or None where there was none; `grant` the device's that
        it is given to, if it is.
        """
        with transaction.atomic():
            consent, added = cls._add(user, application, list(names), before)
            if added:
                Event.record(
                    Event.Action.CONSENT_GIVEN,
                    application=application,
                    actor=user,
                    address=address,
                    scopes=added,
                    **by_agent(agent),
                )
        if added:
            consent_given.send_robust(
                sender=cls, consent=consent, added=added, address=address, agent=agent, grant=grant
            )
        return consent

    @classmethod
    def _add(
        cls, user: Any, application: Application, names: list[str], before: "Consent | None"
    ) -> tuple["Consent", list[str]]:
        """Return the consent with the names in it, held until the transaction ends, and those that it lacked."""
        if before is None:
            with suppress(IntegrityError), transaction.atomic():
                return cls.objects.create(user=user, application=application, scope=" ".join(names)), names
        else:
            as_it_was = cls.objects.filter(pk=before.pk, scope=before.scope)
            added = before._take(names)
            changed = {"updated_at": timezone.now()} if added else {}
            if as_it_was.update(scope=before.scope, **changed):
                return before, added
        # Another request was quicker.
        consent, _created = cls.objects.select_for_update().get_or_create(user=user, application=application)
        added = consent._take(names)
        if added:
            consent.save(update_fields=["scope", "updated_at"])
        return consent, added

    def _take(self, names: Iterable[str]) -> list[str]:
        """Add the names to the scope. Return those that it lacked."""
        stored = self.scope.split()
        added = [name for name in names if name not in stored]
        self.scope = " ".join([*stored, *added])
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

    def withdraw(
        self, names: Iterable[str], by: Any = None, address: str | None = None, agent: str = ""
    ) -> int:
        """Take scopes back, and those that bring them along. Return how many live access tokens ended.

        Refresh tokens stay and bring what is left.
        """
        with transaction.atomic():
            # Held until the end, so that nothing is granted on it meanwhile.
            held = Consent.objects.select_for_update().filter(pk=self.pk).first()
            withdrawn = held.carriers(names) if held else []
            if held is None or not withdrawn:
                return 0
            self.scope = held.scope = " ".join(name for name in held.scope.split() if name not in withdrawn)
            held.save(update_fields=["scope", "updated_at"])
            ended = revoke_scopes(self.user, self.application, withdrawn)
            Event.record(
                Event.Action.CONSENT_REDUCED,
                application=self.application,
                actor=by,
                address=address,
                scopes=withdrawn,
                **by_agent(agent),
            )
        consent_reduced.send_robust(sender=Consent, consent=self, withdrawn=withdrawn)
        return ended

    def remove(self, by: Any = None, address: str | None = None, agent: str = "") -> int:
        """End every code and token of the person at the application. Return how many tokens were live."""
        return Consent.objects.filter(pk=self.pk).remove(self.user, by, address, agent).tokens


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


@survives_deadlocks
def _remove(mine: ConsentQuerySet, user: Any, by: Any, address: str | None, agent: str) -> Removed | None:
    """Remove the first of one person's consents. Return what ended, or None where there was none."""
    with transaction.atomic():
        # Held until the end, so that nothing is granted on them meanwhile.
        consents = list(mine.select_for_update()[:AT_ONCE])
        if not consents:
            return None
        applications = [consent.application for consent in consents]
        tokens = revoke_consents(user, applications)
        Event.record_all(
            Event.Action.CONSENT_REMOVED, applications, actor=by, address=address, **by_agent(agent)
        )
        Consent.objects.filter(pk__in=[consent.pk for consent in consents]).delete()
    return Removed(applications, tokens)
