"""A client says which login it wants: a new one, one that is not old, one of a certain person."""

import re
import time
from html import unescape
from urllib.parse import parse_qs, parse_qsl, quote, urlencode, urlsplit

import pytest
from django.contrib.auth.views import LoginView
from django.contrib.sessions.models import Session
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import include, path

from example_project import urls
from multinexo_oauth.server.openid.signing_keys import generate
from tests.conformance import proves
from tests.endpoints.openid import LOGIN, SCOPES, passes, press, sign_in, verified
from tests.oauth import AUTHORIZE, answered

NEW_LOGINS = [{"prompt": "login"}, {"max_age": "0"}, {"prompt": "login", "max_age": "3600"}]

urlpatterns = [
    path("cuentas/entrar/", LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("", include(urls.urlpatterns)),
]


def signed_in(person):
    return "_auth_user_id" in person.browser.session


# A new login


@proves("prompt-login")
@pytest.mark.parametrize("asked", NEW_LOGINS)
def test_who_is_signed_in_signs_in_again_and_goes_on(luis, login, monkeypatch, asked):
    luis.consent(login, scope="openid")
    passes(monkeypatch, 100)
    answer = luis.visit(login, scope="openid", **asked)
    passes(monkeypatch, 5)
    code = answered(sign_in(luis.browser, answer["Location"]))["code"]
    claims = verified(login.exchange(code).json()["id_token"], login.client_id)
    assert claims["auth_time"] == int(time.time())


@proves("prompt-login")
@pytest.mark.parametrize("asked", NEW_LOGINS)
def test_who_was_not_signed_in_signs_in_once(luis, login, asked):
    luis.consent(login, scope="openid")
    luis.browser.logout()
    answer = luis.visit(login, scope="openid", **asked)
    assert "code" in answered(sign_in(luis.browser, answer["Location"]))


ASKING = [*NEW_LOGINS, {"max_age": "200"}]


@proves("prompt-login-keeps-session")
@pytest.mark.parametrize("asked", ASKING)
def test_a_link_that_asks_for_a_login_ends_no_session(luis, login, monkeypatch, asked):
    passes(monkeypatch, 300)
    answer = luis.visit(login, scope="openid", **asked)
    assert urlsplit(answer["Location"]).path == LOGIN
    assert signed_in(luis)
    assert luis.visit(login, scope="openid").status_code == 200


@proves("prompt-login-stores-nothing")
@pytest.mark.parametrize("asked", ASKING)
def test_a_strangers_request_for_a_login_is_stored_nowhere(login, asked):
    browser = Client()
    answer = browser.get(AUTHORIZE, login.request(scope="openid", **asked))
    browser.get(back_from(answer))
    assert not Session.objects.exists()
    assert not browser.cookies


def back_from(answer):
    return parse_qs(urlsplit(answer["Location"]).query)["next"][0]


@proves("prompt-login")
def test_a_sign_in_page_that_passes_on_who_is_signed_in_is_no_loop(luis, login, settings):
    settings.ROOT_URLCONF = __name__
    luis.consent(login, scope="openid")
    page = luis.visit(login, scope="openid", prompt="login")
    assert signed_in(luis)
    assert "Inició sesión como <strong>luis@example.com" in page.content.decode()
    answer = press(luis.browser, page)
    assert "code" in answered(sign_in(luis.browser, answer["Location"]))


@proves("prompt-login")
@pytest.mark.parametrize("login_url", ["admin:login", "https://sso.example/in", "/entrar/"])
def test_before_a_sign_in_page_that_may_turn_away_who_is_signed_in_a_page_asks(
    luis, login, settings, login_url
):
    settings.LOGIN_URL = login_url
    page = luis.visit(login, scope="openid", prompt="login")
    assert page.status_code == 200
    assert signed_in(luis)
    answer = press(luis.browser, page)
    assert answer["Location"].startswith(resolve_url(login_url))
    assert not signed_in(luis)


@proves("prompt-login")
def test_who_comes_back_without_signing_in_is_asked_by_a_page_whose_button_leads_on(luis, login):
    luis.consent(login, scope="openid")
    answer = luis.visit(login, scope="openid", prompt="login")
    page = luis.browser.get(back_from(answer))
    assert page.status_code == 200
    assert signed_in(luis)
    cancel = unescape(re.search(r'href="([^"]+)" data-action="back"', page.content.decode())[1])
    assert parse_qs(urlsplit(cancel).query)["error"] == ["login_required"]
    answer = press(luis.browser, page)
    assert not signed_in(luis)
    assert "code" in answered(sign_in(luis.browser, answer["Location"]))


@proves("prompt-login")
def test_a_sign_in_page_may_write_the_way_back_in_another_way(luis, login):
    luis.consent(login, scope="openid")
    address = luis.visit(login, scope="openid", prompt="login", state="a b")["Location"]
    path, _, query = back_from({"Location": address}).partition("?")
    back = f"{path}?{urlencode(sorted(parse_qsl(query, keep_blank_values=True)), quote_via=quote)}"
    sign_in(luis.browser, f"{LOGIN}?{urlencode({'next': '/'})}")
    assert answered(luis.browser.get(back))["state"] == "a b"


@proves("prompt-login")
def test_the_new_login_comes_before_the_consent_page_which_may_be_reloaded(luis, login):
    answer = luis.visit(login, scope="openid", prompt="login")
    page = sign_in(luis.browser, answer["Location"])
    assert page.status_code == 200
    assert luis.browser.get(page.wsgi_request.get_full_path()).status_code == 200
    assert "code" in answered(luis.decide(page))


@proves("prompt-login")
def test_the_new_login_may_be_another_persons(luis, stranger, login):
    answer = luis.visit(login, scope="openid", prompt="login")
    page = sign_in(luis.browser, answer["Location"], "eva")
    assert "eva@example.com" in page.content.decode()


@proves("prompt-login")
def test_changing_accounts_on_the_consent_page_takes_one_login_more(luis, stranger, login):
    address = luis.visit(login, scope="openid", prompt="login")["Location"]
    page = sign_in(luis.browser, address)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())[1]
    form = {"csrfmiddlewaretoken": token, "next": page.wsgi_request.get_full_path()}
    answer = luis.browser.post("/auth/v1/cambiar-cuenta/", form)
    page = sign_in(luis.browser, answer["Location"], "eva")
    assert "eva@example.com" in page.content.decode()


@proves("prompt-combinations")
def test_login_and_consent_are_asked_one_after_the_other(luis, login):
    luis.consent(login, scope="openid")
    answer = luis.visit(login, scope="openid", prompt="login consent")
    page = sign_in(luis.browser, answer["Location"])
    assert page.status_code == 200
    assert "code" in answered(luis.decide(page))


def test_two_requests_at_once_are_both_good_after_one_login(luis, login):
    luis.consent(login, scope="openid")
    first = luis.visit(login, scope="openid", prompt="login", state="first")
    second = luis.visit(login, scope="openid", prompt="login", state="second")
    assert answered(sign_in(luis.browser, first["Location"]))["state"] == "first"
    back = parse_qs(urlsplit(second["Location"]).query)["next"][0]
    assert answered(luis.browser.get(back))["state"] == "second"


@proves("authorize-login")
@pytest.mark.parametrize("asked", [{}, {"prompt": "login"}])
def test_a_request_for_hundreds_of_permissions_is_found_again_after_signing_in(luis, login, settings, asked):
    names = [f"area{number}:permission" for number in range(200)]
    catalogue = {name: {"label": name} for name in names}
    settings.MULTINEXO_OAUTH = settings.MULTINEXO_OAUTH | {"SCOPES": catalogue}
    login.application.scopes = " ".join(names)
    login.application.save()
    luis.browser.logout()
    answer = luis.visit(login, scope=" ".join(names), **asked)
    page = sign_in(luis.browser, answer["Location"])
    while page.status_code == 302:
        page = luis.browser.get(page["Location"])
    assert f'value="{names[-1]}"' in page.content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())[1]
    form = {"csrfmiddlewaretoken": token, "next": page.wsgi_request.get_full_path()}
    switched = luis.browser.post("/auth/v1/cambiar-cuenta/", form)
    assert len(back_from(switched)) <= 2048
    assert sign_in(luis.browser, switched["Location"])["Location"].startswith(f"{AUTHORIZE}?response_type")


@pytest.mark.parametrize("value", ["", "x", "a:b:c", "x" * 3000])
def test_a_foreign_compressed_request_is_ignored(luis, login, value):
    assert luis.visit(login, scope="openid", long_request=value).status_code == 200
    assert luis.browser.get(AUTHORIZE, {"long_request": value}).status_code == 400


# A login that is not old


@proves("max-age")
def test_a_login_within_max_age_is_good_and_its_time_is_told(luis, login, monkeypatch):
    luis.consent(login, scope="openid")
    seen = luis.browser.session["multinexo_oauth_auth_time"]
    passes(monkeypatch, 100)
    code = answered(luis.visit(login, scope="openid", max_age="200"))["code"]
    claims = verified(login.exchange(code).json()["id_token"], login.client_id)
    assert claims["auth_time"] == seen


@proves("max-age")
def test_a_login_older_than_max_age_is_asked_for_again(luis, login, monkeypatch):
    luis.consent(login, scope="openid")
    passes(monkeypatch, 300)
    answer = luis.visit(login, scope="openid", max_age="200")
    code = answered(sign_in(luis.browser, answer["Location"]))["code"]
    claims = verified(login.exchange(code).json()["id_token"], login.client_id)
    assert claims["auth_time"] == int(time.time())


@proves("max-age")
def test_a_login_for_a_max_age_that_passes_meanwhile_is_good(luis, login, monkeypatch):
    luis.consent(login, scope="openid")
    passes(monkeypatch, 300)
    address = luis.visit(login, scope="openid", max_age="1")["Location"]
    sign_in(luis.browser, address)
    passes(monkeypatch, 30)
    again = luis.visit(login, scope="openid", max_age="1")
    assert urlsplit(again["Location"]).path == "/cuentas/entrar/"


@proves("max-age")
def test_a_login_that_was_not_seen_is_asked_for_again(luis, login):
    luis.consent(login, scope="openid")
    session = luis.browser.session
    del session["multinexo_oauth_auth_time"]
    session.save()
    answer = luis.visit(login, scope="openid", max_age="3600")
    assert "code" in answered(sign_in(luis.browser, answer["Location"]))


# A login of a certain person


@pytest.fixture
def hint(luis, login):
    return luis.tokens(login, scope="openid")["id_token"]


@proves("hint-authorize")
def test_the_person_meant_goes_on(luis, login, hint):
    assert "code" in answered(luis.visit(login, scope="openid", id_token_hint=hint))
    assert "code" in answered(luis.visit(login, scope="openid", id_token_hint=hint, prompt="none"))


@proves("hint-authorize")
def test_another_person_is_asked_to_sign_in_as_the_one_meant(luis, stranger, login, hint):
    stranger.consent(login, scope="openid")
    answer = stranger.visit(login, scope="openid", id_token_hint=hint)
    assert signed_in(stranger)
    assert "code" in answered(sign_in(stranger.browser, answer["Location"], "luis"))


@proves("hint-authorize")
def test_another_person_who_comes_back_without_signing_in_is_asked_for_another_account(stranger, login, hint):
    answer = stranger.visit(login, scope="openid", id_token_hint=hint)
    page = stranger.browser.get(back_from(answer))
    assert "inicie sesión con otra cuenta" in page.content.decode()
    stranger.consent(login, scope="openid")
    answer = press(stranger.browser, page)
    assert sign_in(stranger.browser, answer["Location"], "luis").status_code == 302


@proves("hint-expired", "hint-old-key")
def test_an_expired_hint_of_an_older_key_is_good(site, settings, luis, login):
    old, new = generate("RS256"), generate("ES256")
    site(SIGNING_KEYS=[old])
    settings.OAUTH2_PROVIDER = {**settings.OAUTH2_PROVIDER, "ID_TOKEN_EXPIRE_SECONDS": -1}
    hint = luis.tokens(login, scope="openid")["id_token"]
    site(SIGNING_KEYS=[new, old])
    assert "code" in answered(luis.visit(login, scope="openid", id_token_hint=hint, prompt="none"))


def test_without_a_key_a_hint_is_a_parameter_like_any_other(site, person, web):
    site(SIGNING_KEYS=[])
    assert person.visit(web, id_token_hint="garbage").status_code == 200


# What the sign-in page is told, and what is left aside


@proves("login-hint")
def test_the_sign_in_page_hears_who_is_likely_to_come(login, person):
    answer = Client().get(AUTHORIZE, login.request(scope="openid", login_hint="luis+ñ@example.com"))
    said = parse_qs(urlsplit(answer["Location"]).query)
    assert said["login_hint"] == ["luis+ñ@example.com"]
    assert said["next"][0].startswith(AUTHORIZE)


@pytest.mark.parametrize("login_hint", ["", "x" * 255])
def test_a_login_hint_of_no_use_is_left_aside(login, login_hint):
    answer = Client().get(AUTHORIZE, login.request(scope="openid", login_hint=login_hint))
    assert "login_hint" not in parse_qs(urlsplit(answer["Location"]).query)


@pytest.mark.parametrize("login_url", ["/cuentas/entrar/?from=app", "https://sso.example/in?from=app"])
def test_the_sign_in_page_may_have_a_query_or_another_host(login, settings, login_url):
    settings.LOGIN_URL = login_url
    answer = Client().get(AUTHORIZE, login.request(scope="openid", login_hint="luis"))
    assert answer["Location"].startswith(f"{login_url}&login_hint=luis&next=")


@proves("authorize-login")
@pytest.mark.parametrize(
    ("login_url", "root"),
    [
        ("/cuentas/entrar/", ""),
        ("http://testserver/in", ""),
        ("https://sso.example/in", "http://testserver"),
        ("//sso.example/in", "http://testserver"),
        ("https://testserver/in", "http://testserver"),
    ],
)
@pytest.mark.parametrize("asked", [{}, {"prompt": "login"}])
def test_a_sign_in_page_elsewhere_hears_the_whole_address_to_come_back_to(
    login, luis, settings, login_url, root, asked
):
    settings.LOGIN_URL = login_url
    address = f"{root}{AUTHORIZE}?"
    request = login.request(scope="openid", **asked)
    assert back_from(Client().get(AUTHORIZE, request)).startswith(address)
    assert back_from(Client().get("/auth/v1/device/")).startswith(f"{root}/auth/v1/device/")
    page = luis.browser.get(AUTHORIZE, request)
    if page.status_code == 302:
        assert back_from(page).startswith(address)
    else:
        assert back_from(press(luis.browser, page)).startswith(address)


@proves("authorize-ignores")
def test_what_the_server_does_not_offer_is_ignored(luis, login):
    wishes = {"display": "popup", "acr_values": "2fa", "ui_locales": "fr-CA", "claims_locales": "fr"}
    assert luis.visit(login, scope=SCOPES, **wishes).status_code == 200


@pytest.mark.parametrize("name", ["prompt", "max_age", "id_token_hint", "response_mode", "login_hint"])
def test_an_empty_parameter_is_as_good_as_none(luis, login, name):
    luis.consent(login, scope="openid")
    assert "code" in answered(luis.visit(login, scope="openid", **{name: ""}))


# By POST


@proves("authorize-post")
def test_a_client_may_post_its_request(luis, login):
    answer = luis.browser.post(AUTHORIZE, login.request(scope="openid", state="Ñ & ="))
    assert urlsplit(answer["Location"]).path == AUTHORIZE
    page = luis.browser.get(answer["Location"])
    assert answered(luis.decide(page))["state"] == "Ñ & ="


def test_sending_a_code_asks_little_of_the_database(luis, login, django_assert_max_num_queries):
    luis.consent(login, scope="openid")
    with django_assert_max_num_queries(8 + 2):  # the transaction's two statements aside
        assert "code" in answered(luis.visit(login, scope="openid", max_age="3600"))
