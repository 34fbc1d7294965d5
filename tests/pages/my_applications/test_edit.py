from typing import Any

import pytest
from django.db.models.signals import pre_save
from pytest_django import Settings

from multinexo_oauth.models import Application, Event
from tests.conformance import proves
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


def test_a_verification_meanwhile_is_not_of_what_staff_has_not_seen(ana: Developer, web: OAuthClient) -> None:
    def staff_verifies(update_fields: Any, **kwargs: Any) -> None:
        Application.objects.update(verified=True)

    pre_save.connect(staff_verifies, sender=Application)
    try:
        ana.send("application", web, name="Una", redirect_uris="https://web.example/otra")
    finally:
        pre_save.disconnect(staff_verifies, sender=Application)
    assert registered(web).redirect_uris == "https://web.example/otra"
    assert not registered(web).verified


def test_a_suspension_meanwhile_is_not_undone(ana: Developer, web: OAuthClient) -> None:
    web.application.suspend()
    ana.send("application", web, **OVERVIEW)
    ana.send("application-permissions", web, scopes=[])
    assert registered(web).is_suspended
    assert registered(web).name == "Tienda nueva"


@proves("logout-registration")
@pytest.mark.parametrize("kind", ["web", "spa", "native"])
def test_addresses_after_signing_out_are_registered_and_changed(
    ana: Developer, kind: str, request: pytest.FixtureRequest
) -> None:
    client: OAuthClient = request.getfixturevalue(kind)
    kept = {"name": "Una", "redirect_uris": client.application.redirect_uris}
    for uris in ("https://a.example/bye https://b.example/bye", ""):
        ana.send("application", client, **kept, post_logout_redirect_uris=uris)
        assert registered(client).post_logout_redirect_uris.split() == uris.split()


def test_a_new_application_may_register_them_at_once(ana: Developer) -> None:
    ana.register("web", post_logout_redirect_uris="https://tienda.example/bye")
    assert Application.objects.get().post_logout_redirect_uris == "https://tienda.example/bye"


def test_changing_them_ends_what_staff_vouched_for(ana: Developer, web: OAuthClient) -> None:
    Application.objects.update(verified=True)
    kept = {"name": web.application.name, "redirect_uris": web.application.redirect_uris}
    ana.send("application", web, **kept, post_logout_redirect_uris="https://web.example/bye")
    assert not registered(web).verified


def test_without_a_signing_key_nobody_is_asked_for_them(
    ana: Developer, web: OAuthClient, settings: Settings
) -> None:
    Application.objects.update(post_logout_redirect_uris="https://web.example/bye")
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "SIGNING_KEYS": []}
    assert "post_logout" not in ana.open("application", web).content.decode()
    ana.send("application", web, **OVERVIEW)
    assert registered(web).post_logout_redirect_uris == "https://web.example/bye"
