"""Where an owner ends, in what people granted, permissions that were taken from the application's list."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext

from ...ending.permissions import Holders, count_holders, end_permissions, endable_permissions
from ...interface.wording import ending_done, ending_effects, labels
from ...origin import Origin
from .base import ApplicationPage


class EndPermissions(ApplicationPage):
    template_name = "multinexo_oauth/my_applications/end_permissions.html"

    @cached_property
    def names(self) -> list[str]:
        sent = self.request.POST if self.request.method == "POST" else self.request.GET
        return endable_permissions(self.application, sent.getlist("scopes"))

    @cached_property
    def ends(self) -> Holders:
        return count_holders(self.application, self.names)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().get(request, *args, **kwargs) if self.ends else self.nothing_to_end()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        title = ngettext("End the permission %s at once?", "End the permissions %s at once?", len(self.names))
        lost = ngettext("“%s” may no longer ask for it.", "“%s” may no longer ask for them.", len(self.names))
        return super().get_context_data(
            names=self.names,
            title=title % labels(self.names),
            message=lost % self.application.name,
            effects=ending_effects(self.application, self.names, self.ends),
            action=gettext("End at once"),
            danger=True,
            cancel_url=self.url("application-permissions"),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        ended = end_permissions(self.application, self.names, origin=Origin.of(request))
        if not ended:
            return self.nothing_to_end()
        messages.success(request, ending_done(self.names, ended))
        return redirect(self.url("application-permissions"))

    def nothing_to_end(self) -> HttpResponse:
        """Explain that another click was first, or that the permission is allowed again."""
        messages.info(self.request, gettext("There was nothing to end. Nothing was changed."))
        return redirect(self.url("application-permissions"))
