"""The applications that a person has let in: list, details, and the way to take their access back."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext
from django.views.generic import TemplateView

from ...models import AccessToken, Consent, RefreshToken
from ...models.consent import ConsentQuerySet
from ...network import address
from ..consent import context
from ..security import PageMixin

PER_PAGE = 25
LONGEST_NAME = 80


class ConnectionsPage(PageMixin, LoginRequiredMixin, TemplateView):
    """A page about the applications that the person has let in; anybody else's are not found."""

    def consents(self) -> ConsentQuerySet:
        consents: ConsentQuerySet = Consent.objects.owned_by(self.request.user)
        return consents.select_related("application__user")

    def live_tokens(self, consents: ConsentQuerySet) -> int:
        """Count the tokens that removing the person's consents would end."""
        which = Q(user=self.request.user, application__in=consents.order_by().values("application"))
        access_tokens = AccessToken.objects.filter(which, expires__gt=timezone.now())
        return access_tokens.count() + RefreshToken.objects.live().filter(which).count()

    def remove(self, consent: Consent) -> int:
        return consent.remove(by=self.request.user, address=address(self.request))


class ConnectedApplications(ConnectionsPage):
    template_name = "multinexo_oauth/connected_applications/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        query = asked_name(self.request)
        consents = self.consents().with_last_use().order_by("-created_at", "-pk")
        if query:
            consents = consents.filter(application__name__icontains=query)
        page = Paginator(consents, PER_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(page=page, query=query, **kwargs)


class ConnectionPage(ConnectionsPage):
    """A page about one application that the person has let in."""

    @cached_property
    def consent(self) -> Consent:
        return get_object_or_404(
            self.consents().with_last_use(), application__client_id=self.kwargs["client_id"]
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(consent=self.consent, application=self.consent.application, **kwargs)


class ConnectedApplication(ConnectionPage):
    template_name = "multinexo_oauth/connected_applications/details.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | context.application(self.consent.application)


class RemoveConnection(ConnectionPage):
    template_name = "multinexo_oauth/confirm.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        name = self.consent.application.name
        return super().get_context_data(
            title=gettext("Remove the access of “%s”?") % name,
            effects=self.effects(),
            action=gettext("Remove access"),
            danger=True,
            cancel_url=reverse("multinexo_oauth:connected-application", args=[self.kwargs["client_id"]]),
            **kwargs,
        )

    def effects(self) -> list[str]:
        tokens = self.live_tokens(self.consents().for_client(self.consent.application))
        permissions = len(self.consent.scope_names)
        return [
            ngettext("It loses %(count)d permission.", "It loses %(count)d permissions.", permissions)
            % {"count": permissions},
            *tokens_end(tokens),
            gettext("To use it again you will have to authorize it again."),
            gettext("Data that it has already copied stays with it."),
        ]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        name = self.consent.application.name
        self.remove(self.consent)
        messages.success(request, gettext("“%s” no longer has access to your account.") % name)
        return redirect("multinexo_oauth:connected-applications")


class RemoveAllConnections(ConnectionsPage):
    template_name = "multinexo_oauth/confirm.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.consents().exists():
            return redirect("multinexo_oauth:connected-applications")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            title=gettext("Remove the access of every application?"),
            effects=self.effects(),
            action=gettext("Remove all"),
            danger=True,
            cancel_url=reverse("multinexo_oauth:connected-applications"),
            **kwargs,
        )

    def effects(self) -> list[str]:
        consents = self.consents()
        applications = consents.count()
        return [
            ngettext(
                "%(count)d application loses access.", "%(count)d applications lose access.", applications
            )
            % {"count": applications},
            *tokens_end(self.live_tokens(consents)),
            gettext("To use one again you will have to authorize it again."),
            gettext("Data that they have already copied stays with them."),
        ]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # One by one, each whole: whatever stops it halfway leaves no consent without its tokens.
        removed = [self.remove(consent) for consent in self.consents().select_related("user")]
        messages.success(request, applications_removed(len(removed)))
        return redirect("multinexo_oauth:connected-applications")


def asked_name(request: HttpRequest) -> str:
    """Return the name to look for. No application has a longer one, and PostgreSQL takes no NUL."""
    return request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_NAME]


def tokens_end(count: int) -> list[str]:
    effect = ngettext(
        "%(count)d token stops working at the next request.",
        "%(count)d tokens stop working at the next request.",
        count,
    )
    return [effect % {"count": count}] if count else []


def applications_removed(count: int) -> str:
    return ngettext(
        "%(count)d application no longer has access to your account.",
        "%(count)d applications no longer have access to your account.",
        count,
    ) % {"count": count}
