"""What ends codes and tokens for good, and what only suspends them."""

import pytest
from django.contrib.auth.models import User

from multinexo_oauth.ending.consents import remove_consent, withdraw_scopes
from multinexo_oauth.models import Application, Consent
from tests import device as devices
from tests.conformance import proves
from tests.oauth import OAuthClient, Person, Products


def activate(user: User, is_active: bool) -> None:
    user.is_active = is_active
    user.save()


@proves("access-ends-person")
def test_a_reactivated_persons_tokens_are_good_again(
    person: Person, web: OAuthClient, products: Products
) -> None:
    tokens, code = person.tokens(web), person.consent(web)
    activate(person.user, False)
    assert products.list(tokens["access_token"]).status_code == 401
    for answer in (web.refresh(tokens["refresh_token"]), web.exchange(code)):
        assert answer.json()["error"] == "invalid_grant"
    activate(person.user, True)
    assert products.list(tokens["access_token"]).status_code == 200
    assert web.refresh(tokens["refresh_token"]).status_code == 200
    assert web.exchange(code).status_code == 200


@proves("access-ends-owner")
def test_a_service_goes_on_while_its_owner_is_deactivated(
    owner: User, service: OAuthClient, products: Products
) -> None:
    token = service.token("client_credentials").json()["access_token"]
    activate(owner, False)
    assert products.list(token).status_code == 200
    assert service.token("client_credentials").status_code == 200


@proves("refresh-consent")
@pytest.mark.parametrize("kind", ["web", "spa"])
def test_a_permission_that_the_person_withdrew_does_not_come_back_by_a_refresh(
    person: Person, request: pytest.FixtureRequest, kind: str
) -> None:
    client = request.getfixturevalue(kind)
    token = person.tokens(client)["refresh_token"]
    withdraw_scopes(Consent.objects.get(), ["products:write"])
    token = client.refresh(token).json()["refresh_token"]
    person.consent(client, scope="products:read products:write")
    assert client.refresh(token).json()["scope"] == "products:read"


@proves("refresh-consent")
def test_what_comes_back_to_the_allow_list_comes_back_to_the_family(person: Person, spa: OAuthClient) -> None:
    token = person.tokens(spa)["refresh_token"]
    Application.objects.update(scopes="products:read")
    narrow = spa.refresh(token).json()
    assert narrow["scope"] == "products:read"
    Application.objects.update(scopes="products:read products:write")
    assert spa.refresh(narrow["refresh_token"]).json()["scope"] == "products:read products:write"


@proves("access-ends-consent")
def test_a_device_that_was_let_in_gets_nothing_after_the_person_removed_the_access(
    person: Person, device: OAuthClient
) -> None:
    codes = devices.started(device)
    devices.let_in(person, codes["user_code"])
    remove_consent(Consent.objects.get())
    assert devices.poll(device, codes["device_code"]).json()["error"] == "invalid_grant"


@proves("introspect-refresh")
def test_the_introspection_of_a_refresh_token_says_what_is_left_of_its_scope(
    person: Person, web: OAuthClient
) -> None:
    token = person.tokens(web)["refresh_token"]

    def introspected() -> dict[str, object]:
        return web.post("/auth/v1/introspect/", {"token": token}).json()

    assert introspected()["scope"] == "products:read products:write"
    Application.objects.update(scopes="products:read")
    assert introspected()["scope"] == "products:read"
    Application.objects.update(scopes="documents:read")
    assert introspected() == {"active": False}


@proves("never-a-server-error")
def test_a_consent_whose_person_was_deleted_since_it_was_read_is_removed_without_an_error(
    person: Person, web: OAuthClient
) -> None:
    person.consent(web)
    stale = Consent.objects.get()
    person.user.delete()
    assert remove_consent(stale) == 0


@proves("access-ends-consent")
def test_withdrawing_the_last_permissions_one_by_one_removes_the_consent(
    person: Person, web: OAuthClient
) -> None:
    person.consent(web)
    read, stale = Consent.objects.get(), Consent.objects.get()
    withdraw_scopes(read, ["products:write"])
    withdraw_scopes(stale, ["products:read"])
    assert not Consent.objects.exists()
