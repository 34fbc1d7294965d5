"""Where a person lets a device in: its code, whether they know it, its permissions (RFC 8628 section 3.3)."""

from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext
from oauthlib.oauth2.rfc6749.errors import OAuth2Error

from ...models import Consent, DeviceGrant
from ...origin import Origin, counted_ip
from ...policy import policy
from ...server import login_time
from ...server.authorization import reauthentication
from ...server.grants import device
from ...server.held import hold_parties
from ...server.limits.attempts import Limit, TooManyAttempts
from ...storage.deadlock import survives_deadlocks
from ..consent import context
from ..consent.forms import ConsentForm
from ..consent.permissions import Asked
from ..errors import Link, error_page
from ..login import with_way_back
from ..security import CredentialPage
from ..signed_in import SignedInPage
from .forms import ConfirmForm, UserCodeForm
from .request import DeviceRequest

ENDS = {DeviceGrant.AUTHORIZED: "allowed", DeviceGrant.DENIED: "denied"}


class DeviceView(CredentialPage, SignedInPage):
    """Ask for a device's code, show what device it is, then ask for permissions. No step is skipped."""

    form_class = ConsentForm
    code_form_class = UserCodeForm
    confirm_form_class = ConfirmForm
    http_method_names = ["get", "head", "post"]

    @property
    def user(self) -> Any:
        return self.request.user

    def get(self, request: HttpRequest) -> HttpResponse:
        # RFC 8628 section 3.3.1: the complete URL saves typing, but the person must still confirm the code.
        return self._enter(self.code_form_class(request.GET if "user_code" in request.GET else None))

    def post(self, request: HttpRequest) -> HttpResponse:
        if "request" not in request.POST:
            return self._enter(self.code_form_class(request.POST))
        asking = DeviceRequest.read(request.POST["request"], self.user)
        if asking is None:
            return self._stale()
        if asking.grant.status != DeviceGrant.AUTHORIZATION_PENDING:
            return self._end(asking)
        if request.POST.get("decision") == "deny":
            device.deny(asking.grant, asking.client, self.user)
            return self._end(asking)
        if not asking.confirmed:
            return self._ask(asking)
        is_choosing = "decision" not in request.POST and "tick" in request.POST
        return self._tick(asking) if is_choosing else self._decide(asking)

    def _enter(self, form: UserCodeForm) -> HttpResponse:
        """Look a code up, within the limits; without a good one, show the field."""
        if form.is_valid():
            try:
                asking = self._find(form.cleaned_data["user_code"])
            except TooManyAttempts as error:
                return self._too_many(error.wait)
            if asking is not None:
                is_answered = asking.grant.status != DeviceGrant.AUTHORIZATION_PENDING
                return self._end(asking, again=True) if is_answered else self._confirm(asking)
            form.add_error(
                "user_code",
                _("This code is wrong or has expired. Check it on your device, or ask for a new one."),
            )
        status = 400 if form.errors else 200
        parts = {"form": form, **context.account_context(self.request)}
        return render(self.request, "multinexo_oauth/device/code.html", parts, status=status)

    def _find(self, typed: str) -> DeviceRequest | None:
        """Return the request with this code; a correct code does not count as an attempt. Raises TooManyAttempts.

        It is pending or was answered by this person. A request that somebody else answered counts as a wrong code.
        """
        tries = [
            (Limit.named("user_code_by_account"), str(self.user.pk)),
            (Limit.named("user_code_by_address"), counted_ip(self.request)),
        ]
        for limit, who in tries:
            limit.take(self.request, who)
        asking = DeviceRequest.find(typed, self.user) or DeviceRequest.find_answered(typed, self.user)
        if asking is not None:
            for limit, who in tries:
                limit.give_back(who)
        return asking

    def _confirm(self, asking: DeviceRequest) -> HttpResponse:
        form = self.confirm_form_class(initial={"request": asking.sign(self.user, confirmed=False)})
        return self._page("confirm", asking, form=form, grant=asking.grant)

    def _ask(self, asking: DeviceRequest) -> HttpResponse:
        if elsewhere := self._elsewhere(asking):
            return elsewhere
        consent = Consent.objects.owned_by(self.user).for_client(asking.client).first()
        return self._permissions(asking, Asked.of(asking, consent))

    def _elsewhere(self, asking: DeviceRequest) -> HttpResponse | None:
        """Send the person where the site's policy wants them to go before they grant anything."""
        url = policy().login_url(self.request, asking.client, asking.scopes)
        back = f"{reverse('multinexo_oauth:device')}?{urlencode({'user_code': asking.user_code})}"
        return with_way_back(url, back) if url else None

    def _tick(self, asking: DeviceRequest) -> HttpResponse:
        """Show the permissions again with what the person ticked or cleared at once."""
        consent = Consent.objects.owned_by(self.user).for_client(asking.client).first()
        asked = Asked.of_page(asking, consent, asking.shown)
        if asked is None or asking.displayed != asking.scopes:
            return self._permissions(asking, Asked.of(asking, consent), has_changed=True)
        form = self.form_class.ticking(self.request.POST, asked, self.request.POST["request"])
        return self._page("permissions", asking, **context.permissions_context(form))

    def _permissions(self, asking: DeviceRequest, asked: Asked, has_changed: bool = False) -> HttpResponse:
        """Show what the device asks for. `has_changed` tells that it was posted and something has changed since."""
        if not asking.scopes:
            return self._stale()
        signed = asking.sign(self.user, confirmed=True, shown=asked.granted)
        form = self.form_class(asked=asked, initial={"request": signed})
        status = 409 if has_changed else 200
        return self._page("permissions", asking, status, **context.permissions_context(form, has_changed))

    @survives_deadlocks
    @transaction.atomic
    def _decide(self, asking: DeviceRequest) -> HttpResponse:
        """Record the person's yes, where the page still shows what stands."""
        try:
            held = hold_parties(asking.client, self.user.pk, deciding=True)
        except OAuth2Error:
            return self._stale()
        asking = asking.of(held.client)
        if elsewhere := self._elsewhere(asking):
            return elsewhere
        if not asking.scopes or not reauthentication.is_current(self.request, held.user):
            return self._stale()
        asked = Asked.of_page(asking, held.consent, asking.shown)
        if asked is None or asking.displayed != asking.scopes:
            return self._permissions(asking, Asked.of(asking, held.consent), has_changed=True)
        form = self.form_class(self.request.POST, asked=asked)
        if not form.is_valid():
            return self._page("permissions", asking, 400, **context.permissions_context(form))
        device.approve(
            asking.grant,
            held,
            form.granted_scopes,
            Origin.of(self.request),
            login_time.logged_in_at(self.request),
        )
        return self._end(asking)

    def _end(self, asking: DeviceRequest, *, again: bool = False) -> HttpResponse:
        """Show the person's answer; of two clicks, the first one counts.

        `again` tells that the person has come back to a code answered before.
        """
        end = ENDS.get(asking.answer_of(self.user) or "")
        return self._page(end, asking, again=again) if end else self._stale()

    def _page(self, name: str, asking: DeviceRequest, status: int = 200, **parts: Any) -> HttpResponse:
        parts |= {
            "user_code": asking.user_code,
            **context.account_context(self.request),
            **context.application_context(asking.client),
        }
        return render(self.request, f"multinexo_oauth/device/{name}.html", parts, status=status)

    def _stale(self) -> HttpResponse:
        return error_page(
            self.request,
            _("This page is no longer valid"),
            _("The code has expired or was answered already, or you have changed accounts."),
            advice=_("Ask your device for a new code, and enter that one."),
            ways=[Link(reverse("multinexo_oauth:device"), _("Enter a code"))],
        )

    def _too_many(self, wait: int) -> HttpResponse:
        minutes = -(-wait // 60)
        message = ngettext(
            "Too many wrong codes. Wait %(minutes)s minute and try again.",
            "Too many wrong codes. Wait %(minutes)s minutes and try again.",
            minutes,
        ) % {"minutes": minutes}
        response = error_page(
            self.request,
            _("Too many attempts"),
            message,
            status=429,
            advice=_("The code may expire meanwhile; if so, ask the device for a new one."),
        )
        response.headers["Retry-After"] = str(wait)
        return response
