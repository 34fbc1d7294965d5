"""The site's page to sign in at, as `LOGIN_URL` names it."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import LoginView
from django.shortcuts import resolve_url
from django.urls import Resolver404, ResolverMatch, get_script_prefix, resolve


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


def asks_who_is_signed_in() -> bool:
    """Tell whether the page lets a person sign in again: Django's own does, others may turn away who is signed in."""
    try:
        found = match()
    except Resolver404:
        return False
    view = getattr(found and found.func, "view_class", None)
    if view is None or not issubclass(view, LoginView):
        return False
    passes_on = found.func.view_initkwargs.get(  # type: ignore[union-attr]
        "redirect_authenticated_user", view.redirect_authenticated_user
    )
    return not passes_on
