"""Verification of applications. Staff confirms what the page showed; what changed since then is refused."""

import json
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy as _, ngettext_lazy

from ..interface.application_fields import label
from ..models import Application, Event
from ..origin import Origin
from ..storage.digest import digest
from .application_actions import NAMED, Action, set_verified

# What the consent page shows of a verified application, and what staff therefore reviews.
LOOKED_AT = (
    "name",
    "client_id",
    "user",
    "description",
    "homepage_url",
    "redirect_uris",
    "post_logout_redirect_uris",
    "support_email",
    "privacy_url",
    "terms_url",
    "logo",
)


@dataclass(frozen=True)
class Seen:
    """An application as the page shows it before staff verifies it."""

    application: Application

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Return the label and value of each field that is set. The page shows the logo as an image."""
        values = [(name, str(getattr(self.application, name) or "")) for name in LOOKED_AT if name != "logo"]
        return [(label(name), _by_line(name, value)) for name, value in values if value]

    @property
    def values(self) -> list[str]:
        return [str(getattr(self.application, name) or "") for name in ("pk", *LOOKED_AT)]


def _by_line(name: str, value: str) -> str:
    return "\n".join(value.split()) if name.endswith("redirect_uris") else value


def _digest(applications: QuerySet[Application]) -> str:
    """Return one digest of all that the page shows."""
    shown = applications.select_related("user").order_by("pk")
    return digest(json.dumps([Seen(application).values for application in shown]))


class Verify(Action):
    __name__ = "verify"
    short_description = _("Verify")
    effect: str | Promise = _("The consent page no longer says that the application is not verified.")
    done = _("Verified")
    did = ngettext_lazy("Verified %(count)s application.", "Verified %(count)s applications.", "number")
    concerned = Q(verified=False)

    def ask(
        self, admin: Any, request: HttpRequest, applications: QuerySet[Application]
    ) -> HttpResponse | None:
        if applications.count() > NAMED:
            told = gettext("Select at most %d applications, because each one must be reviewed.") % NAMED
            admin.message_user(request, told, messages.WARNING)
            return None
        return super().ask(admin, request, applications)

    def context(self, applications: QuerySet[Application]) -> dict[str, Any]:
        shown = applications.select_related("user").order_by("pk")
        return {"seen": [Seen(application) for application in shown], "seen_digest": _digest(applications)}

    def is_current(self, request: HttpRequest, applications: QuerySet[Application]) -> bool:
        return constant_time_compare(request.POST.get("seen", ""), _digest(applications))

    def act(self, application: Application, request: HttpRequest) -> None:
        set_verified(application, True)
        Event.record(Event.Action.VERIFIED, application=application, origin=Origin.of(request))
