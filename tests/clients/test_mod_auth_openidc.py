"""Debian's mod_auth_openidc protects a page of an Apache, and knows of the site what its discovery document says."""

import pytest
from django.contrib.auth.models import User

from multinexo_oauth.models import AccessToken, RefreshToken
from tests.clients.apache import Apache, shown
from tests.clients.conftest import Site
from tests.clients.person import Person
from tests.conformance import proves


@proves("mod-auth-openidc-login")
@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_the_page_is_told_who_logged_in(apache: Apache, site: Site, luis: Person) -> None:
    environment = apache.lets_in(luis)
    assert environment["OIDC_CLAIM_sub"] == str(User.objects.get(username="luis").pk)
    assert environment["OIDC_CLAIM_email"] == "luis@example.com"
    assert environment["OIDC_CLAIM_iss"] == site.issuer


@proves("mod-auth-openidc-login")
def test_somebody_who_logged_in_is_not_asked_again(apache: Apache, luis: Person) -> None:
    environment = apache.lets_in(luis)
    assert luis.browser.get(apache.page, allow_redirects=False).status_code == 200
    luis.browser.cookies.clear(domain="127.0.0.1")
    again = apache.lets_in(luis)
    assert again["OIDC_CLAIM_sub"] == environment["OIDC_CLAIM_sub"]


@proves("mod-auth-openidc-refresh")
def test_the_pages_token_is_refreshed(apache: Apache, luis: Person) -> None:
    token = apache.lets_in(luis)["OIDC_access_token"]
    assert apache.does(luis, refresh=apache.page, access_token=token) == apache.page
    assert shown(luis.browser.get(apache.page))["OIDC_access_token"] != token


@proves("mod-auth-openidc-logout")
def test_logging_out_hands_the_tokens_back_and_ends_the_persons_session(apache: Apache, luis: Person) -> None:
    apache.lets_in(luis)
    leaving = apache.does(luis, logout=apache.page)
    assert not AccessToken.objects.live().exists()
    assert not RefreshToken.objects.live().exists()
    assert luis.sign_out(leaving) == apache.page
    assert luis.is_asked_to_sign_in(apache.asks(luis))


@proves("mod-auth-openidc-form-post")
@pytest.mark.parametrize("response_mode", ["form_post"])
def test_the_answer_is_taken_from_a_form(apache: Apache, luis: Person) -> None:
    environment = shown(luis.carry_answer(apache.asks(luis), "allow"))
    assert environment["OIDC_CLAIM_email"] == "luis@example.com"
