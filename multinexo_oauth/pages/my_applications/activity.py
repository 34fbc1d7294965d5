"""The events of an application for its owner, without the identity of other people."""

from typing import Any

from ...interface.capped_paginator import CappedPaginator
from ...models import Event
from ...models.event import EventQuerySet
from ...policy import policy
from ..events import describe_events
from .base import ApplicationPage

EVENTS_PER_PAGE = 25


class Activity(ApplicationPage):
    tab = "activity"
    template_name = "multinexo_oauth/my_applications/activity.html"

    @property
    def topics(self) -> list[Event.Topic]:
        """What may be chosen, the first one unless another is asked for."""
        return [Event.Topic.CHANGES, *([Event.Topic.PEOPLE] if self.kind.has_people else [])]

    @property
    def topic(self) -> Event.Topic:
        asked = self.request.GET.get("filter")
        return next((topic for topic in self.topics if topic == asked), self.topics[0])

    @property
    def events(self) -> EventQuerySet:
        events: EventQuerySet = Event.objects.about(self.application, self.topic).newest_first()
        if hidden := [action for action in Event.Action.values if not policy().owner_sees(action)]:
            events = events.exclude(action__in=hidden)
        # Events of people show no names, so the accounts are not loaded.
        return events if self.topic == Event.Topic.PEOPLE else events.select_related("actor")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = CappedPaginator(self.events, EVENTS_PER_PAGE).get_page(self.request.GET.get("page"))
        told = describe_events(page, self.user)
        return super().get_context_data(
            topics=self.topics,
            topic=self.topic,
            page=page,
            rows=told,
            with_addresses=not all(event.is_anothers for event, _about in told),
            **kwargs,
        )
