"""An API whose calls are counted."""

from typing import Any

from django.urls import path
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from multinexo_oauth.rest_framework import OAuth2Authentication, TokenHasAnyScope, TokenHasMethodScopes
from multinexo_oauth.rest_framework.throttling import (
    ApplicationRateThrottle,
    PersonRateThrottle,
    ScopeRateThrottle,
)


class ByApplication(APIView):
    authentication_classes = [OAuth2Authentication]
    permission_classes: list[Any] = [AllowAny]
    throttle_classes: list[Any] = [ApplicationRateThrottle]

    def get(self, request: Request) -> Response:
        return Response()

    post = get


class ByPerson(ByApplication):
    throttle_classes = [PersonRateThrottle]


class ByBoth(ByApplication):
    throttle_classes = [ApplicationRateThrottle, PersonRateThrottle]


class ByScope(ByApplication):
    permission_classes = [TokenHasMethodScopes]
    required_scopes = {"GET": ["products:read"], "POST": ["products:write", "companies:read"]}
    throttle_classes = [ScopeRateThrottle]


class ByAnyScope(ByScope):
    permission_classes = [TokenHasAnyScope]
    required_scopes = ["products:write", "companies:read"]  # type: ignore[assignment]


urlpatterns = [
    path("api/by-any-scope/", ByAnyScope.as_view()),
    path("api/by-application/", ByApplication.as_view()),
    path("api/by-person/", ByPerson.as_view()),
    path("api/by-both/", ByBoth.as_view()),
    path("api/by-scope/", ByScope.as_view()),
]
