"""Nobody is signed out by a link of another site, and nobody is sent where no application registered."""

import pytest
from django.core import signing
from django.test import Client

from multinexo_oauth.models import Application
from multinexo_oauth.server.openid.signing_keys import generate
from tests.conformance import proves
from tests.oauth import register

from .browsing import LOGOUT, press, signed_in, template
from .conftest import AFTER


def refused(page):
    assert page.status_code == 400
    assert template(page) == "refused"
    assert "Location" not in page
    assert page["Cache-Control"] == "no-store"
    return page.content.decode()


# Where to


@proves("logout-redirect")
@pytest.mark.parametrize(
    "uri",
    [
        "https://evil.example/",
        "https://login.example/callback",
        "https://login.example/bye/",
        "https://login.example/bye?x=1",
        "https://login.example/bye#fragment",
        "https://login.example:443/bye",
        "https://LOGIN.example/bye",
        f"{AFTER} https://login.example/bye?lang=es",
        "//login.example/bye",
        "javascript:alert(1)",
        "/",
        "\x00",
        "x" * 9000,
    ],
)
def test_an_address_that_is_not_registered_leads_nowhere(person, login, hint, uri):
    for browser in (person.browser, Client()):
        for method in (browser.get, browser.post):
            asked = {"client_id": login.client_id, "post_logout_redirect_uri": uri}
            page = refused(method(LOGOUT, asked))
            assert "evil.example" not in page
    assert signed_in(person.browser)


@proves("logout-redirect")
def test_an_address_without_a_client_leads_nowhere(person, login):
    refused(person.browser.get(LOGOUT, {"post_logout_redirect_uri": AFTER}))


@proves("logout-redirect")
def test_another_clients_address_leads_nowhere(person, login, web):
    refused(person.browser.get(LOGOUT, {"client_id": web.client_id, "post_logout_redirect_uri": AFTER}))


@proves("logout-redirect")
def test_the_port_of_a_loopback_address_counts_here(person, owner):
    uri = "http://127.0.0.1:8123/bye"
    native = register(
        owner,
        "native",
        redirect_uris="http://127.0.0.1/callback",
        post_logout_redirect_uris=uri,
        scopes="openid",
    )
    asked = {"client_id": native.client_id, "post_logout_redirect_uri": uri}
    assert template(person.browser.get(LOGOUT, asked)) == "confirm"
    refused(person.browser.get(LOGOUT, asked | {"post_logout_redirect_uri": "http://127.0.0.1:1/bye"}))


def test_an_address_that_the_rules_no_longer_take_leads_nowhere(person, login):
    Application.objects.update(post_logout_redirect_uris="http://login.example/bye")
    asked = {"client_id": login.client_id, "post_logout_redirect_uri": "http://login.example/bye"}
    refused(person.browser.get(LOGOUT, asked))


def test_an_address_taken_away_meanwhile_leads_nowhere(person, login, hint):
    page = person.browser.get(LOGOUT, {"id_token_hint": hint, "post_logout_redirect_uri": AFTER})
    Application.objects.update(post_logout_redirect_uris="")
    assert template(press(person.browser, page, "logout")) == "done"
    assert not signed_in(person.browser)


# Who asks


@proves("logout-hint")
@pytest.mark.parametrize("client_id", ["unknown", "x" * 300, "ñ"])
def test_an_unknown_client_is_refused(person, login, client_id):
    refused(person.browser.get(LOGOUT, {"client_id": client_id}))


def test_a_suspended_client_is_refused(person, login, hint):
    login.application.suspend()
    refused(person.browser.get(LOGOUT, {"client_id": login.client_id}))
    refused(person.browser.get(LOGOUT, {"id_token_hint": hint, "post_logout_redirect_uri": AFTER}))


@proves("logout-hint")
@pytest.mark.parametrize("garbage", ["garbage", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", "[" * 7000, "\x00"])
def test_a_hint_that_is_no_id_token_of_ours_is_refused(person, login, garbage):
    refused(person.browser.get(LOGOUT, {"id_token_hint": garbage}))
    refused(person.browser.post(LOGOUT, {"id_token_hint": garbage}))
    assert signed_in(person.browser)


@proves("logout-hint")
def test_a_hint_of_another_client_than_the_one_named_is_refused(person, login, web, hint):
    refused(person.browser.get(LOGOUT, {"id_token_hint": hint, "client_id": web.client_id}))


@proves("logout-hint")
def test_a_hint_of_another_issuer_or_of_a_key_taken_out_is_refused(site, person, login, hint):
    site(ISSUER="https://moved.example/auth/v1")
    refused(person.browser.get(LOGOUT, {"id_token_hint": hint}))
    site(ISSUER=None, SIGNING_KEYS=[generate("RS256")])
    refused(person.browser.get(LOGOUT, {"id_token_hint": hint}))


@pytest.mark.parametrize("name", ["client_id", "state", "id_token_hint", "post_logout_redirect_uri"])
def test_a_repeated_parameter_is_refused(person, login, name):
    refused(person.browser.get(LOGOUT, {name: ["one", "two"]}))


@pytest.mark.parametrize("state", ["\x00", "x" * 2001, "x" * 9000, "\N{GRINNING FACE}" * 2000])
def test_a_state_that_no_redirect_could_carry_is_refused(person, login, state):
    refused(person.browser.get(LOGOUT, {"client_id": login.client_id, "state": state}))


def test_who_is_signed_in_may_sign_out_all_the_same(person, login):
    page = refused(person.browser.get(LOGOUT, {"client_id": "unknown", "ui_locales": "en"}))
    assert f'href="{LOGOUT}?ui_locales=en"' in page
    assert 'data-action="stay"' in page
    assert "your session is still open" in page


def test_who_is_not_signed_in_is_told_of_no_session_and_led_to_the_start(db):
    page = refused(Client().get(LOGOUT, {"client_id": "unknown", "ui_locales": "en"}))
    assert "its request is invalid" in page
    assert "your session is still open" not in page
    assert f'href="{LOGOUT}' not in page
    assert '<a class="button button--primary" href="/"' in page


# Who is signed out


@proves("logout-asks")
def test_a_link_alone_signs_nobody_out(person, login, hint):
    for asked in ({}, {"client_id": login.client_id}, {"id_token_hint": hint}):
        person.browser.get(LOGOUT, asked)
        person.browser.post(LOGOUT, asked)
        assert signed_in(person.browser)


@proves("logout-asks")
def test_a_form_of_another_site_signs_nobody_out(person, login):
    for form in ({"decision": "logout"}, {"decision": "logout", "request": "x"}):
        assert person.browser.post(LOGOUT, form).status_code == 403
    assert signed_in(person.browser)


@proves("logout-asks")
def test_a_hint_of_another_person_or_login_spares_no_question(site, person, stranger, login, monkeypatch):
    site(LOGOUT_ALWAYS_ASKS=False)
    hint = stranger.tokens(login, scope="openid")["id_token"]
    assert template(person.browser.get(LOGOUT, {"id_token_hint": hint})) == "confirm"
    session = stranger.browser.session
    session["multinexo_oauth_auth_time"] += 60
    session.save()
    assert template(stranger.browser.get(LOGOUT, {"id_token_hint": hint})) == "confirm"
    assert signed_in(person.browser)
    assert signed_in(stranger.browser)


@proves("logout-asks")
def test_a_hint_without_the_time_of_login_spares_no_question(site, person, login):
    site(LOGOUT_ALWAYS_ASKS=False)
    session = person.browser.session
    del session["multinexo_oauth_auth_time"]
    session.save()
    hint = person.tokens(login, scope="openid")["id_token"]
    assert template(person.browser.get(LOGOUT, {"id_token_hint": hint})) == "confirm"


@pytest.mark.parametrize("decision", ["", "perhaps", "\x00"])
def test_no_decision_signs_nobody_out(person, login, decision):
    assert template(press(person.browser, person.browser.get(LOGOUT), decision)) == "stayed"
    assert signed_in(person.browser)


@pytest.mark.parametrize(
    "request_", ["", "garbage", "\x00", "x" * 100_000, signing.dumps({}, salt="another")], ids=range(5)
)
def test_a_foreign_signed_request_only_asks_to_sign_out(person, login, request_):
    assert template(person.browser.get(LOGOUT, {"request": request_[:9000]})) == "confirm"
    page = person.browser.get(LOGOUT, {"client_id": login.client_id, "post_logout_redirect_uri": AFTER})
    assert template(press(person.browser, page, "logout", request=request_)) == "done"


def test_a_page_left_open_for_long_signs_out_and_leads_nowhere(site, person, login):
    page = person.browser.get(LOGOUT, {"client_id": login.client_id, "post_logout_redirect_uri": AFTER})
    site(CONSENT_REQUEST_SECONDS=-1)
    assert template(press(person.browser, page, "logout")) == "done"
    assert not signed_in(person.browser)


# Where it is


@proves("openid-needs-a-key")
@pytest.mark.parametrize("method", ["get", "post"])
def test_without_a_key_it_is_not_there(site, person, method):
    site(SIGNING_KEYS=[])
    assert getattr(person.browser, method)(LOGOUT).status_code == 404


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(db, method):
    assert getattr(Client(), method)(LOGOUT).status_code == 405


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", "{"),
        ("multipart/form-data", "x"),
        ("multipart/form-data; boundary=x", "--x"),
        ("application/x-www-form-urlencoded", "%zz=%ff&client_id=%00"),
        ("text/plain; charset=unicode_escape", "x"),
    ],
)
def test_a_malformed_body_is_no_error_of_the_server(db, content_type, body):
    assert Client().post(LOGOUT, body, content_type=content_type).status_code < 500
