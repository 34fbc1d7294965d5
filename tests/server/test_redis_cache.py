"""The cache that keeps its connections gives each question its own answer (a real Redis)."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.cache import caches

from multinexo_oauth import redis_cache
from tests.conformance import proves
from tests.redis_server import Redis

ENTRIES = {f"key-{number}": ("entry", number) for number in range(4)}


@pytest.fixture
def cache(redis: Redis, settings: Any) -> Any:
    backend = "multinexo_oauth.redis_cache.RedisCache"
    settings.CACHES = settings.CACHES | {"kept": {"BACKEND": backend, "LOCATION": redis.url}}
    caches["kept"].set_many(ENTRIES)
    return caches["kept"]


def are_its_own(cache: Any, key: str) -> bool:
    return all(cache.get(key) == ENTRIES[key] for _ in range(300))


def test_it_keeps_what_djangos_own_keeps(cache: Any) -> None:
    for value in (1, -1, True, None, "text", 1.5, b"1", ["a"], {"b": 2}):
        cache.set("value", value)
        assert (cache.get("value", "nothing"), type(cache.get("value"))) == (value, type(value))
    assert cache.get("unknown") is None
    assert cache.get("unknown", "nothing") == "nothing"
    cache.set("number", 1)
    assert cache.incr("number") == cache.get("number") == 2


def test_a_connection_that_the_server_closed_is_made_anew(cache: Any, redis: Redis) -> None:
    assert cache.get("key-0") == ENTRIES["key-0"]
    assert redis.close_connections() > 0
    assert cache.get("key-0") == ENTRIES["key-0"]


class Interrupted(BaseException):
    pass


@pytest.fixture
def interruption() -> Iterator[None]:
    def interrupt(*args: Any) -> None:
        raise Interrupted

    before = signal.signal(signal.SIGALRM, interrupt)
    yield
    signal.signal(signal.SIGALRM, before)


def test_an_answer_that_nobody_waited_for_is_no_other_questions(
    cache: Any, redis: Redis, interruption: None
) -> None:
    cache.get("key-0")
    redis.pause(seconds=0.3)
    signal.setitimer(signal.ITIMER_REAL, 0.1)
    with pytest.raises(Interrupted):
        cache.get("key-0")
    assert cache.get("key-1") == ENTRIES["key-1"]


def test_threads_that_share_it_read_their_own(cache: Any) -> None:
    with ThreadPoolExecutor(len(ENTRIES)) as threads:
        assert all(threads.map(lambda key: are_its_own(cache, key), ENTRIES))


def test_so_do_processes_that_were_forked_with_it_open(cache: Any) -> None:
    assert are_its_own(cache, "key-0")
    child = os.fork()
    if not child:
        os._exit(0 if are_its_own(cache, "key-1") else 1)
    assert are_its_own(cache, "key-0")
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@proves("cache-connections")
def test_few_of_many_concurrent_connections_are_kept_open(
    cache: Any, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_cache, "KEPT", 1)
    with ThreadPoolExecutor(len(ENTRIES)) as threads:
        assert all(threads.map(lambda key: are_its_own(cache, key), ENTRIES))
    # One to read by, one that the entries were written by, and the one that asks.
    assert redis.connections_open() <= 3


@proves("cache-connections")
def test_another_cache_object_has_the_same_connections(cache: Any, redis: Redis) -> None:
    cache.get("key-0")
    before = redis.connections_received()
    for _ in range(3):
        assert caches.create_connection("kept").get("key-0") == ENTRIES["key-0"]
    assert redis.connections_received() - before == 1


def test_several_are_read_at_once(cache: Any) -> None:
    assert cache.get_many([*ENTRIES, "unknown"]) == ENTRIES
    assert cache.get_many(["unknown"]) == {}
