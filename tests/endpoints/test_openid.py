"""A person logs in at an application, which verifies who that is (OpenID Connect Core)."""

import base64
import hashlib
import time

import pytest
from django.contrib.auth.signals import user_logged_in
from django.test import Client
from jwcrypto.jwt import JWT

from example_project import scopes as catalogue
from multinexo_oauth.models import Grant, RefreshToken
from multinexo_oauth.server.openid.signing_keys import generate
from tests import device as devices
from tests.conformance import proves
from tests.endpoints.openid import ISSUER, SCOPES, published_keys, userinfo, verified
from tests.oauth import answered, register

OF_THE_PROTOCOL = {
    "iss": "https://evil.example",
    "sub": "somebody else",
    "aud": "another",
    "iat": 1,
    "exp": 2,
    "at_hash": "x",
    "nonce": "y",
    "auth_time": 3,
}


def company_claims(user, scopes):
    """What a site's CLAIMS may name."""
    claims = {"company": "Almacén Luis", "name": "Don Luis"} | OF_THE_PROTOCOL
    return claims if "profile" in scopes else {}


@proves("id-token", "id-token-at-hash")
def test_the_id_token_says_who_when_and_for_whom(luis, login):
    before = int(time.time())
    tokens = luis.tokens(login, scope="openid", nonce="n-0S6_WzA2Mj")
    claims = verified(tokens["id_token"], login.client_id)
    assert before <= claims["iat"] <= time.time()
    digest = hashlib.sha256(tokens["access_token"].encode()).digest()
    assert claims == {
        "iss": ISSUER,
        "sub": str(luis.user.pk),
        "aud": login.client_id,
        "iat": claims["iat"],
        "exp": claims["iat"] + 900,
        "auth_time": claims["auth_time"],
        "nonce": "n-0S6_WzA2Mj",
        "at_hash": base64.urlsafe_b64encode(digest[:16]).decode().rstrip("="),
    }


@proves("claims-of-scopes")
def test_profile_and_email_yield_their_claims(luis, login):
    claims = verified(luis.tokens(login, scope=SCOPES)["id_token"], login.client_id)
    assert claims["name"] == "Luis Pérez"
    assert claims["given_name"] == "Luis"
    assert claims["family_name"] == "Pérez"
    assert claims["preferred_username"] == "luis"
    assert claims["email"] == "luis@example.com"
    assert {"email_verified", "updated_at", "nonce"}.isdisjoint(claims)


@proves("claims-of-scopes")
def test_a_claim_without_a_value_is_left_out(person, login):
    claims = verified(person.tokens(login, scope="openid profile")["id_token"], login.client_id)
    assert "given_name" not in claims
    assert "email" not in claims
    assert claims["preferred_username"] == "luis"


@proves("id-token-auth-time")
def test_the_time_of_login_is_the_sessions(luis, login):
    code = luis.consent(login, scope="openid")
    luis.browser.logout()
    Grant.objects.update(auth_time="2020-01-01T00:00:00Z")
    answer = login.exchange(code).json()
    assert verified(answer["id_token"], login.client_id)["auth_time"] == 1577836800


@proves("id-token-auth-time")
def test_a_login_that_was_not_seen_has_no_time(luis, login):
    session = luis.browser.session
    del session["multinexo_oauth_auth_time"]
    session.save()
    assert "auth_time" not in verified(luis.tokens(login, scope="openid")["id_token"], login.client_id)


@proves("id-token-auth-time")
def test_a_new_login_is_a_new_time(luis, login, monkeypatch):
    hour = time.time() + 3600
    monkeypatch.setattr("time.time", lambda: hour)
    luis.browser.force_login(luis.user)
    claims = verified(luis.tokens(login, scope="openid")["id_token"], login.client_id)
    assert claims["auth_time"] == int(hour)


@proves("id-token-refresh")
def test_a_refreshed_id_token_is_of_the_same_person_without_the_nonce(luis, login):
    first = luis.tokens(login, scope=SCOPES, nonce="once")
    second = login.refresh(first["refresh_token"]).json()
    claims = verified(second["id_token"], login.client_id)
    assert claims["sub"] == str(luis.user.pk)
    assert claims["email"] == "luis@example.com"
    assert "nonce" not in claims


@proves("id-token-refresh")
def test_a_refreshed_id_token_repeats_the_time_of_login(luis, login):
    first = luis.tokens(login, scope="openid")
    RefreshToken.objects.update(auth_time="2020-01-01T00:00:00Z")
    luis.browser.logout()
    second = login.refresh(first["refresh_token"]).json()
    third = login.refresh(second["refresh_token"]).json()
    for answer in (second, third):
        assert verified(answer["id_token"], login.client_id)["auth_time"] == 1577836800


@proves("id-token-auth-time", "id-token-refresh")
def test_a_devices_id_tokens_have_the_time_of_login_of_whoever_let_it_in(luis, owner):
    box = register(owner, "device", scopes=SCOPES)
    codes = devices.started(box, scope=SCOPES)
    seen = luis.browser.session["multinexo_oauth_auth_time"]
    devices.let_in(luis, codes["user_code"])
    first = devices.poll(box, codes["device_code"]).json()
    second = box.refresh(first["refresh_token"]).json()
    for answer in (first, second):
        assert verified(answer["id_token"], box.client_id)["auth_time"] == seen


@proves("id-token-openid")
def test_a_device_gets_one(luis, owner):
    box = register(owner, "device", scopes=SCOPES)
    codes = devices.started(box, scope=SCOPES)
    devices.let_in(luis, codes["user_code"])
    answer = devices.poll(box, codes["device_code"])
    claims = verified(answer.json()["id_token"], box.client_id)
    assert claims["name"] == "Luis Pérez"


def test_the_consent_page_says_it_in_words(luis, login):
    page = luis.visit(login, scope=SCOPES).content.decode()
    for name in SCOPES.split():
        assert str(catalogue.SCOPES[name]["label"]) in page


@proves("prompt-none")
def test_a_second_login_asks_nothing(luis, login):
    luis.tokens(login, scope=SCOPES)
    assert "code" in answered(luis.visit(login, scope=SCOPES, prompt="none"))


@proves("id-token-signature")
@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_either_algorithm_verifies(site, luis, login, algorithm):
    site(SIGNING_KEYS=[generate(algorithm)])
    id_token = luis.tokens(login, scope="openid")["id_token"]
    assert verified(id_token, login.client_id)["sub"] == str(luis.user.pk)
    header = JWT(jwt=id_token).token.jose_header
    assert header == {"alg": algorithm, "typ": "JWT", "kid": next(iter(published_keys()))["kid"]}


@proves("keys-change", "subject-stays")
def test_tokens_of_the_key_before_still_verify(site, luis, login):
    old, new = generate("RS256"), generate("ES256")
    site(SIGNING_KEYS=[old])
    before = luis.tokens(login, scope="openid")["id_token"]
    site(SIGNING_KEYS=[new, old])
    after = luis.tokens(login, scope="openid")["id_token"]
    assert verified(before, login.client_id)["sub"] == verified(after, login.client_id)["sub"]
    assert JWT(jwt=before).token.jose_header["kid"] != JWT(jwt=after).token.jose_header["kid"]


@proves("claims-of-the-site")
def test_the_sites_own_claims_are_added_and_change_nobody(site, luis, login):
    site(CLAIMS=f"{__name__}.company_claims")
    tokens = luis.tokens(login, scope="openid profile")
    claims = verified(tokens["id_token"], login.client_id)
    assert (claims["company"], claims["name"]) == ("Almacén Luis", "Don Luis")
    assert (claims["sub"], claims["aud"]) == (str(luis.user.pk), login.client_id)
    told = userinfo(tokens["access_token"]).json()
    assert (told["company"], told["sub"]) == ("Almacén Luis", str(luis.user.pk))
    assert "company" not in verified(luis.tokens(login, scope="openid")["id_token"], login.client_id)


@proves("claims-of-the-site")
def test_the_sites_claims_are_never_the_protocols_also_where_those_are_left_out(site, luis, login):
    site(CLAIMS=f"{__name__}.company_claims")
    session = luis.browser.session
    del session["multinexo_oauth_auth_time"]
    session.save()
    tokens = luis.tokens(login, scope="openid profile")
    claims = verified(tokens["id_token"], login.client_id)
    assert {name: value for name, value in claims.items() if OF_THE_PROTOCOL.get(name) == value} == {}
    assert {"nonce", "auth_time"}.isdisjoint(claims)
    assert {"nonce", "aud", "exp"}.isdisjoint(userinfo(tokens["access_token"]).json())


@proves("claims-in-userinfo-alone")
def test_a_setting_keeps_profile_claims_out_of_the_id_token(site, luis, login):
    site(CLAIMS_IN_ID_TOKEN=False, CLAIMS=f"{__name__}.company_claims", EMAIL_VERIFIED=True)
    tokens = luis.tokens(login, scope=SCOPES, nonce="once")
    refreshed = login.refresh(tokens["refresh_token"]).json()
    protocol = {"iss", "sub", "aud", "iat", "exp", "auth_time", "at_hash"}
    assert set(verified(tokens["id_token"], login.client_id)) == protocol | {"nonce"}
    assert set(verified(refreshed["id_token"], login.client_id)) == protocol
    told = userinfo(tokens["access_token"]).json()
    assert (told["name"], told["email"], told["email_verified"]) == ("Don Luis", "luis@example.com", True)


@proves("id-token-lifetime")
def test_the_site_says_how_long_it_lives(settings, luis, login):
    settings.OAUTH2_PROVIDER = {**settings.OAUTH2_PROVIDER, "ID_TOKEN_EXPIRE_SECONDS": 60}
    claims = verified(luis.tokens(login, scope="openid")["id_token"], login.client_id)
    assert claims["exp"] - claims["iat"] == 60


@proves("discovery")
def test_the_issuer_is_the_one_of_the_metadata(site, luis, login):
    site(ISSUER="https://multinexo.example/auth/v1")
    id_token = luis.tokens(login, scope="openid")["id_token"]
    claims = JWT(jwt=id_token, key=published_keys()).claims
    assert '"iss":"https://multinexo.example/auth/v1"' in claims


@proves("openid-queries")
def test_an_exchange_costs_at_most_ten_queries(luis, login, django_assert_max_num_queries):
    login.exchange(luis.consent(login, scope=SCOPES))  # its use is noted once an hour
    code = luis.consent(login, scope=SCOPES)
    with django_assert_max_num_queries(10):
        assert "id_token" in login.exchange(code).json()


def test_logins_that_make_no_session_pass(luis):
    request = Client().get("/").wsgi_request
    del request.session
    for sent in (request, None):
        user_logged_in.send(sender=type(luis.user), request=sent, user=luis.user)
