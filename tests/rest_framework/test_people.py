"""A browser's session in place of a token, and things that belong to somebody."""

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.cache import caches

from tests.conformance import proves

from .conftest import Api
from .plain import CSRF

OR_SESSION = ["or-session", "session-first"]
session_or_token = proves("api-session-or-token")
owner = proves("api-owner")


@pytest.fixture(autouse=True)
def urls(site):
    site.ROOT_URLCONF = "tests.rest_framework.person_urls"


@pytest.fixture
def browser(luis):
    """A browser in which luis is logged in."""
    browser = Api(enforce_csrf_checks=True)
    browser.force_login(luis)
    return browser


def own_page(browser):
    browser.cookies["csrftoken"] = CSRF
    return {"HTTP_X_CSRFTOKEN": CSRF}


@session_or_token
@pytest.mark.parametrize("path", [*OR_SESSION, "session-alone"])
def test_a_session_opens_the_view(browser, path):
    assert browser.ask(path).json() == {"person": "luis", "token": False}
    assert browser.ask(path, method="POST", **own_page(browser)).status_code == 200


@session_or_token
@pytest.mark.parametrize("path", [*OR_SESSION, "session-alone"])
def test_a_page_of_another_site_cannot_use_the_session(browser, path):
    answer = browser.ask(path, method="POST")
    assert answer.status_code == 403
    assert "CSRF" in answer.json()["detail"]


@session_or_token
@pytest.mark.parametrize("path", OR_SESSION)
def test_a_token_with_the_scope_opens_the_view_and_needs_no_csrf_token(token, path):
    api = Api(enforce_csrf_checks=True)
    assert api.ask(path, token("products:write"), "POST").json() == {"person": "luis", "token": True}
    assert not Session.objects.exists()


@session_or_token
@pytest.mark.parametrize("path", OR_SESSION)
def test_a_token_without_the_scope_does_not(api, token, challenge, path):
    answer = api.ask(path, token("products:read"))
    assert answer.status_code == 403
    assert challenge(answer)["scope"] == "products:write"


@session_or_token
@pytest.mark.parametrize("path", OR_SESSION)
def test_a_stranger_gets_a_bare_challenge(api, db, challenge, path):
    answer = api.ask(path)
    assert answer.status_code == 401
    assert "error" not in challenge(answer)


@session_or_token
def test_a_token_is_no_session(api, token):
    assert api.ask("session-alone", token("products:write")).status_code == 403


@session_or_token
def test_a_session_does_not_make_a_bad_token_good(browser, db):
    assert browser.ask("or-session", "unknown").status_code == 401


@owner
@pytest.mark.parametrize("path", ["thing", "thing-of-company", "thing-of-seller"])
@pytest.mark.parametrize(("name", "status"), [("luis", 200), ("ana", 403), ("nobody", 403)])
def test_the_person_of_a_token_gets_what_is_theirs(api, token, path, name, status):
    assert api.ask(f"{path}/{name}", token()).status_code == status


@owner
@pytest.mark.parametrize(("name", "status"), [("luis", 200), ("ana", 403)])
def test_the_person_of_a_session_gets_what_is_theirs(browser, application, name, status):
    assert browser.ask(f"thing/{name}").status_code == status


@owner
@pytest.mark.parametrize(("name", "status"), [("ana", 200), ("luis", 403)])
def test_an_application_for_itself_gets_what_is_its_owners(api, token, name, status):
    answer = api.ask(f"thing/{name}", token(user=None))
    assert answer.status_code == status


@owner
@pytest.mark.parametrize("name", ["nobody", "ana"])
def test_an_application_that_nobody_owns_gets_nothing(api, token, application, name):
    application.user = None
    application.save()
    assert api.ask(f"thing/{name}", token(user=None)).status_code == 403


@owner
def test_an_application_whose_owner_is_deactivated_gets_nothing(api, token, application):
    value = token(user=None)
    application.user.is_active = False
    application.user.save()
    assert api.ask("thing/ana", value).status_code == 403


@owner
def test_a_person_deactivated_past_the_cache_does_not_become_the_applications_owner(api, token, luis, site):
    """Django tells nobody of an update of many rows, so the cache goes on for its time."""
    site.MULTINEXO_OAUTH = {**site.MULTINEXO_OAUTH, "TOKEN_CACHE": "default"}
    value = token()
    assert api.ask("thing/luis", value).status_code == 200
    User.objects.filter(pk=luis.pk).update(is_active=False)
    assert api.ask("thing/luis", value).status_code == 403
    assert api.ask("thing/ana", value).status_code == 403


@owner
def test_an_application_deleted_past_the_cache_gets_nothing(api, token, application, site, monkeypatch):
    site.MULTINEXO_OAUTH = {**site.MULTINEXO_OAUTH, "TOKEN_CACHE": "default"}
    value = token(user=None)
    assert api.ask("thing/ana", value).status_code == 200
    # The cache loses what it takes just before.
    monkeypatch.setattr(type(caches["default"]), "set_many", lambda *args: [])
    application.delete()
    assert api.ask("thing/ana", value).status_code == 403


@owner
def test_a_thing_whose_relation_is_empty_is_nobodys(api, token):
    assert api.ask("thing-of-no-company/luis", token()).status_code == 403


@owner
def test_a_stranger_has_nothing(api, application):
    assert api.ask("thing/nobody").status_code == 401
