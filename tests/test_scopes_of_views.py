"""The site is told at start which of its views ask for scopes that nobody could have."""

from inspect import unwrap

import pytest
from django.core import checks
from django.http import HttpResponse
from django.urls import include, path, re_path
from django.views.generic.base import View
from rest_framework.decorators import action, api_view, permission_classes
from rest_framework.permissions import IsAdminUser
from rest_framework.response import Response
from rest_framework.routers import DefaultRouter
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSet

from multinexo_oauth.decorators import ScopeRequiredMixin, any_scope_required, scope_required
from multinexo_oauth.rest_framework import (
    IsTokenAuthenticated,
    TokenHasActionScopes,
    TokenHasAnyScope,
    TokenHasMethodScopes,
    TokenHasResourceScope,
    TokenHasScope,
)
from multinexo_oauth.rest_framework.permissions import TokenPermission
from multinexo_oauth.site_views import operations
from tests.conformance import proves

pytestmark = [proves("api-known-scopes"), pytest.mark.django_db]


class Shop(APIView):
    permission_classes = [TokenHasScope]
    required_scopes = ["products:read"]

    def get(self, request):
        return Response()

    def post(self, request):
        return Response()


class MayTypo(TokenHasScope):
    required_scopes = ["prodcuts:read"]


class MayDraft(TokenPermission):
    def sufficient_scopes(self, request, view):
        return [frozenset({"products:read"}), frozenset({"drafts:write"})]


class Items(ViewSet):
    permission_classes = [TokenHasActionScopes]
    required_scopes = {"list": ["products:read"], "create": ["products:write"], "export": ["export:all"]}

    def list(self, request):
        return Response()

    def create(self, request):
        return Response()

    @action(detail=False)
    def export(self, request):
        return Response()


class OwnAction(ViewSet):
    permission_classes = [TokenHasScope]
    required_scopes = ["products:read"]

    @action(detail=True, methods=["post"], required_scopes=["products:ship"])
    def ship(self, request, pk):
        return Response()


@api_view(["GET"])
@permission_classes([MayTypo])
def function(request):
    return Response()


class LooksAtTheRequest(Shop):
    def get_permissions(self):
        return [MayTypo() if self.kwargs["name"] == "typo" else IsAdminUser()]


class Plain(ScopeRequiredMixin, View):
    required_scopes = {"GET": ["products:read"], "POST": ["plain:write"]}

    def get(self, request):
        return HttpResponse()

    def post(self, request):
        return HttpResponse()


@scope_required("plain:read", "products:read")
def plain(request):
    return HttpResponse()


@any_scope_required("products:read", "plain:any")
async def plain_async(request):
    return HttpResponse()


def with_permissions(*permissions, **attributes):
    made: type[Shop] = type("Made", (Shop,), {"permission_classes": list(permissions), **attributes})
    return made.as_view()


def router(viewset):
    made = DefaultRouter()
    made.register("items", viewset, basename="item")
    return include(made.urls)


@pytest.fixture
def serve(settings):
    def serve(*patterns):
        settings.ROOT_URLCONF = type("urls", (), {"urlpatterns": list(patterns)})

    return serve


@pytest.fixture
def found(serve):
    def found(view, identifier="E014"):
        serve(path("api/", view if isinstance(view, tuple) else include([path("shop/", view)])))
        return [message for message in checks.run_checks() if message.id == f"multinexo_oauth.{identifier}"]

    return found


@pytest.mark.parametrize(
    ("view", "scope", "where"),
    [
        (with_permissions(TokenHasScope, required_scopes=["typo"]), "typo", "GET /api/shop/"),
        (with_permissions(TokenHasScope, required_scopes="products:read typo"), "typo", "GET /api/shop/"),
        (Shop.as_view(required_scopes=["typo"]), "typo", "GET /api/shop/"),
        (
            with_permissions(TokenHasAnyScope, required_scopes=["products:read", "typo"]),
            "typo",
            "GET /api/shop/",
        ),
        (
            with_permissions(TokenHasMethodScopes, required_scopes={"GET": ["email"], "POST": ["typo"]}),
            "typo",
            "POST /api/shop/",
        ),
        (with_permissions(TokenHasResourceScope, scope_resource="typo"), "typo:read", "GET /api/shop/"),
        (with_permissions(IsAdminUser | MayTypo), "prodcuts:read", "GET /api/shop/"),
        (with_permissions(IsTokenAuthenticated & MayTypo), "prodcuts:read", "GET /api/shop/"),
        (with_permissions(MayDraft), "drafts:write", "GET /api/shop/"),
        (function, "prodcuts:read", "GET /api/shop/"),
        (Plain.as_view(), "plain:write", "POST /api/shop/"),
        (plain, "plain:read", "/api/shop/"),
        (plain_async, "plain:any", "/api/shop/"),
        (router(Items), "export:all", "GET /api/items/export/"),
        (router(OwnAction), "products:ship", "POST /api/items/<pk>/ship/"),
    ],
)
def test_e014_a_scope_that_the_catalogue_does_not_know(found, view, scope, where):
    messages = found(view)
    assert any(f"{scope!r} at {where}," in message.msg for message in messages)
    assert all("oauth_scopes.py" in message.hint for message in messages)


def test_e014_names_a_view_and_a_scope_once(found):
    (message,) = found(with_permissions(TokenHasScope, required_scopes=["typo"]))
    assert message.msg.startswith(f"{__name__}.Made asks for")


@pytest.mark.parametrize(
    "view",
    [
        Shop.as_view(),
        with_permissions(~MayTypo),
        with_permissions(IsAdminUser),
        with_permissions(IsTokenAuthenticated),
        LooksAtTheRequest.as_view(),
        scope_required()(unwrap(plain)),
    ],
)
def test_other_views_pass(found, view):
    assert found(view) == []


def test_a_scope_of_openid_is_known_where_there_is_no_signing_key(found, settings):
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "SIGNING_KEYS": []}
    assert found(with_permissions(TokenHasScope, required_scopes=["openid"])) == []


@pytest.mark.parametrize(
    ("view", "words"),
    [
        (with_permissions(TokenHasScope, required_scopes={"GET": []}), "needs a list"),
        (with_permissions(TokenHasResourceScope), "needs `scope_resource` on Made"),
    ],
)
def test_e015_a_view_that_does_not_say_what_it_asks_for(found, view, words):
    (message,) = found(view, "E015")
    assert words in message.msg
    assert message.hint


class Silent(ScopeRequiredMixin, View):
    pass


def test_a_plain_view_that_does_not_say_what_it_asks_for_is_told_when_its_urls_are_read():
    with pytest.raises(Exception, match="Silent needs `required_scopes`"):
        Silent.as_view()


def test_operations_are_listed_under_the_path_in_urls(serve):
    serve(
        path("api/<int:pk>/", Shop.as_view()),
        re_path(r"^old/(?P<name>[a-z]+)/$", Plain.as_view()),
        path("v1/", router(Items)),
    )
    told = [(it.method, it.path, it.action, [sorted(scopes) for scopes in it.choices]) for it in operations()]
    assert told == [
        ("GET", "/api/<int:pk>/", "", [["products:read"]]),
        ("POST", "/api/<int:pk>/", "", [["products:read"]]),
        ("GET", "/old/<name>/", "", [["products:read"]]),
        ("POST", "/old/<name>/", "", [["plain:write"]]),
        ("GET", "/v1/items/", "list", [["products:read"]]),
        ("POST", "/v1/items/", "create", [["products:write"]]),
        ("GET", "/v1/items/export/", "export", [["export:all"]]),
        ("GET", "/v1/", "", [[]]),
    ]
