from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from ..ending.applications import delete_application
from ..interface.application_fields import lacking
from ..interface.attention import problems
from ..interface.counts import Count, grouped
from ..interface.once import reserved
from ..models import AccessToken, Application, ClientSecret, Consent, Event, Kind, RefreshToken
from ..origin import Origin
from ..scopes import Scopes
from ..storage.locks import Lock, hold_row
from .application_actions import Reactivate, RevokeTokens, Suspend, Unverify, hold_all
from .application_filters import StateFilter
from .application_form import fieldsets, form_for
from .client_secret import (
    SecretInline,
    acts_for_another_person,
    application_url,
    may_issue,
    show_once,
)
from .end_permissions import EndsPermissions
from .gone_meanwhile import GoneMeanwhile
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
    "updated",
)


def kind_of(request: HttpRequest, application: Application | None) -> Kind:
    """Return the application's kind; of one being registered, the kind that stands in the page's address."""
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


class ApplicationAdmin(GoneMeanwhile, EndsPermissions):
    """Staff's side of applications: registered for their owners by the rules of each kind."""

    actions = (Verify(), Unverify(), Suspend(), Reactivate(), RevokeTokens())
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
    list_filter = ("kind", StateFilter, "verified", "pkce_waived", "registration_source", "created")
    list_select_related = ("user",)
    raw_id_fields = ("user",)
    readonly_fields = ("kind", *FACTS)
    search_fields = ("name", "client_id", "user")
    search_help_text = _("By name, client id or owner.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Application]:
        return Application.objects.with_people()

    def get_actions(self, request: HttpRequest, action_location: Any = None) -> dict[str, Any]:
        """Put the one that cannot be undone last. Django tells from 6.1 on where the actions stand."""
        where = {} if action_location is None else {"action_location": action_location}
        actions = super().get_actions(request, **where)
        if "delete_selected" in actions:
            function, name, _description = cast("tuple[Any, str, str]", actions["delete_selected"])
            actions["delete_selected"] = (function, name, gettext("Delete"))
        return dict(sorted(actions.items(), key=lambda action: action[0] == "delete_selected"))

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
        """Let a superuser alone say whom a service acts for: whoever else could would act for anybody."""
        return (*self.readonly_fields, *superusers_own(request, obj))

    def get_form(
        self, request: HttpRequest, obj: Application | None = None, change: bool = False, **kwargs: Any
    ) -> type[Any]:
        form = form_for(
            kind_of(request, obj), obj is None, request.user, without=superusers_own(request, obj)
        )
        return super().get_form(request, obj, change, form=form, **kwargs)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Return the application; where its form was posted, as it stays until the form is saved."""
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
        """Keep with the application what leaves its list, for the answer."""
        application = super().save_form(request, form, change)
        application.taken_scopes = (
            Scopes(form.initial.get("scopes", "")).lost(application.scopes) if change else []
        )
        return application

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Tell too what is stored beside the form and has to be put right, and ask about what was taken."""
        names = [field.name for field in obj._meta.concrete_fields]
        for name, told in problems(obj, names).items():
            label = obj._meta.get_field(name).verbose_name
            self.message_user(request, f"{capfirst(label)}: {' '.join(told)}", messages.WARNING)
        asked = self.after_taking(request, obj, obj.taken_scopes) if obj.taken_scopes else None
        return asked or super().response_change(request, obj)

    def _record(self, request: HttpRequest, action: str, application: Application, **detail: Any) -> None:
        Event.record(action, application=application, origin=Origin.of(request), **detail)

    @sensitive_variables()
    def response_add(
        self, request: HttpRequest, obj: Application, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Show the first secret of a kind that has one, in this answer and nowhere else."""
        if not obj.kind.has_secret:
            return super().response_add(request, obj, post_url_continue)
        _secret, value = ClientSecret.issue(obj, origin=Origin.of(request))
        return show_once(self, request, obj, value)

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
        """Tell in numbers what ends with the applications, for there may be a million tokens to each."""
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

    @admin.display(description=_("people connected"))
    def people(self, application: Any) -> str:
        """Answer from `with_people`, which counted for the whole list in one query."""
        return grouped(application.people)
