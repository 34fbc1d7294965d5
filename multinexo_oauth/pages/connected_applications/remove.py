"""Where a person takes back the access of one application, or of all."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext

from ...ending.consents import remove_consent, remove_consents
from ...interface.counts import grouped
from ...interface.wording import labels, tokens_end, tokens_ended
from ...models import Application
from ...scopes import describe
from .base import DETAILS, LIST, ConnectionPage, ConnectionsPage

# How many applications a sentence names.
NAMED = 5


class RemoveConnection(ConnectionPage):
    template_name = "multinexo_oauth/confirm.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        name = self.consent.application.name
        return super().get_context_data(
            title=gettext("Remove the access of “%s”?") % name,
            effects=self.effects(),
            action=gettext("Remove access"),
            danger=True,
            cancel_url=reverse(DETAILS, args=[self.kwargs["client_id"]]),
            **kwargs,
        )

    def effects(self) -> list[str]:
        tokens = self.live_tokens(self.consents().for_client(self.consent.application))
        return [
            *self.permissions(),
            *tokens_end(tokens),
            gettext("To use it again you will have to authorize it again."),
            gettext("It keeps the data that it has already copied."),
        ]

    def permissions(self) -> list[str]:
        names = [scope.name for scope in describe(self.consent.scope_names)]
        loses = ngettext(
            "The application loses its %(count)s permission: %(permissions)s.",
            "The application loses its %(count)s permissions: %(permissions)s.",
            len(names),
        )
        return [loses % {"count": grouped(len(names)), "permissions": labels(names)}] if names else []

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.found is None:
            return self.gone()
        ended = remove_consent(self.consent, self.origin)
        said = gettext("“%s” no longer has access to your account.") % self.consent.application.name
        copied = gettext("It keeps the data that it has already copied.")
        messages.success(request, f"{said}{tokens_ended(ended)} {copied}")
        return redirect(LIST)


class RemoveAllConnections(ConnectionsPage):
    template_name = "multinexo_oauth/confirm.html"

    @cached_property
    def newest(self) -> list[Application]:
        """The applications that were let in last, as many as are named."""
        return [consent.application for consent in self.consents().newest_first()[:NAMED]]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        match self.newest:
            case []:
                return redirect(LIST)
            case [only]:
                return redirect("multinexo_oauth:connection-remove", only.client_id)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            title=gettext("Remove the access of every application?"),
            effects=self.effects(),
            action=gettext("Remove all access"),
            danger=True,
            cancel_url=reverse(LIST),
            **kwargs,
        )

    def effects(self) -> list[str]:
        consents = self.consents()
        applications = consents.count()
        lose = ngettext(
            "%(count)s application loses access: %(names)s.",
            "%(count)s applications lose access: %(names)s.",
            applications,
        )
        return [
            lose % {"count": grouped(applications), "names": named(self.newest, applications)},
            *tokens_end(self.live_tokens(consents)),
            gettext("To use one again you will have to authorize it again."),
            gettext("They keep the data that they have already copied."),
        ]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        removed = remove_consents(self.consents(), self.user, self.origin)
        if removed.applications:
            # The newest first, as on the page that asked.
            said = applications_removed(removed.applications[::-1]) + tokens_ended(removed.tokens)
            copied = gettext(
                "They keep the data that they have already copied: ask their developers to delete it."
            )
            messages.success(request, f"{said} {copied}")
        else:
            messages.info(request, gettext("No application had access to your account."))
        return redirect(LIST)


def applications_removed(applications: list[Application]) -> str:
    count = len(applications)
    removed = ngettext(
        "%(count)s application no longer has access to your account: %(names)s.",
        "%(count)s applications no longer have access to your account: %(names)s.",
        count,
    )
    return removed % {"count": grouped(count), "names": named(applications, count)}


def named(applications: list[Application], count: int) -> str:
    """Return the names of the first of so many applications, and how many more there are."""
    names = ", ".join(gettext("“%s”") % application.name for application in applications[:NAMED])
    more = count - NAMED
    return (
        gettext("%(names)s and %(count)s more") % {"names": names, "count": grouped(more)}
        if more > 0
        else names
    )
