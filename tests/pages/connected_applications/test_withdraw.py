"""A person takes single permissions back, and the application goes on with the others."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils.translation import gettext
from pytest_django import DjangoAssertNumQueries

from multinexo_oauth.models import AccessToken, Consent, Event, RefreshToken
from multinexo_oauth.origin import Origin
from multinexo_oauth.scopes import catalogue
from multinexo_oauth.signals import consent_reduced
from tests import device as devices
from tests.conformance import proves
from tests.oauth import OAuthClient, Person, Products

from .conftest import ALL, choose, press, text, url, withdraw

pytestmark = proves("withdraw")


def label(scope: str) -> str:
    return str(catalogue()[scope].label)


def test_a_token_that_carries_it_ends_and_a_refresh_brings_the_rest(
    person: Person, panel: OAuthClient, held: dict[str, Any], products: Products
) -> None:
    assert products.create(held["access_token"]).status_code == 201
    assert withdraw(person, panel, "products:write")["Location"] == url("connected-application", panel)
    assert products.list(held["access_token"]).status_code == 401
    newer = panel.refresh(held["refresh_token"]).json()
    assert newer["scope"] == "products:read documents:read"
    assert products.list(newer["access_token"]).status_code == 200
    assert products.create(newer["access_token"]).status_code == 403


def test_a_token_without_it_lives_on(person: Person, panel: OAuthClient, products: Products) -> None:
    reading = person.tokens(panel, scope="products:read")
    writing = person.tokens(panel, scope=ALL)
    withdraw(person, panel, "products:write")
    assert products.list(reading["access_token"]).status_code == 200
    assert products.list(writing["access_token"]).status_code == 401


def test_what_includes_it_goes_too(
    person: Person, panel: OAuthClient, held: dict[str, Any], products: Products
) -> None:
    lost, lost_too, *_others = choose(person, panel, "products:read").context["effects"]
    assert label("products:read") in lost
    assert label("products:write") in lost_too
    withdraw(person, panel, "products:read")
    assert Consent.objects.get().scope_names == ["documents:read"]
    assert panel.refresh(held["refresh_token"]).json()["scope"] == "documents:read"


def test_a_refresh_token_that_is_left_nothing_ends(person: Person, panel: OAuthClient) -> None:
    documents = person.tokens(panel, scope="documents:read")
    person.tokens(panel, scope="products:read")
    withdraw(person, panel, "documents:read")
    assert panel.refresh(documents["refresh_token"]).json()["error"] == "invalid_grant"
    assert RefreshToken.objects.live().count() == 1


def test_it_does_not_come_back_to_old_tokens_with_a_new_yes(
    person: Person, panel: OAuthClient, held: dict[str, Any]
) -> None:
    withdraw(person, panel, "products:write")
    person.consent(panel, scope=ALL)
    assert "products:write" in Consent.objects.get().scope_names
    assert "products:write" not in panel.refresh(held["refresh_token"]).json()["scope"]


def test_the_application_has_to_ask_for_it_again(
    person: Person, panel: OAuthClient, held: dict[str, Any]
) -> None:
    assert person.visit(panel, scope=ALL).status_code == 302
    withdraw(person, panel, "documents:read")
    page = person.visit(panel, scope=ALL)
    assert [scope.name for _product, scopes in page.context["new_permissions"] for scope in scopes] == [
        "documents:read"
    ]
    assert person.visit(panel, scope="products:read products:write").status_code == 302


def test_a_code_that_was_not_exchanged_yet_ends(person: Person, panel: OAuthClient) -> None:
    carrying, other = person.consent(panel, scope=ALL), person.consent(panel, scope="products:read")
    withdraw(person, panel, "documents:read")
    assert panel.exchange(carrying).json()["error"] == "invalid_grant"
    assert panel.exchange(other).status_code == 200


def test_a_device_that_has_not_fetched_its_tokens_gets_none(person: Person, device: OAuthClient) -> None:
    codes = devices.started(device)
    devices.let_in(person, codes["user_code"])
    withdraw(person, device, "products:write")
    assert devices.poll(device, codes["device_code"]).json()["error"] == "invalid_grant"


def test_neither_other_people_nor_other_applications_lose_anything(
    person: Person, stranger: Person, panel: OAuthClient, web: OAuthClient, products: Products
) -> None:
    person.tokens(panel, scope=ALL)
    others = [person.tokens(web)["access_token"], stranger.tokens(panel, scope=ALL)["access_token"]]
    withdraw(person, panel, "products:write")
    assert [products.list(token).status_code for token in others] == [200, 200]
    assert products.create(others[1]).status_code == 201


def test_with_a_cache_it_ends_at_the_next_request_too(
    person: Person, panel: OAuthClient, held: dict[str, Any], products: Products, settings: Any
) -> None:
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "TOKEN_CACHE": "default"}
    for _time in range(2):
        assert products.list(held["access_token"]).status_code == 200
    withdraw(person, panel, "products:write")
    assert products.list(held["access_token"]).status_code == 401


@proves("connected-said")
def test_it_is_said_before_and_after(person: Person, panel: OAuthClient, held: dict[str, Any]) -> None:
    person.tokens(panel, scope=ALL)
    page = choose(person, panel, "documents:read")
    lost, kept, tokens, *others = page.context["effects"]
    assert label("documents:read") in lost
    assert label("products:read") in kept
    assert label("documents:read") not in kept
    assert "2 tokens" in tokens
    assert (
        gettext("It stays connected, and can get access again with the permissions that it keeps.") in others
    )
    press(person, page, scopes=["documents:read"])
    message = re.search(r'<p class="notice notice--success">(.+?)</p>', page_of(person, panel))
    assert message
    assert label("documents:read") in message[1]
    assert "sigue conectada" in message[1]
    assert "2 tokens" in message[1]


def test_a_suspended_application_promises_no_new_access(
    person: Person, panel: OAuthClient, held: dict[str, Any]
) -> None:
    panel.application.suspend()
    effects = choose(person, panel, "products:write").context["effects"]
    promise = gettext("It stays connected, and can get access again with the permissions that it keeps.")
    assert promise not in effects


def test_what_the_application_needs_is_marked_and_leads_to_removing_its_access(
    person: Person, panel: OAuthClient, held: dict[str, Any]
) -> None:
    path, remove = url("connection-withdraw", panel), f'href="{url("connection-remove", panel)}"'
    assert remove not in person.browser.get(path).content.decode()
    panel.application.required_scopes = "documents:read"
    panel.application.save()
    page = person.browser.get(path).content.decode()
    assert re.findall(r'value="([^"]+)" disabled', page) == ["documents:read"]
    assert page.count(remove) == 1


def page_of(person: Person, client: OAuthClient) -> str:
    return person.browser.get(url("connected-application", client)).content.decode()


def test_taking_all_back_is_removing_the_access(
    person: Person, panel: OAuthClient, held: dict[str, Any]
) -> None:
    answer = choose(person, panel, *ALL.split())
    assert answer["Location"] == url("connection-remove", panel)
    confirmation = choose(person, panel, "documents:read")
    answer = press(person, confirmation, scopes=ALL.split())
    assert answer["Location"] == url("connection-remove", panel)
    assert len(Consent.objects.get().scope_names) == 3


@proves("connected-history")
def test_the_details_tell_what_the_person_did(
    person: Person, stranger: Person, panel: OAuthClient, held: dict[str, Any]
) -> None:
    stranger.browser.defaults["HTTP_USER_AGENT"] = "Otro/9"
    stranger.tokens(panel)
    person.browser.defaults["HTTP_USER_AGENT"] = "Navegador/1"
    withdraw(person, panel, "documents:read")
    rows = person.browser.get(url("connected-application", panel)).context["rows"]
    assert [event.action for event, _scopes in rows] == ["consent_reduced", "consent_given"]
    assert rows[0][1] == str(catalogue()["documents:read"].label)
    words = text(person.browser.get(url("connected-application", panel)))
    assert "127.0.0.1" in words
    assert "Navegador/1" in words
    assert "Otro/9" not in words
    assert Consent.objects.get(user=person.user).has_changed is False  # all within this second
    event = Event.objects.get(action=Event.Action.CONSENT_REDUCED)
    assert (event.application, event.actor, event.detail["scopes"]) == (
        panel.application,
        person.user,
        ["documents:read"],
    )


@proves("connected-history")
def test_the_details_tell_of_a_device(person: Person, device: OAuthClient) -> None:
    device.http.defaults["HTTP_USER_AGENT"] = "Caja/2"
    devices.tokens(person, device)
    words = text(person.browser.get(url("connected-application", device)))
    assert "Caja/2" in words


@proves("connected-history", "connected-fast")
def test_a_long_history_is_cut_into_pages(
    person: Person,
    panel: OAuthClient,
    held: dict[str, Any],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _time in range(12):
        Event.record(
            Event.Action.DEVICE_AUTHORIZED, application=panel.application, origin=Origin(person.user)
        )
    with django_assert_num_queries(5):
        first = person.browser.get(url("connected-application", panel))
    second = person.browser.get(url("connected-application", panel), {"page": 2})
    assert [len(page.context["rows"]) for page in (first, second)] == [10, 3]


def test_it_is_announced_once_it_is_committed(
    person: Person, panel: OAuthClient, held: dict[str, Any], django_capture_on_commit_callbacks: Any
) -> None:
    heard: list[Any] = []

    def hear(consent: Consent, withdrawn: list[str], **kwargs: Any) -> None:
        heard.append((consent.application, withdrawn))

    consent_reduced.connect(hear)
    with django_capture_on_commit_callbacks(execute=True):
        withdraw(person, panel, "documents:read")
        assert heard == []
    consent_reduced.disconnect(hear)
    assert heard == [(panel.application, ["documents:read"])]
    assert AccessToken.objects.count() == 0


def test_what_a_permission_included_ends_with_it_in_tokens_that_carry_that_alone(
    person: Person, panel: OAuthClient, products: Products
) -> None:
    person.consent(panel, scope="products:write documents:read")
    reading = person.tokens(panel, scope="products:read")["access_token"]
    assert Consent.objects.get().scope_names == ["products:write", "documents:read"]
    assert products.list(reading).status_code == 200
    withdraw(person, panel, "products:write")
    assert products.list(reading).status_code == 401


@pytest.mark.parametrize(("seconds", "told"), [(1, False), (1.1, True)])
def test_the_details_show_when_the_permissions_changed(
    person: Person, panel: OAuthClient, held: dict[str, Any], seconds: float, told: bool
) -> None:
    consent = Consent.objects.get()
    Consent.objects.update(updated_at=consent.created_at + timedelta(seconds=seconds))
    page = person.browser.get(url("connected-application", panel))
    assert (gettext("Permissions changed") in text(page)) is told
