"""Reports of security events to operators: a log record and a signal, neither of which holds a credential."""

import logging
from typing import Any

from django.dispatch import Signal

log = logging.getLogger("multinexo_oauth.security")


def announce(
    signal: Signal,
    sender: Any,
    message: str,
    extra: dict[str, Any],
    level: int = logging.WARNING,
    **facts: Any,
) -> None:
    """Log the message with `extra` and send the signal with the facts. A failing receiver does not affect the
    caller.
    """
    log.log(level, message, extra=extra)
    signal.send_robust(sender=sender, **facts)
