"""Clients end their own tokens (RFC 7009)."""

import pytest

from tests.conformance import proves
from tests.oauth import REVOKE, register


@proves("revoke-any", "revoke-family")
@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
@pytest.mark.parametrize("hint", [None, "access_token", "refresh_token", "nonsense"])
def test_one_token_of_a_grant_ends_them_all(web, tokens, products, which, hint):
    form = {"token_type_hint": hint} if hint else {}
    assert web.revoke(tokens[which], **form).status_code == 200
    assert products.list(tokens["access_token"]).status_code == 401
    assert web.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"


@proves("revocation-answer")
@pytest.mark.parametrize("known", [True, False])
def test_the_answer_is_an_empty_json_object(web, tokens, known):
    answer = web.revoke(tokens["access_token"] if known else "unknown")
    assert (answer.status_code, answer.json(), answer["Content-Type"]) == (200, {}, "application/json")


@proves("revoke-client")
def test_a_public_client_revokes_by_its_id(person, spa, products):
    tokens = person.tokens(spa)
    assert spa.revoke(tokens["refresh_token"]).status_code == 200
    assert products.list(tokens["access_token"]).status_code == 401


@proves("revoke-any")
def test_a_service_ends_its_token(service, products):
    token = service.token("client_credentials").json()["access_token"]
    assert service.revoke(token).status_code == 200
    assert products.list(token).status_code == 401


@proves("revoke-unknown")
@pytest.mark.parametrize("token", ["unknown", "ñ", "%zz"])
def test_an_unknown_token_is_no_error(web, token):
    assert web.revoke(token).status_code == 200


@proves("revoke-client")
def test_another_clients_token_lives_on(owner, tokens, products):
    other = register(owner, "service")
    assert other.revoke(tokens["access_token"]).status_code == 200
    assert products.list(tokens["access_token"]).status_code == 200


@proves("revoke-missing")
def test_a_missing_token_is_an_invalid_request(web):
    answer = web.post(REVOKE, {})
    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_request"


@proves("revoke-client")
def test_a_client_that_is_not_known_ends_nothing(web, tokens, products):
    web.secret = "wrong"
    answer = web.revoke(tokens["access_token"])
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Basic")
    assert products.list(tokens["access_token"]).status_code == 200
