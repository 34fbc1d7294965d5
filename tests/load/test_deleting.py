"""What is authorized silently all the while can be deleted: nobody sees an error of the server."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.urls import reverse

from multinexo_oauth.models import Application
from tests.admin.pages import page_of
from tests.conformance import proves
from tests.oauth import OAuthClient, register

from .at_once import all_the_while
from .wire import Remote, RemotePerson, Site, code_of, remote

pytestmark = [
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time"),
    proves("under-load", "never-a-server-error"),
]
ROUNDS = 8


def owner_deletes(site: Site, client: OAuthClient, _staff: User, _person: User) -> bool:
    owner = Remote(site, client.application.user)
    address = reverse("multinexo_oauth:application-delete", args=[client.client_id])
    owner.post(address, {"name": client.application.name})
    return not Application.objects.filter(pk=client.application.pk).exists()


def staff_deletes(site: Site, client: OAuthClient, staff: User, _person: User) -> bool:
    Remote(site, staff).post(page_of(client.application, "delete"), {"post": "yes"})
    return not Application.objects.filter(pk=client.application.pk).exists()


def account_is_deleted(_site: Site, _client: OAuthClient, _staff: User, person: User) -> bool:
    key = person.pk
    person.delete()
    return not User.objects.filter(pk=key).exists()


@pytest.mark.parametrize("delete", [owner_deletes, staff_deletes, account_is_deleted])
def test_what_is_authorized_silently_meanwhile_is_deleted(
    site: Site, owner: User, staff: User, delete: Callable[..., bool]
) -> None:
    gone = []
    for number in range(ROUNDS):
        registered = register(owner, "web", name=f"Una {number}", redirect_uris="https://web.example/")
        client = remote(site, registered.application)
        user = User.objects.create_user(f"luis-{number}")
        person = RemotePerson(site, user)
        client.exchange(person.consent(client))

        def authorize(person: RemotePerson = person, client: OAuthClient = client) -> None:
            code = code_of(person.visit(client, prompt="none"))
            if code:
                client.exchange(code)

        with all_the_while(authorize):
            gone.append(delete(site, client, staff, user))
    assert gone == [True] * ROUNDS
    assert not site.errors
    assert not site.busy
