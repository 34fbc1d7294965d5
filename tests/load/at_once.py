"""Calls in several threads at once."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from django.db import connections

from tests.redis_server import Redis

THREADS = 4


def closing(call: Callable[[], Any]) -> Any:
    """Make a call whose thread leaves no connection behind."""
    try:
        return call()
    finally:
        connections.close_all()


def forget(redis: Redis) -> None:
    """Have a Redis lose everything that it holds."""
    with redis.client() as client:
        client.flushall()


@contextmanager
def all_the_while(call: Callable[[], Any]) -> Iterator[None]:
    """Make a call again and again in some threads, from before the body runs until after it."""
    over = threading.Event()
    started = threading.Barrier(THREADS + 1, timeout=60)

    def again() -> None:
        call()
        started.wait()
        while not over.is_set():
            call()
        call()

    with ThreadPoolExecutor(THREADS) as threads:
        calls = [threads.submit(closing, again) for _ in range(THREADS)]
        try:
            started.wait()
            yield
        finally:
            over.set()
    for made in calls:
        made.result()
