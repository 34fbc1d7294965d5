"""Where staff ends, in what people granted, permissions that it took from an application's list."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext, ngettext

from ..ending.permissions import count_holders, end_permissions, endable_permissions
from ..interface.wording import ending_done, ending_effects, labels, taken_from_the_list
from ..models import Application
from ..origin import Origin
from .base import FastAdmin
from .client_secret import application_url


class EndsPermissions(FastAdmin):
    """Adds to the admin of applications the question whether a withdrawn permission also ends where people granted
    it.
    """

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.end_permissions_view)
        name = "multinexo_oauth_application_end_permissions"
        return [path("<int:application_id>/end-permissions/", view, name=name), *super().get_urls()]

    def after_taking(
        self, request: HttpRequest, application: Application, names: list[str]
    ) -> HttpResponse | None:
        """Report which permissions were withdrawn. Return a redirect to the question, or None if nobody has granted
        them.
        """
        ends = count_holders(application, names)
        self.message_user(request, taken_from_the_list(names, ends), messages.SUCCESS)
        if not ends:
            return None
        name = f"{self.admin_site.name}:multinexo_oauth_application_end_permissions"
        query = urlencode({"scopes": names}, doseq=True)
        return HttpResponseRedirect(f"{reverse(name, args=[application.pk])}?{query}")

    def end_permissions_view(self, request: HttpRequest, application_id: int) -> HttpResponse:
        """Ask, then end them."""
        application = get_object_or_404(Application, pk=application_id)
        if not self.has_change_permission(request, application):
            raise PermissionDenied
        sent = request.POST if request.method == "POST" else request.GET
        names = endable_permissions(application, sent.getlist("scopes"))
        if request.method == "POST":
            return self._end(request, application, names)
        ends = count_holders(application, names)
        if not ends:
            return self._nothing_to_end(request, application)
        title = ngettext("End the permission %s at once?", "End the permissions %s at once?", len(names))
        context = {
            **self.admin_site.each_context(request),
            "title": title % labels(names),
            "opts": self.opts,
            "application": application,
            "application_url": application_url(self, application),
            "names": names,
            "effects": ending_effects(application, names, ends),
        }
        template = "admin/multinexo_oauth/application/end_permissions.html"
        return TemplateResponse(request, template, context)

    def _end(self, request: HttpRequest, application: Application, names: list[str]) -> HttpResponse:
        ended = end_permissions(application, names, origin=Origin.of(request))
        if not ended:
            return self._nothing_to_end(request, application)
        said = ending_done(names, ended)
        self.log_change(request, application, said)
        self.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(application_url(self, application))

    def _nothing_to_end(self, request: HttpRequest, application: Application) -> HttpResponse:
        self.message_user(request, gettext("There was nothing to end. Nothing was changed."), messages.INFO)
        return HttpResponseRedirect(application_url(self, application))
