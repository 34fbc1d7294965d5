"""When an application was last used, and whose account by it: noted at most hourly and after the answer."""

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


# A list of one, or none once it is written; a request carries one token. It is kept in both places, for under ASGI the
# answer ends in another task than the view's, whose context has seen nothing of it, but in the request's own thread;
# what calls views without a server may end the answer in another thread, but in one context.
_context: ContextVar[list[Use] | None] = ContextVar("multinexo_oauth_last_use", default=None)
_thread = _Thread()


def is_due(last: datetime | None) -> bool:
    """Tell whether a use of now is to be noted after the one noted last."""
    return last is None or last <= timezone.now() - INTERVAL


def note(user_id: Any, application_id: int, checksum: str = "") -> None:
    """Have a use written down once the answer is out."""
    _thread.noted = [Use(user_id, application_id, checksum)]
    _context.set(_thread.noted)


def forget(**kwargs: Any) -> None:
    """Leave aside what was noted outside of a request."""
    _taken()


def _taken() -> Use | None:
    """Return what was noted in the request, which is then noted no more."""
    noted = _thread.noted or _context.get()
    if noted is None:
        return None
    _thread.noted = None
    _context.set(None)
    return noted.pop() if noted else None


def write(**kwargs: Any) -> None:
    """Write down what the request noted, which its answer did not wait for."""
    use = _taken()
    if use is None:
        return
    connection = connections[router.db_for_write(Consent)]
    # Django has closed the request's connection by now, where it keeps none open.
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
