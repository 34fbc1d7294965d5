"""One application, a page a tab that is edited: overview, permissions and brand."""

from copy import copy
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from ...ending.permissions import count_holders
from ...interface.wording import taken_from_the_list
from ...models import Application, Event
from ...models.application_queryset import ApplicationQuerySet
from ...redirect_uris import MAX_LENGTH
from ...scopes import Scopes
from ...storage.deadlock import survives_deadlocks
from ...storage.locks import Lock, hold_row
from .base import ApplicationPage
from .forms import BrandForm, OverviewForm
from .owner_form import OwnerForm
from .permissions_form import PermissionsForm


class EditPage(ApplicationPage):
    """A tab that holds one form."""

    form_class: type[OwnerForm]

    def form(self, *data: Any) -> OwnerForm:
        # A copy, because a form writes to its instance even if it is invalid.
        return self.form_class(*data, instance=copy(self.application))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", self.form())
        return super().get_context_data(**kwargs)

    @survives_deadlocks
    @transaction.atomic
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # The form compares what its page showed with what is stored, which stays until it is saved.
        hold_row(self.application, Lock.ALONE)
        self.application.refresh_from_db()
        form = self.form(request.POST, request.FILES)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        if form.has_changed():
            self.save(form)
        return self.saved(form)

    def saved(self, form: OwnerForm) -> HttpResponse:
        messages.success(self.request, gettext("Saved."))
        return redirect(self.request.path)

    def save(self, form: OwnerForm) -> None:
        if form.ends_verification:
            messages.warning(self.request, gettext("The application must be verified again."))
        application = form.save()
        self.record(Event.Action.CHANGED, application, fields=form.changed_names)


class Overview(EditPage):
    tab = "overview"
    form_class = OverviewForm
    template_name = "multinexo_oauth/my_applications/overview.html"

    def applications(self) -> ApplicationQuerySet[Application]:
        return super().applications().with_people()

    def form(self, *data: Any) -> OwnerForm:
        """Return the form. A link of the error page has it hold a further redirect URI, which saving registers."""
        form = super().form(*data)
        if not form.is_bound and self.added and "redirect_uris" in form.fields:
            form.initial["redirect_uris"] = "\n".join([*form.instance.redirect_uris.split(), self.added])
        return form

    @property
    def added(self) -> str:
        """The redirect URI that the link names, where it is one line and not registered."""
        uri = self.request.GET.get("redirect_uri", "")
        known = self.application.redirect_uris.split()
        fits = len(uri) <= MAX_LENGTH and uri.isprintable() and not uri.isspace()
        return uri if fits and " " not in uri and uri not in known else ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(added=self.added, **kwargs)


class Permissions(EditPage):
    tab = "permissions"
    form_class = PermissionsForm
    template_name = "multinexo_oauth/my_applications/permissions.html"

    def saved(self, form: OwnerForm) -> HttpResponse:
        """Tell what was taken from the list, and ask whether it is to end where it was granted."""
        names = Scopes(form.initial["scopes"]).lost(form.instance.scopes)
        if not names:
            return super().saved(form)
        ends = count_holders(form.instance, names)
        messages.success(self.request, taken_from_the_list(names, ends))
        if not ends:
            return redirect(self.request.path)
        return redirect(
            f"{self.url('application-end-permissions')}?{urlencode({'scopes': names}, doseq=True)}"
        )


class Brand(EditPage):
    tab = "brand"
    form_class = BrandForm
    template_name = "multinexo_oauth/my_applications/brand.html"
