"""The applications that a person has let in: list and details."""

from typing import Any

from django.core.paginator import Paginator

from ...models import Event
from ..consent import context
from ..events import describe_events
from ..search import asked_name
from .base import ConnectionPage, ConnectionsPage

PER_PAGE = 25
EVENTS_PER_PAGE = 10


class ConnectedApplications(ConnectionsPage):
    template_name = "multinexo_oauth/connected_applications/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        query = asked_name(self.request)
        consents = self.consents().newest_first()
        if query:
            consents = consents.filter(application__name__icontains=query)
        page = Paginator(consents, PER_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(page=page, query=query, **kwargs)


class ConnectedApplication(ConnectionPage):
    template_name = "multinexo_oauth/connected_applications/details.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        consent = self.consent
        events = Event.objects.between(self.user, consent.application, consent.created_at)
        page = Paginator(events.newest_first(), EVENTS_PER_PAGE).get_page(self.request.GET.get("page"))
        about = context.application_context(self.consent.application)
        return super().get_context_data(page=page, rows=describe_events(page, self.user), **kwargs) | about
