"""Where the admin's pages are, and how its forms are filled in."""

import re
from typing import Any

from django.db.models import Model
from django.test import Client
from django.urls import reverse

from multinexo_oauth.models import Application, Kind

NO_SECRETS = {"secrets-TOTAL_FORMS": 0, "secrets-INITIAL_FORMS": 0}


def list_of(model: type[Model]) -> str:
    return reverse(f"admin:multinexo_oauth_{model._meta.model_name}_changelist")


def add_page(model: type[Model]) -> str:
    return reverse(f"admin:multinexo_oauth_{model._meta.model_name}_add")


def page_of(row: Model, page: str = "change") -> str:
    return reverse(f"admin:multinexo_oauth_{row._meta.model_name}_{page}", args=[row.pk])


def issue_page(application: Application) -> str:
    return reverse("admin:multinexo_oauth_clientsecret_issue", args=[application.pk])


def hidden_value(answer: Any, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', answer.content.decode())
    assert found, f"no hidden field {name}"
    return found[1]


def shown_secret(answer: Any) -> str:
    """Return the secret that the page shows beside the client id."""
    _client_id, secret = re.findall(r"<code data-copy>([^<]+)</code>", answer.content.decode())
    return secret


def filled_in(browser: Client, kind: Kind, **values: Any) -> tuple[str, dict[str, Any]]:
    """Open the add page of a kind; return its address and the form's data."""
    address = f"{add_page(Application)}?kind={kind.value}"
    submission = hidden_value(browser.get(address), "submission")
    return address, {"name": "Tienda", "scopes": ["products:read"], "submission": submission, **values}


def act(browser: Client, action: str, *rows: Model, **values: Any) -> Any:
    """Choose an action of the list for the rows; with `confirmed`, after the page that asks has been opened."""
    address, data = list_of(type(rows[0])), {"action": action, "_selected_action": [row.pk for row in rows]}
    if "confirmed" in values and "seen" not in values:
        page = browser.post(address, data)
        shown = re.search(r'name="seen" value="([^"]+)"', page.content.decode())
        values |= {"seen": shown[1]} if shown else {}
    return browser.post(address, {**data, **values})
