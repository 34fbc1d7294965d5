"""When an application was last used, in general and for a person: recorded at most hourly, after the response."""

import logging
import threading
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, connections, router
from django.db.models import Q, QuerySet
from django.utils import timezone

from ...models import AccessToken, Application, Consent

log = logging.getLogger("multinexo_oauth")

INTERVAL = timedelta(hours=1)


@dataclass(frozen=True)
class Use:
    """An application's use of a person's account, or for itself where `user_id` is None.

    `checksum` is the digest of the access token, if it was by one.
    """

    user_id: Any
    application_id: int
    checksum: str = ""


class _Thread(threading.local):
    noted: list[Use] | None = None


# At most one entry, which is removed once it is written. It is kept in a context variable and in a thread local:
# under # ASGI the response ends in another task, whose context lacks it, but in the request's thread; a caller
# without a server # may end the response in another thread, but in the same context.
_context: ContextVar[list[Use] | None] = ContextVar("multinexo_oauth_last_use", default=None)
_thread = _Thread()


def is_due(last: datetime | None) -> bool:
    """Tell whether a use should be recorded now, given when one was last recorded."""
    return last is None or last <= timezone.now() - INTERVAL


def note(user_id: Any, application_id: int, checksum: str = "") -> None:
    """Record a use after the response."""
    _thread.noted = [Use(user_id, application_id, checksum)]
    _context.set(_thread.noted)


def forget(**kwargs: Any) -> None:
    """Discard a use that was noted outside of a request."""
    _taken()


def _taken() -> Use | None:
    """Return and remove the use that was noted during the request."""
    noted = _thread.noted or _context.get()
    if noted is None:
        return None
    _thread.noted = None
    _context.set(None)
    return noted.pop() if noted else None


def write(**kwargs: Any) -> None:
    """Store the use that the request noted."""
    use = _taken()
    if use is None:
        return
    connection = connections[router.db_for_write(Consent)]
    # By now Django has closed the request's connection, unless CONN_MAX_AGE keeps it open.
    was_closed = connection.connection is None
    try:
        if use.checksum:
            _update(AccessToken.objects.filter(token_checksum=use.checksum))
        if use.user_id is not None:
            _update(Consent.objects.filter(user=use.user_id, application=use.application_id))
        _update(Application.objects.filter(pk=use.application_id))
    except DatabaseError:
        log.warning("The last use of an application could not be noted.", exc_info=True)
    if was_closed:
        connection.close()


def _update(rows: QuerySet[Any]) -> None:
    now = timezone.now()
    rows.filter(Q(last_used_at=None) | Q(last_used_at__lte=now - INTERVAL)).update(last_used_at=now)
