"""The language that an application wishes for its person (`ui_locales`, OpenID Connect Core section 3.1.2.1)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django.utils import translation

# Django looks each up, and remembers.
MAX_TAGS = 10


def offered(ui_locales: str) -> str | None:
    """Return the first of the languages, as BCP 47 tags, that is among the site's LANGUAGES; None where none is."""
    for tag in ui_locales.split()[:MAX_TAGS]:
        try:
            return translation.get_supported_language_variant(tag.lower())
        except LookupError:
            continue
    return None


@contextmanager
def speaking(ui_locales: str) -> Iterator[str | None]:
    """Use the first of the languages that the site offers, or the person's own if it offers none."""
    language = offered(ui_locales)
    if language is None:
        yield None
        return
    with translation.override(language):
        yield language


def follow_ui_locales(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let a request's `ui_locales` choose the language of its page. It changes no setting of the person's."""

    @wraps(view)
    def in_that_language(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with speaking(_wished(request)) as language:
            if language is None:
                return view(request, *args, **kwargs)
            request.LANGUAGE_CODE = language
            response = view(request, *args, **kwargs)
            if isinstance(response, SimpleTemplateResponse):
                response = response.render()
        # Django's LocaleMiddleware would name the language of everything else.
        response.headers.setdefault("Content-Language", language)
        return response

    return in_that_language


def _wished(request: HttpRequest) -> str:
    try:
        return request.GET.get("ui_locales", "")
    except SuspiciousOperation:  # a query too long to be read, which the view refuses
        return ""
