"""What staff typed into a form whose session had ended: after the login its page says that nothing was saved."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from ..interface import unsaved


def tells_unsaved(site: AdminSite, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Mark the address that a form's person comes back to after the login; Django's admin brings them back without
    a word.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if site.has_permission(request):
            unsaved.tell(request)
        elif request.method == "POST":
            return redirect_to_login(unsaved.marked_address(request), reverse(f"{site.name}:login"))
        return view(request, *args, **kwargs)

    return answer
