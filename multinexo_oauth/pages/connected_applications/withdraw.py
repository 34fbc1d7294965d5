"""Where a person takes back single permissions of an application and leaves it the others."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext, gettext_lazy as _, ngettext

from ...ending.consents import withdraw_scopes
from ...interface.counts import grouped
from ...interface.wording import labels, tokens_end, tokens_ended
from ...models import AccessToken
from ...scopes import Scopes, describe
from .base import DETAILS, ConnectionPage


class WithdrawForm(forms.Form):
    """The permissions to take back, of those that can be."""

    scopes = forms.MultipleChoiceField(
        error_messages={
            "required": _("Select at least one permission, or cancel."),
            "invalid_choice": _("The application does not have this permission, or requires it."),
        },
    )

    def __init__(self, *args: Any, names: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = [(name, name) for name in names]  # type: ignore[attr-defined]

    @property
    def ticked(self) -> list[str]:
        return self["scopes"].value() or []


class WithdrawPermissions(ConnectionPage):
    """Choose, then confirm, both by GET; the POST alone changes anything."""

    form_class = WithdrawForm
    template_name = "multinexo_oauth/connected_applications/withdraw.html"
    confirm_template_name = "multinexo_oauth/connected_applications/withdraw_confirm.html"

    @cached_property
    def withdrawable(self) -> list[str]:
        return self.consent.withdrawable

    @cached_property
    def form(self) -> WithdrawForm:
        chosen = self.request.GET if "chosen" in self.request.GET else None
        return self.form_class(chosen, names=self.withdrawable)

    @cached_property
    def names(self) -> list[str]:
        """What goes: the permissions chosen, and those that bring them along."""
        return self.consent.carriers(self.form.cleaned_data["scopes"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.found is None or not self.form.is_valid():
            response = super().get(request, *args, **kwargs)
            response.status_code = 400 if self.found and self.form.errors else response.status_code
            return response
        if not self.left(self.names):
            return redirect("multinexo_oauth:connection-remove", self.kwargs["client_id"])
        self.template_name = self.confirm_template_name
        return self.render_to_response(self.get_context_data(**self.confirmation()))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        cancel_url = reverse(DETAILS, args=[self.kwargs["client_id"]])
        return super().get_context_data(
            form=self.form, withdrawable=self.withdrawable, cancel_url=cancel_url, **kwargs
        )

    def left(self, going: Iterable[str]) -> str:
        """Return what stays, in words; nothing where no permission does."""
        return labels(set(self.consent.scope_names).difference(going))

    def confirmation(self) -> dict[str, Any]:
        count = len(self.names)
        title = ngettext(
            "Withdraw %(count)s permission of “%(name)s”?",
            "Withdraw %(count)s permissions of “%(name)s”?",
            count,
        )
        return {
            "title": title % {"count": grouped(count), "name": self.consent.application.name},
            "effects": self.effects(),
            "action": ngettext("Withdraw the permission", "Withdraw the permissions", count),
            "danger": True,
        }

    def effects(self) -> list[str]:
        chosen = set(self.form.cleaned_data["scopes"])
        return [
            *(
                gettext("The application loses “%s”.") % scope.label
                if scope.name in chosen
                else gettext(
                    "The application also loses “%s”, which includes a permission that you withdraw."
                )
                % scope.label
                for scope in describe(self.names)
            ),
            gettext("The application keeps %s.") % self.left(self.names),
            *tokens_end(self.live_carriers()),
            *self.what_goes_on(),
            gettext("It keeps the data that it has already copied."),
        ]

    def what_goes_on(self) -> list[str]:
        if self.consent.application.is_suspended:
            return []
        return [gettext("It stays connected, and can get access again with the permissions that it keeps.")]

    def live_carriers(self) -> int:
        """Count the live access tokens that carry what goes."""
        tokens = AccessToken.objects.live().filter(user=self.user, application=self.consent.application)
        return sum(Scopes(scope).holds_any(self.names) for scope in tokens.values_list("scope", flat=True))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.found is None:
            return self.gone()
        chosen = [name for name in request.POST.getlist("scopes") if name in self.withdrawable]
        going = self.consent.carriers(chosen)
        if not going:
            messages.info(
                request, gettext("The application no longer had those permissions: nothing was changed.")
            )
        elif not self.left(going):
            return redirect("multinexo_oauth:connection-remove", self.kwargs["client_id"])
        else:
            ended = withdraw_scopes(self.consent, chosen, self.origin)
            said = gettext("“%(name)s” has lost %(permissions)s, and stays connected with the rest.")
            said %= {"name": self.consent.application.name, "permissions": labels(going)}
            messages.success(request, said + tokens_ended(ended))
        return redirect(DETAILS, self.kwargs["client_id"])
