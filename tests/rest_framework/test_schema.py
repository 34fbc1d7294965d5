"""The OpenAPI document that drf-spectacular makes of the API: which tokens open which operation."""

import pytest
from django.test import Client
from django.urls import path
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import AllowAny, IsAdminUser, IsAuthenticated
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.serializers import Serializer
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSet

from example_project.settings import MULTINEXO_OAUTH
from multinexo_oauth.rest_framework import (
    IsSessionAuthenticated,
    IsTokenAuthenticated,
    OAuth2Authentication,
    TokenHasActionScopes,
    TokenHasAnyScope,
    TokenHasMethodScopes,
    TokenHasResourceScope,
    TokenHasScope,
)
from tests.conformance import proves

from .views import MayNever, MayRead, MaySeeAll, MaySeeCompanies, MaySeeSome, MayWrite, OwnRealm

pytestmark = proves("api-openapi")
ISSUER = "https://multinexo.example/auth/v1"
COOKIE: dict[str, list[str]] = {"cookieAuth": []}


@pytest.fixture(autouse=True)
def urls(site):
    site.ROOT_URLCONF = "example_project.urls"


def tokens(*sets):
    return [{"oauth2": scopes.split()} for scopes in sets]


class Shop(APIView):
    authentication_classes = [OAuth2Authentication]
    serializer_class = Serializer

    def get(self, request):
        return Response()

    def post(self, request):
        return Response()


class Items(ViewSet):
    authentication_classes = [OAuth2Authentication]
    permission_classes = [TokenHasActionScopes]
    serializer_class = Serializer
    required_scopes = {"list": ["products:read"], "create": ["products:write", "companies:read"]}

    def list(self, request):
        return Response()

    def create(self, request):
        return Response()


def document(*patterns):
    schema = SchemaGenerator(patterns=list(patterns)).get_schema(request=None, public=True)
    validate_schema(schema)
    return schema


def security(view, method="get"):
    return document(path("shop/", view)).get("paths")["/shop/"][method].get("security")


def shop(*permissions, sessions=False, **attributes):
    attributes["permission_classes"] = list(permissions)
    if sessions:
        attributes["authentication_classes"] = [OAuth2Authentication, SessionAuthentication]
    made: type[Shop] = type("Made", (Shop,), attributes)
    return made.as_view()


@pytest.mark.parametrize(
    ("view", "get", "post"),
    [
        (
            shop(TokenHasScope, required_scopes=["companies:read", "products:read"]),
            tokens("companies:read products:read"),
            tokens("companies:read products:read"),
        ),
        (
            shop(TokenHasAnyScope, required_scopes=["documents:read", "companies:read"]),
            tokens("documents:read", "companies:read"),
            tokens("documents:read", "companies:read"),
        ),
        (
            shop(
                TokenHasMethodScopes, required_scopes={"GET": ["products:read"], "POST": ["products:write"]}
            ),
            tokens("products:read"),
            tokens("products:write"),
        ),
        (
            shop(TokenHasResourceScope, scope_resource="products"),
            tokens("products:read"),
            tokens("products:write"),
        ),
        (shop(IsTokenAuthenticated), tokens(""), tokens("")),
        (shop(MayRead, MaySeeCompanies), tokens("companies:read products:read"), None),
        (
            shop(MayRead & MaySeeSome),
            tokens("companies:read products:read", "documents:read products:read"),
            None,
        ),
        (shop(MayWrite | MaySeeAll), tokens("products:write", "companies:read documents:read"), None),
        (shop(MayRead & ~MayWrite), tokens("products:read"), None),
        (shop(IsAdminUser | MayRead), tokens("", "products:read"), None),
        (shop(IsAuthenticated), tokens(""), None),
        (shop(AllowAny), [*tokens(""), {}], None),
        (shop(MayNever), None, None),
        (shop(IsSessionAuthenticated | MayRead, sessions=True), [*tokens("products:read"), COOKIE], None),
        (
            shop((IsAuthenticated & ~IsTokenAuthenticated) | MayRead, sessions=True),
            [*tokens("products:read"), COOKIE],
            None,
        ),
        (shop(IsSessionAuthenticated, sessions=True), [COOKIE], None),
        (shop((IsSessionAuthenticated & MayWrite) | MayRead, sessions=True), tokens("products:read"), None),
        (shop(MayRead, sessions=True), tokens("products:read"), None),
        (shop(MayRead, authentication_classes=[OwnRealm]), tokens("products:read"), None),
    ],
)
def test_an_operation_names_every_set_of_scopes_that_opens_it(view, get, post):
    assert security(view) == get
    if post is not None:
        assert security(view, "post") == post


def test_the_scopes_of_an_action():
    router = SimpleRouter()
    router.register("items", Items, basename="item")
    operations = document(*router.urls)["paths"]["/items/"]
    assert operations["get"]["security"] == tokens("products:read")
    assert operations["post"]["security"] == tokens("companies:read products:write")


def test_the_flows_say_where_to_go_and_what_to_ask_for(site):
    scheme = document(path("shop/", shop(MayRead)))["components"]["securitySchemes"]
    scopes = {name: site.MULTINEXO_OAUTH["SCOPES"][name]["label"] for name in site.MULTINEXO_OAUTH["SCOPES"]}
    flows = scheme["oauth2"]["flows"]
    assert scheme["oauth2"]["type"] == "oauth2"
    assert flows["authorizationCode"] == {
        "authorizationUrl": f"{ISSUER}/authorize/",
        "tokenUrl": f"{ISSUER}/token/",
        "refreshUrl": f"{ISSUER}/token/",
        "scopes": flows["clientCredentials"]["scopes"],
    }
    assert flows["clientCredentials"]["tokenUrl"] == f"{ISSUER}/token/"
    assert flows["clientCredentials"]["scopes"].items() >= scopes.items()
    assert list(scheme) == ["oauth2"]


def test_the_addresses_are_paths_where_the_issuer_follows_the_request(site):
    site.MULTINEXO_OAUTH = {**site.MULTINEXO_OAUTH, "ISSUER": None}
    scheme = document(path("shop/", shop(MayRead)))["components"]["securitySchemes"]["oauth2"]
    assert scheme["flows"]["authorizationCode"]["authorizationUrl"] == "/auth/v1/authorize/"


def test_discovery_is_named_where_the_site_has_a_signing_key(site):
    site.MULTINEXO_OAUTH = {**site.MULTINEXO_OAUTH, "SIGNING_KEYS": MULTINEXO_OAUTH["SIGNING_KEYS"]}
    made = document(path("shop/", shop(MayRead)))
    assert made["components"]["securitySchemes"]["openIdConnect"] == {
        "type": "openIdConnect",
        "openIdConnectUrl": f"{ISSUER}/.well-known/openid-configuration",
    }
    assert made["paths"]["/shop/"]["get"]["security"] == [
        {"oauth2": ["products:read"]},
        {"openIdConnect": ["products:read"]},
    ]


def test_the_example_serves_its_document_and_its_pages(db):
    browser = Client(headers={"host": "localhost"})
    made = browser.get("/api/schema/", headers={"Accept": "application/json"}).json()
    assert made["paths"]["/api/v1/products/"]["post"]["security"][0] == {"oauth2": ["products:write"]}
    page = browser.get("/api/docs/")
    assert "<style" not in page.content.decode()
    assert "unsafe-inline" not in page["Content-Security-Policy"]
    back = browser.get("/api/docs/oauth2-redirect.html", {"code": "a"})
    assert back["Referrer-Policy"] == "same-origin"
    assert back["Cache-Control"] == "no-store"
