import datetime
import re
import secrets
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from rest_framework.test import APIClient

from multinexo_oauth.models import AccessToken, Application, Kind
from multinexo_oauth.storage.digest import digest

SCOPES = {
    "products:read": {"label": "See products"},
    "products:write": {"label": "Change products", "implies": ["products:read"]},
    "companies:read": {"label": "See companies"},
    "documents:read": {"label": "See documents"},
}
METADATA = "https://multinexo.example/.well-known/oauth-protected-resource"


@pytest.fixture(autouse=True)
def site(settings: Any) -> Any:
    """A site with an issuer, four scopes and every other setting as it comes."""
    settings.MULTINEXO_OAUTH = {"ISSUER": "https://multinexo.example/auth/v1", "SCOPES": SCOPES}
    settings.ROOT_URLCONF = "tests.rest_framework.urls"
    return settings


@pytest.fixture
def query_tokens(site: Any) -> None:
    """Let the site take access tokens in the query string."""
    site.MULTINEXO_OAUTH = {**site.MULTINEXO_OAUTH, "QUERY_TOKENS": True}


@pytest.fixture
def luis(db: None) -> User:
    return User.objects.create_user("luis", password="luis")


@pytest.fixture
def application(db: None) -> Application:
    owner = User.objects.create_user("ana")
    return Application.objects.create(name="Balance", kind=Kind.WEB, user=owner, scopes=" ".join(SCOPES))


@pytest.fixture
def token(luis: User, application: Application) -> Callable[..., str]:
    """Make an access token of luis for the scopes and return its value."""

    def make(scope: str = "", **fields: Any) -> str:
        value = secrets.token_urlsafe(32)
        AccessToken.objects.create(
            **{
                "user": luis,
                "application": application,
                "expires": timezone.now() + datetime.timedelta(minutes=15),
                "scope": scope,
                "token_checksum": digest(value),
                **fields,
            }
        )
        return value

    return make


class Api(APIClient):
    """A client of the API that sends its access token in the header."""

    def ask(self, path: str, token: str | None = None, method: str = "GET", **extra: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self.generic(method, f"/api/{path}/", headers=headers, **extra)


@pytest.fixture
def api() -> Api:
    return Api()


def challenge(answer: Any) -> dict[str, str]:
    """Return the attributes of the answer's Bearer challenge."""
    scheme, _, attributes = answer.headers["WWW-Authenticate"].partition(" ")
    assert scheme == "Bearer"
    found = re.findall(r'(\w+)="([^"\\]*)"', attributes)
    assert attributes == ", ".join(f'{name}="{value}"' for name, value in found)
    return dict(found)


@pytest.fixture(name="challenge")
def challenge_fixture() -> Callable[[Any], dict[str, str]]:
    return challenge
