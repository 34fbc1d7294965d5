from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.views import LoginView
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView
from drf_spectacular.views import SpectacularSwaggerSplitView

from example_project.demo.accounts import ACCOUNTS
from example_project.forms import SignInForm
from example_project.security import ANY_FORM
from multinexo_oauth.pages import PageMixin
from multinexo_oauth.pages.language import follow_ui_locales


@method_decorator(follow_ui_locales, name="dispatch")
class SignIn(LoginView):
    """Django's own, with what an application knows of the person filled in, in the language that it wishes for."""

    authentication_form = SignInForm

    def get_initial(self) -> dict[str, Any]:
        return super().get_initial() | {"username": self.request.GET.get("login_hint", "")}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        # Browsers hold a policy for forms against every redirect, and those of a sign-in may lead to any application.
        response.headers["Content-Security-Policy"] = ANY_FORM
        # Django's default parts the sign-in from the page of an application that opened it in a popup.
        response.headers["Cross-Origin-Opener-Policy"] = "unsafe-none"
        return response


class Home(TemplateView):
    """Lead a newcomer: what this is, who to be, and three steps."""

    template_name = "example_project/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        seeded = get_user_model().objects.filter(username__in=[account.username for account in ACCOUNTS])
        return super().get_context_data(
            accounts=ACCOUNTS if seeded.exists() else [],
            token_url=self.request.build_absolute_uri(reverse("multinexo_oauth:token")),
            products_url=self.request.build_absolute_uri(reverse("products:product-list")),
            **kwargs,
        )


class ApiDocs(SpectacularSwaggerSplitView):
    """Swagger UI without a line of script or style in the page itself."""

    template_name = "example_project/api_docs.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        # It opens the authorization page in a popup, which would otherwise lose its opener.
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin-allow-popups"
        return response


class ApiDocsReturn(PageMixin, TemplateView):
    """Where a person comes back to with the code of Swagger UI's authorization request."""

    opened_by_clients = True
    template_name = "example_project/api_docs_return.html"
