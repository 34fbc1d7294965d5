from urllib.parse import urlsplit

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.generic.base import View

from ...server import login_time
from ...server.authorization import login_marker
from ..login import authorize_address, to_login_as_another
from ..security import CredentialPage


@method_decorator(login_not_required, name="dispatch")
class SwitchAccountView(CredentialPage, View):
    """Log the person out and, once another has logged in, come back to the same authorization request."""

    http_method_names = ["post"]
    opened_by_clients = True

    def post(self, request: HttpRequest) -> HttpResponse:
        back = request.POST.get("next", "")
        # Only the path is checked: Django refuses long URLs, and the query cannot lead to another site.
        if not url_has_allowed_host_and_scheme(back.partition("?")[0], allowed_hosts=None):
            back = authorize_address()
        parts = urlsplit(back)
        if login_marker.read(parts.query):
            query = login_marker.add(parts.query, login_time.login_id(request), has_ended_it=True)
            back = parts._replace(query=query).geturl()
        logout(request)
        return to_login_as_another(request, back)
