"""A form that is sent after its session ended. After the login its page says that nothing was saved."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext

UNSAVED = "unsaved"


def marked_address(request: HttpRequest) -> str:
    """Return the address to come back to after the login, with a mark for `tell`."""
    query = request.GET.copy()
    query[UNSAVED] = "1"
    return f"{request.path}?{query.urlencode()}"


def tell(request: HttpRequest) -> None:
    """Tell a signed-in person whose form came too late, and take the mark from the request."""
    if request.method != "GET" or UNSAVED not in request.GET:
        return
    said = gettext("Your session had ended, so nothing was saved. Check the form and send it again.")
    messages.warning(request, said)
    query = request.GET.copy()
    del query[UNSAVED]
    request.GET = query  # type: ignore[assignment]
