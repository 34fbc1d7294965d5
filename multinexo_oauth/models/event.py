import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self, TypedDict, Unpack

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import models, transaction
from django.db.models import Q
from django.db.models.fields.related_descriptors import ForwardManyToOneDescriptor
from django.utils.translation import gettext_lazy as _

from ..announce import announce
from ..origin import UNKNOWN, Origin
from ..signals import event_recorded


class LooseDescriptor(ForwardManyToOneDescriptor):  # type: ignore[type-arg]  # no generic while it runs
    """Reads a foreign key without a row as None."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        try:
            return super().__get__(instance, cls)
        except ObjectDoesNotExist:
            return None


class LooseKey(models.ForeignKey[Any, Any]):
    """A foreign key without a database constraint: writing it locks no other row, and the row may no longer exist."""

    forward_related_accessor_class = LooseDescriptor

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "db_constraint": False, "null": True})


class Detail(TypedDict, total=False):
    """What an event may say beside its action, application and origin; all of it can be written as JSON."""

    client_id: str
    device: dict[str, str | None]
    ended: int
    family: str
    fields: list[str]
    people: int
    reason: str
    scopes: list[str]
    secret: str
    source: str
    tokens: int


class EventQuerySet(models.QuerySet["Event"]):
    def newest_first(self) -> Self:
        return self.order_by("-at", "-pk")

    def about(self, application: Any, topic: str) -> Self:
        return self.filter(application=application, topic=topic)

    def between(self, user: Any, application: Any, since: datetime) -> Self:
        """What a person did about letting an application in, and which permissions it has lost since that moment."""
        own = Q(actor=user, application=application, action__in=Event.BETWEEN)
        # Each side is a complete condition, so that each can use its own index.
        lost = Q(application=application, action=Event.Action.PERMISSIONS_ENDED, at__gt=since)
        return self.filter(own | lost)


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
        CONSENT_REDUCED = "consent_reduced", _("Permissions withdrawn")
        CONSENT_REMOVED = "consent_removed", _("Access removed")
        DEVICE_AUTHORIZED = "device_authorized", _("Device authorized")
        PERMISSIONS_ENDED = "permissions_ended", _("Permissions of the application ended")
        TOKENS_REVOKED = "tokens_revoked", _("Tokens revoked")
        ACCESS_RETURNED = "access_returned", _("Access returned by the application")
        CODE_REUSED = "code_reused", _("Authorization code used twice")
        REFRESH_TOKEN_REUSED = "refresh_token_reused", _("Refresh token used twice")
        PASSWORD_CHANGED = "password_changed", _("Password changed, tokens ended")
        THROTTLED = "throttled", _("Too many failed authentications")

    ALARMING = frozenset(
        {Action.SUSPENDED, Action.CODE_REUSED, Action.REFRESH_TOKEN_REUSED, Action.THROTTLED}
    )

    OF_STAFF = frozenset({Action.SUSPENDED, Action.REACTIVATED, Action.VERIFIED})

    class Topic(models.TextChoices):
        """The filter under which owners find an event. Private events are shown only to the person."""

        CHANGES = "changes", _("Changes and security")
        PEOPLE = "people", _("People")
        PRIVATE = "private"

    OF_PEOPLE = (
        Action.CONSENT_GIVEN,
        Action.CONSENT_REDUCED,
        Action.CONSENT_REMOVED,
        Action.DEVICE_AUTHORIZED,
    )
    BETWEEN = (*OF_PEOPLE, Action.PASSWORD_CHANGED)
    # An application that revokes its token at sign-out does so each time.
    ABOUT_PEOPLE = (*OF_PEOPLE, Action.ACCESS_RETURNED)

    # Deleting an application with a million events writes none of them.
    application = LooseKey(
        "multinexo_oauth.Application",
        on_delete=models.DO_NOTHING,
        related_name="events",
        verbose_name=_("application"),
    )
    # Stored separately, because the event outlives the application.
    application_name = models.CharField(_("name"), max_length=255, blank=True)
    actor = LooseKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("who"),
    )
    action = models.CharField(_("what"), max_length=32, choices=Action.choices)
    at = models.DateTimeField(_("when"), auto_now_add=True, db_index=True)
    address = models.GenericIPAddressField(_("from"), null=True, blank=True)
    detail = models.JSONField(_("detail"), default=dict, blank=True)
    # A generated column, so that an index can hold each topic with the newest first.
    topic = models.GeneratedField(
        expression=models.Case(
            models.When(action__in=[str(action) for action in ABOUT_PEOPLE], then=models.Value("people")),
            models.When(action="password_changed", then=models.Value("private")),
            default=models.Value("changes"),
        ),
        output_field=models.CharField(max_length=8),
        db_persist=True,
    )

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [
            models.Index(fields=["application", "topic", "-at", "-id"]),
            models.Index(fields=["action", "-at"]),
            models.Index(fields=["actor", "application", "-at"]),
        ]

    def __str__(self) -> str:
        return f"{self.application_name}: {self.get_action_display()}"

    @classmethod
    def record(
        cls, action: str, *, application: Any, origin: Origin = UNKNOWN, **detail: Unpack[Detail]
    ) -> "Event":
        """Store one event; once the transaction is committed, log it and send `event_recorded`.

        Raises TypeError for a detail that `Detail` does not name.
        """
        event = cls._of(action, application, origin, detail)
        event.save()
        transaction.on_commit(event._announce, robust=True)
        return event

    @classmethod
    def record_all(
        cls, action: str, applications: Iterable[Any], origin: Origin = UNKNOWN, **detail: Unpack[Detail]
    ) -> None:
        """Do as `record` does, for something that happened to several applications at once."""
        events = Event.objects.bulk_create(
            cls._of(action, application, origin, detail) for application in applications
        )
        for event in events:
            transaction.on_commit(event._announce, robust=True)

    @classmethod
    def _of(cls, action: str, application: Any, origin: Origin, detail: Detail) -> "Event":
        if unknown := detail.keys() - Detail.__annotations__.keys():
            raise TypeError(f"No event has the detail {', '.join(sorted(unknown))}.")
        told: dict[str, Any] = {**detail}
        if origin.agent and action in cls.OF_PEOPLE:
            told["agent"] = origin.agent
        return cls(
            action=action,
            application=application,
            application_name=application.name,
            actor=origin.person if getattr(origin.person, "is_authenticated", False) else None,
            address=origin.ip or None,
            detail=told,
        )

    def _announce(self) -> None:
        extra = {
            "event": str(self.action),
            "client_id": self.application.client_id if self.application else None,
            "address": self.address,
            "user_id": self.actor_id,
            "detail": self.detail,
        }
        message = f"An application's event: {self.action}."
        level = logging.WARNING if self.action in self.ALARMING else logging.INFO
        announce(event_recorded, Event, message, extra, level, event=self)
