from django.conf import settings
from django.urls import include, path

from .contender import API
from .view import WhoView

urlpatterns = [
    path(API.lstrip("/"), WhoView.as_view()),
    *(path(prefix, include(module)) for prefix, module in settings.CONTENDER_URLS),
]
