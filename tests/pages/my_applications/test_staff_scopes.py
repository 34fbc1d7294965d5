"""Where a token registers clients, staff alone gives the scope that it takes; an owner keeps what staff gave."""

from typing import Any

import pytest

from multinexo_oauth.models import Application
from tests.conformance import proves
from tests.oauth import OAuthClient

from .conftest import Developer, registered

pytestmark = proves("registration-token")
REGISTERS = ["clients:register", "clients:all"]


@pytest.fixture(autouse=True)
def by_token(settings: Any) -> None:
    """A site where an access token registers clients, by a scope that another one brings along."""
    scopes = {
        "clients:register": {"label": "Register clients"},
        "clients:all": {"label": "Everything about clients", "implies": ["clients:register"]},
    }
    settings.MULTINEXO_OAUTH = {
        **settings.MULTINEXO_OAUTH,
        "DYNAMIC_REGISTRATION": "token",
        "SELF_REGISTERED_SCOPES": ["products:read"],
        "SCOPES": settings.MULTINEXO_OAUTH["SCOPES"] | scopes,
    }


@pytest.mark.parametrize("scope", REGISTERS)
def test_an_owner_cannot_take_it(ana: Developer, web: OAuthClient, scope: str) -> None:
    for answer in (
        ana.register("service", scopes=["products:read", scope]),
        ana.send("application-permissions", web, scopes=["products:read", scope]),
    ):
        assert answer.status_code == 200
        assert answer.context["form"].errors["scopes"]
        assert f'value="{scope}"' not in answer.content.decode()
    assert registered(web).scopes == "products:read products:write"
    assert Application.objects.count() == 1


@pytest.mark.parametrize("scope", REGISTERS)
def test_an_owner_keeps_what_staff_gave(ana: Developer, web: OAuthClient, scope: str) -> None:
    Application.objects.update(scopes=f"products:read {scope}")
    assert scope in ana.open("application-permissions", web).content.decode()
    ana.send("application-permissions", web, scopes=["products:write"])
    assert set(registered(web).scopes.split()) == {"products:write", scope}


def test_where_no_token_is_asked_for_it_is_a_scope_as_any_other(
    ana: Developer, web: OAuthClient, settings: Any
) -> None:
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "DYNAMIC_REGISTRATION": False}
    ana.send("application-permissions", web, scopes=["clients:register"])
    assert registered(web).scopes == "clients:register"
