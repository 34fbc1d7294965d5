"""Actions of staff on applications. Each asks for confirmation, shows its effect in numbers, and is recorded."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy as _, ngettext_lazy

from ..ending.applications import revoke_application
from ..interface.counts import grouped
from ..models import AccessToken, Application, Consent, Event, RefreshToken
from ..origin import Origin
from ..storage.locks import Lock, hold

NAMED = 20


class Action(ABC):
    """One of the list's actions. Django calls the instance, the first time to ask and the second to act."""

    allowed_permissions: ClassVar = ("change",)
    __name__: str
    short_description: str | Promise
    effect: str | Promise
    done: str | Promise
    # What the message says was done, by `number`, with `count` as people write it.
    did: Any
    concerned = Q()

    def __call__(
        self, admin: Any, request: HttpRequest, queryset: QuerySet[Application]
    ) -> HttpResponse | None:
        applications = queryset.filter(self.concerned)
        if "confirmed" not in request.POST:
            return self.ask(admin, request, applications)
        count = 0
        touched = " · ".join(f"{label}: {grouped(number)}" for label, number in numbers(applications))
        with transaction.atomic():
            held = hold_all(applications).filter(self.concerned)
            if not self.is_current(request, held):
                said = gettext("Something has changed since you opened the page. Look at it again.")
                admin.message_user(request, said, messages.WARNING)
                return self.ask(admin, request, held)
            for application in held:
                self.act(application, request)
                admin.log_change(request, application, str(self.done))
                count += 1
        said = self.did % {"number": count, "count": grouped(count)}
        admin.message_user(request, f"{said} {touched}.", messages.SUCCESS)
        return None

    def ask(
        self, admin: Any, request: HttpRequest, applications: QuerySet[Application]
    ) -> HttpResponse | None:
        count = applications.count()
        if not count:
            admin.message_user(
                request, gettext("None of the selected applications needs this."), messages.WARNING
            )
            return None
        context = {
            **admin.admin_site.each_context(request),
            "title": self.short_description,
            "opts": admin.opts,
            "effect": self.effect,
            "numbers": [(_("Applications"), count), *numbers(applications)],
            "names": [str(application) for application in applications[:NAMED]],
            "more": max(count - NAMED, 0),
            "action": self.__name__,
            "checkbox": ACTION_CHECKBOX_NAME,
            "selected": request.POST.getlist(ACTION_CHECKBOX_NAME),
            "across": request.POST.get("select_across", "0"),
            "media": admin.media,
            **self.context(applications),
        }
        return TemplateResponse(request, "admin/multinexo_oauth/application/confirm.html", context)

    def context(self, applications: QuerySet[Application]) -> dict[str, Any]:
        """Return what else the page shows before the action."""
        return {}

    def is_current(self, request: HttpRequest, applications: QuerySet[Application]) -> bool:
        """Tell whether what the page showed is still true. The applications are locked."""
        return True

    @abstractmethod
    def act(self, application: Application, request: HttpRequest) -> None:
        """Do it to one application, and record it."""


def hold_all(applications: QuerySet[Application]) -> QuerySet[Application]:
    """Lock applications before their tokens and consents (`storage.locks` has the order). Return those that still
    exist.
    """
    keys = applications.order_by().values_list("pk", flat=True)
    held = hold(Application.objects.filter(pk__in=list(keys)), Lock.GONE)
    return Application.objects.filter(pk__in=held).order_by("pk")


def numbers(applications: QuerySet[Application]) -> list[tuple[str | Promise, int]]:
    """Count whom and what an action touches."""
    keys = applications.order_by().values("pk")
    access_tokens = AccessToken.objects.filter(application__in=keys).unexpired().count()
    refresh_tokens = RefreshToken.objects.filter(application__in=keys).live().count()
    return [
        (_("People connected"), Consent.objects.filter(application__in=keys).count()),
        (_("Live tokens"), access_tokens + refresh_tokens),
    ]


class Unverify(Action):
    __name__ = "unverify"
    short_description = _("Withdraw the verification")
    effect = _("The consent page says again that the application is not verified.")
    done = _("Verification withdrawn")
    did = ngettext_lazy(
        "Withdrew the verification of %(count)s application.",
        "Withdrew the verification of %(count)s applications.",
        "number",
    )
    concerned = Q(verified=True)

    def act(self, application: Application, request: HttpRequest) -> None:
        set_verified(application, False)
        Event.record(
            Event.Action.CHANGED,
            application=application,
            origin=Origin.of(request),
            fields=["verified"],
        )


def set_verified(application: Application, verified: bool) -> None:
    application.verified = verified
    application.save(update_fields=["verified", "updated"])


class Suspend(Action):
    __name__ = "suspend"
    short_description = _("Suspend")
    effect = _(
        "From the next request on, nobody can connect to it and none of its tokens work, until it is "
        "reactivated."
    )
    done = _("Suspended")
    did = ngettext_lazy("Suspended %(count)s application.", "Suspended %(count)s applications.", "number")
    concerned = Q(suspended_at=None)

    def act(self, application: Application, request: HttpRequest) -> None:
        application.suspend(origin=Origin.of(request))


class Reactivate(Action):
    __name__ = "reactivate"
    short_description = _("Reactivate")
    effect = _("From the next request on, people can connect to it again, and its live tokens work again.")
    done = _("Reactivated")
    did = ngettext_lazy("Reactivated %(count)s application.", "Reactivated %(count)s applications.", "number")
    concerned = ~Q(suspended_at=None)

    def act(self, application: Application, request: HttpRequest) -> None:
        application.reactivate(origin=Origin.of(request))


class RevokeTokens(Action):
    __name__ = "revoke_tokens"
    short_description = _("Revoke every token")
    effect = _("All of its codes and tokens end for good, from the next request on. People's consents stay.")
    done = _("Tokens revoked")
    did = ngettext_lazy(
        "Revoked every token of %(count)s application.",
        "Revoked every token of %(count)s applications.",
        "number",
    )

    def act(self, application: Application, request: HttpRequest) -> None:
        ended = revoke_application(application)
        Event.record(
            Event.Action.TOKENS_REVOKED,
            application=application,
            origin=Origin.of(request),
            tokens=ended,
        )
