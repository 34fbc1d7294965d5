import pytest

from multinexo_oauth.models import Application, Event
from tests.oauth import OAuthClient

from .conftest import Developer, registered, text, url

OVERVIEW = {"name": "Tienda nueva", "redirect_uris": "https://nueva.example/callback"}


def test_the_overview_is_changed(ana: Developer, web: OAuthClient) -> None:
    answer = ana.send(
        "application", web, **OVERVIEW, description="Otra", homepage_url="https://nueva.example"
    )
    assert answer["Location"] == url("application", web)
    application = registered(web)
    assert (application.name, application.description) == ("Tienda nueva", "Otra")
    assert application.redirect_uris == "https://nueva.example/callback"
    assert "Tienda nueva" in text(ana.browser.get(answer["Location"]))


def test_the_permissions_are_changed(ana: Developer, web: OAuthClient) -> None:
    form = {"scopes": ["documents:read", "products:read"], "required_scopes": ["documents:read"]}
    ana.send("application-permissions", web, **form)
    application = registered(web)
    assert application.scope_names == ["documents:read", "products:read"]
    assert application.required_scope_names == ["documents:read"]


def test_permissions_stand_by_product_with_sensitive_ones_marked(ana: Developer, web: OAuthClient) -> None:
    field = ana.open("application-permissions", web).context["form"]["scopes"]
    products = [product for product, _permissions in field.groups()]
    assert len(products) == len(set(products)) == 6
    ticked = [scope.name for _product, rows in field.groups() for scope, box in rows if box.data["selected"]]
    assert ticked == ["products:read", "products:write"]
    assert ana.open("application-permissions", web).content.decode().count("badge--sensitive") >= 4


def test_what_changed_is_recorded(ana: Developer, web: OAuthClient) -> None:
    ana.send("application", web, **OVERVIEW)
    event = Event.objects.latest("pk")
    assert (event.action, event.actor, event.address) == ("changed", ana.user, "127.0.0.1")
    assert sorted(event.detail["fields"]) == ["name", "redirect_uris"]


def test_saving_without_a_change_records_nothing(ana: Developer, web: OAuthClient) -> None:
    events = Event.objects.count()
    ana.send("application", web, name=web.application.name, redirect_uris=web.application.redirect_uris)
    ana.send("application-permissions", web, scopes=web.application.scope_names)
    assert Event.objects.count() == events


def test_origins_move_along_with_the_redirect_uris(ana: Developer, spa: OAuthClient) -> None:
    form = {
        "name": "Panel",
        "redirect_uris": "https://nuevo.example/x",
        "allowed_origins": "https://spa.example",
    }
    ana.send("application", spa, **form)
    assert registered(spa).allowed_origins == "https://nuevo.example"


def test_origins_of_ones_own_stay_when_the_redirect_uris_move(ana: Developer, spa: OAuthClient) -> None:
    Application.objects.update(allowed_origins="https://otro.example")
    form = {
        "name": "Panel",
        "redirect_uris": "https://nuevo.example/x",
        "allowed_origins": "https://otro.example",
    }
    ana.send("application", spa, **form)
    assert registered(spa).allowed_origins == "https://otro.example"


@pytest.mark.parametrize(
    ("change", "verified"),
    [
        ({"name": "Otro nombre"}, False),
        ({"homepage_url": "https://otra.example"}, False),
        ({"description": "Otra descripción"}, True),
        ({"redirect_uris": "https://web.example/otra"}, False),
    ],
)
def test_changing_what_was_vouched_for_ends_the_verification(
    ana: Developer, web: OAuthClient, change: dict[str, str], verified: bool
) -> None:
    Application.objects.update(verified=True, homepage_url="https://web.example")
    same = {
        "name": web.application.name,
        "homepage_url": "https://web.example",
        "redirect_uris": web.redirect_uri,
    }
    ana.send("application", web, **(same | change))
    assert registered(web).verified is verified


def test_a_suspension_meanwhile_is_not_undone(ana: Developer, web: OAuthClient) -> None:
    web.application.suspend()
    ana.send("application", web, **OVERVIEW)
    ana.send("application-permissions", web, scopes=[])
    assert registered(web).is_suspended
    assert registered(web).name == "Tienda nueva"
