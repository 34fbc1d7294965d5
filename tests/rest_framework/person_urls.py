"""An API for people: by their session or a token, and about what is theirs."""

from types import SimpleNamespace
from typing import Any

from django.contrib.auth.models import User
from django.urls import path
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from multinexo_oauth.rest_framework import (
    IsOwner,
    IsSessionAuthenticated,
    IsTokenAuthenticated,
    OAuth2Authentication,
    TokenHasScope,
    person_of,
)


class OrSession(APIView):
    """Answer who is asking."""

    authentication_classes: list[Any] = [OAuth2Authentication, SessionAuthentication]
    permission_classes = [IsSessionAuthenticated | TokenHasScope]
    required_scopes = ["products:write"]

    def get(self, request: Request) -> Response:
        person = person_of(request)
        return Response({"person": person.username if person else None, "token": request.auth is not None})

    post = get


class SessionFirst(OrSession):
    authentication_classes = [SessionAuthentication, OAuth2Authentication]


class SessionAlone(OrSession):
    permission_classes = [IsSessionAuthenticated]


class Thing(OrSession):
    """Something of the named person's."""

    permission_classes = [(IsSessionAuthenticated | IsTokenAuthenticated) & IsOwner]

    def get(self, request: Request, name: str = "") -> Response:
        self.check_object_permissions(request, self.thing(name))
        return super().get(request)

    def thing(self, name: str) -> Any:
        return SimpleNamespace(owner=User.objects.filter(username=name).first())


class ThingOfCompany(Thing):
    owner_field = "company__person"

    def thing(self, name: str) -> Any:
        person = User.objects.filter(username=name).first()
        return SimpleNamespace(company=SimpleNamespace(person=person))


class ThingOfNoCompany(ThingOfCompany):
    def thing(self, name: str) -> Any:
        return SimpleNamespace(company=None)


class IsSeller(IsOwner):
    owner_field = "seller"


class ThingOfSeller(Thing):
    permission_classes = [IsTokenAuthenticated & IsSeller]

    def thing(self, name: str) -> Any:
        return SimpleNamespace(seller=User.objects.filter(username=name).first())


urlpatterns = [
    path("api/or-session/", OrSession.as_view()),
    path("api/session-first/", SessionFirst.as_view()),
    path("api/session-alone/", SessionAlone.as_view()),
    path("api/thing/<str:name>/", Thing.as_view()),
    path("api/thing-of-company/<str:name>/", ThingOfCompany.as_view()),
    path("api/thing-of-no-company/<str:name>/", ThingOfNoCompany.as_view()),
    path("api/thing-of-seller/<str:name>/", ThingOfSeller.as_view()),
]
