"""Mail sent by a background thread, so that no request waits for it. Failures are logged."""

import logging
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore

from django.core.mail import EmailMessage
from django.db import connections

log = logging.getLogger("multinexo_oauth")

MOST_WAITING = 1000
_sender = ThreadPoolExecutor(max_workers=1, thread_name_prefix="multinexo_oauth.mail")
_room = BoundedSemaphore(MOST_WAITING)


def post(message: EmailMessage) -> None:
    """Queue a message. If the queue is full, because the mail server hangs, the message is dropped and logged."""
    if _room.acquire(blocking=False):
        _sender.submit(_send, message)
    else:
        log.error("A message was not sent, for %s wait already.", MOST_WAITING)


def flush(seconds: float | None = None) -> None:
    """Wait until all queued messages have been sent. Raises TimeoutError after this many seconds."""
    _sender.submit(lambda: None).result(seconds)


def _send(message: EmailMessage) -> None:
    try:
        message.send()
    except Exception:  # each kind of mail backend raises its own
        log.warning("A message was not sent.", exc_info=True)
    finally:
        connections.close_all()  # a backend that keeps mail in the database opened one for this thread
        _room.release()
