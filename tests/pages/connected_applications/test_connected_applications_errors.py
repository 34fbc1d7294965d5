"""Who cannot see or remove a connection, and what nonsense in an address or a search leads to."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from multinexo_oauth.models import Consent, Event
from tests.conformance import proves
from tests.oauth import OAuthClient, Person, Products

from .conftest import LIST, REMOVE_ALL, names, press, remove, text, url

PAGES = ["connected-application", "connection-remove", "connection-withdraw"]
NONSENSE = ["\x00", "\x00caja", "%", "_", "\\", "'\"", "<script>", "\U0001f600", "a" * 100_000, "%00", " "]


@pytest.mark.parametrize("page", PAGES)
def test_a_strangers_connection_is_not_found(
    person: Person, stranger: Person, web: OAuthClient, page: str
) -> None:
    person.tokens(web)
    assert person.browser.get(url(page, web)).status_code == 200
    assert stranger.browser.get(url(page, web)).status_code == 404
    assert names(stranger.browser.get(LIST)) == []


def test_the_owner_of_an_application_is_a_stranger_to_its_people(
    person: Person, web: OAuthClient, owner: User
) -> None:
    person.tokens(web)
    browser = Client()
    browser.force_login(owner)
    assert browser.get(url("connected-application", web)).status_code == 404
    assert browser.post(url("connection-remove", web)).status_code == 404
    assert Consent.objects.exists()


def test_a_stranger_removes_nothing(
    person: Person, stranger: Person, web: OAuthClient, products: Products
) -> None:
    token = person.tokens(web)["access_token"]
    browser = Client()
    browser.force_login(stranger.user)
    assert browser.post(url("connection-remove", web)).status_code == 404
    assert browser.post(REMOVE_ALL).status_code == 302
    assert products.list(token).status_code == 200


def test_somebody_not_signed_in_is_asked_to(person: Person, web: OAuthClient, products: Products) -> None:
    token = person.tokens(web)["access_token"]
    nobody = Client()
    for path in (LIST, REMOVE_ALL, *(url(page, web) for page in PAGES)):
        for answer in (nobody.get(path), nobody.post(path)):
            assert answer.status_code == 302
            assert answer["Location"].startswith("/cuentas/entrar/?next=/auth/v1/aplicaciones-conectadas/")
    assert products.list(token).status_code == 200


def test_a_removal_without_the_csrf_token_is_refused(
    person: Person, web: OAuthClient, products: Products
) -> None:
    token = person.tokens(web)["access_token"]
    assert person.browser.post(url("connection-remove", web)).status_code == 403
    assert person.browser.post(REMOVE_ALL).status_code == 403
    assert products.list(token).status_code == 200


def test_visiting_changes_nothing(
    person: Person, web: OAuthClient, caja: OAuthClient, products: Products
) -> None:
    person.tokens(caja)
    token = person.tokens(web)["access_token"]
    events = Event.objects.count()
    for path in (LIST, REMOVE_ALL, *(url(page, web) for page in PAGES)):
        assert person.browser.get(path).status_code == 200
        assert person.browser.head(path).status_code == 200
    assert products.list(token).status_code == 200
    assert Event.objects.count() == events


@pytest.mark.parametrize("path", [LIST, "connected-application"])
def test_an_informational_page_accepts_no_form(person: Person, web: OAuthClient, path: str) -> None:
    person.tokens(web)
    browser = Client()
    browser.force_login(person.user)
    assert browser.post(path if path == LIST else url(path, web)).status_code == 405


@proves("connected-twice")
@pytest.mark.parametrize("page", PAGES)
def test_what_was_removed_leads_back_to_the_list(person: Person, web: OAuthClient, page: str) -> None:
    person.tokens(web)
    remove(person, web)
    person.browser.get(LIST)
    assert person.browser.get(url(page, web))["Location"] == LIST
    assert web.application.name in text(person.browser.get(LIST))


@proves("connected-twice")
def test_a_second_click_removes_nothing_more(person: Person, web: OAuthClient) -> None:
    person.tokens(web)
    confirmation = person.browser.get(url("connection-remove", web))
    for _click in range(2):
        assert press(person, confirmation)["Location"] == LIST
    assert Event.objects.filter(action=Event.Action.CONSENT_REMOVED).count() == 1


@proves("connected-twice")
def test_a_second_click_on_removing_all_says_that_there_was_nothing(
    person: Person, web: OAuthClient, caja: OAuthClient
) -> None:
    person.tokens(web)
    person.tokens(caja)
    person.browser.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    confirmation = person.browser.get(REMOVE_ALL)
    for _click in range(2):
        assert press(person, confirmation)["Location"] == LIST
    assert "No application had access" in text(person.browser.get(LIST))


@proves("connected-twice")
def test_what_somebody_else_removed_stays_not_found(
    person: Person, stranger: Person, web: OAuthClient
) -> None:
    stranger.tokens(web)
    remove(stranger, web)
    for page in PAGES:
        assert person.browser.get(url(page, web)).status_code == 404
        assert person.browser.post(url(page, web)).status_code in {403, 404, 405}


@pytest.mark.parametrize("typed", NONSENSE)
def test_a_search_for_nonsense_is_answered(person: Person, web: OAuthClient, typed: str) -> None:
    person.consent(web)
    answer = person.browser.get(LIST, {"q": typed, "page": typed[:9]})
    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode()


@pytest.mark.parametrize(
    "query", ["q=%ff%fe", "q=%00", "q", "q=a&q=b", "page=%00", "page=-1", f"page={'9' * 5000}"]
)
def test_a_query_of_nonsense_is_answered(person: Person, web: OAuthClient, query: str) -> None:
    person.consent(web)
    assert person.browser.get(f"{LIST}?{query}").status_code == 200


@pytest.mark.parametrize("nonsense", ["%00", "no-such", "x" * 300, "%ff%fe", "%F0%9F%98%80", "a%20b", "%0a"])
def test_an_address_that_makes_no_sense_is_not_found(person: Person, nonsense: str) -> None:
    browser = Client()
    browser.force_login(person.user)
    for rest in ("", "quitar/", "permisos/"):
        assert browser.get(f"{LIST}{nonsense}/{rest}").status_code == 404
        assert browser.post(f"{LIST}{nonsense}/{rest}").status_code in {404, 405}


def test_no_page_is_stored_framed_or_runs_scripts_of_others(person: Person, web: OAuthClient) -> None:
    person.tokens(web)
    for path in (LIST, REMOVE_ALL, *(url(page, web) for page in PAGES)):
        answer = person.browser.get(path)
        assert answer["Cache-Control"] == "no-store"
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["Referrer-Policy"] == "same-origin"
        assert "unsafe-inline" not in answer["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
        assert " style=" not in answer.content.decode()


def test_names_are_shown_as_text(person: Person, web: OAuthClient) -> None:
    web.application.name = "<img src=x>"
    web.application.save()
    person.tokens(web)
    for path in (LIST, *(url(page, web) for page in PAGES)):
        answer = person.browser.get(path)
        assert "<img src=x>" not in answer.content.decode()
        assert "<img src=x>" in text(answer)
