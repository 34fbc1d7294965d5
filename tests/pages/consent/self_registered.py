"""Applications that registered themselves."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from multinexo_oauth.models import Application
from tests.oauth import OAuthClient

DOCUMENT = "https://agent.example/oauth/client.json"


def stored(**fields: Any) -> OAuthClient:
    application = Application(
        **{
            "kind": "spa",
            "name": "Banco",
            "registration_source": "dcr",
            "redirect_uris": "https://agent.example/cb",
            "scopes": "products:read products:write",
            "homepage_url": "https://agent.example/",
            "privacy_url": "https://bank.example/privacy",
            "terms_url": "https://evil.example@agent.example.evil.example/",
            "support_email": "help@bank.example",
        }
        | fields
    )
    application.save()
    return OAuthClient(application)


def published() -> dict[str, Any]:
    """Return what a client is that has a document."""
    return {
        "client_id": DOCUMENT,
        "registration_source": "cimd",
        "cimd_expires_at": timezone.now() + timedelta(hours=1),
    }
