"""The credentials of an application: its id, its secrets and how to use them."""

from copy import copy
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.views.decorators.debug import sensitive_variables

from ...conf import conf
from ...interface.counts import grouped
from ...interface.once import newest
from ...models import AccessToken, ClientSecret, Event, RefreshToken, TooManySecrets
from ...origin import Origin
from ...storage.deadlock import survives_deadlocks
from ...storage.locks import Lock, hold_row
from .base import ApplicationPage
from .endpoint_urls import Endpoints
from .forms import PkceForm, SecretForm
from .snippets import env_file, for_application


class Credentials(ApplicationPage):
    form_class = SecretForm
    tab = "credentials"
    template_name = "multinexo_oauth/my_applications/credentials.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", self.form_class(initial={"newest": newest(self.application)}))
        if self.kind.may_waive_pkce:
            kwargs.setdefault("pkce_form", PkceForm(instance=copy(self.application)))
        endpoints = Endpoints.of(self.request)
        secrets = (
            list(self.application.secrets.live().order_by("created_at", "pk")) if self.kind.has_secret else []
        )
        return super().get_context_data(
            secrets=secrets,
            may_change_pkce=conf.pkce_waiver == "owner",
            most_secrets=conf.live_secrets,
            may_issue=self.kind.has_secret and len(secrets) < conf.live_secrets,
            endpoints=endpoints.labelled(self.kind),
            snippets=for_application(self.application, endpoints),
            **kwargs,
        )


class ChangePkce(Credentials):
    """Waive PKCE for the application, or require it again."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Redirect to the page: after signing in again, the browser comes here by GET."""
        return redirect(self.url("application-credentials"))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.kind.may_waive_pkce or conf.pkce_waiver != "owner":
            raise Http404
        form = PkceForm(request.POST, instance=copy(self.application))
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(pkce_form=form))
        if form.has_changed():
            self.save(form)
        messages.success(request, gettext("Saved."))
        return redirect(self.url("application-credentials"))

    @transaction.atomic
    def save(self, form: PkceForm) -> None:
        self.record(Event.Action.CHANGED, form.save(), fields=form.changed_data)


class IssueSecret(Credentials):
    """Generate a secret. Only the answer to the POST holds its value."""

    issued_template_name = "multinexo_oauth/my_applications/secret.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Redirect to the page: after signing in again, the browser comes here by GET."""
        return redirect(self.url("application-credentials"))

    @sensitive_variables()
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.kind.has_secret:
            raise Http404
        form = self.form_class(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        try:
            return self.issue(form)
        except TooManySecrets:
            messages.error(
                request,
                gettext(
                    "The application already has the maximum number of secrets: revoke one "
                    "before you generate another."
                ),
            )
        return redirect(self.url("application-credentials"))

    @survives_deadlocks
    @transaction.atomic
    def issue(self, form: SecretForm) -> HttpResponse:
        hold_row(self.application, Lock.ALONE)
        if form.cleaned_data["newest"] not in {None, newest(self.application)}:
            said = gettext(
                "A secret was generated after you opened that page, so no other one was generated."
            )
            messages.info(self.request, said)
            return redirect(self.url("application-credentials"))
        secret, value = ClientSecret.issue(
            self.application, form.cleaned_data["label"], origin=Origin.of(self.request)
        )
        if days := form.cleaned_data["days"]:
            secret.expires_at = timezone.now() + timedelta(days=days)
            secret.save(update_fields=["expires_at"])
        return self.issued(secret, value)

    def issued(self, secret: ClientSecret, value: str) -> HttpResponse:
        endpoints = Endpoints.of(self.request)
        self.template_name = self.issued_template_name
        context = ApplicationPage.get_context_data(
            self,
            secret=value,
            issued=secret,
            has_others=self.application.secrets.live().exclude(pk=secret.pk).exists(),
            env_file=env_file(self.application, endpoints, value),
            snippets=for_application(self.application, endpoints, value),
        )
        return self.render_secret(context)


class RevokeSecret(ApplicationPage):
    template_name = "multinexo_oauth/confirm.html"

    @cached_property
    def secret(self) -> ClientSecret:
        return get_object_or_404(self.application.secrets, pk=self.kwargs["pk"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.application.secrets.live().filter(pk=self.secret.pk).exists():
            return super().get(request, *args, **kwargs)
        messages.info(request, gettext("That secret had already been revoked, or had expired."))
        return redirect(self.url("application-credentials"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        label = self.secret.label
        return super().get_context_data(
            title=gettext("Revoke the secret “%s”?") % label if label else gettext("Revoke the secret?"),
            message=format_html(
                gettext("It ends in {last_four} and belongs to the application “{name}”."),
                last_four=format_html("<code>{}</code>", self.secret.last_four),
                name=self.application.name,
            ),
            warning=self.warning(),
            effects=self.effects(),
            action=gettext("Revoke the secret"),
            danger=True,
            cancel_url=self.url("application-credentials"),
            **kwargs,
        )

    @cached_property
    def others(self) -> int:
        return self.application.secrets.live().exclude(pk=self.secret.pk).count()

    def warning(self) -> str:
        if self.others:
            return ""
        return gettext(
            "It is the only live secret: the application cannot get or renew tokens until you "
            "generate another. To avoid an interruption, generate that one first."
        )

    def effects(self) -> list[str]:
        return [
            *self.what_goes_on(),
            *self.people(),
            *self.tokens(),
            gettext("A revoked secret cannot be restored."),
        ]

    def what_goes_on(self) -> list[str]:
        if not self.others:
            return []
        left = ngettext(
            "%(count)s other secret keeps working.", "%(count)s other secrets keep working.", self.others
        )
        return [
            gettext("This secret can no longer get or renew tokens."),
            left % {"count": grouped(self.others)},
        ]

    def people(self) -> list[str]:
        people = self.application.consents.count() if self.kind.has_people else 0
        connected = ngettext(
            "%(count)s person is connected to the application.",
            "%(count)s people are connected to the application.",
            people,
        )
        return [connected % {"count": grouped(people)}] if people else []

    def tokens(self) -> list[str]:
        access_tokens = AccessToken.objects.live().filter(application=self.application).count()
        work = ngettext(
            "Its %(count)s live access token works until it expires.",
            "Its %(count)s live access tokens work until they expire.",
            access_tokens,
        )
        refresh_tokens = RefreshToken.objects.live().filter(application=self.application).exists()
        need = gettext("The application needs another live secret to use its refresh tokens.")
        return [
            *([work % {"count": grouped(access_tokens)}] if access_tokens else []),
            *([need] if refresh_tokens else []),
        ]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.secret.revoke(origin=Origin.of(request))
        messages.success(request, self.revoked())
        return redirect(self.url("application-credentials"))

    def revoked(self) -> str:
        label = self.secret.label
        if not label:
            return gettext("The secret ending in %s was revoked.") % self.secret.last_four
        said = gettext("The secret “%(label)s” (ending in %(last_four)s) was revoked.")
        return said % {"label": label, "last_four": self.secret.last_four}
