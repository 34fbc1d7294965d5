from django.contrib import admin
from django.urls import include, path

from multinexo_oauth.urls import well_known

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include(well_known)),
    path("auth/v1/", include("multinexo_oauth.urls")),
    path("accounts/", include("django.contrib.auth.urls")),
]
