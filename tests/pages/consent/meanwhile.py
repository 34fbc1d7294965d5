"""Acts placed inside a request, after it was read and before its first row is locked."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def before_the_locks(act: Callable[[], Any]) -> Iterator[None]:
    """Do something once a request has been read, right before the first row is locked for it."""
    waiting = [act]

    def wrapper(execute: Any, sql: str, *args: Any) -> Any:
        reads_locked = sql.startswith("SELECT") and '"id" AS "id"' in sql.replace("`", '"')
        if waiting and reads_locked and "_application" in sql:
            waiting.pop()()
        return execute(sql, *args)

    with connection.execute_wrapper(wrapper):
        yield
    assert not waiting, "the rows were never locked"
