"""Tokens that are issued and used while others are deleted are in the cache only if they are in the database."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection, connections, transaction
from django.utils import timezone

from multinexo_oauth.ending.applications import revoke_application
from multinexo_oauth.models import AccessToken, Application
from multinexo_oauth.storage.digest import digest
from tests.conformance import proves
from tests.oauth import OAuthClient, Products

pytestmark = [
    proves("cache-meanwhile"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite in memory has one connection"),
]
TOKENS = 4000
THREADS = 3


@pytest.fixture(autouse=True)
def cache(settings: Any) -> None:
    tokens = {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "meanwhile",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
    settings.CACHES = settings.CACHES | {"tokens": tokens}
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "TOKEN_CACHE": "tokens"}
    caches["tokens"].clear()


@pytest.fixture
def busy(service: OAuthClient) -> OAuthClient:
    """A service that has many tokens."""
    soon = timezone.now() + timedelta(minutes=15)
    AccessToken.objects.bulk_create(
        AccessToken(application=service.application, token_checksum=digest(str(number)), expires=soon)
        for number in range(TOKENS)
    )
    return service


def delete_them(application: Application) -> None:
    AccessToken.objects.filter(application=application).delete()


def delete_them_in_a_transaction(application: Application) -> None:
    with transaction.atomic():
        assert AccessToken.objects.exists()  # MariaDB goes on seeing what there was now.
        delete_them(application)


def expire_them(application: Application) -> None:
    AccessToken.objects.filter(application=application).update(expires=timezone.now())


@pytest.mark.parametrize("end", [delete_them, delete_them_in_a_transaction, revoke_application, expire_them])
def test_what_works_after_concurrent_acts_is_in_the_database(
    busy: OAuthClient, end: Callable[..., Any]
) -> None:
    delivered: list[str] = []
    started, ended = threading.Event(), threading.Event()

    def work(client: OAuthClient) -> None:
        try:
            while not ended.is_set():
                token = client.token("client_credentials").json()["access_token"]
                Products().list(token)
                delivered.append(token)
                started.set()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as threads:
        workers = [threads.submit(work, busy) for _ in range(THREADS)]
        started.wait(20)
        try:
            end(busy.application)
        finally:
            ended.set()
        for worker in workers:
            worker.result()
    assert {token for token in delivered if Products().list(token).status_code == 200} == {
        token for token in delivered if is_stored(token)
    }
    assert not AccessToken.objects.live().filter(token_checksum=digest("1")).exists()


def is_stored(token: str) -> bool:
    return AccessToken.objects.live().filter(token_checksum=digest(token)).exists()
