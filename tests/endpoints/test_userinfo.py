"""An application asks who the person of its access token is (OpenID Connect Core section 5.3)."""

import pytest

from tests.conformance import proves
from tests.endpoints.openid import BASE, SCOPES, USERINFO, userinfo, verified
from tests.oauth import register

ORIGIN = "https://spa.example"


@pytest.fixture
def token(luis, login):
    return luis.tokens(login, scope=SCOPES)["access_token"]


@proves("userinfo-claims", "userinfo-methods")
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", [USERINFO, f"{BASE}/userinfo"])
def test_it_tells_what_the_scopes_allow(luis, token, method, path):
    answer = userinfo(token, method, path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    assert "no-store" in answer["Cache-Control"]
    assert answer.json() == {
        "sub": str(luis.user.pk),
        "name": "Luis Pérez",
        "given_name": "Luis",
        "family_name": "Pérez",
        "preferred_username": "luis",
        "email": "luis@example.com",
    }


@proves("userinfo-claims", "subject-stays")
def test_openid_alone_tells_the_subject_alone(luis, login):
    tokens = luis.tokens(login, scope="openid")
    told = userinfo(tokens["access_token"]).json()
    assert told == {"sub": str(luis.user.pk)}
    assert told["sub"] == verified(tokens["id_token"], login.client_id)["sub"]


@proves("openid-queries")
def test_it_asks_the_database_once(token, django_assert_max_num_queries):
    with django_assert_max_num_queries(1):
        assert userinfo(token).status_code == 200


@proves("userinfo-claims")
def test_what_changes_is_told_at_once(luis, token):
    luis.user.email = "nuevo@example.com"
    luis.user.save()
    assert userinfo(token).json()["email"] == "nuevo@example.com"


def test_a_site_may_take_the_token_in_the_query_string(site, token):
    site(QUERY_TOKENS=True)
    answer = userinfo(None, path=f"{USERINFO}?access_token={token}")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"


@proves("userinfo-cors")
def test_a_page_of_the_tokens_client_reads_it(luis, owner):
    spa = register(
        owner, "spa", redirect_uris=f"{ORIGIN}/callback", allowed_origins=ORIGIN, scopes="openid profile"
    )
    preflight = userinfo(None, "OPTIONS", Origin=ORIGIN)
    assert preflight.status_code == 204
    assert preflight["Access-Control-Allow-Origin"] == ORIGIN
    assert preflight["Access-Control-Allow-Methods"] == "GET, POST"
    assert "Authorization" in preflight["Access-Control-Allow-Headers"]
    answer = userinfo(luis.tokens(spa, scope="openid profile")["access_token"], Origin=ORIGIN)
    assert answer.json()["name"] == "Luis Pérez"
    assert answer["Access-Control-Allow-Origin"] == ORIGIN
    assert "Access-Control-Allow-Credentials" not in answer
    assert "Origin" in answer["Vary"]
