"""For those who test a protected API, or try it by hand: real access tokens, without the way through the pages."""

import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.utils import timezone
from rest_framework.test import APIClient

from ..models import AccessToken, Application, Kind
from ..models.digest import digest
from ..scopes import catalogue


def acting_as(
    user: Any, scopes: str | Iterable[str] = (), application: Application | None = None
) -> APIClient:
    """Return a client of the API whose requests carry an access token of the person, or of nobody for None.

    The token is a real one in the database, of an application made for it unless one is given:

        api = acting_as(luis, scopes=["products:write"])
        assert api.post("/api/v1/products/", product).status_code == 201

    Raises ValueError for a scope that the catalogue does not know.
    """
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {create_token(user, scopes, application)}")
    return client


def create_token(
    user: Any, scopes: str | Iterable[str] = (), application: Application | None = None, seconds: int = 900
) -> str:
    """Store an access token that lives so many seconds, and return its value. Raises ValueError as `acting_as` does."""
    names = scopes.split() if isinstance(scopes, str) else list(scopes)
    if unknown := set(names) - set(catalogue()):
        raise ValueError(f"There is no scope {', '.join(sorted(unknown))}.")
    value = secrets.token_urlsafe(32)
    AccessToken.objects.create(
        user=user,
        application=application or _application(),
        scope=" ".join(names),
        token_checksum=digest(value),
        expires=timezone.now() + timedelta(seconds=seconds),
    )
    return value


def _application() -> Application:
    """Return the application of tokens that nobody asked for by OAuth; it can ask for none."""
    found, _created = Application.objects.get_or_create(name="acting_as", kind=Kind.SERVICE, user=None)
    return found
