"""Requests at once: the database holds what one of them was given, and a revocation leaves nothing behind."""

from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.utils import timezone

from multinexo_oauth.ending.consents import remove_consent, remove_consents
from multinexo_oauth.models import AccessToken, Consent, DeviceGrant, Event, Grant, RefreshToken
from multinexo_oauth.scopes import expand
from multinexo_oauth.storage.digest import digest
from tests import device as devices
from tests.at_once import AT_ONCE, at_once, overlapping
from tests.conformance import proves
from tests.oauth import register

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite in memory has one connection"),
]
SCOPES = ["products:read", "products:write", "documents:read", "cashier:read"]


@proves("code-at-once")
def test_codes_redeemed_at_once_give_one_pair(person, web):
    code = person.consent(web)
    answers = overlapping(Grant.objects.get(), [lambda: web.exchange(code)] * AT_ONCE)
    assert Counter(answer.status_code for answer in answers) == {200: 1, 400: AT_ONCE - 1}
    assert {answer.json()["error"] for answer in answers if answer.status_code == 400} == {"invalid_grant"}
    delivered = next(answer.json() for answer in answers if answer.status_code == 200)
    assert AccessToken.objects.get().token_checksum == digest(delivered["access_token"])
    assert RefreshToken.objects.live().get().token_checksum == digest(delivered["refresh_token"])


@proves("code-once")
def test_a_code_reused_after_the_grace_time_ends_its_tokens(person, web):
    code = person.consent(web)
    web.exchange(code)
    Grant.objects.update(redeemed_at=timezone.now() - timedelta(seconds=11))
    answers = at_once([lambda: web.exchange(code)] * AT_ONCE)
    assert {answer.status_code for answer in answers} == {400}
    assert not RefreshToken.objects.live().exists()
    assert not AccessToken.objects.exists()


@proves("code-twin")
def test_twins_of_a_code_end_nothing(person, web, products):
    code = person.consent(web)
    answers = at_once([lambda: web.exchange(code)] * AT_ONCE)
    assert Counter(answer.status_code for answer in answers) == {200: 1, 400: AT_ONCE - 1}
    delivered = next(answer.json() for answer in answers if answer.status_code == 200)
    assert products.list(delivered["access_token"]).status_code == 200
    assert web.refresh(delivered["refresh_token"]).status_code == 200


@proves("refresh-at-once")
@pytest.mark.parametrize("kind", ["web", "spa"])
def test_refreshes_of_one_token_get_one_refresh_token(person, products, request, kind):
    client = request.getfixturevalue(kind)
    tokens = person.tokens(client)
    answers = at_once([lambda: client.refresh(tokens["refresh_token"])] * AT_ONCE)
    assert {answer.status_code for answer in answers} == {200}
    delivered = [answer.json() for answer in answers]
    assert {digest(pair["refresh_token"]) for pair in delivered} == {
        RefreshToken.objects.live().get().token_checksum
    }
    assert RefreshToken.objects.count() == (1 if kind == "web" else 2)
    for pair in [tokens, *delivered]:
        assert products.list(pair["access_token"]).status_code == 200
    assert client.refresh(delivered[0]["refresh_token"]).status_code == 200


@proves("refresh-at-once", "never-a-server-error")
@pytest.mark.parametrize("attempt", range(5))
def test_without_a_grace_time_refreshes_of_one_token_are_a_reuse(person, spa, settings, attempt):
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "REFRESH_GRACE_SECONDS": 0}
    tokens = person.tokens(spa)
    answers = at_once([lambda: spa.refresh(tokens["refresh_token"])] * AT_ONCE)
    assert Counter(answer.status_code for answer in answers) == {200: 1, 400: AT_ONCE - 1}
    assert not RefreshToken.objects.live().exists()
    assert not AccessToken.objects.exists()


@proves("concurrent-revocation")
@pytest.mark.parametrize("attempt", range(5))
@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
def test_a_revocation_leaves_nothing_of_a_refresh_that_runs_meanwhile(web, tokens, which, attempt):
    at_once(
        [
            lambda: web.refresh(tokens["refresh_token"]),
            lambda: web.revoke(tokens[which]),
            lambda: web.refresh(tokens["refresh_token"]),
        ]
    )
    assert not RefreshToken.objects.live().exists()
    assert not AccessToken.objects.exists()


@proves("concurrent-consent", "access-ends-consent")
@pytest.mark.parametrize("attempt", range(5))
def test_a_removed_consent_leaves_nothing_of_an_exchange_that_runs_meanwhile(person, web, attempt):
    code = person.consent(web)
    at_once([lambda: web.exchange(code), lambda: remove_consent(Consent.objects.get())])
    assert not RefreshToken.objects.live().exists()
    assert not AccessToken.objects.exists()


@proves("concurrent-consent")
@pytest.mark.parametrize("before", [[], ["companies:read"]])
def test_consents_given_at_once_are_all_kept(person, owner, before):
    client = register(owner, "web", redirect_uris="https://web.example/", scopes=" ".join([*before, *SCOPES]))
    for scope in before:
        person.consent(client, scope=scope)
    pages = [person.visit(client, scope=scope) for scope in SCOPES] * (AT_ONCE // len(SCOPES))
    answers = at_once([partial(person.decide, page) for page in pages])
    assert {answer.status_code for answer in answers} == {302}
    # A scope that another one implies need not be named.
    assert expand(Consent.objects.get().scope_names) >= {*before, *SCOPES}


@proves("concurrent-consent")
@pytest.mark.parametrize("attempt", range(5))
def test_a_consent_given_while_it_is_removed_is_answered(person, owner, attempt):
    client = register(owner, "web", redirect_uris="https://web.example/", scopes=" ".join(SCOPES))
    presses = [partial(person.decide, person.visit(client, scope=scope)) for scope in SCOPES]
    answers = at_once([*presses, lambda: remove_consents(Consent.objects.all(), person.user)])
    assert {answer.status_code for answer in answers[: len(presses)]} == {302}


@proves("device-once", "concurrent-device")
def test_polls_of_one_device_code_give_one_pair(person, device):
    codes = devices.started(device)
    devices.let_in(person, codes["user_code"])
    answers = overlapping(
        DeviceGrant.objects.get(), [lambda: devices.poll(device, codes["device_code"])] * AT_ONCE
    )
    assert Counter(answer.status_code for answer in answers) == {200: 1, 400: AT_ONCE - 1}
    assert {answer.json()["error"] for answer in answers if answer.status_code == 400} == {"invalid_grant"}
    delivered = next(answer.json() for answer in answers if answer.status_code == 200)
    assert AccessToken.objects.get().token_checksum == digest(delivered["access_token"])
    assert RefreshToken.objects.live().get().token_checksum == digest(delivered["refresh_token"])


@proves("concurrent-device")
def test_a_user_code_is_answered_once(person, stranger, device):
    codes = devices.started(device)
    pages = [
        devices.permissions_page(who, codes["user_code"]) for who in (person, stranger) for _ in range(10)
    ]
    browsers = [person.browser] * 10 + [stranger.browser] * 10

    def press(browser, page):
        return lambda: devices.press(browser, page, "allow")

    answers = overlapping(DeviceGrant.objects.get(), list(map(press, browsers, pages)))
    assert {answer.status_code for answer in answers} <= {200, 400}
    grant = DeviceGrant.objects.get()
    assert grant.status == DeviceGrant.AUTHORIZED
    assert [consent.user for consent in Consent.objects.all()] == [grant.user]
    assert Event.objects.filter(action=Event.Action.CONSENT_GIVEN).count() == 1
    assert devices.poll(device, codes["device_code"]).status_code == 200


def secrets_at_once(client, secret):
    client.secret = secret
    answers = at_once([lambda: client.token("client_credentials")] * AT_ONCE)
    return Counter(answer.status_code for answer in answers)


@proves("throttled-failures")
def test_right_secrets_at_once_are_no_guessing(limits, service):
    limits(failures_by_client="10/10min", failures_by_address="10/10min")
    assert secrets_at_once(service, service.secret) == {200: AT_ONCE}


@proves("throttled-failures")
def test_concurrent_guesses_share_one_limit(limits, service):
    limits(failures_by_client="10/10min")
    assert secrets_at_once(service, "guess") == {401: 10, 429: AT_ONCE - 10}


@proves("throttled-requests")
def test_requests_at_once_count_each(limits, service):
    limits(token="10/min")
    assert secrets_at_once(service, service.secret) == {200: 10, 429: AT_ONCE - 10}
