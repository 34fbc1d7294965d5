"""Scopes that clients ask for out of habit: unknown ones, and those that a self-registered client may not have."""

from typing import Any

import pytest
from django.urls import reverse

from multinexo_oauth.models import Application
from tests import device as devices
from tests.conformance import proves
from tests.oauth import OAuthClient, Person, answered
from tests.registration import client_of, registered

UNKNOWN = "groups address offline_access"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_registration")]


@proves("authorize-unknown-scope")
def test_unknown_scopes_are_left_out_and_the_answer_says_what_was_granted(
    person: Person, web: OAuthClient
) -> None:
    tokens = person.tokens(web, scope=f"{UNKNOWN} products:read")
    assert tokens["scope"] == "products:read"
    assert "refresh_token" in tokens


@proves("authorize-unknown-scope")
def test_unknown_scopes_of_a_service_are_left_out(service: OAuthClient) -> None:
    answer = service.token("client_credentials", scope=f"products:read {UNKNOWN}")
    assert answer.json()["scope"] == "products:read"


@proves("authorize-unknown-scope")
def test_unknown_scopes_of_a_device_are_left_out(person: Person, device: OAuthClient) -> None:
    started = devices.started(device, scope=f"{UNKNOWN} products:read")
    devices.let_in(person, started["user_code"])
    assert devices.poll(device, started["device_code"]).json()["scope"] == "products:read"


@proves("authorize-unknown-scope", "refresh-scope")
def test_unknown_scopes_at_refresh_are_left_out(web: OAuthClient, tokens: dict[str, Any]) -> None:
    answer = web.refresh(tokens["refresh_token"], scope=f"products:read {UNKNOWN}")
    assert answer.json()["scope"] == "products:read"


@proves("authorize-unknown-scope")
@pytest.mark.parametrize("scope", [UNKNOWN, "openid2", "none:*", "*", "ñ"])
def test_nothing_left_is_an_invalid_scope(
    person: Person,
    web: OAuthClient,
    service: OAuthClient,
    device: OAuthClient,
    tokens: dict[str, Any],
    scope: str,
) -> None:
    assert answered(person.visit(web, scope=scope))["error"] == "invalid_scope"
    for answer in (
        service.token("client_credentials", scope=scope),
        device.post("/auth/v1/device-authorization/", {"scope": scope}),
        web.refresh(tokens["refresh_token"], scope=scope),
    ):
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")
        assert answer.json()["error_description"]


@proves("authorize-scope")
def test_a_known_scope_that_an_owners_application_lacks_is_named(
    person: Person, web: OAuthClient, service: OAuthClient, device: OAuthClient, tokens: dict[str, Any]
) -> None:
    scope = f"products:read documents:write {UNKNOWN}"
    told = answered(person.visit(web, scope=scope))
    assert (told["error"], told["error_description"]) == (
        "invalid_scope",
        "This client was not given: documents:write.",
    )
    for answer in (
        service.token("client_credentials", scope=scope),
        device.post("/auth/v1/device-authorization/", {"scope": scope}),
        web.refresh(tokens["refresh_token"], scope=scope),
    ):
        assert answer.json()["error"] == "invalid_scope"
        assert "documents:write" in answer.json()["error_description"]


@proves("authorize-unknown-scope")
def test_a_self_registered_client_gets_what_it_may_have_of_all_that_it_asks_for(person: Person) -> None:
    client = client_of(registered(scope="products:read"))
    page = person.visit(client, scope=f"products:read products:write documents:* {UNKNOWN}")
    assert page.status_code == 200
    tokens = client.exchange(answered(person.decide(page))["code"]).json()
    assert tokens["scope"] == "products:read"
    again = client.refresh(tokens["refresh_token"], scope=f"products:read documents:write {UNKNOWN}")
    assert again.json()["scope"] == "products:read"


@proves("authorize-unknown-scope")
def test_a_self_registered_device_gets_what_it_may_have(person: Person) -> None:
    told = registered(grant_types=["urn:ietf:params:oauth:grant-type:device_code"], scope="products:read")
    started = devices.started(client_of(told), scope="products:read documents:write")
    devices.let_in(person, started["user_code"])
    assert devices.poll(client_of(told), started["device_code"]).json()["scope"] == "products:read"


@proves("registration-scopes")
def test_a_registration_leaves_out_what_is_not_offered_and_says_what_is_registered() -> None:
    told = registered(scope=f"products:read documents:write {UNKNOWN}")
    assert told["scope"] == "products:read"


class TestASiteThatDeclaresOfflineAccess:
    @pytest.fixture(autouse=True)
    def declared(self, settings: Any, open_registration: None) -> None:
        scopes = settings.MULTINEXO_OAUTH["SCOPES"] | {"offline_access": {"label": "Acceso sin conexión"}}
        mine = settings.MULTINEXO_OAUTH.get("SELF_REGISTERED_SCOPES", ())
        settings.MULTINEXO_OAUTH = settings.MULTINEXO_OAUTH | {
            "SCOPES": scopes,
            "SELF_REGISTERED_SCOPES": [*mine, "offline_access"],
        }

    def test_nobody_is_shown_or_granted_it(self, person: Person, web: OAuthClient) -> None:
        Application.objects.update(scopes="products:read offline_access")
        page = person.visit(web, scope="products:read offline_access")
        assert "Acceso sin conexión" not in page.content.decode()
        tokens = web.exchange(answered(person.decide(page))["code"]).json()
        assert tokens["scope"] == "products:read"

    def test_the_owner_does_not_see_it(self, owner: Any, web: OAuthClient) -> None:
        browser = Person(owner).browser
        page = browser.get(reverse("multinexo_oauth:application-permissions", args=[web.client_id]))
        assert "Acceso sin conexión" not in page.content.decode()

    def test_self_registered_clients_cannot_get_offline_access(self) -> None:
        assert registered(scope="products:read offline_access")["scope"] == "products:read"
