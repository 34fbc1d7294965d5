"""What the pages about connected applications have in common: whose they are, and what is live."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.views.generic import TemplateView

from ...models import Consent, Event
from ...models.consent import ConsentQuerySet
from ...models.token import count_live
from ...origin import Origin
from ..security import PageMixin
from ..signed_in import SignedInPage

LIST = "multinexo_oauth:connected-applications"
DETAILS = "multinexo_oauth:connected-application"


class ConnectionsPage(PageMixin, SignedInPage, TemplateView):
    """A page about the applications that the person has authorized; those of others are 404."""

    @property
    def user(self) -> Any:
        return self.request.user

    def consents(self) -> ConsentQuerySet:
        consents: ConsentQuerySet = Consent.objects.owned_by(self.user)
        return consents.select_related("application__user")

    def live_tokens(self, consents: ConsentQuerySet) -> int:
        """Count the tokens that removing the person's consents would end."""
        return count_live(Q(user=self.user, application__in=consents.order_by().values("application")))

    @property
    def origin(self) -> Origin:
        return Origin.of(self.request)


class ConnectionPage(ConnectionsPage):
    """A page about one application that the person has authorized. It redirects to the list if access was removed
    meanwhile.
    """

    @cached_property
    def found(self) -> Consent | None:
        return self.consents().filter(application__client_id=self.kwargs["client_id"]).first()

    @property
    def consent(self) -> Consent:
        if self.found is None:
            raise Http404
        return self.found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().get(request, *args, **kwargs) if self.found else self.gone()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(consent=self.consent, application=self.consent.application, **kwargs)

    def gone(self) -> HttpResponse:
        """Answer for an application whose access the person themself has removed; any other is not found."""
        removals = Event.objects.filter(action=Event.Action.CONSENT_REMOVED, actor=self.user)
        removal = removals.filter(application__client_id=self.kwargs["client_id"]).newest_first().first()
        if removal is None:
            raise Http404
        said = gettext("“%s” has no access to your account: you had already removed it.")
        messages.info(self.request, said % removal.application_name)
        return redirect(LIST)
