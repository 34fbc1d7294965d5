"""A running site with a person and two applications on it."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from pytest_django.live_server_helper import LiveServer

from tests.clients.person import Person
from tests.oauth import PRODUCTS, REVOKE, TOKEN, OAuthClient, register


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
