"""Calls in a thread each, on a database that several connections can use."""

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections, transaction

AT_ONCE = 20
WAITING = {
    "postgresql": """
        SELECT COUNT(DISTINCT pid) FROM pg_locks WHERE NOT granted AND pid IN (
            SELECT pid FROM pg_locks JOIN pg_database ON database = pg_database.oid WHERE datname = current_database()
        )""",
    "mysql": """
        SELECT COUNT(*) FROM information_schema.innodb_trx
        JOIN information_schema.processlist ON id = trx_mysql_thread_id
        WHERE trx_state = 'LOCK WAIT' AND db = DATABASE()""",
}


def at_once(calls: Iterable[Callable[[], Any]]) -> list[Any]:
    """Make the calls in a thread each and return what they return."""

    def call(function: Callable[[], Any]) -> Any:
        try:
            return function()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(call, calls))


def overlapping(row: Any, calls: list[Callable[[], Any]]) -> list[Any]:
    """Make the calls while a row that each of them needs is held, until all of them wait for it."""
    with ThreadPoolExecutor(1) as aside:
        with transaction.atomic():
            type(row).objects.select_for_update().get(pk=row.pk)
            answers = aside.submit(at_once, calls)
            until_waiting(len(calls))
        return answers.result()


def until_waiting(requests: int) -> None:
    """Return once so many requests wait for a lock."""
    for _attempt in range(50):
        with connection.cursor() as cursor:
            cursor.execute(WAITING[connection.vendor])
            if cursor.fetchone()[0] >= requests:
                return
        time.sleep(0.2)  # MariaDB answers the same for a tenth of a second
    pytest.fail(f"Never did {requests} requests wait at once.")
