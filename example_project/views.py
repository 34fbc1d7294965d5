from typing import Any

from django.contrib.auth import get_user_model
from django.urls import reverse
from django.views.generic import TemplateView
from drf_spectacular.views import SpectacularSwaggerSplitView

from example_project.demo.accounts import ACCOUNTS
from multinexo_oauth.pages.security import PageMixin


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


class ApiDocsReturn(PageMixin, TemplateView):
    """Where a person comes back to with the code of Swagger UI's authorization request."""

    template_name = "example_project/api_docs_return.html"
