"""How a client, or a person whose request leads back to no client, gets the answer to an authorization request."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from oauthlib.oauth2.rfc6749.errors import OAuth2Error

from ... import redirect_uris
from ...server.authorization.answer import FORM_POST, Answer, AuthorizationRefused, UnregisteredRedirectURI
from ...server.authorization.signed_request import Posted
from ..client_redirect import ClientRedirect
from ..errors import Link, error_page
from ..login import authorize_address
from ..security import PageMixin
from . import context
from .new_login import NewLoginMixin
from .unregistered import unregistered_page


class AnswerMixin(NewLoginMixin, PageMixin):
    def refuse(self, refused: AuthorizationRefused) -> HttpResponse:
        answer = refused.answer
        if answer is not None:
            # RFC 9700 section 4.11.2: redirect at once only after the person's own click, not after following a link.
            is_anybodys_link = self.request.method == "GET" and answer.to.client.is_unverified_self_registered
            return self._offer(answer, refused.error) if is_anybodys_link else self.send(answer)
        if isinstance(refused, UnregisteredRedirectURI):
            return unregistered_page(self.request, refused)
        message = _("The application sent you here with an invalid request, so you were not sent back to it.")
        return error_page(
            self.request,
            _("This request cannot be trusted"),
            message,
            advice=_(
                "Nothing was authorized. If you did not start this, close the page; if you did, tell "
                "the developer of the application."
            ),
            error=refused.error,
        )

    def send(self, answer: Answer) -> HttpResponse:
        """Send the client its answer: by redirect, or by a form (OAuth 2.0 Form Post Response Mode)."""
        if answer.to.response_mode != FORM_POST:
            self.spend_marker()
            return ClientRedirect(answer.location)
        return self._hand_over("form_post.html", answer)

    def _offer(self, answer: Answer, error: OAuth2Error) -> HttpResponse:
        """Show a page with a link or button back to a client that nobody has verified, instead of redirecting."""
        told = {
            **context.application_context(answer.to.client),
            "destination": redirect_uris.shown_host(answer.to.redirect_uri),
            "error": error.error,
            "error_description": error.description,
        }
        return self._hand_over("consent/refused.html", answer, status=400, **told)

    def _hand_over(self, template: str, answer: Answer, status: int = 200, **told: Any) -> HttpResponse:
        """Show a page that brings the client its answer."""
        self.spend_marker()
        if answer.to.response_mode == FORM_POST:
            self.form_action = (redirect_uris.form_action(answer.to.redirect_uri),)
            self.referrer_policy = "strict-origin"  # the application may hold the form's Origin against ours
        told["answer"] = answer
        return render(self.request, f"multinexo_oauth/{template}", told, status=status)


def expired_page(request: HttpRequest, posted: Posted | None) -> HttpResponse:
    message = _("Too much time has passed, or you have changed accounts. Nothing was authorized.")
    title = _("This page is no longer valid")
    if posted is None or not posted.query:
        return error_page(request, title, message, advice=_("Start again from the application."))
    return error_page(
        request, title, message, ways=[Link(f"{authorize_address()}?{posted.query}", _("Open it again"))]
    )
