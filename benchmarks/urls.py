from django.conf import settings
from django.urls import include, path

from .contender import PING, WHO
from .view import PingView, WhoView

urlpatterns = [
    path(PING.lstrip("/"), PingView.as_view()),
    path(WHO.lstrip("/"), WhoView.as_view()),
    *(path(prefix, include(module)) for prefix, module in settings.CONTENDER_URLS),
]
