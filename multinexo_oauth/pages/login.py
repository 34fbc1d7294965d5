from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse

from .. import login_page
from ..server.short_address import shortened_url

# An account's name or address; a longer one would make a redirect that no browser takes.
MAX_HINT_LENGTH = 254


def authorize_address() -> str:
    return reverse("multinexo_oauth:authorize")


def to_login(request: HttpRequest, back: str = "") -> HttpResponse:
    """Send the person to log in and come back to this very request, or `back` to it as it is written there.

    The client's `login_hint` and `ui_locales` go along under those names (OpenID Connect Core section 3.1.2.1), for a
    login page that follows them; Django's leaves them aside.
    """
    return _to_login(request, back or request.get_full_path(), request.GET, "login_hint", "ui_locales")


def with_way_back(url: str, back: str) -> HttpResponse:
    """Send the person to a page of the site that leads back to a path of ours by its `next`."""
    return redirect_to_login(shortened_url(back), url)


def to_login_as_another(request: HttpRequest, back: str) -> HttpResponse:
    """Send the person to log in, whatever the client's hint, and come back to an authorization request."""
    return _to_login(request, back, QueryDict(urlsplit(back).query), "ui_locales")


def _to_login(request: HttpRequest, back: str, params: QueryDict, *carried: str) -> HttpResponse:
    parts = urlsplit(login_page.address())
    back = shortened_url(back)
    here = (request.scheme, request.get_host())
    if (parts.scheme or request.scheme, parts.netloc or request.get_host()) != here:
        back = request.build_absolute_uri(back)  # a path would lead somewhere else on that host
    query = QueryDict(parts.query, mutable=True)
    for name in carried:
        value = params.get(name, "")
        if 0 < len(value) <= MAX_HINT_LENGTH:
            query[name] = value
    return redirect_to_login(back, parts._replace(query=query.urlencode()).geturl())
