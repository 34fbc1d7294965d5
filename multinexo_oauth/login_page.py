"""The site's page to sign in at, as `LOGIN_URL` names it."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import LoginView
from django.shortcuts import resolve_url
from django.urls import NoReverseMatch, Resolver404, ResolverMatch, get_script_prefix, resolve


def address() -> str:
    """Return the page's path, or its whole address on another host. Raises NoReverseMatch for an unknown name."""
    return resolve_url(settings.LOGIN_URL)


def match() -> ResolverMatch | None:
    """Return what the URLconf has there; None on another host. Raises NoReverseMatch and Resolver404."""
    parts = urlsplit(address())
    if parts.netloc:
        return None
    prefix = get_script_prefix()
    if not parts.path.startswith(prefix):
        raise Resolver404({"path": parts.path})
    # What a server or FORCE_SCRIPT_NAME puts before every path is in no URLconf.
    return resolve(f"/{parts.path.removeprefix(prefix)}")


def is_djangos() -> bool:
    """Tell whether the page is Django's `LoginView`, which shows its form. Others may redirect anywhere."""
    return _djangos() is not None


def asks_who_is_signed_in() -> bool:
    """Tell whether the login page lets a signed-in person sign in again; others may redirect them."""
    view = _djangos()
    if view is None:
        return False
    default = view.view_class.redirect_authenticated_user
    return not view.view_initkwargs.get("redirect_authenticated_user", default)


def _djangos() -> Any:
    try:
        found = match()
    except (NoReverseMatch, Resolver404):
        return None
    view = None if found is None else found.func
    view_class = getattr(view, "view_class", None)
    return view if view_class is not None and issubclass(view_class, LoginView) else None
