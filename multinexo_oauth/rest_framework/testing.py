"""Real access tokens for tests of a protected API and for trying it by hand."""

from collections.abc import Iterable
from typing import Any

from rest_framework.test import APIClient

from ..models import Application
from ..server.grants.local_token import create_token


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
