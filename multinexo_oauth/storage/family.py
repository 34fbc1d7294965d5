import secrets
import time
import uuid

_TIME, _VERSION, _VARIANT = 80, 7 << 76, 2 << 62


def new_family() -> uuid.UUID:
    """Return the name of a new lineage of tokens: a UUID that begins with the time (RFC 9562 section 5.7).

    New values sort last, so inserts touch the end of the index instead of a random page each.
    """
    milliseconds = time.time_ns() // 1_000_000
    random = secrets.randbits(74)
    return uuid.UUID(
        int=milliseconds << _TIME | _VERSION | (random >> 62) << 64 | _VARIANT | random & ((1 << 62) - 1)
    )
