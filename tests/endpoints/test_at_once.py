"""Requests at once: the database holds what one of them was given, and a revocation leaves nothing behind."""

from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections

from multinexo_oauth.models import AccessToken, Consent, RefreshToken
from tests.conformance import proves

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite in memory has one connection"),
]
AT_ONCE = 20


def at_once(calls: Iterable[Callable[[], Any]]) -> list[Any]:
    """Make the calls in a thread each and return what they return."""

    def call(function: Callable[[], Any]) -> Any:
        try:
            return function()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(call, calls))


def test_a_code_gives_tokens_once(person, web):
    code = person.consent(web)
    answers = at_once([lambda: web.exchange(code)] * AT_ONCE)
    assert Counter(answer.status_code for answer in answers) == {200: 1, 400: AT_ONCE - 1}
    # Who finds the code redeemed ends its family; who merely lost the race does not.
    assert RefreshToken.objects.live().count() <= 1
    assert AccessToken.objects.count() <= 1


def test_refreshes_of_one_token_leave_one_live_branch(web, tokens):
    answers = at_once([lambda: web.refresh(tokens["refresh_token"])] * AT_ONCE)
    assert {answer.status_code for answer in answers} == {200}
    assert RefreshToken.objects.live().count() == 1
    assert Counter(web.refresh(answer.json()["refresh_token"]).status_code for answer in answers)[200] <= 1


@pytest.mark.parametrize("attempt", range(5))
def test_a_revocation_leaves_nothing_of_a_refresh_that_runs_meanwhile(web, tokens, attempt):
    at_once(
        [
            lambda: web.refresh(tokens["refresh_token"]),
            lambda: web.revoke(tokens["refresh_token"]),
            lambda: web.refresh(tokens["refresh_token"]),
        ]
    )
    assert not RefreshToken.objects.live().exists()
    assert not AccessToken.objects.exists()


@pytest.mark.parametrize("attempt", range(5))
def test_a_removed_consent_leaves_nothing_of_an_exchange_that_runs_meanwhile(person, web, attempt):
    code = person.consent(web)
    at_once([lambda: web.exchange(code), lambda: Consent.objects.get().remove()])
    assert not RefreshToken.objects.live().exists()
    assert not AccessToken.objects.exists()


def secrets_at_once(client, secret):
    client.secret = secret
    answers = at_once([lambda: client.token("client_credentials")] * AT_ONCE)
    return Counter(answer.status_code for answer in answers)


@proves("throttled-failures")
def test_right_secrets_at_once_are_no_guessing(limits, service):
    limits(failures_by_client="10/10min", failures_by_address="10/10min")
    assert secrets_at_once(service, service.secret) == {200: AT_ONCE}


@proves("throttled-failures")
def test_of_guesses_at_once_no_more_are_answered_than_one_after_the_other(limits, service):
    limits(failures_by_client="10/10min")
    assert secrets_at_once(service, "guess") == {401: 10, 429: AT_ONCE - 10}


@proves("throttled-requests")
def test_requests_at_once_count_each(limits, service):
    limits(token="10/min")
    assert secrets_at_once(service, service.secret) == {200: 10, 429: AT_ONCE - 10}
