"""A running site with a person and two applications on it."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from authlib.integrations.django_client import OAuth
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.test import RequestFactory
from pytest_django.live_server_helper import LiveServer

from tests.clients.person import Person
from tests.documents import FETCHER, documents
from tests.oauth import PRODUCTS, REVOKE, TOKEN, OAuthClient, register

__all__ = ["documents"]


class Site:
    """The addresses that a developer reads in the documentation."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.issuer = f"{url}/auth/v1"
        self.authorization = f"{self.issuer}/authorize/"
        self.token = url + TOKEN
        self.revocation = url + REVOKE
        self.products = url + PRODUCTS


@pytest.fixture
def site(live_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> Site:
    """The site, on this machine and so by plain http, which oauthlib's clients otherwise refuse."""
    monkeypatch.setenv("NO_PROXY", live_server.thread.host)
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    return Site(live_server.url)


@pytest.fixture
def open_site(site: Site, settings: Any) -> Site:
    """A site that any client may come to."""
    settings.MULTINEXO_OAUTH = settings.MULTINEXO_OAUTH | {
        "DYNAMIC_REGISTRATION": "open",
        "CLIENT_ID_METADATA_DOCUMENTS": True,
        "SELF_REGISTERED_SCOPES": ["products:read", "products:write"],
    }
    settings.OAUTH2_PROVIDER = settings.OAUTH2_PROVIDER | {"CIMD_METADATA_FETCHER": FETCHER}
    return site


@pytest.fixture
def luis(site: Site) -> Iterator[Person]:
    User.objects.create_user("luis", "luis@example.com", "secret-of-luis")
    luis = Person(site.url, "luis", "secret-of-luis")
    yield luis
    luis.browser.close()


@pytest.fixture
def developer(site: Site) -> User:
    return User.objects.create_user("ana", "ana@example.com", "secret-of-ana")


@pytest.fixture
def web_application(developer: User) -> OAuthClient:
    return register(developer, "web", redirect_uris="https://web.example/callback")


@pytest.fixture
def service_application(developer: User) -> OAuthClient:
    return register(developer, "service")


@pytest.fixture
def login(developer: User) -> OAuthClient:
    return register(
        developer, "web", redirect_uris="https://web.example/callback", scopes="openid profile email"
    )


@pytest.fixture
def openid_client(login: OAuthClient, site: Site) -> Any:
    return OAuth().register(
        "multinexo",
        client_id=login.client_id,
        client_secret=login.secret,
        server_metadata_url=f"{site.issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid profile email", "code_challenge_method": "S256"},
    )


@pytest.fixture
def started(openid_client: Any, login: OAuthClient) -> tuple[str, dict[str, Any]]:
    """Where the application sends its visitor, and what it remembers of that."""
    request = visit("/")
    address = openid_client.authorize_redirect(request, login.redirect_uri)["Location"]
    return address, request.session


def visit(url: str, session: dict[str, Any] | None = None) -> HttpRequest:
    parts = urlsplit(url)
    request = RequestFactory().get(f"{parts.path}?{parts.query}")
    request.session = {} if session is None else session
    return request
