"""People who look after the applications that they have let in, through the pages."""

import html
import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from tests.oauth import OAuthClient, Person, register
from tests.responses import ClientResponse

LIST = "/auth/v1/aplicaciones-conectadas/"
REMOVE_ALL = f"{LIST}quitar-todas/"
ALL = "products:read products:write documents:read"


def url(page: str, *clients: OAuthClient) -> str:
    return reverse(f"multinexo_oauth:{page}", args=[client.client_id for client in clients])


def text(answer: ClientResponse) -> str:
    """Return what a page says, its tags left out."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def press(person: Person, page: ClientResponse, **fields: Any) -> ClientResponse:
    """Press the button of a page that asks for confirmation."""
    assert 'data-action="confirm"' in page.content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())
    assert token
    return person.browser.post(page.wsgi_request.path, {"csrfmiddlewaretoken": token[1]} | fields)


def remove(person: Person, client: OAuthClient) -> ClientResponse:
    """Take an application's access back, from its row to the confirmation."""
    path = url("connection-remove", client)
    assert f'href="{path}" data-action="revoke"' in person.browser.get(LIST).content.decode()
    return press(person, person.browser.get(path))


def remove_all(person: Person) -> ClientResponse:
    assert f'href="{REMOVE_ALL}"' in person.browser.get(LIST).content.decode()
    return press(person, person.browser.get(REMOVE_ALL))


def names(answer: ClientResponse) -> list[Any]:
    """Return the names of the listed applications, in their order."""
    return [consent.application.name for consent in answer.context["page"]]


def choose(person: Person, client: OAuthClient, *scopes: str) -> ClientResponse:
    """Tick permissions to take back, and go on to what asks for confirmation."""
    path = url("connection-withdraw", client)
    assert (
        f'href="{path}" data-action="withdraw"'
        in person.browser.get(url("connected-application", client)).content.decode()
    )
    return person.browser.get(path, {"scopes": scopes, "chosen": "yes"})


def withdraw(person: Person, client: OAuthClient, *scopes: str) -> ClientResponse:
    """Take permissions back, from the details to the confirmation."""
    return press(person, choose(person, client, *scopes), scopes=list(scopes))


@pytest.fixture
def caja(owner: User) -> OAuthClient:
    return register(
        owner, "web", name="Caja", redirect_uris="https://caja.example/cb", support_email="ayuda@caja.example"
    )


@pytest.fixture
def panel(owner: User) -> OAuthClient:
    return register(owner, "web", name="Panel", scopes=ALL, redirect_uris="https://panel.example/")


@pytest.fixture
def held(person: Person, panel: OAuthClient) -> dict[str, Any]:
    return person.tokens(panel, scope=ALL)
