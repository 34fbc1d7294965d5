"""Django's Redis cache for a site that reads it with every call: each thread keeps a connection to read by.

Django makes a client for each command, which takes a connection from a pool, asks whether it is still good and gives it
back. Together that takes longer than the answer. Whatever writes goes Django's way.
"""

import os
import threading
from typing import Any

from django.core.cache.backends import redis


class _Client(redis.RedisCacheClient):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._connections: dict[Any, Any] = {}

    def get(self, key: Any, default: Any) -> Any:
        connection = self._connection()
        try:
            value = _ask(connection, "GET", key)
        except self._lib.ConnectionError:  # type: ignore[attr-defined]  # the stubs leave it out
            # The server closed it since the last question; asked again, it connects again.
            value = _ask(connection, "GET", key)
        return default if value is None else self._serializer.loads(value)  # type: ignore[attr-defined]

    def _connection(self) -> Any:
        """Return a connection of this thread's own: of two that share one, each might read the other's answer."""
        pool = self._get_connection_pool(write=False)  # type: ignore[attr-defined]
        place = (pool, os.getpid(), threading.get_ident())
        found = self._connections.get(place)
        if found is None:
            found = self._connections[place] = pool.get_connection()
        return found


class RedisCache(redis.RedisCache):
    """A value for `CACHES[…]["BACKEND"]`, in place of Django's own, whose options it takes."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _Client


def _ask(connection: Any, *command: Any) -> Any:
    try:
        connection.send_command(*command)
        return connection.read_response()
    except BaseException:
        # An answer that nobody read would be the next question's.
        connection.disconnect()
        raise
