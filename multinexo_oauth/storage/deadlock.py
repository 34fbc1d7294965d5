import random
import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import DatabaseError, OperationalError, transaction

ATTEMPTS = 8
PAUSE_SECONDS = 0.02
# Deadlock, and the row that a transaction of a stricter isolation has read changed since (MariaDB 10.6's snapshots).
MYSQL_CONFLICTS = frozenset({1213, 1020})
MYSQL_LOCK_TIMEOUT = 1205
# deadlock_detected and serialization_failure (PostgreSQL, appendix A); lock_not_available.
POSTGRESQL_CONFLICTS = frozenset({"40P01", "40001"})
POSTGRESQL_LOCK_TIMEOUT = "55P03"
SQLITE_BUSY = 5

P = ParamSpec("P")
R = TypeVar("R")


class Busy(Exception):
    """The database let others go first each time: the caller may come again later."""


def survives_deadlocks(work: Callable[P, R]) -> Callable[P, R]:
    """Run the function again if the database aborted its transaction because of another one.

    Raises Busy where that happened `ATTEMPTS` times, or where a lock was not to be had in the database's own time.
    Within a transaction of the site's own the error is the site's, for only the whole transaction can be done anew.
    """

    @wraps(work)
    def attempted(*args: P.args, **kwargs: P.kwargs) -> R:
        for attempt in range(ATTEMPTS):
            try:
                return work(*args, **kwargs)
            except DatabaseError as error:
                if transaction.get_connection().in_atomic_block or not (
                    is_conflict(error) or _is_lock_timeout(error)
                ):
                    raise
                if attempt == ATTEMPTS - 1 or _is_lock_timeout(error):
                    raise Busy from error
            # A random delay keeps the same transactions from conflicting again.
            time.sleep(random.uniform(0, PAUSE_SECONDS * (attempt + 1)))  # noqa: S311
        raise AssertionError

    return attempted


def is_conflict(error: DatabaseError) -> bool:
    """Tell whether the database aborted the transaction because of another one, so that a retry may succeed."""
    cause = error.__cause__
    return isinstance(error, OperationalError) and (
        (error.args[:1] and error.args[0] in MYSQL_CONFLICTS)
        or getattr(cause, "sqlstate", None) in POSTGRESQL_CONFLICTS
        # The low byte is the primary code: a snapshot that is out of date has a code of its own beside it.
        or getattr(cause, "sqlite_errorcode", 0) & 0xFF == SQLITE_BUSY
    )


def _is_lock_timeout(error: DatabaseError) -> bool:
    cause = error.__cause__
    return MYSQL_LOCK_TIMEOUT in error.args[:1] or getattr(cause, "sqlstate", None) == POSTGRESQL_LOCK_TIMEOUT
