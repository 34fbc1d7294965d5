"""A pytest plugin; a site names it in its conftest: `pytest_plugins = ["multinexo_oauth.rest_framework.fixtures"]`."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    # pytest reads plugins before Django is set up.
    from rest_framework.test import APIClient


@pytest.fixture(name="acting_as")
def acting_as_fixture(db: None) -> "Callable[..., APIClient]":
    """Clients of the API that carry a token: `acting_as(user, scopes=["products:read"])`."""
    from .testing import acting_as

    return acting_as
