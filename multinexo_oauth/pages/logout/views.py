"""Where an application sends a person who has signed out there, to sign out here too (RP-Initiated Logout 1.0)."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from django.views.generic.base import View
from oauthlib.oauth2.rfc6749.errors import InvalidRequestError

from ... import redirect_uris
from ...conf import conf
from ...server.openid import signing_keys
from ...server.openid.logout import LogoutRequest, read_signed, validate
from ..client_redirect import ClientRedirect
from ..errors import csrf_protected
from ..language import speaking
from ..security import CredentialPage


# Exempt for applications, whose requests change nothing; the page's own form is protected.
@method_decorator(csrf_exempt, name="dispatch")
@method_decorator(login_not_required, name="dispatch")
class LogoutView(CredentialPage, View):
    """Ask a person whether to sign out, and send them back to the application that asked."""

    http_method_names = ["get", "head", "post"]
    opened_by_clients = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not signing_keys.enabled():
            raise Http404("This site has no OpenID Connect.")
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        if "request" in request.GET:
            return self._begin(read_signed(request.GET["request"]))
        try:
            return self._begin(validate(request, request.GET))
        except InvalidRequestError as error:
            return self._page("refused", status=400, error=error)

    def post(self, request: HttpRequest) -> HttpResponse:
        if "decision" in request.POST:
            return self._decide(request)
        with speaking(request.POST.get("ui_locales", "")):
            try:
                asked = validate(request, request.POST)
            except InvalidRequestError as error:
                return self._page("refused", status=400, error=error)
        # Another site's form brings no session along (SameSite=Lax); the address that a redirect opens does.
        return HttpResponseRedirect(_address(request.POST, request=asked.sign()))

    @method_decorator(csrf_protected)
    def _decide(self, request: HttpRequest) -> HttpResponse:
        asked = read_signed(request.POST.get("request", ""))
        return self._end(asked) if request.POST["decision"] == "logout" else self._page("stayed", asked)

    def _begin(self, asked: LogoutRequest) -> HttpResponse:
        """Ask, unless nobody is signed in, or the site leaves it to the application that the person came from."""
        if not self.request.user.is_authenticated:
            # RP-Initiated Logout section 3: without a hint, anybody could have made the link, so it redirects
            # nowhere.
            return self._end(asked) if asked.hint else self._page("done", asked)
        if (
            conf.logout_always_asks
            or asked.is_unverified_self_registered
            or not asked.is_of_session(self.request)
        ):
            if asked.redirect_uri:
                self.form_action = ("'self'", redirect_uris.form_action(asked.redirect_uri))
            return self._page("confirm", asked)
        return self._end(asked)

    def _end(self, asked: LogoutRequest) -> HttpResponse:
        if self.request.user.is_authenticated:
            logout(self.request)
        # RFC 9700 section 4.11.2: for an unverified client, the page has a link instead of redirecting.
        goes_on = asked.location and not asked.is_unverified_self_registered
        return ClientRedirect(asked.location) if goes_on else self._page("done", asked)

    def _page(
        self, name: str, asked: LogoutRequest | None = None, status: int = 200, **parts: Any
    ) -> HttpResponse:
        parts |= {"asked": asked, "logout_form_action": _address(self.request.GET)}
        return render(self.request, f"multinexo_oauth/logout/{name}.html", parts, status=status)


def _address(params: QueryDict, **query: str) -> str:
    """Return the address of this page, in the language that the application wishes for."""
    if wished := params.get("ui_locales"):
        query["ui_locales"] = wished
    return reverse("multinexo_oauth:logout") + (f"?{urlencode(query)}" if query else "")
