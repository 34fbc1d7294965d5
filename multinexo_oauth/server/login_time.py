"""When the person of a session logged in: the `auth_time` of OpenID Connect Core section 2."""

import time
from datetime import UTC, datetime

from django.http import HttpRequest

SESSION_KEY = "multinexo_oauth_auth_time"


def note(request: HttpRequest) -> None:
    request.session[SESSION_KEY] = int(time.time())


def of(request: HttpRequest) -> datetime | None:
    """Return when this session's person logged in, or None where that was before the app was there to see it."""
    seconds = request.session.get(SESSION_KEY)
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
