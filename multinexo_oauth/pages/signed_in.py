from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.generic.base import View

from ..interface import unsaved
from .login import to_login


# It is a View, so that its `dispatch`, which checks the login, runs before that of other views.
class SignedInPage(LoginRequiredMixin, View):
    """A page for people who are signed in. A form that was open when the session ended says that nothing was saved."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            unsaved.tell(request)
        return super().dispatch(request, *args, **kwargs)

    def handle_no_permission(self) -> Any:
        """Send the person to log in and come back to the page, which says what became of a form."""
        if self.request.method != "POST":
            return super().handle_no_permission()
        return to_login(self.request, unsaved.marked_address(self.request))
