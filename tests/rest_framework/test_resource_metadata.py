"""Each path of the API has a document of its own (RFC 9728): its resource is the address that was called."""

from typing import Any
from urllib.parse import quote, unquote, urlsplit

import pytest
from django.conf.urls.i18n import i18n_patterns
from django.http import HttpResponse
from django.test import Client
from django.urls import path, re_path, set_script_prefix

from multinexo_oauth.decorators import scope_required
from multinexo_oauth.rest_framework import OAuth2Authentication
from tests.conformance import proves

from . import plain_urls
from .conftest import METADATA
from .views import People

pytestmark = pytest.mark.django_db

SITE = "https://multinexo.example"
PLAIN = [f"/plain/{name}/" for name in plain_urls.VIEWS if not name.startswith("or-session")]
PATHS = [
    "/computed/",
    "/by-request/",
    "/api/people/",
    "/api/products/",
    "/api/function/",
    "/api/by-action/",
    "/api/session-first/",
    *PLAIN,
]


@scope_required()
def plain(request, **kwargs):
    return HttpResponse()


def page(request, **kwargs):
    return HttpResponse()


class Computed(People):
    """A view that says by a method how it authenticates."""

    authentication_classes = []

    def get_authenticators(self):
        return [OAuth2Authentication()]


class ByRequest(People):
    """One whose method looks at the request first."""

    def get_authenticators(self):
        return super().get_authenticators() if self.request.method == "GET" else []


@pytest.fixture(autouse=True)
def urls(site):
    """An API of every kind of view, and one whose paths hold any text."""
    views = [
        path("page/", page),
        path("computed/", Computed.as_view()),
        path("by-request/", ByRequest.as_view()),
        re_path(r"^things/(?P<name>.*)$", plain),
        re_path(r"^people/(?P<name>.*)$", People.as_view()),
    ]
    site.ROOT_URLCONF = type("urls", (), {"urlpatterns": [*plain_urls.urlpatterns, *views]})


def challenged(path, **extra):
    """Return the address of the metadata that the refusal of a request names."""
    answer = Client().get(path, **extra)
    assert answer.status_code == 401
    return answer["WWW-Authenticate"].split('resource_metadata="')[1].removesuffix('"')


def document(address):
    return Client().get(urlsplit(address).path)


@proves("resource-document-path", "resource-challenge")
@pytest.mark.parametrize("path", PATHS)
def test_a_challenge_names_the_document_of_what_was_called(path):
    address = challenged(path)
    assert address == METADATA + path
    answer = document(address)
    assert answer.json()["resource"] == SITE + path
    assert answer.json()["authorization_servers"] == [f"{SITE}/auth/v1"]
    assert answer["Cache-Control"] == "public, max-age=3600"
    assert answer["Access-Control-Allow-Origin"] == "*"


@proves("resource-document-path", "resource-restricts")
@pytest.mark.parametrize("path", ["/api/people/", "/plain/any-token/"])
def test_a_token_for_the_documents_resource_opens_the_path(path, token):
    resource = document(challenged(path)).json()["resource"]
    headers = {"Authorization": f"Bearer {token(resource=[resource])}"}
    assert Client().get(path, headers=headers).status_code == 200
    assert Client().get("/things/x", headers=headers).status_code == 401


@proves("resource-document-path")
@pytest.mark.parametrize("view", ["things", "people"])
@pytest.mark.parametrize(
    "name", ["a:b", "a b", "ñ", "a@b,c;d=e+f&g", "a%2Fb", "a//b", "~a", "'a'", "%", "?", "#"]
)
def test_the_resource_is_written_as_clients_write_it(view, name):
    path = f"/{view}/" + quote(name, safe="/:@!$&'()*+,;=%" if name == "a%2Fb" else "/:@!$&'()*+,;=")
    resource = document(challenged(path)).json()["resource"]
    assert resource == SITE + path.replace("%2F", "/")


@proves("resource-document-path")
def test_a_query_string_changes_nothing():
    address = challenged("/api/people/?page=2")
    assert address == f"{METADATA}/api/people/"
    assert Client().get(f"{urlsplit(address).path}?page=2").json()["resource"] == f"{SITE}/api/people/"


@proves("resource-document-path")
def test_the_document_is_there_without_the_slash_that_some_clients_leave_out():
    answer = document(f"{METADATA}/api/people")
    assert answer.json()["resource"] == f"{SITE}/api/people"


@proves("resource-document-path")
@pytest.mark.parametrize("language", ["es", "en"])
def test_the_document_of_a_path_that_has_its_language_in_it(site, language):
    patterns = [*plain_urls.urlpatterns, *i18n_patterns(path("api/", plain))]
    site.ROOT_URLCONF = type("urls", (), {"urlpatterns": patterns})
    address = challenged(f"/{language}/api/")
    answer = Client().get(urlsplit(address).path, headers={"Accept-Language": "pt-BR"})
    assert answer.json()["resource"] == f"{SITE}/{language}/api/"


@proves("resource-document-path")
def test_the_document_of_a_site_below_a_prefix(settings):
    settings.FORCE_SCRIPT_NAME = "/shop"
    set_script_prefix("/shop/")  # a server does it, the test client does not
    try:
        address = challenged("/api/people/")
        assert address == f"{SITE}/shop/.well-known/oauth-protected-resource/shop/api/people/"
        answer = document(address.replace("/shop/.well-known", "/.well-known"))
    finally:
        set_script_prefix("/")
    assert answer.json()["resource"] == f"{SITE}/shop/api/people/"


@proves("resource-document-path")
def test_another_host_of_the_site_is_the_resource_where_it_is_a_known_one(site):
    site.ALLOWED_HOSTS = ["api.example", "testserver"]
    elsewhere: Any = {"headers": {"Host": "api.example"}}
    assert challenged("/api/people/", **elsewhere) == f"{METADATA}/api/people/"
    site.MULTINEXO_OAUTH = {**site.MULTINEXO_OAUTH, "RESOURCES": ["http://api.example"]}
    address = challenged("/api/people/", **elsewhere)
    assert address == "http://api.example/.well-known/oauth-protected-resource/api/people/"
    answer = Client().get(urlsplit(address).path, **elsewhere)
    assert answer.json()["resource"] == "http://api.example/api/people/"


@proves("resource-document-others")
@pytest.mark.parametrize(
    "path",
    [
        *[
            "/page/",
            "/page",
            "/nothing",
            "/api",
            "/api/session-only/",
            "/.well-known/oauth-protected-resource",
        ],
        *[
            "//other.example/api/people/",
            "/https://other.example",
            "/api/people/%00",
            "/%zz",
            "/api/../page/",
        ],
        *[
            "/things/a%00b",
            "/things/a%0Ab",
            "/things/" + "x" * 600,
            "/" + "a/" * 4000,
            "/things/../x",
            "/%ff%fe",
        ],
    ],
)
def test_a_path_that_takes_no_token_has_no_document(path):
    assert document(METADATA + path).status_code == 404


@proves("resource-document-others", "resource-challenge")
@pytest.mark.parametrize("path", ["/things/" + "x" * 600, "/things/a%00b", "/things/../x"])
def test_where_no_token_could_be_asked_for_the_challenge_names_the_roots_document(path):
    path_info = unquote(path)  # the test client would take dots and NULs out of an address
    assert challenged("/", PATH_INFO=path_info) == METADATA
