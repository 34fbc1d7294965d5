"""Which paths of the site are its API: those whose view takes this server's access tokens."""

from typing import Any

from django.http import HttpRequest
from django.urls import Resolver404, get_script_prefix, resolve
from django.utils import translation

from . import resource


def identifier(request: HttpRequest, path: str) -> str | None:
    """Return the resource identifier (RFC 9728 section 1.2) of a path of the API; None of any other path.

    A path without its trailing slash counts too, because clients leave the slash out of the document's URL.
    """
    return resource.at_path(request, path) if path != "/" and _is_of_api(path) else None


def _is_of_api(path: str) -> bool:
    prefix = get_script_prefix()
    if not path.startswith(prefix):
        return False
    inner = "/" + path.removeprefix(prefix)
    return any(_leads_to_api(it) for it in (inner, inner + "/"))


def _leads_to_api(path: str) -> bool:
    # The URLs of i18n_patterns are there in their own language alone.
    with translation.override(translation.get_language_from_path(path) or translation.get_language()):
        try:
            return takes_tokens(resolve(path).func)
        except Resolver404:
            return False


def takes_tokens(callback: Any) -> bool:
    """Tell whether a view takes access tokens, by its decorator, its class or its authentication classes."""
    if hasattr(callback, "sufficient_scopes"):
        return True
    if getattr(getattr(callback, "view_class", None), "takes_tokens", False):
        return True
    return any(getattr(it, "takes_tokens", False) for it in _authenticators(callback))


def _authenticators(callback: Any) -> Any:
    """Return how a view of Django REST Framework authenticates; none of another view."""
    if not hasattr(getattr(callback, "cls", None), "get_authenticators"):
        return ()
    view = callback.cls(**getattr(callback, "initkwargs", {}))
    try:
        return view.get_authenticators()
    except Exception:  # noqa: BLE001
        return view.authentication_classes  # it looks at the request, which there is none of here
