"""A cache that accepts connections and never answers holds nobody up for long (a real socket)."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.cache import caches
from rest_framework.views import APIView

from multinexo_oauth.rest_framework.throttling import ApplicationRateThrottle
from multinexo_oauth.server.bearer.token import Bearer, find_bearer
from multinexo_oauth.storage import cache_keys, token_cache
from multinexo_oauth.storage.digest import digest
from tests.conformance import proves
from tests.oauth import OAuthClient, Products
from tests.redis_server import Redis, Silent

pytestmark = proves("cache-hangs")
BACKEND = "multinexo_oauth.redis_cache.RedisCache"
# Half a second, and what a slow machine adds.
SOON = 1.5


@pytest.fixture
def silent() -> Iterator[Silent]:
    pytest.importorskip("redis")
    silent = Silent()
    yield silent
    silent.close()


@pytest.fixture
def hanging(silent: Silent, settings: Any) -> Any:
    """A site all of whose caches hang, with the throttles on."""
    settings.CACHES = {
        "default": {"BACKEND": BACKEND, "LOCATION": silent.url},
        "tokens": {"BACKEND": BACKEND, "LOCATION": silent.url.replace("/0", "/1")},
    }
    settings.MULTINEXO_OAUTH = {
        **settings.MULTINEXO_OAUTH,
        "TOKEN_CACHE": "tokens",
        "CACHE_PAUSE_SECONDS": 60,
        "THROTTLES": {"token": "100/min", "revocation": "100/min"},
    }
    return settings


def seconds(work: Callable[[], Any]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began


def resume(settings: Any) -> None:
    """End the pause as its time would."""
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "CACHE_PAUSE_SECONDS": 0}


def test_the_first_call_waits_half_a_second_and_the_next_ones_do_not(
    tokens: dict[str, Any], products: Products, hanging: Any, silent: Silent
) -> None:
    token = tokens["access_token"]
    assert 0.4 < seconds(lambda: products.list(token)) < SOON
    assert silent.asked() == 1
    assert [products.list(token).status_code for _ in range(3)] == [200] * 3
    assert silent.asked() == 1


def test_a_revocation_waits_half_a_second_for_the_cache_and_logs_the_failure(
    web: OAuthClient,
    tokens: dict[str, Any],
    products: Products,
    hanging: Any,
    silent: Silent,
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert 0.4 < seconds(lambda: web.revoke(tokens["refresh_token"])) < SOON
    # The throttles' cache and the tokens' are on one server: nobody waits for each.
    assert silent.asked() == 1
    assert "A revocation did not reach the token cache" in caplog.text
    assert "60 s" in caplog.text
    assert products.list(tokens["access_token"]).status_code == 401


def test_a_revocation_during_a_cache_pause_does_not_wait_and_is_logged(
    web: OAuthClient,
    tokens: dict[str, Any],
    products: Products,
    hanging: Any,
    silent: Silent,
    caplog: pytest.LogCaptureFixture,
) -> None:
    products.list(tokens["access_token"])
    caplog.clear()
    assert web.revoke(tokens["refresh_token"]).status_code == 200
    assert silent.asked() == 1
    assert "A revocation did not reach the token cache" in caplog.text


def test_a_token_request_waits_half_a_second_in_all(
    service: OAuthClient, hanging: Any, silent: Silent
) -> None:
    assert 0.4 < seconds(lambda: service.token("client_credentials")) < SOON
    assert service.token("client_credentials").status_code == 200
    assert silent.asked() == 1


def test_a_call_that_is_counted_waits_half_a_second(rf: Any, hanging: Any, silent: Silent) -> None:
    hanging.REST_FRAMEWORK = {**hanging.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {"application": "1/min"}}
    request = rf.get("/")
    request.auth = Bearer(1, "client", 1, "products:read", [], "0" * 32, 2e9)
    assert [ApplicationRateThrottle().allow_request(request, APIView()) for _ in range(2)] == [True, True]
    assert silent.asked() == 1


def test_one_of_many_calls_after_a_pause_tries_the_cache(hanging: Any, silent: Silent) -> None:
    hanging.MULTINEXO_OAUTH = {**hanging.MULTINEXO_OAUTH, "CACHE_PAUSE_SECONDS": 1}
    assert token_cache.get("0" * 64) is None
    time.sleep(1)
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(token_cache.get, ["0" * 64] * 4)) == [None] * 4
    assert silent.asked() == 2


def test_other_caches_are_not_left_alone(hanging: Any, silent: Silent) -> None:
    assert token_cache.get("0" * 64) is None
    hanging.CACHES = {**hanging.CACHES}
    assert token_cache.get("0" * 64) is None
    assert silent.asked() == 2


def test_the_sites_own_options_say_how_long(silent: Silent, settings: Any) -> None:
    options = {"socket_timeout": 0.05, "socket_connect_timeout": 0.05}
    settings.CACHES = {"default": {"BACKEND": BACKEND, "LOCATION": silent.url, "OPTIONS": options}}
    began = time.monotonic()
    with pytest.raises(Exception, match="Timeout"):
        caches["default"].get("key")
    assert time.monotonic() - began < 0.4


@pytest.fixture
def stopping(redis: Redis, settings: Any) -> Redis:
    settings.CACHES = settings.CACHES | {"tokens": {"BACKEND": BACKEND, "LOCATION": redis.url}}
    settings.MULTINEXO_OAUTH = {
        **settings.MULTINEXO_OAUTH,
        "TOKEN_CACHE": "tokens",
        "CACHE_PAUSE_SECONDS": 60,
    }
    return redis


def test_a_revocation_of_the_pause_reaches_the_cache_when_it_answers_again(
    web: OAuthClient, tokens: dict[str, Any], products: Products, stopping: Redis, settings: Any
) -> None:
    token = tokens["access_token"]
    assert products.list(token).status_code == 200
    stopping.pause(seconds=0.8)
    assert products.list(token).status_code == 200
    web.revoke(tokens["refresh_token"])
    time.sleep(0.5)
    # Another process has reached it all the time, and takes the token.
    key = cache_keys.key("token", digest(token))
    assert caches["tokens"].get(key) != token_cache.TOMBSTONE
    resume(settings)
    assert products.list(token).status_code == 401
    assert caches["tokens"].get(key) == token_cache.TOMBSTONE


def test_after_the_pause_one_call_finds_out_and_the_cache_is_used_again(
    tokens: dict[str, Any],
    products: Products,
    stopping: Redis,
    settings: Any,
    django_assert_num_queries: Any,
) -> None:
    token = tokens["access_token"]
    stopping.pause(seconds=0.6)
    products.list(token)
    time.sleep(0.3)
    with django_assert_num_queries(1):
        assert find_bearer(token) is not None
    resume(settings)
    assert find_bearer(token) is not None
    with django_assert_num_queries(0):
        assert find_bearer(token) is not None
