"""What the pages of Mis Aplicaciones have in common: who sees them, and whose application they show."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from ...models import Application, Event, Kind
from ...models.application_queryset import ApplicationQuerySet
from ...origin import Origin
from ...policy import policy
from ..security import PageMixin, harden
from ..signed_in import SignedInPage
from .attention import Attention, attention


class OwnerPage(PageMixin, SignedInPage, TemplateView):
    """A page for a person who is signed in."""

    @property
    def user(self) -> Any:
        return self.request.user

    def applications(self) -> ApplicationQuerySet[Application]:
        return Application.objects.owned_by(self.user)

    def render_secret(self, context: dict[str, Any]) -> HttpResponse:
        """Answer with a secret: drawn at once, while the caller's variables are kept out of error reports."""
        return cast("TemplateResponse", self.render_to_response(context)).render()

    def record(self, action: str, application: Application, **detail: Any) -> None:
        Event.record(action, application=application, origin=Origin.of(self.request), **detail)


class RegistrationPage(OwnerPage):
    """A page for those who may register applications; others are told why they cannot."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated or policy().may_register(request.user):
            return super().dispatch(request, *args, **kwargs)
        response = render(request, "multinexo_oauth/my_applications/registration_closed.html", status=403)
        harden(response)
        return response


class ApplicationPage(OwnerPage):
    """A page about one application of the person's own; anybody else's is not found."""

    tab = ""

    @cached_property
    def application(self) -> Application:
        return get_object_or_404(self.applications(), client_id=self.kwargs["client_id"])

    @property
    def kind(self) -> Kind:
        return self.application.kind

    def attention(self) -> list[Attention]:
        return attention(self.application)

    def url(self, page: str) -> str:
        """Return the address of another page about the application."""
        return reverse(f"multinexo_oauth:{page}", args=[self.application.client_id])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(application=self.application, kind=self.kind, tab=self.tab, **kwargs)
