"""What the parts that pages asking for consent share read."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from ...conf import conf
from ...models import Application, redirect_uris
from .forms import ConsentForm


def account(request: HttpRequest) -> dict[str, str]:
    """Return what `consent/_account.html` reads."""
    return {
        "account": request.user.email or request.user.get_username(),  # type: ignore[union-attr]
        "switch_account_form_action": reverse("multinexo_oauth:switch-account"),
    }


def application(client: Application) -> dict[str, Any]:
    """Return what `consent/_application.html` and `consent/_developer.html` read."""
    owner = client.user
    return {
        "application": client,
        "document_host": redirect_uris.shown_host(client.client_id) if client.has_document else "",
        "owner_name": (owner.get_full_name() or owner.get_username()) if owner else "",
        "brand_name": conf.brand_name,
    }


def permissions(form: ConsentForm) -> dict[str, Any]:
    """Return what `consent/_permissions.html` reads."""
    asked = form.asked
    return {
        "form": form,
        "new_permissions": asked.groups(asked.new, {*form.ticked, *asked.required}),
        "granted_permissions": asked.groups(asked.granted, asked.granted),
        "single": len(asked.new) == 1,
    }
