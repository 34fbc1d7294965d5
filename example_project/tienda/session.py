"""A session of the shop's own.

The shop stands for another site. Under Multinexo's session it would lose its state whenever a person switches account.
"""

import re
from importlib import import_module

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase, UpdateError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

COOKIE = "tienda"
_KEY = re.compile(r"[a-z0-9]{32}")


def load(request: HttpRequest) -> SessionBase:
    key = request.COOKIES.get(COOKIE, "")
    store: type[SessionBase] = import_module(settings.SESSION_ENGINE).SessionStore
    return store(key if _KEY.fullmatch(key) else None)


def save(session: SessionBase, request: HttpRequest, response: HttpResponseBase) -> None:
    if not session.modified:
        return
    try:
        session.save()
    except UpdateError:
        return  # another request ended the session meanwhile
    response.set_cookie(
        COOKIE,
        session.session_key or "",
        path=reverse("tienda:home"),
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
