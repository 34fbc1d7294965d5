"""A client finds everything from the issuer alone (OpenID Connect Discovery)."""

import pytest
from django.test import Client
from django.urls import resolve

from multinexo_oauth.server.openid.signing_keys import generate
from tests.conformance import proves
from tests.endpoints.openid import BASE, DISCOVERY, ISSUER, JWKS

AUTHORIZATION_SERVER = "/.well-known/oauth-authorization-server/auth/v1"


def document(path):
    answer = Client().get(path)
    assert answer.status_code == 200
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Cache-Control"] == "public, max-age=3600"
    return answer.json()


@proves("discovery", "discovery-lists")
def test_it_is_the_authorization_servers_document_and_more(db):
    found = document(DISCOVERY)
    assert found.items() >= document(AUTHORIZATION_SERVER).items()
    assert found["issuer"] == ISSUER
    assert found["userinfo_endpoint"] == f"{ISSUER}/userinfo/"
    assert found["jwks_uri"] == f"http://testserver{JWKS}"
    assert found["subject_types_supported"] == ["public"]
    assert found["id_token_signing_alg_values_supported"] == ["RS256"]
    assert {"openid", "profile", "email"} <= set(found["scopes_supported"])
    assert {"sub", "auth_time", "nonce", "name", "email"} <= set(found["claims_supported"])
    assert "email_verified" not in found["claims_supported"]


@proves("discovery-lists")
def test_it_names_what_the_authorization_endpoint_takes(db):
    found = document(DISCOVERY)
    assert found["prompt_values_supported"] == ["none", "login", "consent", "select_account"]
    assert found["response_modes_supported"] == ["query", "form_post"]
    assert found["end_session_endpoint"] == f"{ISSUER}/logout/"


@proves("discovery-lists")
def test_every_address_is_there(db):
    found = document(DISCOVERY)
    for name in (
        "jwks_uri",
        "userinfo_endpoint",
        "authorization_endpoint",
        "token_endpoint",
        "end_session_endpoint",
    ):
        assert resolve(found[name].removeprefix("http://testserver"))


@proves("discovery")
def test_the_setting_names_every_address_whatever_the_host(db, site):
    site(ISSUER="https://multinexo.example/auth/v1")
    found = document(DISCOVERY)
    assert found["issuer"] == "https://multinexo.example/auth/v1"
    assert found["jwks_uri"] == "https://multinexo.example/auth/v1/.well-known/jwks.json"


@proves("discovery-lists")
def test_it_names_the_algorithms_of_all_keys_the_signing_one_first(db, site):
    site(SIGNING_KEYS=[generate("ES256"), generate("RS256"), generate("ES256")])
    assert document(DISCOVERY)["id_token_signing_alg_values_supported"] == ["ES256", "RS256"]


@proves("discovery-lists")
def test_claims_of_scopes_that_the_site_does_not_have_are_not_named(db, site):
    site(SCOPES={"openid": {"label": "Know who you are"}})
    assert {"name", "email"}.isdisjoint(document(DISCOVERY)["claims_supported"])


@proves("discovery-lists")
def test_the_sites_own_claims_are_named_once(db, site):
    site(CLAIMS_SUPPORTED=["company", "email", "sub"])
    named = document(DISCOVERY)["claims_supported"]
    assert "company" in named
    assert len(named) == len(set(named))


@proves("discovery-lists", "email-verified")
@pytest.mark.parametrize(
    ("setting", "is_named"), [(None, False), (True, True), (False, True), ("is_staff", True)]
)
def test_whether_addresses_are_verified_is_named_where_the_site_knows(db, site, setting, is_named):
    site(EMAIL_VERIFIED=setting)
    assert ("email_verified" in document(DISCOVERY)["claims_supported"]) is is_named


@proves("jwks")
@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_the_keys_hold_nothing_private(db, site, algorithm):
    site(SIGNING_KEYS=[generate(algorithm)])
    (key,) = document(JWKS)["keys"]
    public = {"RS256": {"n", "e"}, "ES256": {"crv", "x", "y"}}[algorithm]
    assert set(key) == {"kty", "kid", "use", "alg"} | public
    assert (key["use"], key["alg"]) == ("sig", algorithm)


@pytest.mark.parametrize("path", [DISCOVERY, JWKS])
def test_they_cost_no_query(db, path, django_assert_num_queries):
    with django_assert_num_queries(0):
        document(path)


@proves("openid-needs-a-key")
@pytest.mark.parametrize("path", [DISCOVERY, JWKS])
def test_without_a_key_neither_is_there(db, site, path):
    site(SIGNING_KEYS=[])
    assert Client().get(path).status_code == 404


@proves("openid-needs-a-key")
def test_without_a_key_the_authorization_server_is_silent_about_it(db, site):
    site(SIGNING_KEYS=[])
    found = document(AUTHORIZATION_SERVER)
    assert {"jwks_uri", "end_session_endpoint"}.isdisjoint(found)
    assert "openid" not in found["scopes_supported"]


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_they_are_only_read(db, method):
    assert getattr(Client(), method)(f"{BASE}/.well-known/jwks.json").status_code == 405
