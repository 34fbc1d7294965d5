"""Whom mod_auth_openidc does not let in."""

import pytest
from django.contrib.auth.models import User
from requests import Session

from multinexo_oauth.models import AccessToken, ClientSecret
from tests.clients.apache import Apache
from tests.clients.conftest import Site
from tests.clients.person import Person
from tests.conformance import proves

pytestmark = proves("mod-auth-openidc-refusals")


def test_a_person_who_refuses_is_not_let_in(apache: Apache, site: Site, luis: Person) -> None:
    luis.browser.get(luis.refuse(apache.asks(luis)))
    assert apache.asks(luis).startswith(site.authorization)


@proves("mod-auth-openidc-form-post")
@pytest.mark.parametrize("response_mode", ["form_post"])
def test_apache_is_told_that_the_person_refused(apache: Apache, site: Site, luis: Person) -> None:
    # From a redirect it would not read that: version 2.4.12 takes one with an iss for a request to log in.
    assert "access_denied" in luis.carry_answer(apache.asks(luis), "deny").text
    assert apache.asks(luis).startswith(site.authorization)


def test_an_answer_to_another_browser_lets_nobody_in(apache: Apache, luis: Person) -> None:
    answer = luis.authorize(apache.asks(luis))
    with Session() as another:
        assert "OIDC_CLAIM_sub" not in another.get(answer).text
    assert "OIDC_CLAIM_sub" in luis.browser.get(answer).text  # nothing else was wrong with it


def test_an_apache_whose_secret_was_revoked_lets_nobody_in(apache: Apache, site: Site, luis: Person) -> None:
    ClientSecret.objects.get().revoke()
    assert "OIDC_CLAIM_sub" not in luis.browser.get(luis.authorize(apache.asks(luis))).text
    assert apache.asks(luis).startswith(site.authorization)
    assert not AccessToken.objects.exists()


def test_a_token_of_a_closed_account_is_not_refreshed(apache: Apache, luis: Person) -> None:
    token = apache.lets_in(luis)["OIDC_access_token"]
    User.objects.filter(username="luis").update(is_active=False)
    assert "error_code" in apache.does(luis, refresh=apache.page, access_token=token)
