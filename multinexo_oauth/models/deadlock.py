from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import OperationalError, transaction

ATTEMPTS = 5
MYSQL_DEADLOCK = 1213
POSTGRESQL_DEADLOCK = "40P01"

P = ParamSpec("P")
R = TypeVar("R")


def survives_deadlocks(work: Callable[P, R]) -> Callable[P, R]:
    """Do the work anew where the database ended its one transaction for the sake of another.

    MySQL locks the entries of a row in the order of each query's plan, and what an INSERT that fails has met: two
    requests that write one row may wait for each other, however they were written. Within a transaction of the site's
    own (`ATOMIC_REQUESTS`) the error is the site's.
    """

    @wraps(work)
    def attempted(*args: P.args, **kwargs: P.kwargs) -> R:
        for _ in range(ATTEMPTS - 1):
            try:
                return work(*args, **kwargs)
            except OperationalError as error:
                if not _is_deadlock(error) or transaction.get_connection().in_atomic_block:
                    raise
        return work(*args, **kwargs)

    return attempted


def _is_deadlock(error: OperationalError) -> bool:
    """Tell a deadlock, which is over at once, from what would only hold the person up again (a lock that times out)."""
    return (
        MYSQL_DEADLOCK in error.args[:1] or getattr(error.__cause__, "sqlstate", None) == POSTGRESQL_DEADLOCK
    )
