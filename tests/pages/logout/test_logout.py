"""A person who has signed out of an application is asked whether to sign out here too, and goes back."""

from urllib.parse import urlsplit

import pytest
from django.test import Client

from multinexo_oauth.models import Application
from multinexo_oauth.server.openid.signing_keys import generate
from tests.conformance import proves
from tests.oauth import register

from .browsing import LOGOUT, press, signed_in, template
from .conftest import AFTER

BACK = {"post_logout_redirect_uri": AFTER, "state": "a state"}


@proves("logout-asks", "logout-ends-session", "logout-redirect")
def test_a_person_says_yes_and_goes_back_with_the_state(person, login, hint):
    page = person.browser.get(LOGOUT, {"id_token_hint": hint, **BACK})
    assert signed_in(person.browser)
    answer = press(person.browser, page, "logout")
    assert answer["Location"] == f"{AFTER}?state=a+state"
    assert not signed_in(person.browser)
    assert answer["Cache-Control"] == "no-store"


@proves("logout-redirect")
def test_the_client_id_is_enough_to_go_back(person, login):
    page = person.browser.get(LOGOUT, {"client_id": login.client_id, **BACK})
    assert press(person.browser, page, "logout")["Location"] == f"{AFTER}?state=a+state"


@proves("logout-redirect")
def test_without_a_state_the_address_is_the_registered_one(person, login):
    uri = "https://login.example/bye?lang=es"
    page = person.browser.get(LOGOUT, {"client_id": login.client_id, "post_logout_redirect_uri": uri})
    assert press(person.browser, page, "logout")["Location"] == uri


@proves("logout-redirect")
def test_the_state_joins_the_addresss_own_query(person, login):
    uri = "https://login.example/bye?lang=es"
    asked = {"client_id": login.client_id, "post_logout_redirect_uri": uri, "state": "Ñ&"}
    answer = press(person.browser, person.browser.get(LOGOUT, asked), "logout")
    assert answer["Location"] == f"{uri}&state=%C3%91%26"


@proves("logout-asks", "logout-ends-session")
def test_without_anything_the_person_signs_out_and_stays(person, login):
    page = person.browser.get(LOGOUT)
    assert "luis@example.com" in page.content.decode()
    end = press(person.browser, page, "logout")
    assert template(end) == "done"
    assert 'data-action="start"' in end.content.decode()
    assert not signed_in(person.browser)


@proves("logout-asks")
def test_the_page_names_the_application_that_sent_the_person(person, login, hint):
    for asked in ({"id_token_hint": hint}, {"client_id": login.client_id}):
        assert "Caja Norte" in person.browser.get(LOGOUT, asked).content.decode()


@proves("logout-asks")
def test_a_person_who_says_no_stays_signed_in_and_may_go_back(person, login, hint):
    page = press(person.browser, person.browser.get(LOGOUT, {"id_token_hint": hint, **BACK}), "stay")
    assert template(page) == "stayed"
    assert f'href="{AFTER}?state=a+state"' in page.content.decode()
    assert 'data-action="start"' not in page.content.decode()
    assert signed_in(person.browser)


@proves("logout-redirect")
def test_who_is_not_signed_in_goes_back_at_once(login, hint):
    answer = Client().get(LOGOUT, {"id_token_hint": hint, **BACK})
    assert answer["Location"] == f"{AFTER}?state=a+state"


@proves("logout-redirect")
def test_a_link_without_a_hint_leaves_it_to_who_is_not_signed_in_to_go_on(login):
    page = Client().get(LOGOUT, {"client_id": login.application.client_id, **BACK})
    assert (page.status_code, template(page)) == (200, "done")
    assert f'href="{AFTER}?state=a+state"' in page.content.decode()


def test_who_is_not_signed_in_and_goes_nowhere_sees_the_end(db):
    assert template(Client().get(LOGOUT)) == "done"


def test_tokens_outlive_the_login_for_the_consent_does(person, login, products):
    tokens = person.tokens(login, scope="openid")
    press(person.browser, person.browser.get(LOGOUT), "logout")
    assert login.refresh(tokens["refresh_token"]).status_code == 200


@proves("logout-methods")
def test_without_the_slash_it_is_the_same_page(person, login):
    assert template(person.browser.get(LOGOUT.rstrip("/"))) == "confirm"


@proves("logout-methods")
def test_an_application_may_post_and_the_person_is_asked(person, login, hint):
    answer = person.browser.post(LOGOUT, {"id_token_hint": hint, **BACK})
    assert urlsplit(answer["Location"]).path == LOGOUT
    assert hint not in answer["Location"]
    assert signed_in(person.browser)
    page = person.browser.get(answer["Location"])
    assert "Caja Norte" in page.content.decode()
    assert press(person.browser, page, "logout")["Location"] == f"{AFTER}?state=a+state"


@proves("logout-methods")
def test_a_cross_site_post_without_a_session_still_gets_the_question(person, login, hint):
    answer = Client(enforce_csrf_checks=True).post(LOGOUT, {"id_token_hint": hint, **BACK})
    assert template(person.browser.get(answer["Location"])) == "confirm"


@proves("logout-hint", "hint-expired", "hint-old-key")
def test_an_expired_hint_of_an_older_key_is_good(site, settings, person, login):
    old, new = generate("RS256"), generate("ES256")
    site(SIGNING_KEYS=[old])
    settings.OAUTH2_PROVIDER = {**settings.OAUTH2_PROVIDER, "ID_TOKEN_EXPIRE_SECONDS": -1}
    hint = person.tokens(login, scope="openid")["id_token"]
    site(SIGNING_KEYS=[new, old])
    page = person.browser.get(LOGOUT, {"id_token_hint": hint, **BACK})
    assert press(person.browser, page, "logout")["Location"].startswith(AFTER)


def test_a_native_application_gets_the_person_back(person, owner):
    native = register(
        owner,
        "native",
        redirect_uris="com.example.app:/callback",
        post_logout_redirect_uris="com.example.app:/bye",
        scopes="openid",
    )
    asked = {"client_id": native.client_id, "post_logout_redirect_uri": "com.example.app:/bye"}
    page = person.browser.get(LOGOUT, asked)
    assert "form-action 'self' com.example.app:" in page["Content-Security-Policy"]
    assert press(person.browser, page, "logout")["Location"] == "com.example.app:/bye"


def test_the_policy_lets_the_answer_reach_the_application(person, login, hint):
    page = person.browser.get(LOGOUT, {"id_token_hint": hint, **BACK})
    assert "form-action 'self' https://login.example" in page["Content-Security-Policy"]
    page = person.browser.get(LOGOUT, {"id_token_hint": hint})
    assert page["Content-Security-Policy"].endswith("form-action 'self'")


@proves("logout-ignores")
def test_hints_of_no_use_here_are_ignored(person, login):
    asked = {"logout_hint": "luis", "ui_locales": "fr", "anything": "else"}
    assert template(person.browser.get(LOGOUT, asked)) == "confirm"


# A site that leaves it to the application


@proves("logout-asks")
def test_a_site_may_spare_the_question_where_the_hint_is_of_this_very_login(site, person, login, hint):
    site(LOGOUT_ALWAYS_ASKS=False)
    answer = person.browser.get(LOGOUT, {"id_token_hint": hint, **BACK})
    assert answer["Location"] == f"{AFTER}?state=a+state"
    assert not signed_in(person.browser)


def test_it_is_spared_a_client_that_posts_too(site, person, login, hint):
    site(LOGOUT_ALWAYS_ASKS=False)
    answer = Client().post(LOGOUT, {"id_token_hint": hint, **BACK})
    assert person.browser.get(answer["Location"])["Location"].startswith(AFTER)
    assert not signed_in(person.browser)


@pytest.mark.parametrize("queries", [4])
def test_the_page_costs_little(person, login, hint, queries, django_assert_max_num_queries):
    with django_assert_max_num_queries(queries):
        assert template(person.browser.get(LOGOUT, {"id_token_hint": hint, **BACK})) == "confirm"


# A client that registered itself


@proves("self-registered-no-forwarding")
def test_nobody_signed_out_is_sent_on_without_a_click_to_a_client_that_nobody_verified(login, hint, verify):
    verify(False)
    page = Client().get(LOGOUT, {"id_token_hint": hint, "post_logout_redirect_uri": AFTER, "state": "x"})
    assert template(page) == "done"
    html = page.content.decode()
    assert f'href="{AFTER}?state=x" data-action="back">Volver a login.example<' in html
    verify(True)
    answer = Client().get(LOGOUT, {"id_token_hint": hint, "post_logout_redirect_uri": AFTER})
    assert answer["Location"] == AFTER


@proves("self-registered-no-forwarding")
def test_nor_is_anybody_signed_out_without_a_click(site, person, login, hint, verify):
    site(LOGOUT_ALWAYS_ASKS=False)
    verify(False)
    page = person.browser.get(LOGOUT, {"id_token_hint": hint, "post_logout_redirect_uri": AFTER})
    assert signed_in(person.browser)
    end = press(person.browser, page, "logout")
    assert not signed_in(person.browser)
    assert template(end) == "done"
    assert f'href="{AFTER}" data-action="back"' in end.content.decode()
    assert "vuelva solamente si confía en" in end.content.decode()
    assert "button--primary" not in end.content.decode()


@pytest.fixture
def verify(login):
    """Make the application one that registered itself, and that staff verified or not."""

    def change(verified):
        Application.objects.filter(pk=login.application.pk).update(
            registration_source="dcr", verified=verified
        )

    return change
