"""Logins that a client asked for and does not get."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from jwcrypto.jwk import JWK
from jwcrypto.jwt import JWT

from multinexo_oauth.models import Grant
from multinexo_oauth.server.openid.signing_keys import generate
from tests.conformance import proves
from tests.endpoints.openid import ISSUER, LOGIN, passes, press, sign_in
from tests.oauth import AUTHORIZE, answered, register


def refused(answer, error):
    said = answered(answer)
    assert (said["error"], said["state"], said["iss"]) == (error, "a state", ISSUER)


def back(answer):
    return parse_qs(urlsplit(answer["Location"]).query)["next"][0]


def is_sign_in(answer):
    return answer.status_code == 302 and urlsplit(answer["Location"]).path == LOGIN


# A new login


@proves("prompt-login")
def test_coming_back_without_signing_in_leads_to_the_same_question(luis, login):
    luis.browser.logout()
    answer = luis.visit(login, scope="openid", prompt="login")
    again = luis.browser.get(back(answer))
    assert is_sign_in(again)
    assert back(again) == back(answer)


@proves("prompt-login")
def test_nothing_in_the_address_spares_the_login(luis, login):
    luis.consent(login, scope="openid")
    spare = ({"logged_in": "1"}, {"auth_time": "9999999999"}, {"login_asked": "x"}, {"login_asked": ""})
    for spared in spare:
        assert is_sign_in(luis.visit(login, scope="openid", prompt="login", **spared))
        luis.browser.force_login(luis.user)


@proves("prompt-login")
def test_the_same_request_sent_again_asks_again(luis, login):
    luis.consent(login, scope="openid")
    sign_in(luis.browser, luis.visit(login, scope="openid", prompt="login")["Location"])
    assert is_sign_in(luis.visit(login, scope="openid", prompt="login"))


@proves("prompt-login")
def test_refusing_is_an_answer_after_which_the_same_request_asks_again(luis, login):
    page = sign_in(luis.browser, luis.visit(login, scope="openid", prompt="login")["Location"])
    refused(luis.decide(page, "deny"), "access_denied")
    assert is_sign_in(luis.visit(login, scope="openid", prompt="login"))


@proves("prompt-login")
def test_a_login_for_one_request_is_no_new_one_for_another(luis, login):
    luis.consent(login, scope="openid")
    sign_in(luis.browser, luis.visit(login, scope="openid", prompt="login")["Location"])
    assert is_sign_in(luis.visit(login, scope="openid", prompt="login", state="another"))


@proves("prompt-login")
@pytest.mark.parametrize("asked", [{"prompt": "login"}, {"max_age": "0"}])
def test_a_login_of_the_same_second_is_no_new_one(luis, login, monkeypatch, asked):
    luis.consent(login, scope="openid")
    monkeypatch.setattr("time.time", lambda: 2_000_000_000)
    luis.browser.force_login(luis.user)
    assert is_sign_in(luis.visit(login, scope="openid", **asked))


def test_a_request_left_lying_is_forgotten(luis, login, monkeypatch):
    luis.consent(login, scope="openid")
    answer = luis.visit(login, scope="openid", prompt="login")
    luis.browser.force_login(luis.user)
    passes(monkeypatch, 3601)
    assert is_sign_in(luis.browser.get(back(answer)))


@proves("prompt-login-one-answer")
def test_the_address_that_led_to_a_code_asks_for_another_login(luis, login):
    luis.consent(login, scope="openid")
    address = back(luis.visit(login, scope="openid", prompt="login"))
    luis.browser.force_login(luis.user)
    assert "code" in answered(luis.browser.get(address))
    assert is_sign_in(luis.browser.get(address))


@proves("prompt-login-one-answer")
@pytest.mark.parametrize("decision", ["allow", "deny"])
def test_a_form_that_was_answered_gets_no_second_code_by_the_same_login(luis, login, decision):
    page = sign_in(luis.browser, luis.visit(login, scope="openid", prompt="login")["Location"])
    luis.decide(page, decision)
    Grant.objects.all().delete()
    assert luis.decide(page).status_code == 400
    assert not Grant.objects.exists()


@proves("prompt-login-one-answer")
def test_the_newest_ten_answers_are_remembered_and_what_is_older_counts_as_answered(luis, login, monkeypatch):
    luis.consent(login, scope="openid")
    addresses = []
    for number in range(12):
        passes(monkeypatch, 1)
        addresses.append(back(luis.visit(login, scope="openid", prompt="login", state=str(number))))
    luis.browser.force_login(luis.user)
    for address in addresses:
        assert "code" in answered(luis.browser.get(address))
    assert all(is_sign_in(luis.browser.get(address)) for address in addresses)


@proves("prompt-login-one-answer")
@pytest.mark.parametrize("asked", [{}, {"max_age": "3600"}, {"prompt": "login"}])
def test_a_form_is_not_good_for_the_same_persons_next_login(luis, login, asked):
    page = luis.visit(login, scope="openid", **asked)
    if page.status_code == 302:
        page = sign_in(luis.browser, page["Location"])
    luis.browser.force_login(luis.user)
    assert luis.decide(page).status_code == 400
    assert not Grant.objects.exists()


@proves("prompt-login")
def test_a_marker_of_one_request_is_none_of_another(luis, login):
    luis.consent(login, scope="openid")
    address = back(luis.visit(login, scope="openid", prompt="login", state="one"))
    luis.browser.force_login(luis.user)
    assert is_sign_in(luis.browser.get(address.replace("state=one", "state=two")))


@proves("prompt-login")
def test_an_old_login_is_no_new_one_by_a_strangers_marker(luis, login, monkeypatch):
    luis.consent(login, scope="openid")
    passes(monkeypatch, 10)
    address = back(Client().get(AUTHORIZE, login.request(scope="openid", prompt="login")))
    assert luis.browser.get(address).status_code == 200
    assert "_auth_user_id" in luis.browser.session


@proves("prompt-login")
@pytest.mark.parametrize("told", [{}, {"multinexo_oauth_auth_time": 1577836800}])
def test_a_site_that_sends_no_login_signal_causes_no_redirect_loop(luis, login, told):
    def sign_in_untold():
        luis.browser.force_login(luis.user)
        session = luis.browser.session
        del session["multinexo_oauth_auth_time"]
        session.update(told)
        session.save()

    answer = luis.visit(login, scope="openid", prompt="login")
    sign_in_untold()
    answer = press(luis.browser, luis.browser.get(back(answer)))
    sign_in_untold()
    refused(luis.browser.get(back(answer)), "login_required")


# A login that is not old


@proves("max-age")
def test_a_login_that_grows_too_old_on_the_consent_page_grants_nothing(luis, login, monkeypatch):
    page = luis.visit(login, scope="openid", max_age="200")
    passes(monkeypatch, 300)
    stale = luis.decide(page)
    assert stale.status_code == 400
    assert not Grant.objects.exists()
    again = luis.browser.get(page.wsgi_request.get_full_path())
    slow = sign_in(luis.browser, again["Location"])
    passes(monkeypatch, 300)
    assert "code" in answered(luis.decide(slow))


# A login that is not old, without a page


@proves("max-age", "prompt-none")
@pytest.mark.parametrize("max_age", ["0", "200"])
def test_without_a_page_an_old_login_is_login_required(luis, login, monkeypatch, max_age):
    luis.consent(login, scope="openid")
    passes(monkeypatch, 300)
    refused(luis.visit(login, scope="openid", prompt="none", max_age=max_age), "login_required")
    assert "_auth_user_id" in luis.browser.session


@proves("max-age")
@pytest.mark.parametrize(
    "max_age", ["-1", "+1", "1.5", "soon", "1e3", "9" * 10, "9" * 5000, "٣", " 1", "1\n"]
)
def test_a_max_age_that_is_no_number_of_seconds_is_refused(luis, login, max_age):
    refused(luis.visit(login, scope="openid", max_age=max_age), "invalid_request")


@proves("prompt-combinations")
@pytest.mark.parametrize("prompt", ["none login", "none consent", "none select_account", "none create"])
def test_a_combination_that_makes_no_sense_is_refused(luis, login, prompt):
    refused(luis.visit(login, scope="openid", prompt=prompt), "invalid_request")


# A login of a certain person


@pytest.fixture
def hint(luis, login):
    return luis.tokens(login, scope="openid")["id_token"]


@proves("hint-authorize", "prompt-none")
def test_without_a_page_another_person_is_login_required(stranger, login, hint):
    stranger.consent(login, scope="openid")
    refused(stranger.visit(login, scope="openid", prompt="none", id_token_hint=hint), "login_required")
    assert "_auth_user_id" in stranger.browser.session


@proves("hint-authorize")
@pytest.mark.parametrize("signed_in", [True, False])
def test_signing_in_as_somebody_else_after_all_is_told_to_the_client(stranger, login, hint, signed_in):
    if not signed_in:
        stranger.browser.logout()
    answer = stranger.visit(login, scope="openid", id_token_hint=hint)
    refused(sign_in(stranger.browser, answer["Location"], "eva"), "login_required")


def forged(**claims):
    """Return an ID token as ours, but signed by a key of somebody's own."""
    key = JWK.from_pem(generate("RS256").encode())
    token = JWT(header={"alg": "RS256"}, claims={"iss": ISSUER, "sub": "1", "aud": "x"} | claims)
    token.make_signed_token(key)
    return token.serialize()


def unsigned():
    token = JWT(header={"alg": "HS256"}, claims={"iss": ISSUER, "sub": "1", "aud": "x"})
    token.make_signed_token(JWK(kty="oct", k="c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA"))
    return token.serialize()


GARBAGE = [
    "garbage",
    "a.b.c",
    "a.b.c.d.e",
    "..",
    "{}",
    json.dumps({"payload": "e30", "signatures": []}),
    "[" * 7000,
    "W1tb" * 1900 + ".e30.e30",
    "ñ.ñ.ñ",
    "eyJhbGciOiJub25lIn0.e30.",
    "eyJhbGciOiJub25lIn0.eyJpc3MiOiJodHRwOi8vdGVzdHNlcnZlci9hdXRoL3YxIn0.",
]


@proves("hint-authorize")
@pytest.mark.parametrize("garbage", [*GARBAGE, forged(), unsigned()], ids=range(len(GARBAGE) + 2))
def test_a_hint_that_is_no_id_token_of_ours_is_refused(luis, login, garbage):
    refused(luis.visit(login, scope="openid", id_token_hint=garbage), "invalid_request")


@proves("hint-authorize")
def test_a_tampered_hint_is_refused(luis, login, hint):
    header, _payload, signature = hint.split(".")
    tampered = f"{header}.{forged(aud=login.client_id).split('.')[1]}.{signature}"
    refused(luis.visit(login, scope="openid", id_token_hint=tampered), "invalid_request")


@proves("hint-authorize")
def test_another_clients_hint_is_refused(luis, owner, login, hint):
    other = register(owner, "web", redirect_uris="https://other.example/cb", scopes="openid")
    refused(luis.visit(other, scope="openid", id_token_hint=hint), "invalid_request")


@proves("hint-authorize")
def test_a_hint_of_another_issuer_is_refused(site, luis, login, hint):
    site(ISSUER="https://moved.example/auth/v1")
    assert answered(luis.visit(login, scope="openid", id_token_hint=hint))["error"] == "invalid_request"


@proves("hint-old-key")
def test_a_hint_of_a_key_that_was_taken_out_is_refused(site, luis, login, hint):
    site(SIGNING_KEYS=[generate("RS256")])
    refused(luis.visit(login, scope="openid", id_token_hint=hint), "invalid_request")


# By POST


@proves("authorize-post")
def test_a_posted_request_grants_nothing_by_itself(luis, login):
    luis.consent(login, scope="openid")
    answer = luis.browser.post(AUTHORIZE, login.request(scope="openid"))
    assert urlsplit(answer["Location"]).path == AUTHORIZE
    assert "code=" not in answer["Location"].replace("response_type=code", "")


@pytest.mark.parametrize("size", [7000, 30_000])
def test_a_posted_request_that_is_too_long_is_refused(login, size):
    answer = Client().post(AUTHORIZE, login.request(scope="openid", nonce="x" * size), follow=False)
    if answer.status_code == 302:
        answer = Client().get(answer["Location"])
    assert answer.status_code == 400


# A request without redirect URI


@proves("authorize-openid-redirect-uri")
@pytest.mark.parametrize(
    "changes", [{}, {"redirect_uri": ""}, {"prompt": "none"}, {"scope": "products:read openid"}]
)
def test_a_request_for_openid_without_redirect_uri_is_told_to_the_person(luis, login, changes):
    page = luis.visit(login, **{"scope": "openid", "redirect_uri": None} | changes)
    assert page.status_code == 400
    assert "Location" not in page
    assert "redirect_uri" in page.content.decode()


@proves("authorize-openid-redirect-uri")
def test_a_request_without_openid_means_the_only_redirect_uri(luis, login):
    assert luis.visit(login, scope="products:read", redirect_uri=None).status_code == 200


@proves("authorize-openid-redirect-uri")
def test_where_there_is_no_openid_connect_the_client_hears_that_of_openid(luis, login, site):
    site(SIGNING_KEYS=[])
    refused(luis.visit(login, scope="openid", redirect_uri=None), "invalid_scope")
