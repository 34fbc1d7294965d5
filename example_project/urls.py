from django.conf import settings
from django.conf.urls.static import static
from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView

from example_project.views import ApiDocs, ApiDocsReturn, Home, SignIn
from multinexo_oauth.urls import well_known

handler400 = "multinexo_oauth.pages.bad_request"
handler403 = "multinexo_oauth.pages.forbidden"
handler404 = "multinexo_oauth.pages.not_found"

urlpatterns = [
    path("", Home.as_view(), name="home"),
    path("cuentas/entrar/", SignIn.as_view(), name="login"),
    path("cuentas/salir/", LogoutView.as_view(), name="logout"),
    path("dispositivo/", RedirectView.as_view(pattern_name="multinexo_oauth:device", query_string=True)),
    path("", include(well_known)),
    path("auth/v1/", include("multinexo_oauth.urls")),
    path("api/v1/", include("example_project.products.urls")),
    path("api/docs/", ApiDocs.as_view(), name="api-docs"),
    path("api/docs/oauth2-redirect.html", ApiDocsReturn.as_view(), name="api-docs-return"),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("tienda/", include("example_project.tienda.urls")),
    path("admin/", admin.site.urls),
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
]
