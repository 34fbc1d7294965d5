from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_variables

from ..interface.once import reserved
from ..models import Application, ClientSecret, Kind
from ..origin import Origin
from .client_secret import application_url, show_once


class RegistersApplications(admin.ModelAdmin):  # type: ignore[type-arg]
    """Registers an application: asks for its kind first, makes it once, and shows its first secret."""

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Ask for the kind first; answer a form that was sent twice with the application it made."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.GET.get("kind") not in Kind.values:
            return self._kinds_page(request)
        try:
            return self._made_before(request) or super().add_view(request, form_url, extra_context)
        except IntegrityError:
            made = self._made_before(request)
            if made is None:
                raise
            return made

    def _kinds_page(self, request: HttpRequest) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Register an application"),
            "opts": self.opts,
            "kinds": list(Kind),
        }
        return TemplateResponse(request, "admin/multinexo_oauth/application/kinds.html", context)

    def _made_before(self, request: HttpRequest) -> HttpResponse | None:
        client_id = reserved(request.POST.get("submission", ""), request.user)
        application = Application.objects.filter(client_id=client_id).first() if client_id else None
        if application is None:
            return None
        self.message_user(request, gettext("This form had already been sent."), messages.WARNING)
        return HttpResponseRedirect(application_url(self, application))

    @sensitive_variables()
    def response_add(
        self, request: HttpRequest, obj: Application, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Show the first secret of a kind that has one, in this answer and nowhere else."""
        if not obj.kind.has_secret:
            return super().response_add(request, obj, post_url_continue)
        _secret, value = ClientSecret.issue(obj, origin=Origin.of(request))
        return show_once(self, request, obj, value)
