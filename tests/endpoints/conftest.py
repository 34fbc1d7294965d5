from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache

from tests.documents import FETCHER, documents
from tests.endpoints.openid import SCOPES
from tests.oauth import OAuthClient, Person, register

__all__ = ["documents"]


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


@pytest.fixture
def open_registration(site: Callable[..., None], db: None) -> Iterator[None]:
    """A site where clients register themselves, nobody having tried yet."""
    cache.clear()
    site(DYNAMIC_REGISTRATION="open", SELF_REGISTERED_SCOPES=["products:read", "products:write"])
    yield
    cache.clear()


@pytest.fixture
def by_token(open_registration: None, site: Callable[..., None], settings: Any) -> None:
    """A site where an access token of `clients:register` registers clients."""
    site(
        DYNAMIC_REGISTRATION="token",
        SCOPES=settings.MULTINEXO_OAUTH["SCOPES"] | {"clients:register": {"label": "Register clients"}},
    )


@pytest.fixture
def documents_site(site: Callable[..., None], settings: Any, db: None) -> Iterator[None]:
    """A site that takes client id metadata documents, of this machine too, and has seen none."""
    cache.clear()
    site(CLIENT_ID_METADATA_DOCUMENTS=True, SELF_REGISTERED_SCOPES=["products:read", "products:write"])
    settings.OAUTH2_PROVIDER = settings.OAUTH2_PROVIDER | {"CIMD_METADATA_FETCHER": FETCHER}
    yield
    cache.clear()
