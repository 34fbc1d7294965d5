"""Logins newer than the authorization request that asks for them (OpenID Connect Core section 3.1.2.1).

The session ends, and the one after it remembers which request ended it: whatever login it holds later is a newer one.
"""

import time
from typing import Any

from django.contrib.auth import logout
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from ..conf import conf
from ..models.digest import digest
from . import claims, login_time
from .authorization_request import AuthorizationRequest

SESSION_KEY = "multinexo_oauth_reauthentication"
MAX_REMEMBERED = 10


def suits(request: HttpRequest, asked_for: AuthorizationRequest) -> bool:
    """Tell whether the session's login is as new as the request wants it, and of the person it means."""
    if asked_for.subject not in {None, claims.subject(request.user)}:
        return False
    return asked_for.login_age is None or _is_new_enough(request, asked_for.login_age)


def _is_new_enough(request: HttpRequest, max_age: int) -> bool:
    logged_in, since = login_time.of(request), _asked_at(request)
    if logged_in is None:
        return False
    if since is not None:
        return logged_in.timestamp() >= since
    return max_age > 0 and time.time() - logged_in.timestamp() <= max_age


def is_current(request: HttpRequest, user: Any) -> bool:
    """Tell whether the request's person is still the one that the session signed in: no new password has come since.

    `user` is the person's row as it is now.
    """
    if not hasattr(user, "get_session_auth_hash"):
        return True
    signed_in: Any = request.user
    return constant_time_compare(signed_in.get_session_auth_hash(), user.get_session_auth_hash())


def was_asked(request: HttpRequest) -> bool:
    """Tell whether this very request has sent the person to log in before."""
    return _asked_at(request) is not None


def ask(request: HttpRequest) -> None:
    """End the session's login, and remember for which request."""
    if request.user.is_authenticated:
        log_out(request)
    remembered = {**request.session.get(SESSION_KEY, {}), _key(request): int(time.time())}
    newest = sorted(remembered.items(), key=lambda entry: entry[1])
    request.session[SESSION_KEY] = dict(newest[-MAX_REMEMBERED:])


def log_out(request: HttpRequest) -> None:
    """End the session's login; the session after it still knows which requests wait for a newer one."""
    remembered = request.session.get(SESSION_KEY)
    logout(request)
    if remembered:
        request.session[SESSION_KEY] = remembered


def forget(request: HttpRequest) -> None:
    """Leave an answered request aside: the same one, sent again, asks for another login."""
    remembered = request.session.get(SESSION_KEY, {})
    if remembered.pop(_key(request), None) is not None:
        request.session[SESSION_KEY] = remembered


def _asked_at(request: HttpRequest) -> int | None:
    seconds: int | None = request.session.get(SESSION_KEY, {}).get(_key(request))
    is_good = seconds is not None and time.time() - seconds <= conf.consent_request_seconds
    return seconds if is_good else None


def _key(request: HttpRequest) -> str:
    return digest(request.META.get("QUERY_STRING", ""))
