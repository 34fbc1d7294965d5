from django.urls import include, path

from .urls import api

urlpatterns = [path("api/", include(api))]
