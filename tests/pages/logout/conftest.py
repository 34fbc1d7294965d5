from typing import Any

import pytest
from django.contrib.auth.models import User

from tests.oauth import OAuthClient, Person, register

AFTER = "https://login.example/bye"


@pytest.fixture
def login(owner: User) -> OAuthClient:
    """A web application that people sign in to with their account here."""
    return register(
        owner,
        "web",
        name="Caja Norte",
        redirect_uris="https://login.example/callback",
        post_logout_redirect_uris=f"{AFTER} https://login.example/bye?lang=es",
        scopes="openid",
    )


@pytest.fixture
def hint(person: Person, login: OAuthClient) -> str:
    """The ID token that the application got when the person signed in."""
    token: str = person.tokens(login, scope="openid")["id_token"]
    return token


@pytest.fixture
def site(settings: Any) -> Any:
    """Change single values of the app's setting."""

    def change(**values: Any) -> None:
        settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, **values}

    return change
