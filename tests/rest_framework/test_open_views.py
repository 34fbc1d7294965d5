"""The views that a token opens which has no scope: a check and `manage.py scopes` tell of them, and of no others."""

import json
from io import StringIO

import pytest
from django.core import checks
from django.core.management import call_command
from django.http import HttpResponse
from django.urls import include, path
from django.views.generic.base import View
from rest_framework.authentication import SessionAuthentication
from rest_framework.decorators import action, api_view, authentication_classes, permission_classes
from rest_framework.permissions import (
    AllowAny,
    BasePermission,
    DjangoModelPermissionsOrAnonReadOnly,
    IsAdminUser,
    IsAuthenticated,
    IsAuthenticatedOrReadOnly,
)
from rest_framework.response import Response
from rest_framework.routers import DefaultRouter
from rest_framework.viewsets import ViewSet

from multinexo_oauth.decorators import ScopeRequiredMixin, any_scope_required, scope_required
from multinexo_oauth.rest_framework import (
    IsOwner,
    IsSessionAuthenticated,
    IsTokenAuthenticated,
    OAuth2Authentication,
    TokenHasActionScopes,
    TokenHasMethodScopes,
    TokenHasScope,
)
from tests.conformance import proves

from .views import MayNever, MayRead, MayWrite, Shop

pytestmark = [proves("api-open-views"), pytest.mark.django_db]


class Custom(BasePermission):
    """One that says nothing of tokens."""

    def has_permission(self, request, view):
        return request.user.is_staff


class OwnTokens(OAuth2Authentication):
    """A site's own subclass."""


PERSON = IsSessionAuthenticated & IsAdminUser
# What a view asks for, and what each is to be told as.
UNASKED = [
    [IsAuthenticated],
    [IsAdminUser],
    [Custom],
    [IsOwner],
    [IsAuthenticated, IsAdminUser],
    [MayRead | IsAdminUser],
    [IsAdminUser | MayRead],
    [(MayRead & IsAuthenticated) | IsAdminUser],
    [MayRead | IsAuthenticated, IsAdminUser],
    [MayRead | (IsAdminUser & Custom) | MayWrite],
    [PERSON | IsAdminUser],
    [~MayRead],
    [~(MayRead & MayWrite)],
    [~(MayRead | MayWrite)],
    [~IsSessionAuthenticated & IsAuthenticated],
    [~~IsAdminUser],
    [AllowAny & IsAuthenticated],
]
MEANT = [
    [IsTokenAuthenticated],
    [IsTokenAuthenticated & IsAuthenticated],
    [IsTokenAuthenticated, IsAdminUser],
    [MayRead | (IsTokenAuthenticated & IsAdminUser)],
    [IsSessionAuthenticated | IsTokenAuthenticated],
    [~~IsTokenAuthenticated],
]
ANYBODY = [[], [AllowAny], [AllowAny | MayRead], [AllowAny & AllowAny]]
CLOSED = [
    [MayRead],
    [MayRead & IsAdminUser],
    [MayRead, IsAdminUser],
    [MayRead | MayWrite],
    [MayRead | PERSON],
    [IsSessionAuthenticated | MayRead],
    [(IsAdminUser & ~IsTokenAuthenticated) | MayRead],
    [~(IsTokenAuthenticated | IsAdminUser)],
    [~(IsTokenAuthenticated | ~IsAdminUser)],
    [IsSessionAuthenticated],
    [MayNever],
]
TOLD = {"unasked": UNASKED, "meant": MEANT, "anybody": ANYBODY, "none": CLOSED}
EVERY = [(opening, permissions) for opening, some in TOLD.items() for permissions in some]


@pytest.fixture
def serve(site):
    def serve(*patterns):
        site.ROOT_URLCONF = type("urls", (), {"urlpatterns": [path("api/", include(list(patterns)))]})

    return serve


def made(permissions, **attributes):
    made: type[Shop] = type("Made", (Shop,), {"permission_classes": permissions, **attributes})
    return made.as_view()


def warnings():
    return [message for message in checks.run_checks() if message.id == "multinexo_oauth.W010"]


def told():
    """Return how `manage.py scopes` says that each operation stands open."""
    output = StringIO()
    call_command("scopes", open=True, format="json", stdout=output)
    return {(it["method"], it["path"]): it["open_to"] for it in json.loads(output.getvalue())}


@pytest.mark.parametrize(
    ("opening", "permissions"), EVERY, ids=lambda value: value if isinstance(value, str) else ""
)
def test_an_open_view_is_reported_with_its_reason(serve, api, token, admin_user, opening, permissions):
    serve(path("made/", made(permissions)))
    staff = token("", user=admin_user)
    assert (api.ask("made", staff).status_code == 200) == (opening != "none")
    assert told().get(("GET", "/api/made/"), "none") == opening
    assert bool(warnings()) == (opening == "unasked")


@pytest.mark.parametrize(
    ("permissions", "words"),
    [
        ([MayRead | IsAdminUser], "GET /api/made/, but takes a token without it too: MayRead | IsAdminUser."),
        ([(MayRead | ~MayWrite) & IsAdminUser, Custom], "(MayRead | ~MayWrite) & IsAdminUser, Custom."),
        ([IsAuthenticated], "takes a token at GET /api/made/ whatever its scopes: IsAuthenticated."),
        ([~(MayRead & MayWrite)], "~(MayRead & MayWrite)."),
    ],
)
def test_the_warning_says_where_and_why_and_the_way_out(serve, permissions, words):
    serve(path("made/", made(permissions)), path("again/", made(permissions)))
    (message, *others) = warnings()
    assert others == []
    assert message.msg.startswith(
        (f"{__name__}.Made asks for products:read at", f"{__name__}.Made takes a token")
    )
    assert message.msg.endswith(words)
    assert "IsSessionAuthenticated & " in message.hint
    assert "required_scopes = []" in message.hint


@pytest.mark.parametrize("none", [[], (), ""])
def test_a_view_that_says_that_it_needs_no_scope_is_meant(serve, api, token, admin_user, none):
    serve(path("made/", made([IsAdminUser], required_scopes=none)))
    assert api.ask("made", token("", user=admin_user)).status_code == 200
    assert told() == {("GET", "/api/made/"): "meant", ("POST", "/api/made/"): "meant"}
    assert warnings() == []


@pytest.mark.parametrize("some", [None, {}, ["products:read"]])
def test_one_that_names_scopes_for_others_does_not_say_so(serve, some):
    serve(path("made/", made([IsAdminUser], required_scopes=some)))
    assert len(warnings()) == 1


@pytest.mark.parametrize("classes", [[], [SessionAuthentication]])
def test_a_view_that_takes_no_tokens_is_left_out(serve, classes):
    serve(path("made/", made([IsAuthenticated], authentication_classes=classes)))
    assert told() == {}
    assert warnings() == []


@pytest.mark.parametrize("classes", [[SessionAuthentication, OAuth2Authentication], [OwnTokens]])
def test_a_view_that_takes_them_among_others_or_by_a_subclass_is_told_of(serve, classes):
    serve(path("made/", made([IsAuthenticated], authentication_classes=classes)))
    assert len(warnings()) == 1


def test_a_view_says_it_for_each_method(serve):
    serve(path("made/", made([IsAuthenticatedOrReadOnly])))
    assert told() == {("GET", "/api/made/"): "anybody", ("POST", "/api/made/"): "unasked"}
    serve(path("made/", made([DjangoModelPermissionsOrAnonReadOnly])))
    assert told() == {("GET", "/api/made/"): "anybody", ("POST", "/api/made/"): "unasked"}
    serve(
        path("made/", made([TokenHasMethodScopes], required_scopes={"GET": [], "POST": ["products:write"]}))
    )
    assert told() == {("GET", "/api/made/"): "meant"}


def test_a_viewset_says_it_for_each_action(serve):
    class Items(ViewSet):
        authentication_classes = [OAuth2Authentication]
        required_scopes = {"list": ["products:read"]}

        def get_permissions(self):
            return [IsAuthenticated()] if self.action == "mine" else [TokenHasActionScopes()]

        def list(self, request):
            return Response()

        @action(detail=False)
        def mine(self, request):
            return Response()

    router = DefaultRouter()
    router.register("items", Items, basename="item")
    serve(path("", include(router.urls)))
    (message,) = warnings()
    assert "GET /api/items/mine/" in message.msg


def test_a_function_is_a_view_too(serve):
    @api_view(["POST"])
    @authentication_classes([OAuth2Authentication])
    @permission_classes([TokenHasScope | IsAuthenticated])
    def export(request):
        return Response()

    vars(export)["cls"].required_scopes = ["documents:read"]
    serve(path("made/", export))
    (message,) = warnings()
    assert "asks for documents:read at POST /api/made/, but" in message.msg


def test_a_plain_view_that_asks_for_no_scope_means_it(serve):
    class Prices(ScopeRequiredMixin, View):
        required_scopes = {"GET": [], "POST": ["products:write"]}

        def get(self, request):
            return HttpResponse()

        def post(self, request):
            return HttpResponse()

    views = {
        "all/": scope_required("products:read")(HttpResponse),
        "any/": scope_required()(HttpResponse),
        "never/": any_scope_required()(HttpResponse),
        "prices/": Prices.as_view(),
        "nothing/": HttpResponse,
    }
    serve(*(path(route, view) for route, view in views.items()))
    assert told() == {("", "/api/any/"): "meant", ("GET", "/api/prices/"): "meant"}
    assert warnings() == []


def test_the_apps_own_endpoints_and_the_routers_own_page_are_not_warned_of(site, settings):
    site.ROOT_URLCONF = "example_project.urls"
    assert warnings() == []
    assert set(told().values()) == {"anybody"}


def test_people_read_the_section_behind_the_scopes(serve):
    serve(
        path("mine/", made([IsAuthenticated])),
        path("made/", made([MayRead | IsAdminUser])),
        path("closed/", made([MayRead])),
        path("public/", made([AllowAny])),
        path("any/", scope_required()(HttpResponse)),
    )
    output = StringIO()
    call_command("scopes", stdout=output)
    section = output.getvalue().partition("Views that take a token and ask for no scope\n")[2]
    unasked = "(its permissions do not ask about tokens)"
    assert section.splitlines() == [
        f"    GET    /api/mine/: IsAuthenticated {unasked}",
        f"    POST   /api/mine/: IsAuthenticated {unasked}",
        f"    GET    /api/made/: MayRead | IsAdminUser {unasked}",
        f"    POST   /api/made/: MayRead | IsAdminUser {unasked}",
        "    GET    /api/public/: AllowAny (anybody, with a token or without)",
        "    POST   /api/public/: AllowAny (anybody, with a token or without)",
        "    any    /api/any/: scope_required (any token, as the view says)",
    ]
    serve(path("closed/", made([MayRead])))
    output = StringIO()
    call_command("scopes", stdout=output)
    assert "ask for no scope" not in output.getvalue()
