from collections.abc import Iterable
from contextlib import suppress
from typing import Any, Self

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..scopes import Scope, by_product
from ..signals import consent_given, consent_removed
from .application import Application
from .event import Event
from .revocation import revoke_consent
from .token import AccessToken, RefreshToken


class ConsentQuerySet(models.QuerySet["Consent"]):
    def owned_by(self, user: Any) -> Self:
        return self.filter(user=user)

    def for_client(self, application: Application) -> Self:
        return self.filter(application=application)

    def with_last_use(self) -> Self:
        """Annotate `last_used_at`, when the application last got a token, or None."""
        # Expired access tokens get cleared away; the refresh tokens that came with them stay for longer.
        newest = [
            models.Subquery(
                tokens.filter(user=models.OuterRef("user"), application=models.OuterRef("application"))
                .order_by("-created")
                .values("created")[:1]
            )
            for tokens in (AccessToken.objects.all(), RefreshToken.objects.all())
        ]
        return self.annotate(last_used_at=Coalesce(*newest))


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

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.UniqueConstraint(fields=["user", "application"], name="multinexo_oauth_one_consent"),
        ]

    def __str__(self) -> str:
        return f"{self.user} → {self.application}"

    @property
    def scope_names(self) -> list[str]:
        return self.scope.split()

    @property
    def permissions(self) -> list[tuple[str, list[Scope]]]:
        """What the application may do, in the catalogue's words, under its products."""
        return by_product(self.scope_names)

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
    ) -> "Consent":
        """Add the scopes to what the person has granted the application before.

        `before` is the consent as it was read a moment ago, or None where there was none.
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
                )
        if added:
            consent_given.send_robust(sender=cls, consent=consent, added=added)
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
            if as_it_was.update(scope=before.scope, updated_at=timezone.now()):
                return before, added
        # Another request was quicker.
        consent, _created = cls.objects.select_for_update().get_or_create(user=user, application=application)
        added = consent._take(names)
        consent.save(update_fields=["scope", "updated_at"])
        return consent, added

    def _take(self, names: Iterable[str]) -> list[str]:
        """Add the names to the scope. Return those that it lacked."""
        added = [name for name in names if name not in self.scope_names]
        self.scope = " ".join([*self.scope_names, *added])
        return added

    def remove(self, by: Any = None, address: str | None = None) -> int:
        """End every code and token of the person at the application. Return how many tokens were live."""
        with transaction.atomic():
            # Held until the end, so that nothing is granted on it meanwhile.
            Consent.objects.select_for_update().filter(pk=self.pk).first()
            ended = revoke_consent(self.user, self.application)
            Event.record(
                Event.Action.CONSENT_REMOVED, application=self.application, actor=by, address=address
            )
            self.delete()
        consent_removed.send_robust(sender=Consent, user=self.user, application=self.application)
        return ended
