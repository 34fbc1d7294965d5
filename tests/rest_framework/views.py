"""A small API with one view for each way of protecting one."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from rest_framework.authentication import SessionAuthentication
from rest_framework.decorators import action, api_view, authentication_classes, permission_classes
from rest_framework.permissions import AllowAny, BasePermission, IsAdminUser, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSet

from multinexo_oauth.rest_framework import (
    IsTokenAuthenticated,
    OAuth2Authentication,
    TokenHasActionScopes,
    TokenHasAnyScope,
    TokenHasMethodScopes,
    TokenHasResourceScope,
    TokenHasScope,
)


class Shop(APIView):
    """Answer who is asking, and with what."""

    authentication_classes = [OAuth2Authentication]
    permission_classes = [AllowAny]

    def get(self, request: Request) -> Response:
        auth: Any = request.auth
        return Response(
            {
                "user": request.user.get_username(),
                "anonymous": isinstance(request.user, AnonymousUser),
                "scopes": sorted(auth.scopes) if auth else None,
                "query": request.query_params,
                "address": request.build_absolute_uri(),
            }
        )

    def post(self, request: Request) -> Response:
        return Response(request.data, status=201)


class People(Shop):
    permission_classes = [IsAuthenticated]


class Products(Shop):
    permission_classes = [TokenHasScope]
    required_scopes: Any = ["products:write"]


class Spaced(Products):
    required_scopes = "products:read companies:read"


class Reports(Shop):
    permission_classes = [TokenHasAnyScope]
    required_scopes = ["documents:read", "companies:read"]


class NoReports(Reports):
    required_scopes: list[str] = []


class ByMethod(Shop):
    permission_classes = [TokenHasMethodScopes]
    required_scopes = {"GET": ["products:read"], "POST": ["products:write", "companies:read"]}

    def delete(self, request: Request) -> Response:
        return Response(status=204)


class WritesOnly(Shop):
    permission_classes = [TokenHasMethodScopes]
    required_scopes = {"POST": ["products:write"]}


class ByResource(Shop):
    permission_classes = [TokenHasResourceScope]
    scope_resource = "products"


class ByAction(ViewSet):
    authentication_classes = [OAuth2Authentication]
    permission_classes = [TokenHasActionScopes]
    required_scopes = {"list": ["products:read"], "create": ["products:write"], "export": ["documents:read"]}

    def list(self, request: Request) -> Response:
        return Response([])

    def create(self, request: Request) -> Response:
        return Response(status=201)

    def destroy(self, request: Request) -> Response:
        return Response(status=204)

    @action(detail=False)
    def export(self, request: Request) -> Response:
        return Response([])


class Broken(Shop):
    def get(self, request: Request) -> Response:
        raise RuntimeError("out of paper")


class SessionFirst(Products):
    authentication_classes = [SessionAuthentication, OAuth2Authentication]


class SessionFirstPeople(SessionFirst):
    permission_classes = [IsAuthenticated]


class SessionOnly(Products):
    authentication_classes = [SessionAuthentication]


class OwnRealm(OAuth2Authentication):
    www_authenticate_realm = 'the "shop"'


class Realm(Products):
    authentication_classes = [OwnRealm]


class Undeclared(Shop):
    permission_classes = [TokenHasScope]


class ListForMapping(Products):
    permission_classes = [TokenHasMethodScopes]


class MappingForList(ByMethod):
    permission_classes = [TokenHasScope]


class Hidden(Products):
    """A view with a refusal of its own."""

    def permission_denied(self, request: Request, message: Any = None, code: Any = None) -> None:
        super().permission_denied(request, message="Hidden.", code=code)


class MayRead(TokenHasScope):
    required_scopes = ["products:read"]


class MayWrite(TokenHasScope):
    required_scopes = ["products:write"]


class MaySeeCompanies(TokenHasScope):
    required_scopes = ["companies:read"]


class MaySeeAll(TokenHasScope):
    required_scopes = ["companies:read", "documents:read"]


class MaySeeSome(TokenHasAnyScope):
    required_scopes = ["companies:read", "documents:read"]


class MayNever(TokenHasAnyScope):
    required_scopes: list[str] = []


class AsksName(BasePermission):
    """Another's permission that counts on the one before it."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        auth: Any = request.auth
        return bool(auth.scopes >= {"companies:read"} and request.user.get_username() == "luis")


class IsOwner(BasePermission):
    def has_object_permission(self, request: Request, view: APIView, obj: Any) -> bool:
        return bool(request.user.get_username() == obj)


COMPOSITIONS: dict[str, list[Any]] = {
    "read-and-companies": [MayRead & MaySeeCompanies],
    "read-or-companies": [MayRead | MaySeeCompanies],
    "read, companies": [MayRead, MaySeeCompanies],
    "read-or-companies, write": [MayRead | MaySeeCompanies, MayWrite],
    "not-read": [~MayRead],
    "not-(read-or-companies)": [~(MayRead | MaySeeCompanies)],
    "all-or-write": [MaySeeAll | MayWrite],
    "some-and-read": [MaySeeSome & MayRead],
    "admin-or-read": [IsAdminUser | MayRead],
    "read-or-admin": [MayRead | IsAdminUser],
    "admin-and-read": [IsAdminUser & MayRead],
    "read-and-admin": [MayRead & IsAdminUser],
    "read, asks-name": [MayRead, AsksName],
    "(read-and-admin)-or-companies": [(MayRead & IsAdminUser) | MaySeeCompanies],
    "(read-and-not-companies)-or-documents": [(MayRead & ~MaySeeCompanies) | MaySeeAll],
    "session-or-read": [(IsAuthenticated & ~IsTokenAuthenticated) | MayRead],
    "token": [IsTokenAuthenticated],
    "person's token": [IsTokenAuthenticated & IsAuthenticated],
    "application's token": [IsTokenAuthenticated & ~IsAuthenticated],
    "never": [MayNever],
}


class Composed(Shop):
    authentication_classes = [OAuth2Authentication, SessionAuthentication]

    def get_permissions(self) -> list[Any]:
        return [permission() for permission in COMPOSITIONS[self.kwargs["name"]]]

    def get(self, request: Request, name: str = "") -> Response:
        return super().get(request)


class Thing(Shop):
    """A view whose permissions are asked about an object, which belongs to `ana`."""

    def get(self, request: Request) -> Response:
        self.check_object_permissions(request, "ana")
        return super().get(request)


class ThingOfOthers(Thing):
    permission_classes = [~MayWrite & IsTokenAuthenticated]


class ThingOfOwner(Thing):
    permission_classes = [MayRead | IsOwner]


class ThingOfOwnerWithScope(Thing):
    permission_classes = [MayRead & IsOwner]


@api_view()
@authentication_classes([OAuth2Authentication])
@permission_classes([MayRead])
def function(request: Request) -> Response:
    return Response({})


def twice(request: HttpRequest) -> HttpResponse:
    """Hand one request to an API view two times."""
    Shop.as_view()(request)
    return People.as_view()(request)
