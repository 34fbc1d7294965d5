"""Which scopes the site's views require, read from its URLs without a request."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.admindocs.views import simplify_regex
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.urls import URLResolver, get_resolver
from rest_framework.request import Request

from .rest_framework import openings, ways
from .rest_framework.openings import Opening

METHODS = ("get", "post", "put", "patch", "delete")
FORMAT_SUFFIX = ("<format>", "<drf_format_suffix:format>")


@dataclass(frozen=True)
class Operation:
    """One method of a view, and the sets of scopes of which any one opens it.

    `action` is a viewset's name for it, else empty; `problem` is why the scopes are not known, else empty. `opening`
    is why a token without any scope gets in, if it does, past the `permissions` as they are written.
    """

    path: str
    method: str
    action: str
    view: str
    choices: tuple[frozenset[str], ...] = ()
    problem: str = ""
    opening: Opening = Opening.NONE
    permissions: str = ""

    @property
    def where(self) -> str:
        return f"{self.method} {self.path}".strip()

    @property
    def scopes(self) -> frozenset[str]:
        return frozenset().union(*self.choices)


def operations() -> Iterator[Operation]:
    """Give the operations of the site's views that ask for tokens or take them, in the order of its URLs."""
    for path, callback in _callbacks(get_resolver()):
        if not path.rstrip("/").endswith(FORMAT_SUFFIX):
            yield from _of_callback(path, callback)


def _callbacks(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, Callable[..., Any]]]:
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _callbacks(pattern, route)
        else:
            yield simplify_regex(route), pattern.callback


def _of_callback(path: str, callback: Any) -> Iterator[Operation]:
    api_view = getattr(callback, "cls", None)
    if hasattr(api_view, "get_permissions"):
        yield from _of_api_view(path, callback)
    elif hasattr(callback, "sufficient_scopes"):
        yield from _of_plain_view(path, callback)


def _of_plain_view(path: str, callback: Any) -> Iterator[Operation]:
    """Give what `multinexo_oauth.decorators` put on a view. A function does not say which methods it takes."""
    handlers = getattr(callback, "view_class", None)
    methods = [name for name in METHODS if hasattr(handlers, name)] if handlers else [""]
    for method in methods:
        choices = tuple(callback.sufficient_scopes(method.upper() or "GET"))
        opening = Opening.MEANT if frozenset() in choices else Opening.NONE
        told = (path, method.upper(), "", _name(handlers or callback), choices)
        yield Operation(
            *told, opening=opening, permissions="required_scopes" if handlers else "scope_required"
        )


def _of_api_view(path: str, callback: Any) -> Iterator[Operation]:
    actions = getattr(callback, "actions", None) or {}
    for method in METHODS:
        if method in actions or (not actions and hasattr(callback.cls, method)):
            operation = _of_api_method(path, callback, method, actions)
            if operation is not None:
                yield operation


def _of_api_method(path: str, callback: Any, method: str, actions: dict[str, str]) -> Operation | None:
    told = (path, method.upper(), actions.get(method, ""), _name(callback.cls))
    try:
        view = _view(callback, method, actions)
        choices = tuple(way.scopes for way in ways.into(view) if way.token)
        opening, permissions = openings.openings_of(view), openings.written(view.get_permissions())
    except ImproperlyConfigured as error:
        return Operation(*told, problem=str(error))
    except Exception:  # noqa: BLE001
        return None  # a view that looks at its request before it says what it asks for
    if not choices and opening is Opening.NONE:
        return None
    return Operation(*told, choices, opening=opening, permissions=permissions)


def _view(callback: Any, method: str, actions: dict[str, str]) -> Any:
    """Return the view as it stands when it asks for its permissions, with an empty request."""
    view = callback.cls(**getattr(callback, "initkwargs", {}))
    view.action_map, view.action = actions, actions.get(method)
    request = HttpRequest()
    request.method = method.upper()
    view.request = Request(request)
    view.args, view.kwargs, view.format_kwarg = (), {}, None
    return view


def _name(view: Any) -> str:
    return f"{view.__module__}.{view.__qualname__}"


def authentication_classes() -> Iterator[tuple[str, list[type]]]:
    """Give the site's views of Django REST Framework by name, with what authenticates their requests."""
    for _path, callback in _callbacks(get_resolver()):
        view = getattr(callback, "cls", None) or getattr(callback, "view_class", None)
        classes = getattr(callback, "initkwargs", {}).get("authentication_classes")
        if hasattr(view, "authentication_classes"):
            named: Any = view
            yield f"{named.__module__}.{named.__qualname__}", list(classes or named.authentication_classes)
