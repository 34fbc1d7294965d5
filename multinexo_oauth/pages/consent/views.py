"""The authorization endpoint as a person meets it: consent, or an error page (RFC 6749 section 3.1)."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from django.views.generic.base import View
from oauthlib.oauth2.rfc6749.errors import (
    AccessDeniedError,
    InvalidClientError,
    InvalidGrantError,
    InvalidRequestError,
)
from oauthlib.openid.connect.core.exceptions import ConsentRequired

from ... import redirect_uris
from ...models import Consent
from ...origin import Origin
from ...policy import policy
from ...server import login_time, short_address
from ...server.authorization import reauthentication
from ...server.authorization.answer import AuthorizationRefused
from ...server.authorization.code import issue_code
from ...server.authorization.request import AuthorizationRequest, is_too_long, validate
from ...server.authorization.signed_request import Posted, read_signed, sign_request
from ...server.held import Held, hold_parties
from ...storage.deadlock import survives_deadlocks
from ..errors import csrf_protected
from ..login import authorize_address, to_login
from ..security import CredentialPage
from . import context
from .answering import AnswerMixin, expired_page
from .forms import ConsentForm
from .new_login import NewLoginMixin
from .permissions import Asked


# Exempt for clients that post their request, which changes nothing; the page's own form is protected.
@method_decorator(csrf_exempt, name="dispatch")
@method_decorator(login_not_required, name="dispatch")
class ConsentView(AnswerMixin, NewLoginMixin, CredentialPage, View):
    """Ask a person whether an application may act for them, and tell the application."""

    form_class = ConsentForm
    http_method_names = ["get", "post"]
    opened_by_clients = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except AuthorizationRefused as refused:
            response = self.refuse(refused)
            self.harden(response)
            return response

    def get(self, request: HttpRequest) -> HttpResponseBase:
        if (query := short_address.query_of(request.GET.get(short_address.PARAMETER, ""))) is not None:
            return HttpResponseRedirect(f"{request.path}?{query}")
        try:
            asked_for = validate(request)
        except AuthorizationRefused as refused:
            if refused.answer is None or not _must_log_in_first(request):
                raise
            if is_too_long(request):  # to come back from logging in
                raise AuthorizationRefused(refused.error) from refused
            return to_login(request)
        self.marker = reauthentication.marker(request, request.META["QUERY_STRING"])
        if not request.user.is_authenticated or not reauthentication.suits(request, asked_for, self.marker):
            return self.log_in(request, asked_for)
        return self._authorize(request, asked_for.grantable_by(request.user))

    def _authorize(self, request: HttpRequest, asked_for: AuthorizationRequest) -> HttpResponseBase:
        """Answer the request of a person whose login suits it."""
        if elsewhere := policy().login_url(request, asked_for.client, asked_for.scopes):
            return self.log_in_further(request, asked_for, elsewhere)
        asked = Asked.of(
            asked_for, Consent.objects.owned_by(request.user).for_client(asked_for.client).first()
        )
        if self._may_skip(asked_for, asked):
            # Where what was read has changed, the browser asks again.
            return self._answer_silently(asked_for, asked) or HttpResponseRedirect(request.get_full_path())
        if "none" in asked_for.prompt:
            raise asked_for.refuse(ConsentRequired())
        return self._ask(request, asked_for, asked)

    @survives_deadlocks
    @transaction.atomic
    def _answer_silently(self, asked_for: AuthorizationRequest, seen: Asked) -> HttpResponse | None:
        """Send a code without a question, decided on locked rows. Return None if something changed meanwhile."""
        held = self._hold(asked_for, deciding=bool(seen.new))
        if held is None:
            return None
        asked_for = asked_for.of(held.client).grantable_by(held.user)
        asked = Asked.of(asked_for, held.consent)
        if asked.new and not seen.new:
            return None
        if not asked_for.is_allowed or not self._may_skip(asked_for, asked):
            return None
        if asked.new:
            Consent.record(held.user, held.client, asked.new, Origin.of(self.request), held.consent)
        return self._send_code(asked_for, held, asked_for.scopes)

    def _hold(self, asked_for: AuthorizationRequest, *, deciding: bool = False) -> Held | None:
        """Lock the rows that a code depends on. Return None if the session's login is no longer valid. Raises
        AuthorizationRefused.
        """
        try:
            held = hold_parties(asked_for.client, self.request.user.pk, deciding=deciding)
        except InvalidClientError as error:
            raise AuthorizationRefused(InvalidRequestError(description="Unknown client_id.")) from error
        except InvalidGrantError:
            return None
        return held if reauthentication.is_current(self.request, held.user) else None

    def post(self, request: HttpRequest) -> HttpResponseBase:
        if "client_id" in request.POST and "decision" not in request.POST:
            # A client's own form (OpenID Connect Core section 3.1.2.1) brings no session along (SameSite=Lax); the
            # address that a redirect opens does.
            return HttpResponseRedirect(f"{authorize_address()}?{request.POST.urlencode()}")
        return self._decide(request)

    @method_decorator(csrf_protected)
    @survives_deadlocks
    def _decide(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return to_login(request)
        posted = read_signed(request.POST.get("request", ""), request.user, login_time.login_id(request))
        if posted is None or posted.request is None:
            return expired_page(request, posted)
        asked_for = posted.request
        # Only once: a run that was repeated after a deadlock may have spent it.
        self.marker = self.marker or reauthentication.marker(request, posted.query)
        if request.POST.get("decision") == "deny":
            raise asked_for.refuse(AccessDeniedError(description="The person refused."))
        # The login may have become too old while the page was open.
        suits = reauthentication.suits(request, asked_for, self.marker)
        if not suits or policy().login_url(request, asked_for.client, asked_for.scopes):
            return expired_page(request, posted)
        if "decision" not in request.POST and "tick" in request.POST:
            return self._tick(request, asked_for, posted)
        return self._grant(request, asked_for, posted)

    def _tick(self, request: HttpRequest, asked_for: AuthorizationRequest, posted: Posted) -> HttpResponse:
        """Show the page again with what the person ticked or cleared at once."""
        consent = Consent.objects.owned_by(request.user).for_client(asked_for.client).first()
        asked = Asked.of_page(asked_for, consent, posted.shown)
        if asked is None:
            return self._ask(request, asked_for, Asked.of(asked_for, consent), posted.query)
        form = self.form_class.ticking(request.POST, asked, request.POST["request"])
        return self._page(request, asked_for, form)

    @transaction.atomic
    def _grant(self, request: HttpRequest, asked_for: AuthorizationRequest, posted: Posted) -> HttpResponse:
        """Record the person's yes and send a code, where the page still shows what stands."""
        held = self._hold(asked_for, deciding=True)
        if held is None:
            return expired_page(request, posted)
        asked_for = asked_for.of(held.client).grantable_by(held.user)
        if not asked_for.is_allowed:
            return expired_page(request, posted)
        asked = Asked.of_page(asked_for, held.consent, posted.shown)
        if asked is None:
            return self._ask(request, asked_for, Asked.of(asked_for, held.consent), posted.query)
        form = self.form_class(request.POST, asked=asked)
        if not form.is_valid():
            return self._page(request, asked_for, form)
        granted = form.granted_scopes
        Consent.record(held.user, held.client, granted, Origin.of(request), held.consent)
        return self._send_code(asked_for, held, granted)

    def _may_skip(self, asked_for: AuthorizationRequest, asked: Asked) -> bool:
        """Tell whether the question can be skipped. No request parameter can make it so."""
        client = asked_for.client
        if asked_for.prompt & {"consent", "select_account"} or client.is_unverified_self_registered:
            return False
        if asked.new and not policy().may_skip_consent(self.request.user, client, asked.new):
            return False
        # RFC 8252 section 8.6: any program of the device may claim a private-use scheme or listen on its loopback.
        public = not client.kind.has_secret
        return not (public and redirect_uris.is_this_device(asked_for.redirect_uri))

    def _ask(
        self, request: HttpRequest, asked_for: AuthorizationRequest, asked: Asked, query: str | None = None
    ) -> HttpResponse:
        """Show the page. With a `query`, that of the request, one was posted on which something has changed."""
        signed = sign_request(
            asked_for,
            request.user,
            login_time.login_id(request),
            request.META["QUERY_STRING"] if query is None else query,
            asked.granted,
        )
        form = self.form_class(asked=asked, initial={"request": signed})
        return self._page(request, asked_for, form, has_changed=query is not None)

    def _page(
        self,
        request: HttpRequest,
        asked_for: AuthorizationRequest,
        form: ConsentForm,
        has_changed: bool = False,
    ) -> HttpResponse:
        self.form_action = ("'self'", redirect_uris.form_action(asked_for.redirect_uri))
        parts = {
            **context.account_context(request),
            **context.application_context(asked_for.client),
            **context.permissions_context(form, has_changed),
            "destination": redirect_uris.shown_host(asked_for.redirect_uri),
            "destination_is_this_device": redirect_uris.is_this_device(asked_for.redirect_uri),
        }
        status = 409 if has_changed else 400 if form.errors else 200
        return render(request, "multinexo_oauth/consent.html", parts, status=status)

    def _send_code(self, asked_for: AuthorizationRequest, held: Held, scopes: Iterable[str]) -> HttpResponse:
        auth_time = login_time.logged_in_at(self.request)
        code = issue_code(asked_for, held.user, scopes, auth_time)
        return self.send(asked_for.answer(code=code))


def _must_log_in_first(request: HttpRequest) -> bool:
    """Tell whether somebody who is not signed in would be redirected by an unverified link (RFC 9700 section
    4.11.2).
    """
    return not request.user.is_authenticated and "none" not in request.GET.get("prompt", "").split()
