from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache

from tests.endpoints.openid import SCOPES
from tests.oauth import OAuthClient, Person, register


@pytest.fixture
def site(settings: Any) -> Callable[..., None]:
    """Change single values of the app's setting."""

    def change(**values: Any) -> None:
        settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, **values}

    return change


@pytest.fixture
def limits(site: Callable[..., None], settings: Any) -> Iterator[Callable[..., None]]:
    """Change single rates of THROTTLES, of which the tests' settings switch most off; nothing is counted yet."""

    def change(**rates: str | None) -> None:
        cache.clear()
        site(THROTTLES={**settings.MULTINEXO_OAUTH["THROTTLES"], **rates})

    yield change
    cache.clear()


@pytest.fixture
def login(owner: Any) -> OAuthClient:
    """A web application that wants to know who is there."""
    return register(
        owner, "web", redirect_uris="https://login.example/callback", scopes=f"{SCOPES} products:read"
    )


@pytest.fixture
def luis(person: Person) -> Person:
    person.user.first_name, person.user.last_name = "Luis", "Pérez"
    person.user.save()
    return person
