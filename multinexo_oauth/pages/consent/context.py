"""What the parts that pages asking for consent share read."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from ... import people, redirect_uris
from ...models import Application, Kind
from ...policy import policy
from .forms import ConsentForm


def account_context(request: HttpRequest) -> dict[str, str]:
    """Return what `consent/_account.html` reads."""
    return {
        "brand_name": policy().brand_name(request),
        "account": people.account(request.user),
        "switch_account_form_action": reverse("multinexo_oauth:switch-account"),
    }


def application_context(client: Application) -> dict[str, Any]:
    """Return what `consent/_application.html` and `consent/_developer.html` read."""
    owner = client.user
    return {
        "application": client,
        "document_host": redirect_uris.shown_host(client.client_id) if client.has_document else "",
        "owner_name": people.public_name(owner) if owner else "",
        "support_email": client.support_email if _may_show(client, client.support_email) else "",
        "links": _links(client),
    }


def _links(client: Application) -> list[tuple[str, str]]:
    links = [
        (gettext("Home page"), client.homepage_url),
        (gettext("Privacy policy"), client.privacy_url),
        (gettext("Terms of service"), client.terms_url),
    ]
    shown = [(label, address) for label, address in links if address and _may_show(client, address)]
    if not client.is_unverified_self_registered:
        return shown
    # Its page may warn of two sites: a link says to which one it leads.
    return [(f"{label}: {_host(address)}", address) for label, address in shown]


def _may_show(client: Application, address: str) -> bool:
    """Tell whether a URL belongs to the client: a self-registered one could name any site (RFC 7591 section 5).

    Its own host is its document's or, while there is but one, that of its redirect URIs: others may be strangers'.
    """
    if not client.is_unverified_self_registered:
        return True
    own = [client.client_id] if client.has_document else client.redirect_uris.split()
    return {redirect_uris.shown_host(uri) for uri in own} == {_host(address)}


def _host(address: str) -> str:
    """Return the host of a web or e-mail address; empty where a browser might read another one in it."""
    if "://" not in address:
        return address.rpartition("@")[2]
    return "" if redirect_uris.problems(address, Kind.WEB) else redirect_uris.shown_host(address)


def permissions_context(form: ConsentForm, has_changed: bool = False) -> dict[str, Any]:
    """Return what `consent/_permissions.html` and the heading of `consent/_application.html` read.

    `has_changed` tells that the person posted a page on which something has changed since.
    """
    asked = form.asked
    return {
        "form": form,
        "has_changed": has_changed,
        "new_permissions": asked.groups(asked.new, {*form.ticked, *asked.required}),
        "granted_permissions": asked.groups(asked.granted, asked.granted),
        "has_access": asked.has_access,
        "single": len(asked.new) == 1,
        "has_choice": len(asked.new) > 1 and not asked.required.issuperset(asked.new),
        "opened": form.opened,
    }
