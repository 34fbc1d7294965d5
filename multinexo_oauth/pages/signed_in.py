from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext
from django.views.generic.base import View

from .login import to_login

UNSAVED = "unsaved"


# It is a View, so that its `dispatch`, which checks the login, runs before that of other views.
class SignedInPage(LoginRequiredMixin, View):
    """A page for people who are signed in. A form that was open when the session ended says that nothing was saved."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "GET" and request.user.is_authenticated and UNSAVED in request.GET:
            said = gettext("Your session had ended, so nothing was saved. Check the form and send it again.")
            messages.warning(request, said)
        return super().dispatch(request, *args, **kwargs)

    def handle_no_permission(self) -> Any:
        """Send the person to log in and come back to the page, which says what became of a form."""
        if self.request.method != "POST":
            return super().handle_no_permission()
        return to_login(self.request, f"{self.request.path}?{UNSAVED}=1")
