"""A token for one resource (RFC 8707) at a view that answers for every path of its site."""

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import re_path

from multinexo_oauth.decorators import scope_required
from tests.conformance import proves

from .views import People

pytestmark = [proves("resource-address"), pytest.mark.django_db]


@scope_required()
def plain(request):
    return HttpResponse()


@pytest.fixture(params=[People.as_view(), plain], ids=["REST framework", "plain"])
def status_at(request, site, token):
    """Return the status of a request by a token for the resource: a catch-all view answers whatever the path."""
    site.ROOT_URLCONF = type("urls", (), {"urlpatterns": [re_path("", request.param)]})
    site.ALLOWED_HOSTS = ["testserver", "api.example"]

    def status(path, resource, **extra):
        value = token(resource=[resource])
        # As a server hands it over; the test client would read `//host/` as an address.
        return (
            Client()
            .get(
                "/",
                PATH_INFO=path.encode().decode("latin-1"),
                headers={"Authorization": f"Bearer {value}"},
                **extra,
            )
            .status_code
        )

    return status


@pytest.mark.parametrize(
    ("path", "resource"),
    [
        ("/x", "https://other.example"),
        ("//other.example/x", "https://other.example"),
        ("//other.example/x", "http://other.example"),
        ("///other.example/x", "http://other.example"),
        ("/\\other.example/x", "http://other.example"),
        ("//x@other.example/x", "http://other.example"),
        ("/files?/x", "http://testserver/files"),
        ("/files#/x", "http://testserver/files"),
        ("/files;/x", "http://testserver/files"),
        ("/fi\tles/x", "http://testserver/files"),
        ("/fi\nles/x", "http://testserver/files"),
        ("/files/../x", "http://testserver/files"),
        ("/files/./x", "http://testserver/files"),
        ("/files/..\\x", "http://testserver/files"),
        ("//files/x", "http://testserver/files"),
        ("/Files/x", "http://testserver/files"),
        ("/filesx", "http://testserver/files"),
        ("/%66iles/x", "http://testserver/files"),
        ("/files", "http://testserver:81/files"),
        ("/files", "https://testserver/files"),
        ("/files", "http://x@testserver/files"),
    ],
)
def test_a_path_that_resembles_the_resource_does_not_open_the_view(status_at, path, resource):
    assert status_at(path, resource) == 401


@pytest.mark.parametrize(
    ("path", "resource"),
    [
        ("/", "http://testserver"),
        ("/files/x", "http://testserver"),
        ("//other.example/x", "http://testserver"),
        ("/files?/x", "http://testserver"),
        ("/files", "http://testserver/files"),
        ("/files/x//y", "http://testserver/files/"),
        ("/files", "HTTP://TestServer:80/files"),
        ("/files", "http://testserver/%66iles"),
        ("/menú/x", "http://testserver/men%C3%BA"),
        ("/a b/x", "http://testserver/a%20b"),
        ("/a+b:c/x", "http://testserver/a+b:c"),
        ("/files", "https://multinexo.example/files"),
    ],
)
def test_the_resources_own_paths_open_it_however_they_are_written(status_at, path, resource):
    assert status_at(path, resource) == 200


@pytest.mark.parametrize("host", ["api.example", "API.example", "api.example:80"])
def test_another_host_of_the_site_is_a_resource_of_its_own(status_at, host):
    assert status_at("/x", "http://api.example", HTTP_HOST=host) == 200
    assert status_at("/x", "http://testserver", HTTP_HOST=host) == 401
