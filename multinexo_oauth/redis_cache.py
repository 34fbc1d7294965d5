"""Django's Redis cache for a site that reads it on every API call, with short timeouts.

Django makes a client for each command, which takes a connection from a pool, asks whether it is still good and gives it
back. Together that takes longer than the answer. Here what reads takes a connection that was kept; what writes goes
Django's way. Under ASGI each request has a thread and a cache object of its own, so connections are the process's.
"""

import os
import threading
from typing import Any

from django.core.cache.backends import redis
from django.utils.functional import cached_property

# How long a command waits for the server, unless OPTIONS say so.
SECONDS = 0.5
# How many connections stay open to read by. More are made for more readers at once, and closed after their answers.
KEPT = 100


class _Client(redis.RedisCacheClient):
    def __init__(self, servers: list[str], **options: Any) -> None:
        super().__init__(servers, **{**_patience(), **options})
        # Made here, for threads share the client and would make one each.
        for index, server in enumerate(servers):
            self._pools[index] = self._pool_class.from_url(server, **self._pool_options)  # type: ignore[attr-defined]
        self._idle: dict[Any, list[Any]] = {}
        self._process = os.getpid()

    def get(self, key: Any, default: Any) -> Any:
        value = self._asked("GET", key)
        return default if value is None else self._serializer.loads(value)  # type: ignore[attr-defined]

    def get_many(self, keys: Any) -> dict[Any, Any]:
        loads = self._serializer.loads  # type: ignore[attr-defined]
        found = zip(keys, self._asked("MGET", *keys), strict=True)
        return {key: loads(value) for key, value in found if value is not None}

    def _asked(self, *command: Any) -> Any:
        """Return the answer, over a connection that nobody else has meanwhile: one might read the other's answer."""
        pool = self._get_connection_pool(write=False)  # type: ignore[attr-defined]
        idle = self._idle_connections(pool)
        try:
            connection = idle.pop()
        except IndexError:
            connection = pool.connection_class(**pool.connection_kwargs)
        try:
            return self._ask_again(connection, *command)
        finally:
            if len(idle) < KEPT:
                idle.append(connection)
            else:
                connection.disconnect()

    def _idle_connections(self, pool: Any) -> list[Any]:
        if self._process != os.getpid():
            # After a fork, the connections belong to the parent process.
            self._idle, self._process = {}, os.getpid()
        return self._idle.setdefault(pool, [])

    def _ask_again(self, connection: Any, *command: Any) -> Any:
        try:
            return _ask(connection, *command)
        except self._lib.ConnectionError:  # type: ignore[attr-defined]  # the stubs leave it out
            # The server closed it since the last question; asked again, it connects again.
            return _ask(connection, *command)


class RedisCache(redis.RedisCache):
    """A value for `CACHES[…]["BACKEND"]`, in place of Django's own, whose options it takes."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _Client

    def validate_key(self, key: str) -> None:
        """Take every key, as Redis does: what Django warns of is Memcached's, and takes a look at each character."""

    @cached_property
    def _cache(self) -> _Client:
        """The client that all cache objects of the process share, for its connections are what is to last."""
        servers, options = self._servers, self._options  # type: ignore[attr-defined]
        name = (self._class, *servers, repr(options))
        with _lock:
            if name not in _clients:
                _clients[name] = self._class(servers, **options)
            return _clients[name]


_clients: dict[Any, _Client] = {}
_lock = threading.Lock()


def _patience() -> dict[str, Any]:
    """Return options by which nothing waits for long: redis-py waits for ever (5), or tries again and again (8)."""
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    return {"socket_timeout": SECONDS, "socket_connect_timeout": SECONDS, "retry": Retry(NoBackoff(), 0)}


def _ask(connection: Any, *command: Any) -> Any:
    try:
        connection.send_command(*command)
        return connection.read_response()
    except BaseException:
        # An unread answer would be taken for the answer to the next command.
        connection.disconnect()
        raise
