"""Logins newer than the authorization request that asks for them (OpenID Connect Core section 3.1.2.1).

The request comes back from the login page with a marker that says when the login was requested. Only the person ends
the session. The session remembers the answered markers, so that each is used once.
"""

import time
from typing import Any

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from .. import login_time
from ..openid import claims
from . import login_marker
from .login_marker import LoginMarker
from .request import AuthorizationRequest

SESSION_KEY = "multinexo_oauth_answered_markers"
MAX_REMEMBERED = 10


def marker(request: HttpRequest, query: str) -> LoginMarker | None:
    """Return the marker of an authorization request's query string; None where the request was answered with it."""
    found = login_marker.read(query)
    return None if found is None or _is_spent(request, found) else found


def suits(request: HttpRequest, asked_for: AuthorizationRequest, asked: LoginMarker | None) -> bool:
    """Tell whether the session's login is new enough for the request, and belongs to the requested person."""
    if asked_for.subject not in {None, claims.subject(request.user)}:
        return False
    return asked_for.login_age is None or _is_new_enough(request, asked_for.login_age, asked)


def _is_new_enough(request: HttpRequest, max_age: int, asked: LoginMarker | None) -> bool:
    logged_in = login_time.logged_in_at(request)
    if logged_in is None:
        return False
    if asked is not None and is_newer(request, asked):
        return True
    return max_age > 0 and time.time() - logged_in.timestamp() <= max_age


def is_newer(request: HttpRequest, asked: LoginMarker) -> bool:
    """Tell whether the session's login came after a marker asked for one."""
    logged_in, login = login_time.logged_in_at(request), login_time.login_id(request)
    if logged_in is None or login in {None, asked.login}:
        return False
    return logged_in.timestamp() >= int(asked.asked_at)


def is_current(request: HttpRequest, user: Any) -> bool:
    """Tell whether the session's login is still valid: the password has not changed since.

    `user` is the person's row as it is now.
    """
    if not hasattr(user, "get_session_auth_hash"):
        return True
    signed_in: Any = request.user
    return constant_time_compare(signed_in.get_session_auth_hash(), user.get_session_auth_hash())


def spend(request: HttpRequest, answered: LoginMarker) -> None:
    """Mark the login request as answered: if it is sent again, it needs another login."""
    spent = sorted([*request.session.get(SESSION_KEY, []), _entry(answered)])
    request.session[SESSION_KEY] = spent[-MAX_REMEMBERED:]


def _is_spent(request: HttpRequest, found: LoginMarker) -> bool:
    spent = request.session.get(SESSION_KEY, [])
    # A marker older than all remembered ones may have been forgotten, so it counts as answered.
    return _entry(found) in spent or (len(spent) == MAX_REMEMBERED and _entry(found) < spent[0])


def _entry(found: LoginMarker) -> list[Any]:
    return [found.asked_at, found.request]
