"""Secrets: listed without their value, shown once when they are made, revoked one by one."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import quote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext, gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from ..interface.once import newest
from ..models import Application, ClientSecret, Kind, TooManySecrets
from ..origin import Origin
from ..storage.locks import Lock, hold
from .application_actions import numbers
from .base import ReadOnlyAdmin

if TYPE_CHECKING:
    TabularInline = admin.TabularInline[Any, Any]
else:
    TabularInline = admin.TabularInline


def may_issue(request: HttpRequest, application: Application) -> bool:
    """Tell whether the person may generate a secret. For a service that acts for somebody else, only a superuser
    may.
    """
    may = request.user.has_perm("multinexo_oauth.add_clientsecret")
    return may and (request.user.is_superuser or not acts_for_another_person(request, application))


def acts_for_another_person(request: HttpRequest, application: Application) -> bool:
    is_service = application.kind is Kind.SERVICE
    return is_service and application.user_id not in {None, request.user.pk}


def may_revoke(request: HttpRequest) -> bool:
    return request.user.has_perm("multinexo_oauth.change_clientsecret")


def application_url(model_admin: Any, application: Application) -> str:
    return reverse(
        f"{model_admin.admin_site.name}:multinexo_oauth_application_change", args=[quote(application.pk)]
    )


def show_once(model_admin: Any, request: HttpRequest, application: Application, value: str) -> HttpResponse:
    """Show a secret's value. Admin pages are not cached, and the value is kept nowhere else."""
    context = {
        **model_admin.admin_site.each_context(request),
        "title": gettext("Keep this secret now"),
        "opts": Application._meta,
        "application": application,
        "application_url": application_url(model_admin, application),
        "value": value,
    }
    # Rendered here, while `sensitive_variables` keeps the caller's variables out of error reports.
    return TemplateResponse(request, "admin/multinexo_oauth/application/secret.html", context).render()


class IssueForm(forms.Form):
    """The form carries the newest secret that its page knew of, so a form that is sent twice is refused the second
    time.
    """

    label = forms.CharField(
        label=_("Label"),
        max_length=80,
        required=False,
        help_text=_("Where it will be kept, such as “production”."),
    )
    newest = forms.IntegerField(widget=forms.HiddenInput)


class SecretInline(TabularInline):
    model = ClientSecret
    fields = readonly_fields = (
        "label",
        "last_four",
        "created_at",
        "last_used_at",
        "expires_at",
        "revoked_at",
    )
    extra = 0
    ordering = ("-pk",)
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ClientSecret)
class ClientSecretAdmin(ReadOnlyAdmin):
    fields = ("application", "label", "last_four", "created_at", "last_used_at", "expires_at", "revoked_at")
    list_display = ("__str__", "application", "created_at", "last_used_at", "expires_at", "revoked_at")
    list_filter = ("created_at", "revoked_at")
    list_select_related = ("application",)
    person_field = "application__user"
    search_fields = ("application",)

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                "issue/<int:application_id>/",
                self.admin_site.admin_view(self.issue_view),
                name="multinexo_oauth_clientsecret_issue",
            ),
            path(
                "<int:secret_id>/revoke/",
                self.admin_site.admin_view(self.revoke_view),
                name="multinexo_oauth_clientsecret_revoke",
            ),
        ]
        return [*own, *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        secret = context["original"]
        if secret.revoked_at is None and may_revoke(request):
            name = f"{self.admin_site.name}:multinexo_oauth_clientsecret_revoke"
            context["revoke_url"] = reverse(name, args=[secret.pk])
        return super().render_change_form(request, context, *args, **kwargs)

    @sensitive_variables()
    def issue_view(self, request: HttpRequest, application_id: int) -> HttpResponse:
        """Ask, then make a secret and show it in the answer to that one request."""
        if not request.user.has_perm("multinexo_oauth.add_clientsecret"):
            raise PermissionDenied
        application = get_object_or_404(Application, pk=application_id, kind__in=kinds_with_secrets())
        if not may_issue(request, application):
            raise PermissionDenied
        form = IssueForm(request.POST or None, initial={"newest": newest(application)})
        if request.method == "POST" and form.is_valid():
            return self._issue(request, application, form)
        return self._page(
            request, "application/issue.html", gettext("Generate a secret"), application, form=form
        )

    def _issue(self, request: HttpRequest, application: Application, form: IssueForm) -> HttpResponse:
        with transaction.atomic():
            if not hold(Application.objects.filter(pk=application.pk), Lock.ALONE):
                raise Http404
            if newest(application) != form.cleaned_data["newest"]:
                said = gettext("A secret was generated after this page was opened.")
                return self._back(request, application, said, messages.WARNING)
            try:
                _secret, value = ClientSecret.issue(
                    application, form.cleaned_data["label"], origin=Origin.of(request)
                )
            except TooManySecrets:
                said = gettext(
                    "The application already has the maximum number of live secrets: revoke one first."
                )
                return self._back(request, application, said, messages.ERROR)
            self.log_change(request, application, gettext("Generated a secret."))
        return show_once(self, request, application, value)

    def revoke_view(self, request: HttpRequest, secret_id: int) -> HttpResponse:
        """Ask, then stop the secret from authenticating anybody."""
        if not may_revoke(request):
            raise PermissionDenied
        secret = get_object_or_404(ClientSecret.objects.select_related("application"), pk=secret_id)
        application = secret.application
        if request.method != "POST":
            live = ClientSecret.objects.filter(application=application).live().exclude(pk=secret.pk).count()
            title = gettext("Revoke a secret")
            return self._page(
                request,
                "clientsecret/revoke.html",
                title,
                application,
                secret=secret,
                live=live,
                numbers=numbers(Application.objects.filter(pk=application.pk)),
            )
        with transaction.atomic():
            secret.revoke(origin=Origin.of(request))
            self.log_change(request, application, gettext("Revoked a secret."))
        return self._back(request, application, gettext("The secret no longer works."), messages.SUCCESS)

    def _page(
        self, request: HttpRequest, template: str, title: str, application: Application, **context: Any
    ) -> HttpResponse:
        context |= {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": Application._meta,
            "application": application,
            "application_url": application_url(self, application),
        }
        return TemplateResponse(request, f"admin/multinexo_oauth/{template}", context)

    def _back(self, request: HttpRequest, application: Application, said: str, level: int) -> HttpResponse:
        self.message_user(request, said, level)
        return HttpResponseRedirect(application_url(self, application))


def kinds_with_secrets() -> list[Kind]:
    return [kind for kind in Kind if kind.has_secret]
