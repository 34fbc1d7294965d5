import logging
from functools import partial
from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from ..announce import announce
from ..signals import event_recorded


class EventQuerySet(models.QuerySet["Event"]):
    def newest_first(self) -> Self:
        return self.select_related("actor").order_by("-at", "-pk")


class Event(models.Model):
    """Something that happened to an application, for its owner and staff to see. Never holds a credential."""

    class Action(models.TextChoices):
        CREATED = "created", _("Application created")
        CHANGED = "changed", _("Application changed")
        DELETED = "deleted", _("Application deleted")
        SUSPENDED = "suspended", _("Application suspended")
        REACTIVATED = "reactivated", _("Application reactivated")
        VERIFIED = "verified", _("Application verified")
        SECRET_ISSUED = "secret_issued", _("Secret generated")
        SECRET_REVOKED = "secret_revoked", _("Secret revoked")
        CONSENT_GIVEN = "consent_given", _("Access granted")
        CONSENT_REMOVED = "consent_removed", _("Access removed")
        TOKENS_REVOKED = "tokens_revoked", _("Tokens revoked")
        CODE_REUSED = "code_reused", _("Authorization code used twice")
        REFRESH_TOKEN_REUSED = "refresh_token_reused", _("Refresh token used twice")
        PASSWORD_CHANGED = "password_changed", _("Password changed, tokens ended")
        THROTTLED = "throttled", _("Too many failed authentications")

    ALARMING = frozenset(
        {Action.SUSPENDED, Action.CODE_REUSED, Action.REFRESH_TOKEN_REUSED, Action.THROTTLED}
    )

    application = models.ForeignKey(
        "multinexo_oauth.Application",
        on_delete=models.SET_NULL,
        null=True,
        related_name="events",
        verbose_name=_("application"),
    )
    # Kept apart from the application so that its deletion can still be told.
    application_name = models.CharField(_("name"), max_length=255, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("who"),
    )
    action = models.CharField(_("what"), max_length=32, choices=Action.choices)
    at = models.DateTimeField(_("when"), auto_now_add=True, db_index=True)
    address = models.GenericIPAddressField(_("from"), null=True, blank=True)
    detail = models.JSONField(_("detail"), default=dict, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [models.Index(fields=["application", "-at"]), models.Index(fields=["action", "-at"])]

    def __str__(self) -> str:
        return f"{self.application_name}: {self.get_action_display()}"

    @classmethod
    def record(
        cls, action: str, *, application: Any, actor: Any = None, address: str | None = None, **detail: Any
    ) -> "Event":
        """Store one event, and announce it once it stands.

        `actor` is the person who did it, `address` their IP address; both may be unknown.
        """
        event = cls.objects.create(
            action=action,
            application=application,
            application_name=application.name,
            actor=actor if actor is not None and actor.is_authenticated else None,
            address=address or None,
            detail=detail,
        )
        extra = {
            "event": str(event.action),
            "client_id": application.client_id,
            "address": event.address,
            "user_id": event.actor_id,
            "detail": detail,
        }
        message = f"An application's event: {event.action}."
        level = logging.WARNING if event.action in cls.ALARMING else logging.INFO
        tell = partial(announce, event_recorded, cls, message, extra, level, event=event)
        transaction.on_commit(tell, robust=True)
        return event
