from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext

from ..models import Application
from ..storage.deadlock import Busy, survives_deadlocks


class GoneMeanwhile(admin.ModelAdmin):  # type: ignore[type-arg]
    """Views that redirect to the list if the application was deleted while they were answering."""

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return self._answered(request, partial(super().changelist_view, request, extra_context))

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        return self._answered(request, partial(super().delete_view, request, object_id, extra_context))

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        return self._answered(request, partial(super().changeform_view, request, object_id, *args, **kwargs))

    def _answered(self, request: HttpRequest, view: Callable[[], HttpResponse]) -> HttpResponse:
        """Return the view's answer, or redirect to the list if the application was deleted meanwhile."""
        try:
            return survives_deadlocks(view)()
        except Application.DoesNotExist:
            said = gettext("The application has been deleted meanwhile: nothing was changed.")
        except Busy:
            said = gettext("Too many requests arrived at the same time. Nothing was changed: try again.")
        self.message_user(request, said, messages.ERROR)
        return HttpResponseRedirect(reverse(f"{self.admin_site.name}:multinexo_oauth_application_changelist"))
