"""How a request that wants a new login, or another person's, gets one (OpenID Connect Core section 3.1.2.1)."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.generic.base import View
from oauthlib.openid.connect.core.exceptions import LoginRequired

from ... import login_page
from ...server import login_time
from ...server.authorization import login_marker, reauthentication
from ...server.authorization.answer import FORM_POST
from ...server.authorization.login_marker import LoginMarker
from ...server.authorization.request import AuthorizationRequest
from ...server.openid import claims
from ..login import to_login, with_way_back
from . import context


class NewLoginMixin(View):
    """Ask for a login without ending the one that is there: only the person ends it, by a form."""

    # Of the request, where it has asked for a login.
    marker: LoginMarker | None = None

    def log_in(self, request: HttpRequest, asked_for: AuthorizationRequest) -> HttpResponse:
        """Have the person log in: anew, or as somebody else, where that is what the request takes."""
        asked, is_signed_in = self.marker, request.user.is_authenticated
        asked_in_vain = asked is not None and (
            asked.has_ended_it or reauthentication.is_newer(request, asked)
        )
        # OpenID Connect Core section 3.1.2.1: where no login can suit, an error; asking again would be a loop.
        if "none" in asked_for.prompt or (is_signed_in and asked_in_vain):
            raise asked_for.refuse(LoginRequired())
        if not is_signed_in and asked_for.login_age is None and asked_for.subject is None:
            return to_login(request)
        back = request.get_full_path()
        if asked is None:
            query = login_marker.add(urlsplit(back).query, login_time.login_id(request))
            back = f"{request.path}?{query}"
        if is_signed_in and (asked is not None or not login_page.asks_who_is_signed_in()):
            return self.ask_to_log_in(request, asked_for, back)
        return to_login(request, back)

    def log_in_further(self, request: HttpRequest, asked_for: AuthorizationRequest, url: str) -> HttpResponse:
        """Send a signed-in person where the site's policy wants them to go first, such as to a second factor."""
        if "none" in asked_for.prompt:
            raise asked_for.refuse(LoginRequired())
        return with_way_back(url, request.get_full_path())

    def ask_to_log_in(self, request: HttpRequest, asked_for: AuthorizationRequest, back: str) -> HttpResponse:
        """Show a page that signs the person out and on to the login page, which turns away who is signed in."""
        refusal = asked_for.refuse(LoginRequired()).answer
        by_link = refusal is not None and asked_for.response_mode != FORM_POST
        parts = {
            **context.account_context(request),
            **context.application_context(asked_for.client),
            "back": back,
            "cancel_url": refusal.location if refusal and by_link else "",
            "is_of_another": asked_for.subject not in {None, claims.subject(request.user)},
        }
        return render(request, "multinexo_oauth/consent/log_in.html", parts)

    def spend_marker(self) -> None:
        """Have the request ask for another login where it comes again after its answer."""
        if self.marker is not None and self.request.user.is_authenticated:
            reauthentication.spend(self.request, self.marker)
