"""How operators hear of what concerns security: a record on one logger and a signal, neither with a credential."""

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
    """Log the message with `extra`, and send the signal with the facts. No receiver's failure is the caller's."""
    log.log(level, message, extra=extra)
    signal.send_robust(sender=sender, **facts)
