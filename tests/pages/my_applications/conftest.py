"""People who look after applications through the pages, as a browser does."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from multinexo_oauth.models import Application
from tests.oauth import OAuthClient
from tests.responses import ClientResponse


class Developer:
    """Somebody with a browser; without a user, somebody who has not signed in."""

    def __init__(self, user: User | None = None) -> None:
        self.user = user
        self.browser = Client()
        if user:
            self.browser.force_login(user)

    def open(self, page: str, /, *args: Any, **query: Any) -> ClientResponse:
        return self.browser.get(url(page, *args), query)

    def send(self, page: str, /, *args: Any, **form: Any) -> ClientResponse:
        return self.browser.post(url(page, *args), form)

    def register(self, kind: str, /, **fields: Any) -> ClientResponse:
        """Send the form for a new application, good unless the fields say otherwise."""
        return self.send("application-create", kind, **(GOOD[kind] | fields))


GOOD: dict[str, dict[str, Any]] = {
    "web": {
        "name": "Tienda",
        "redirect_uris": "https://tienda.example/callback",
        "scopes": ["products:read"],
    },
    "spa": {"name": "Panel", "redirect_uris": "https://panel.example/callback", "scopes": ["products:read"]},
    "native": {"name": "Caja", "redirect_uris": "com.example.caja:/callback", "scopes": ["products:read"]},
    "device": {"name": "Impresora", "scopes": ["products:read"]},
    "service": {"name": "Respaldo", "scopes": ["products:read"]},
}


def url(page: str, *args: Any) -> str:
    """Return a page's address; an application or client in the arguments stands for its client id."""
    return reverse(f"multinexo_oauth:{page}", args=[getattr(arg, "client_id", arg) for arg in args])


def text(answer: ClientResponse) -> str:
    """Return what a page says, its tags left out."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def shown_secret(answer: ClientResponse) -> str:
    """Return the secret that the page shows, which must be there once in words."""
    (value,) = re.findall(r'id="client-secret"[^>]*>([^<]+)<', answer.content.decode())
    return value


def errors(answer: ClientResponse) -> dict[str, list[str]]:
    """Return the problems that a page reports beside its fields."""
    assert answer.status_code == 200, answer.status_code
    return {name: list(found) for name, found in answer.context["form"].errors.items()}


def offered(answer: ClientResponse, name: str) -> set[str]:
    """Return the permissions that a list of the page's form has boxes for."""
    return {scope.name for _product, boxes in answer.context["form"][name].groups() for scope, _box in boxes}


def registered(client: OAuthClient | Application) -> Application:
    """Return the application as it stands now."""
    return Application.objects.get(client_id=client.client_id)


@pytest.fixture
def ana(owner: User) -> Developer:
    """The owner of the fixtures' applications."""
    return Developer(owner)


@pytest.fixture
def eva(db: None) -> Developer:
    """Somebody else, who has an account."""
    return Developer(User.objects.create_user("eva", "eva@example.com", "secret-of-eva"))


@pytest.fixture
def nobody(db: None) -> Developer:
    return Developer()


@pytest.fixture
def registration(settings: Any) -> Callable[[str], None]:
    """Set who may register applications."""

    def choose(who: str) -> None:
        settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "REGISTRATION": who}

    return choose
