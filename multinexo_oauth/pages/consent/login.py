from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import resolve_url

# An account's name or address; a longer one would make a redirect that no browser takes.
MAX_HINT_LENGTH = 254


def to_login(request: HttpRequest) -> HttpResponse:
    """Send the person to log in and come back to this very request.

    The client's `login_hint` and `ui_locales` go along under those names (OpenID Connect Core section 3.1.2.1), for a
    login page that follows them; Django's leaves them aside.
    """
    return _to_login(request.get_full_path(), request.GET, "login_hint", "ui_locales")


def to_login_as_another(back: str) -> HttpResponse:
    """Send the person to log in, whatever the client's hint, and come back to an authorization request."""
    return _to_login(back, QueryDict(urlsplit(back).query), "ui_locales")


def _to_login(back: str, params: QueryDict, *carried: str) -> HttpResponse:
    parts = urlsplit(resolve_url(settings.LOGIN_URL))
    query = QueryDict(parts.query, mutable=True)
    for name in carried:
        value = params.get(name, "")
        if 0 < len(value) <= MAX_HINT_LENGTH:
            query[name] = value
    return redirect_to_login(back, parts._replace(query=query.urlencode()).geturl())
