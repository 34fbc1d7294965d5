from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected
from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy as _

from ..ending.applications import delete_application
from ..interface.application_fields import label, lacking
from ..interface.attention import stored_problems
from ..interface.counts import Count, grouped
from ..models import AccessToken, Application, ClientSecret, Consent, Event, Kind, RefreshToken
from ..origin import Origin
from ..scopes import Scopes
from ..storage.locks import Lock, hold_row
from .application_actions import Reactivate, RevokeTokens, Suspend, Unverify, hold_all
from .application_filters import PkceFilter, StateFilter
from .application_form import fieldsets, form_for
from .client_secret import (
    SecretInline,
    acts_for_another_person,
    may_issue,
)
from .end_permissions import EndsPermissions
from .gone_meanwhile import GoneMeanwhile
from .registering import RegistersApplications
from .search import people_matching, tell_if_cut
from .verification import Verify

FACTS = (
    "client_id",
    "state",
    "verified",
    "people",
    "last_used_at",
    "logo",
    "registration_source",
    "cimd_expires_at",
    "created",
    "changed",
)


def kind_of(request: HttpRequest, application: Application | None) -> Kind:
    """Return the application's kind, or the kind in the page's URL while one is being registered."""
    return Kind(application.kind if application else request.GET["kind"])


def superusers_own(request: HttpRequest, application: Application | None) -> tuple[str, ...]:
    """Return the fields that a superuser alone changes, and this person may not.

    They decide whether people are asked for consent and, of a service, for whom it acts and what it may do as another
    person.
    """
    if request.user.is_superuser:
        return ()
    if kind_of(request, application) is not Kind.SERVICE:
        return ("skip_authorization",)
    acts_for_another = application is not None and acts_for_another_person(request, application)
    return ("user", "scopes", "default_scopes") if acts_for_another else ("user",)


class ApplicationAdmin(GoneMeanwhile, RegistersApplications, EndsPermissions):
    """Where staff registers and manages applications, by the rules of each kind."""

    actions = (Verify(), Unverify(), Suspend(), Reactivate(), RevokeTokens(), "delete_selected")
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    inlines = (SecretInline,)
    list_display = (
        "name",
        "kind",
        "user",
        "state",
        "verified",
        "people",
        "last_used_at",
        "registration_source",
        "created",
    )
    list_filter = (
        "kind",
        StateFilter,
        "verified",
        ("pkce_waived", PkceFilter),
        "registration_source",
        "created",
    )
    list_select_related = ("user",)
    raw_id_fields = ("user",)
    readonly_fields = ("kind", *FACTS)
    search_fields = ("name", "client_id", "user")
    search_help_text = _("By name, client id or owner.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Application]:
        return Application.objects.with_people()

    def get_actions(self, request: HttpRequest, action_location: Any = None) -> dict[str, Any]:
        """List the action that cannot be undone last. `action_location` exists from Django 6.1 on."""
        where = {} if action_location is None else {"action_location": action_location}
        actions = super().get_actions(request, **where)
        return dict(sorted(actions.items(), key=lambda action: action[0] == "delete_selected"))

    @admin.action(permissions=["delete"], description=_("Delete"))
    def delete_selected(self, request: HttpRequest, queryset: QuerySet[Application]) -> HttpResponse | None:
        """Do what Django's action does, whose description has the wrong gender in Spanish and Portuguese."""
        return delete_selected(self, request, queryset)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if search_term:
            owners = people_matching(search_term)
            tell_if_cut(self, request, owners)
            queryset = queryset.filter(
                Q(name__icontains=search_term) | Q(client_id=search_term) | Q(user__in=owners)
            )
        return queryset, False

    def get_fieldsets(self, request: HttpRequest, obj: Application | None = None) -> Any:
        """Show the fields of the kind, which never changes; a new application has no facts yet."""
        asked = fieldsets(kind_of(request, obj), adding=obj is None)
        return [*asked, (_("Facts"), {"fields": FACTS})] if obj else asked

    def get_readonly_fields(self, request: HttpRequest, obj: Application | None = None) -> Any:
        """Let only a superuser decide for whom a service acts: anyone else who could decide it could act as anybody."""
        return (*self.readonly_fields, *superusers_own(request, obj))

    def get_form(
        self, request: HttpRequest, obj: Application | None = None, change: bool = False, **kwargs: Any
    ) -> type[Any]:
        form = form_for(
            kind_of(request, obj), obj is None, request.user, without=superusers_own(request, obj)
        )
        return super().get_form(request, obj, change, form=form, **kwargs)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Return the application. When its form was posted, lock the row and read it again, so that it stays as it
        is until it is saved.
        """
        found = super().get_object(request, object_id, from_field)
        match = request.resolver_match
        if (
            found is not None
            and request.method == "POST"
            and match
            and str(match.url_name).endswith("_change")
        ):
            hold_row(found, Lock.ALONE)
            found.refresh_from_db()
        return found

    def get_inlines(self, request: HttpRequest, obj: Application | None) -> tuple[type[SecretInline], ...]:
        has_secret = obj is not None and obj.kind.has_secret
        return tuple(inline for inline in self.inlines if has_secret or inline is not SecretInline)

    def save_model(self, request: HttpRequest, obj: Application, form: Any, change: bool) -> None:
        if change:
            # Only what the form holds: another person may verify or suspend the application meanwhile.
            obj.save(update_fields={*form.cleaned_data, *lacking(obj.kind), "updated"})
        else:
            owner: Any = obj.user or request.user
            obj.user = owner
            obj.save()
        if not change:
            self._record(request, Event.Action.CREATED, obj)
        elif form.changed_data:
            self._record(request, Event.Action.CHANGED, obj, fields=form.changed_data)

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        """Remember on the application which scopes leave its allow-list, for `response_change`."""
        application = super().save_form(request, form, change)
        application.taken_scopes = (
            Scopes(form.initial.get("scopes", "")).lost(application.scopes) if change else []
        )
        return application

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Also report stored values that need correction, and ask about permissions that were withdrawn."""
        names = [field.name for field in obj._meta.concrete_fields]
        for name, told in stored_problems(obj, names).items():
            self.message_user(request, f"{label(name)}: {' '.join(told)}", messages.WARNING)
        asked = self.after_taking(request, obj, obj.taken_scopes) if obj.taken_scopes else None
        return asked or super().response_change(request, obj)

    def _record(self, request: HttpRequest, action: str, application: Application, **detail: Any) -> None:
        Event.record(action, application=application, origin=Origin.of(request), **detail)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        application = context["original"]
        if application and application.kind.has_secret and may_issue(request, application):
            name = f"{self.admin_site.name}:multinexo_oauth_clientsecret_issue"
            context["issue_url"] = reverse(name, args=[application.pk])
        return super().render_change_form(request, context, *args, **kwargs)

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[Any], list[Any]]:
        """Count what is deleted with the applications instead of listing it: one may have a million tokens."""
        applications = [str(application) for application in objs]
        keys = [application.pk for application in objs]
        ending = {
            str(model._meta.verbose_name_plural): model._default_manager.filter(application__in=keys).count()
            for model in (Consent, ClientSecret, AccessToken, RefreshToken)
        }
        counts = {str(self.opts.verbose_name_plural): len(applications)} | ending
        return applications, {name: Count(count) for name, count in counts.items()}, set(), []

    def delete_model(self, request: HttpRequest, obj: Application) -> None:
        delete_application(obj, origin=Origin.of(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Application]) -> None:
        with transaction.atomic():
            for application in hold_all(queryset):
                self.delete_model(request, application)

    @admin.display(description=_("state"))
    def state(self, application: Application) -> str:
        return gettext("Suspended") if application.is_suspended else gettext("Active")

    @admin.display(description=_("changed"))
    def changed(self, application: Application) -> datetime:
        """Answer with the field `updated`, whose own name is English in every language."""
        return application.updated

    @admin.display(description=_("people connected"))
    def people(self, application: Any) -> str:
        """Answer from `with_people`, which counted for the whole list in one query."""
        return grouped(application.people)
