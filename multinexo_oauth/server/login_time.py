"""When the person of a session logged in: the `auth_time` of OpenID Connect Core section 2."""

import time
from datetime import UTC, datetime

from django.http import HttpRequest
from django.utils.crypto import get_random_string

SESSION_KEY = "multinexo_oauth_auth_time"
ID_SESSION_KEY = "multinexo_oauth_login"


def note_login(request: HttpRequest) -> None:
    request.session[SESSION_KEY] = int(time.time())
    request.session[ID_SESSION_KEY] = get_random_string(16)


def logged_in_at(request: HttpRequest) -> datetime | None:
    """Return when this session's person logged in, or None if that was before the app was installed."""
    seconds = request.session.get(SESSION_KEY)
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def login_id(request: HttpRequest) -> str | None:
    """Return an identifier of this session's login, or None as for `logged_in_at`."""
    found: str | None = request.session.get(ID_SESSION_KEY)
    return found
