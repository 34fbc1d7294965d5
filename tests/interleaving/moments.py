"""The moments at which a connection has no open transaction, and so holds nothing that others would wait for."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from django.db import connection, connections

R = TypeVar("R")
SECONDS = 30


def aside(call: Callable[[], R]) -> R:
    """Make a call in a thread, on a connection of its own, and return what it returns."""

    def closing() -> R:
        try:
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(closing).result(SECONDS)


class Interruption:
    """Does something aside, once, before the statement of the n-th moment. Numbers count from zero.

    A moment is a statement outside of a transaction, or the first one of a transaction, which holds nothing yet.
    """

    def __init__(self, number: int, act: Callable[[], Any]) -> None:
        self.number = number
        self.act = act
        self.moments = 0
        self.came = False
        self._within: Any = None

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if self._is_moment(context["connection"]):
            if self.moments == self.number:
                self.came = True
                self.act()
            self.moments += 1
        return execute(sql, params, many, context)

    def _is_moment(self, used: Any) -> bool:
        if not used.in_atomic_block:
            self._within = None
            return True
        outermost = used.atomic_blocks[0]
        if self._within is outermost:
            return False
        self._within = outermost
        used.on_commit(self._forget)  # a decorator's block is the same one each time
        # SQLite's BEGIN came before this statement and took the lock of all writers.
        return bool(used.vendor != "sqlite")

    def _forget(self) -> None:
        self._within = None


def interrupted(call: Callable[[], R], interruption: Interruption) -> R:
    """Make a call with the interruption in its statements."""
    with connection.execute_wrapper(interruption):
        return call()
