"""The person's applications: list, register, delete."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext
from django.views.decorators.debug import sensitive_variables

from ...ending.applications import delete_application
from ...interface.counts import grouped
from ...interface.wording import tokens_end, tokens_ended
from ...models import Application, ClientSecret, Event, Kind
from ...origin import Origin
from ...policy import policy
from ...storage.deadlock import survives_deadlocks
from ..search import asked_name
from .base import ApplicationPage, OwnerPage, RegistrationPage
from .endpoint_urls import Endpoints
from .forms import DeleteForm, NewApplicationForm
from .snippets import env_file, for_application

PER_PAGE = 20


class MyApplications(OwnerPage):
    template_name = "multinexo_oauth/my_applications/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        query = asked_name(self.request)
        applications = self.applications().with_people().order_by("-created", "-pk")
        if query:
            applications = applications.filter(name__icontains=query)
        page = Paginator(applications, PER_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            page=page,
            query=query,
            may_register=policy().may_register(self.user),
            kinds_with_people=[kind for kind in Kind if kind.has_people],
            **kwargs,
        )


class ChooseKind(RegistrationPage):
    template_name = "multinexo_oauth/my_applications/kinds.html"
    extra_context = {"kinds": list(Kind)}


class NewApplication(RegistrationPage):
    form_class = NewApplicationForm
    template_name = "multinexo_oauth/my_applications/new.html"
    created_template_name = "multinexo_oauth/my_applications/created.html"

    @cached_property
    def kind(self) -> Kind:
        try:
            return Kind(self.kwargs["kind"])
        except ValueError:
            raise Http404 from None

    def form(self, data: Any = None) -> NewApplicationForm:
        return self.form_class(data, instance=Application(kind=self.kind, user=self.user))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"form": self.form(), **kwargs, "kind": self.kind})

    @sensitive_variables()
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        client_id = form.instance.client_id
        if self.was_created(client_id):
            return self.created_before(client_id)
        try:
            application, secret = self.create(form)
        except IntegrityError:
            if not self.was_created(client_id):
                raise
            return self.created_before(client_id)
        return self.created(application, secret)

    @sensitive_variables()
    @transaction.atomic
    def create(self, form: NewApplicationForm) -> tuple[Application, str]:
        application = form.save()
        self.record(Event.Action.CREATED, application, client_id=application.client_id)
        return application, self.first_secret(application)

    def was_created(self, client_id: str) -> bool:
        """Tell whether the form was sent before, whatever became of its application."""
        mine = Event.objects.filter(actor=self.user, action=Event.Action.CREATED, detail__client_id=client_id)
        return mine.exists()

    def first_secret(self, application: Application) -> str:
        if not self.kind.has_secret:
            return ""
        _secret, value = ClientSecret.issue(application, origin=Origin.of(self.request))
        return value

    def created(self, application: Application, secret: str) -> HttpResponse:
        """Show everything that the developer needs. Only this answer ever holds the secret."""
        endpoints = Endpoints.of(self.request)
        self.template_name = self.created_template_name
        return self.render_secret(
            {
                "application": application,
                "kind": self.kind,
                "secret": secret,
                "endpoints": endpoints.labelled(self.kind),
                "env_file": env_file(application, endpoints, secret),
                "snippets": for_application(application, endpoints, secret),
            }
        )

    def created_before(self, client_id: str) -> HttpResponse:
        application = self.applications().filter(client_id=client_id).first()
        if application is None:
            messages.info(
                self.request, gettext("That application was registered and has been deleted since.")
            )
            return redirect("multinexo_oauth:my-applications")
        messages.info(self.request, gettext("The application was already registered; nothing was changed."))
        return redirect(application)


class DeleteApplication(ApplicationPage):
    form_class = DeleteForm
    template_name = "multinexo_oauth/my_applications/delete.html"

    def form(self, data: Any = None) -> DeleteForm:
        return self.form_class(data, application=self.application)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", self.form())
        return super().get_context_data(effects=self.effects(), **kwargs)

    def effects(self) -> list[str]:
        tokens = tokens_end(self.application.live_tokens())
        return [
            *([self.people_who_lose_access()] if self.kind.has_people else []),
            *(tokens or [gettext("The application stops working at once.")]),
            gettext("This cannot be undone."),
        ]

    def people_who_lose_access(self) -> str:
        people = self.application.consents.count()
        return people_lose_access(people) if people else gettext("Nobody is connected to it.")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.was_deleted():
            messages.info(request, gettext("That application had already been deleted."))
            return redirect("multinexo_oauth:my-applications")
        form = self.form(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        people = self.application.consents.count()
        said = gettext("“%s” was deleted.") % self.application.name
        ended = self.end()
        if people:
            said += " " + people_lose_access(people)
        messages.success(request, said + tokens_ended(ended))
        return redirect("multinexo_oauth:my-applications")

    def was_deleted(self) -> bool:
        """Tell whether the person has deleted the application before, by a click more."""
        if self.applications().filter(client_id=self.kwargs["client_id"]).exists():
            return False
        deletions = Event.objects.filter(action=Event.Action.DELETED, actor=self.user)
        return deletions.filter(detail__client_id=self.kwargs["client_id"]).exists()

    @survives_deadlocks
    def end(self) -> int:
        """Delete the application. Return how many tokens were live.

        Under another name, for Django has a view's `delete` answer the method DELETE.
        """
        logo = self.application.logo
        with transaction.atomic():
            ended = delete_application(
                self.application,
                origin=Origin.of(self.request),
                client_id=self.application.client_id,
            )
            if logo.name:
                transaction.on_commit(partial(logo.storage.delete, logo.name))
        return ended or 0


def people_lose_access(count: int) -> str:
    return ngettext("%(count)s person loses access.", "%(count)s people lose access.", count) % {
        "count": grouped(count)
    }
