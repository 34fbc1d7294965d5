"""Staff alone allows scopes by a wildcard; an owner sees it and leaves it as it is."""

import re

import pytest

from multinexo_oauth.models import Application, Event
from tests.conformance import proves
from tests.oauth import OAuthClient

from .conftest import Developer, offered, registered

pytestmark = proves("api-wildcards")


@pytest.fixture
def trusted(web: OAuthClient) -> OAuthClient:
    Application.objects.update(scopes="products:* entities:read")
    return web


def test_the_owner_sees_what_staff_allowed(ana: Developer, trusted: OAuthClient) -> None:
    page = ana.open("application-permissions", trusted)
    content = page.content.decode()
    assert "<code>products:</code>" in content
    who_allows = re.findall(r'<span class="badge">([^<]+)</span>', content)
    assert len(who_allows) == 2
    assert all("Multinexo" in said for said in who_allows)
    boxes = {box.data["value"]: box.data for box in page.context["form"]["scopes"]}
    for name in ("products:read", "products:write"):
        assert boxes[name]["attrs"]["checked"]
        assert boxes[name]["attrs"]["disabled"]
    assert "disabled" not in boxes["entities:read"]["attrs"]
    assert offered(page, "required_scopes") == {"products:read", "products:write", "entities:read"}


def test_the_hint_for_all_permissions_stays(ana: Developer, trusted: OAuthClient, web: OAuthClient) -> None:
    with_wildcard = ana.open("application-permissions", trusted).context["form"]["scopes"].help_text
    Application.objects.update(scopes="products:read")
    hint = ana.open("application-permissions", web).context["form"]["scopes"].help_text
    assert with_wildcard.startswith(f"<p>{hint}</p>")


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
