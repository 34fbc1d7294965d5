"""What holds for every page that a person sees."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.generic.base import View

from ..error_reports import unreported
from .errors import csrf_protected, told
from .headers import SAME_ORIGIN, harden, keep_opener
from .language import follow_ui_locales

__all__ = ["CredentialPage", "PageMixin", "harden"]


class PageMixin(View):
    """Adds the app's security headers to every response, including refusals, in the requested language."""

    form_action: Iterable[str] = ("'self'",)
    opened_by_clients = False  # in a popup, perhaps
    referrer_policy = SAME_ORIGIN

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        # Exempt from the middleware's check, which would refuse with Django's plain page; `csrf_protected` checks
        # instead.
        view = csrf_exempt(follow_ui_locales(told(csrf_protected(super().as_view(**initkwargs)))))
        # Under ATOMIC_REQUESTS, a transaction that the database aborted could not be run again.
        return transaction.non_atomic_requests(view)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        self.harden(response)
        return response

    def harden(self, response: HttpResponseBase) -> None:
        harden(response, self.form_action, self.referrer_policy)
        if self.opened_by_clients:
            keep_opener(response)


class CredentialPage(PageMixin):
    """A page whose requests carry credentials, which error reports omit."""

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        return unreported(super().as_view(**initkwargs))
