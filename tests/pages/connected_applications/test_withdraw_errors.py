"""What cannot be taken back alone, who cannot, and what nonsense leads to."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction

from multinexo_oauth.ending.consents import withdraw_scopes
from multinexo_oauth.models import AccessToken, Consent, Event, RefreshToken
from tests.at_once import at_once, until_waiting
from tests.conformance import proves
from tests.oauth import OAuthClient, Person, Products, register

from .conftest import ALL, LIST, choose, press, remove, text, url, withdraw

pytestmark = proves("withdraw")


@pytest.fixture
def strict(owner: User) -> OAuthClient:
    return register(
        owner,
        "web",
        name="Estricta",
        scopes=ALL,
        required_scopes="products:write",
        redirect_uris="https://panel.example/",
    )


@proves("withdraw-required")
@pytest.mark.parametrize("scope", ["products:write", "products:read"])
def test_a_required_permission_cannot_be_withdrawn(person: Person, strict: OAuthClient, scope: str) -> None:
    person.tokens(strict, scope=ALL)
    page = person.browser.get(url("connection-withdraw", strict))
    assert page.content.decode().count(" disabled") == 2
    assert choose(person, strict, scope).status_code == 400
    confirmation = choose(person, strict, "documents:read")
    assert press(person, confirmation, scopes=[scope])["Location"] == url("connected-application", strict)
    assert Consent.objects.get().scope_names == ALL.split()
    assert AccessToken.objects.exists()


@proves("withdraw-required")
def test_no_withdrawal_is_offered_if_every_permission_is_required(person: Person, owner: User) -> None:
    single = register(owner, "web", scopes="products:read", redirect_uris="https://one.example/")
    person.consent(single, scope="products:read")
    page = person.browser.get(url("connected-application", single))
    assert 'data-action="withdraw"' not in page.content.decode()


def test_choosing_nothing_is_told(person: Person, panel: OAuthClient, held: dict[str, Any]) -> None:
    page = choose(person, panel)
    assert page.status_code == 400
    assert 'role="alert"' in page.content.decode()
    assert Consent.objects.get().scope_names == ALL.split()


def test_what_was_ticked_stays_ticked(person: Person, panel: OAuthClient, held: dict[str, Any]) -> None:
    page = choose(person, panel, "documents:read", "unknown")
    assert page.status_code == 400
    assert 'value="documents:read" checked' in page.content.decode()


@pytest.mark.parametrize("scope", ["\x00", "unknown", "", "x" * 10_000, "<script>", "documents:write"])
def test_nonsense_changes_nothing(
    person: Person, panel: OAuthClient, held: dict[str, Any], scope: str
) -> None:
    page = choose(person, panel, scope)
    assert page.status_code == 400
    assert "<script>" not in page.content.decode()
    confirmation = choose(person, panel, "documents:read")
    assert press(person, confirmation, scopes=[scope]).status_code == 302
    assert Consent.objects.get().scope_names == ALL.split()


def test_looking_changes_nothing(
    person: Person, panel: OAuthClient, held: dict[str, Any], products: Products
) -> None:
    choose(person, panel, "products:read")
    assert products.create(held["access_token"]).status_code == 201
    assert not Event.objects.filter(action=Event.Action.CONSENT_REDUCED).exists()


def test_without_the_csrf_token_nothing_is_changed(
    person: Person, panel: OAuthClient, held: dict[str, Any]
) -> None:
    answer = person.browser.post(url("connection-withdraw", panel), {"scopes": ["documents:read"]})
    assert answer.status_code == 403
    assert Consent.objects.get().scope_names == ALL.split()


def test_a_stranger_takes_nothing_back(
    person: Person, stranger: Person, panel: OAuthClient, held: dict[str, Any]
) -> None:
    path = url("connection-withdraw", panel)
    query = {"scopes": ["documents:read"], "chosen": "yes"}
    assert stranger.browser.get(path, query).status_code == 404
    stranger.consent(panel, scope=ALL)
    withdraw(stranger, panel, "documents:read")
    assert Consent.objects.get(user=person.user).scope_names == ALL.split()


@proves("connected-twice")
def test_a_second_click_says_that_nothing_was_left(
    person: Person, panel: OAuthClient, held: dict[str, Any]
) -> None:
    confirmation = choose(person, panel, "documents:read")
    for _click in range(2):
        press(person, confirmation, scopes=["documents:read"])
    assert Event.objects.filter(action=Event.Action.CONSENT_REDUCED).count() == 1
    assert "notice--info" in person.browser.get(url("connected-application", panel)).content.decode()


def test_one_whose_name_another_begins_with_is_left_alone(person: Person, panel: OAuthClient) -> None:
    consent = Consent.record(person.user, panel.application, ["products:read", "products:read:all"])
    withdraw_scopes(consent, ["products:read"])
    assert Consent.objects.get().scope == "products:read:all"
    assert withdraw_scopes(consent, ["products:read"]) == 0


@proves("withdraw-race")
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite in memory has one connection")
@pytest.mark.parametrize("attempt", range(5))
@pytest.mark.parametrize("by", ["code", "refresh"])
def test_an_exchange_meanwhile_leaves_nothing_that_carries_it(
    person: Person, panel: OAuthClient, by: str, attempt: int
) -> None:
    if by == "code":
        code = person.consent(panel, scope=ALL)
    else:
        refresh_token = person.tokens(panel, scope=ALL)["refresh_token"]
    consent = Consent.objects.get()
    at_once(
        [
            lambda: panel.exchange(code) if by == "code" else panel.refresh(refresh_token),
            lambda: withdraw_scopes(consent, ["documents:read"]),
        ]
    )
    carried = [*AccessToken.objects.values_list("scope", flat=True)]
    carried += RefreshToken.objects.live().values_list("scope", flat=True)
    assert not [scope for scope in carried if "documents:read" in scope]


@proves("withdraw-race")
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite in memory has one connection")
def test_a_refresh_that_waits_for_a_withdrawal_brings_what_is_left(
    person: Person, panel: OAuthClient
) -> None:
    refresh_token = person.tokens(panel, scope=ALL)["refresh_token"]
    consent = Consent.objects.get()
    with ThreadPoolExecutor(1) as aside:
        with transaction.atomic():
            withdraw_scopes(consent, ["documents:read"])
            waiting = aside.submit(at_once, [lambda: panel.refresh(refresh_token)])
            until_waiting(1)
        (answer,) = waiting.result()
    assert answer.status_code == 200
    assert "documents:read" not in answer.json()["scope"].split()
    assert "documents:read" not in "".join(AccessToken.objects.values_list("scope", flat=True))


@proves("connected-twice")
def test_a_confirmation_after_the_application_was_removed_elsewhere_leads_to_the_list(
    person: Person, panel: OAuthClient, held: dict[str, Any]
) -> None:
    confirmation = choose(person, panel, "documents:read")
    remove(person, panel)
    answer = press(person, confirmation, scopes=["documents:read"])
    assert (answer.status_code, answer["Location"]) == (302, LIST)
    assert "ya se lo había quitado" in text(person.browser.get(LIST))
