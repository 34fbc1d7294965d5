"""Staff alone allows scopes by a wildcard; an owner sees it and leaves it as it is."""

import pytest

from multinexo_oauth.models import Application, Event
from tests.conformance import proves
from tests.oauth import OAuthClient

from .conftest import Developer, registered, text

pytestmark = proves("api-wildcards")


@pytest.fixture
def trusted(web: OAuthClient) -> OAuthClient:
    Application.objects.update(scopes="products:* entities:read")
    return web


def test_the_owner_sees_what_staff_allowed(ana: Developer, trusted: OAuthClient) -> None:
    page = ana.open("application-permissions", trusted)
    assert "products:*" in text(page)
    boxes = {box.data["value"]: box.data for box in page.context["form"]["scopes"]}
    for name in ("products:read", "products:write"):
        assert boxes[name]["attrs"]["checked"]
        assert boxes[name]["attrs"]["disabled"]
    assert "disabled" not in boxes["entities:read"]["attrs"]


def test_saving_other_permissions_leaves_it(ana: Developer, trusted: OAuthClient) -> None:
    form = {"scopes": ["documents:read"], "required_scopes": ["products:read"]}
    ana.send("application-permissions", trusted, **form)
    assert registered(trusted).scopes == "products:* documents:read"
    assert registered(trusted).required_scope_names == ["products:read"]


def test_saving_the_same_again_is_no_change(ana: Developer, trusted: OAuthClient) -> None:
    Event.objects.all().delete()
    ana.send("application-permissions", trusted, scopes=["entities:read"])
    assert not Event.objects.filter(action=Event.Action.CHANGED).exists()


@pytest.mark.parametrize("page", ["registering", "changing"])
def test_an_owner_cannot_allow_one(ana: Developer, web: OAuthClient, page: str) -> None:
    before = set(Application.objects.values_list("client_id", "scopes"))
    if page == "registering":
        answer = ana.register("web", scopes=["products:*"])
    else:
        answer = ana.send("application-permissions", web, scopes=["products:*"])
    assert answer.status_code == 200
    assert answer.context["form"].errors["scopes"]
    assert set(Application.objects.values_list("client_id", "scopes")) == before
