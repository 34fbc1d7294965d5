"""Fill the site with the people and applications of the demonstration."""

from typing import Any

from django.db import transaction
from django.urls import reverse

from multinexo_oauth.conf import conf
from multinexo_oauth.models import Application, Kind

from . import secrets
from .accounts import ACCOUNTS, seed_accounts
from .applications import seed_api_docs, seed_applications


@transaction.atomic
def seed(base_url: str) -> dict[Kind, Application]:
    """Return Ana's applications. Running it again changes nothing that is as it should be."""
    accounts = seed_accounts()
    seed_api_docs(accounts["staff"], base_url)
    applications = seed_applications(accounts["ana"], base_url)
    secrets.ensure_shop_secret(applications[Kind.WEB])
    return applications


@transaction.atomic
def describe(applications: dict[Kind, Application], base_url: str) -> dict[str, Any]:
    """Return everything that a client or a test needs to begin. Every secret in it is fresh, and the old ones end."""
    clients = {kind.value: _client(application) for kind, application in applications.items()}
    secrets.give_to_shop(applications[Kind.WEB], clients[Kind.WEB.value]["client_secret"])
    return {
        "issuer": conf.issuer or f"{base_url}/auth/v1",
        "accounts": {
            account.username: {"username": account.username, "password": account.password}
            for account in ACCOUNTS
        },
        "clients": clients,
        "api": {"products": f"{base_url}{reverse('products:product-list')}"},
    }


def _client(application: Application) -> dict[str, Any]:
    return {
        "client_id": application.client_id,
        "client_secret": secrets.renew(application),
        "redirect_uris": application.redirect_uris.split(),
        "allowed_origins": application.allowed_origins.split(),
        "scopes": application.scope_names,
    }
