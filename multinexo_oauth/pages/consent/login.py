from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import resolve_url

# An account's name or address; a longer one would make a redirect that no browser takes.
MAX_HINT_LENGTH = 254


def to_login(request: HttpRequest) -> HttpResponse:
    """Send the person to log in and come back to this very request.

    The client's `login_hint` goes along under that name (OpenID Connect Core section 3.1.2.1), for a login page that
    fills it in; Django's leaves it aside.
    """
    hint = request.GET.get("login_hint", "")
    login_url = resolve_url(settings.LOGIN_URL)
    if 0 < len(hint) <= MAX_HINT_LENGTH:
        parts = urlsplit(login_url)
        query = QueryDict(parts.query, mutable=True)
        query["login_hint"] = hint
        login_url = parts._replace(query=query.urlencode()).geturl()
    return redirect_to_login(request.get_full_path(), login_url)
