"""Under ASGI each request runs in a thread of its own, and the end of its answer in another task."""

from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.test import AsyncClient
from django.utils import timezone

from multinexo_oauth.models import AccessToken, Application, Consent
from tests import asgi
from tests.conformance import proves
from tests.oauth import PRODUCTS
from tests.redis_server import Redis

pytestmark = pytest.mark.django_db(transaction=True)
CALLS = 20


@pytest.fixture
def unused(tokens: dict[str, Any]) -> str:
    long_ago = timezone.now() - timedelta(hours=2)
    for model in (AccessToken, Application, Consent):
        model.objects.update(last_used_at=long_ago)
    token: str = tokens["access_token"]
    return token


def used_recently(model: Any) -> bool:
    return timezone.now() - model.objects.get().last_used_at < timedelta(minutes=1)


@proves("last-use")
def test_a_call_is_a_use(unused: str) -> None:
    assert asgi.get(PRODUCTS, unused) == [200]
    assert [used_recently(model) for model in (AccessToken, Application, Consent)] == [True] * 3


@proves("last-use")
def test_a_call_without_a_server_is_a_use(unused: str) -> None:
    answer = async_to_sync(AsyncClient().get)(PRODUCTS, headers={"Authorization": f"Bearer {unused}"})
    assert answer.status_code == 200
    assert used_recently(Consent)


@proves("last-use")
def test_a_refused_call_after_it_is_none(unused: str) -> None:
    assert asgi.get(PRODUCTS, unused) == [200]
    Consent.objects.update(last_used_at=None)
    assert asgi.get(PRODUCTS, "unknown") == [401]
    assert Consent.objects.get().last_used_at is None


@proves("cache-connections")
def test_calls_reuse_the_connections_to_redis(unused: str, redis: Redis, settings: Any) -> None:
    backend = "multinexo_oauth.redis_cache.RedisCache"
    settings.CACHES = settings.CACHES | {"tokens": {"BACKEND": backend, "LOCATION": redis.url}}
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "TOKEN_CACHE": "tokens"}
    before = redis.connections_received()
    assert asgi.get(PRODUCTS, unused, CALLS) == [200] * CALLS
    # One to read by, one to write by, and the one that asks.
    assert redis.connections_received() - before <= 3
    assert redis.connections_open() <= 3
