"""A service that asks for tokens and uses them while staff ends them: the cache knows none that the database lost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from multinexo_oauth.models import AccessToken, Application
from multinexo_oauth.storage.digest import digest
from tests.admin.pages import list_of
from tests.conformance import proves
from tests.oauth import OAuthClient, register
from tests.redis_server import Redis

from .at_once import all_the_while, forget
from .wire import Remote, RemoteProducts, Site, remote

pytestmark = [
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time"),
    proves("under-load", "cache-ended", "cache-race"),
]
# Of the application beside those that are asked for meanwhile, so that ending them takes its time.
TOKENS = 20_000


def staff_revokes(site: Site, application: Application, staff: User) -> None:
    form = {"action": "revoke_tokens", "_selected_action": application.pk, "confirmed": "yes"}
    assert Remote(site, staff).post(list_of(Application), form).status_code == 302


def owner_deletes(site: Site, application: Application, staff: User) -> None:
    address = reverse("multinexo_oauth:application-delete", args=[application.client_id])
    assert Remote(site, application.user).post(address, {"name": application.name}).status_code == 302


def fill(application: Application) -> None:
    expires = timezone.now() + timedelta(minutes=15)
    rows = (
        AccessToken(
            token_checksum=digest(f"{application.pk} {number}"),
            application=application,
            scope="products:read",
            expires=expires,
        )
        for number in range(TOKENS)
    )
    AccessToken.objects.bulk_create(rows, batch_size=2000)


@pytest.mark.parametrize("end", [staff_revokes, owner_deletes])
def test_a_token_issued_while_others_are_ended_is_not_good_by_the_cache_alone(
    site: Site, redis: Redis, owner: User, staff: User, end: Callable[..., None]
) -> None:
    registered: OAuthClient = register(owner, "service", name="Servicio")
    client, products = remote(site, registered.application), RemoteProducts(site)
    fill(client.application)
    issued: list[str] = []

    def work() -> Any:
        answer = client.token("client_credentials")
        if answer.status_code == 200:
            token = answer.json()["access_token"]
            if products.list(token).status_code == 200:
                issued.append(token)

    with all_the_while(work):
        before = list(issued)
        end(site, client.application, staff)
    good = [token for token in issued if products.list(token).status_code == 200]
    forget(redis)
    good_by_the_database = [token for token in issued if products.list(token).status_code == 200]
    assert before
    assert set(before).intersection(good_by_the_database) == set()
    assert good == good_by_the_database
    assert not site.errors
    assert not site.busy
