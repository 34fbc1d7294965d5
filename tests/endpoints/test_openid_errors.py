"""Where there is no ID token, and what one does not open."""

import pytest

from tests.conformance import proves
from tests.endpoints.openid import SCOPES, userinfo
from tests.oauth import answered, register


@proves("id-token-openid")
def test_who_does_not_ask_gets_none(person, login):
    assert "id_token" not in person.tokens(login, scope="products:read")


@proves("id-token-openid")
def test_profile_alone_makes_no_id_token(person, login):
    assert "id_token" not in person.tokens(login, scope="profile email")


@proves("id-token-openid")
def test_a_refresh_that_leaves_openid_out_yields_none(person, login):
    tokens = person.tokens(login, scope=f"{SCOPES} products:read")
    answer = login.refresh(tokens["refresh_token"], scope="products:read").json()
    assert "access_token" in answer
    assert "id_token" not in answer


@proves("id-token-openid")
def test_a_service_acts_for_nobody(owner):
    service = register(owner, "service", scopes="openid products:read")
    answer = service.token("client_credentials", scope="openid products:read")
    assert answer.status_code == 200
    assert "id_token" not in answer.json()


@proves("id-token-openid")
def test_an_application_that_did_not_register_it_may_not_ask(person, web):
    assert answered(person.visit(web, scope="openid products:read"))["error"] == "invalid_scope"


@proves("id-token-opens-nothing")
def test_an_id_token_is_no_access_token(person, login, products):
    tokens = person.tokens(login, scope=SCOPES)
    assert products.list(tokens["id_token"]).status_code == 401
    assert userinfo(tokens["id_token"]).status_code == 401


@proves("id-token-openid")
@pytest.mark.parametrize("error", ["code", "refresh"])
def test_an_error_brings_none(person, login, error):
    answer = login.exchange("unknown") if error == "code" else login.refresh("unknown")
    assert answer.status_code == 400
    assert set(answer.json()) == {"error", "error_description"}
    assert answer.json()["error"] == "invalid_grant"
    assert answer["Cache-Control"] == "no-store"


@proves("openid-needs-a-key")
@pytest.mark.parametrize("keys", [[], ()])
def test_without_a_key_openid_is_no_scope(site, person, login, keys):
    site(SIGNING_KEYS=keys)
    assert answered(person.visit(login, scope="openid"))["error"] == "invalid_scope"
    assert "openid" not in person.tokens(login, scope="openid profile")["scope"].split()


@proves("openid-needs-a-key")
def test_without_a_key_a_service_may_not_ask_either(site, owner):
    service = register(owner, "service", scopes="openid products:read")
    site(SIGNING_KEYS=[])
    answer = service.token("client_credentials", scope="openid")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")


@proves("openid-needs-a-key")
def test_without_a_key_earlier_grants_go_on_without_id_tokens(site, person, login):
    tokens = person.tokens(login, scope=SCOPES)
    site(SIGNING_KEYS=[])
    answer = login.refresh(tokens["refresh_token"])
    assert answer.status_code == 200
    assert "id_token" not in answer.json()
