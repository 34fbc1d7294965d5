"""Who fails to authenticate as a client too often is answered no more for a while (RFC 6749 section 2.3.1)."""

import logging
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from multinexo_oauth.models import ClientSecret, Event
from multinexo_oauth.signals import client_authentication_failed, throttled
from tests.conformance import proves
from tests.oauth import INTROSPECT, TOKEN, register

ELSEWHERE = "203.0.113.7"


@pytest.fixture(autouse=True)
def ten_and_fifty(limits):
    limits(failures_by_client="10/10min", failures_by_address="50/10min")


def ask(client, secret=None, address="127.0.0.1"):
    """Ask for a token with a secret, the client's own unless another is given."""
    own, client.secret = client.secret, secret or client.secret
    client.http.defaults["REMOTE_ADDR"] = address
    answer = client.token("client_credentials")
    client.secret = own
    return answer.status_code


def guess(client, times, address="127.0.0.1"):
    return [ask(client, f"guess {number}", address) for number in range(times)]


def activity(owner, client):
    browser = Client()
    browser.force_login(owner)
    return browser.get(f"/auth/v1/mis-aplicaciones/{client.client_id}/actividad/").content.decode()


@proves("throttled-failures")
def test_ten_failures_of_a_client_are_answered_and_then_none(service):
    assert guess(service, 12) == [401] * 10 + [429] * 2
    assert ask(service) == 429


@proves("throttled-failures", "throttled-answer")
def test_the_refusal_tells_when_to_come_again(service):
    guess(service, 10)
    answer = service.token("client_credentials")
    assert answer.status_code == 429
    assert answer.json()["error"] == "temporarily_unavailable"
    assert 0 < int(answer["Retry-After"]) <= 600
    assert answer["Cache-Control"] == "no-store"
    assert "WWW-Authenticate" not in answer


@proves("throttled-strangers")
def test_guessing_elsewhere_locks_nobody_out(service):
    guess(service, 60, ELSEWHERE)
    assert ask(service) == 200


@proves("throttled-failures")
def test_right_secrets_do_not_count(service):
    assert [ask(service) for _ in range(20)] == [200] * 20
    assert guess(service, 11) == [401] * 10 + [429]


@proves("throttled-failures")
def test_a_program_with_an_old_secret_does_not_stop_the_others(service):
    old = service.secret
    _secret, service.secret = ClientSecret.issue(service.application)
    assert ask(service) == 200
    ClientSecret.objects.order_by("pk").first().revoke()
    assert [ask(service, old) for _ in range(11)] == [401] * 10 + [429]
    assert ask(service) == 200


@proves("throttled-failures")
def test_a_secret_that_was_good_lately_is_not_good_for_ever(service):
    assert ask(service) == 200
    ClientSecret.objects.get().revoke()
    assert {ask(service) for _ in range(10)} == {401}
    assert ask(service) == 429


@proves("throttled-failures")
def test_an_address_has_fifty_failures_whatever_the_clients(owner, service, web, spa):
    clients = [register(owner, "service", name=f"Una {number}") for number in range(5)]
    assert [status for client in clients for status in guess(client, 10)] == [401] * 50
    assert ask(service) == 429
    assert ask(service, address=ELSEWHERE) == 200


@proves("throttled-failures", "throttled-strangers")
def test_a_neighbour_who_is_known_goes_on(owner, service):
    assert ask(service) == 200
    for number in range(6):
        guess(register(owner, "service", name=f"Una {number}"), 10)
    assert ask(register(owner, "service", name="Nueva")) == 429
    assert ask(service) == 200


@pytest.mark.parametrize("header", ["Basic", "Basic %%%", "Bearer x", "Digest x", "Basic Og=="])
@proves("throttled-failures")
def test_malformed_credentials_count_by_address(service, header):
    def send():
        return service.post(TOKEN, {"grant_type": "x"}, Authorization=header).status_code

    assert [send() for _ in range(11)][:10] == [401] * 10
    assert {send() for _ in range(40)} <= {401, 429}
    assert send() == 429


@proves("throttled-failures")
def test_every_endpoint_counts(service, device):
    service.secret = "wrong"
    paths = [TOKEN, INTROSPECT, "/auth/v1/revoke/", "/auth/v1/device-authorization/"]
    assert [service.post(path, {"token": "x"}).status_code for path in paths * 3] == [401] * 10 + [429] * 2


@proves("throttled-failures")
def test_the_limit_ends_with_its_time(service, monkeypatch):
    guess(service, 11)
    soon = timezone.now() + timedelta(minutes=10, seconds=1)
    monkeypatch.setattr("time.time", soon.timestamp)
    assert ask(service) == 200


@pytest.mark.parametrize("client_id", ["\x00", "ñ", "x" * 5000, "a b", "unknown", "\ud800"])
@proves("throttled-failures")
def test_any_client_id_will_do_to_fail_with(service, client_id):
    service.client_id = client_id.encode("utf-8", "replace").decode()
    assert {ask(service, "x") for _ in range(12)} == {401, 429}


# What is told


def heard_of(signal, act):
    heard = []

    def hear(**facts):
        heard.append(facts)

    signal.connect(hear)
    act()
    signal.disconnect(hear)
    return heard


@proves("security-log")
def test_each_failure_is_logged_and_announced(service, caplog):
    with caplog.at_level(logging.INFO, "multinexo_oauth.security"):
        heard = heard_of(client_authentication_failed, lambda: guess(service, 2))
    assert [facts["client_id"] for facts in heard] == [service.client_id] * 2
    records = [record for record in caplog.records if record.name == "multinexo_oauth.security"]
    assert [record.event for record in records] == ["client_authentication_failed"] * 2
    assert {(record.client_id, record.address) for record in records} == {(service.client_id, "127.0.0.1")}
    assert "guess" not in repr([vars(record) for record in records])


@proves("security-log")
def test_malformed_and_missing_credentials_are_logged_too(service, spa, caplog):
    tokens = service.token("client_credentials").json()
    with caplog.at_level(logging.INFO, "multinexo_oauth.security"):
        service.post(TOKEN, {"grant_type": "x"}, Authorization="Basic %%%")
        service.http.post(TOKEN, "grant_type=x", content_type="application/x-www-form-urlencoded")
        spa.post(INTROSPECT, {"token": tokens["access_token"]})
    records = [record for record in caplog.records if record.name == "multinexo_oauth.security"]
    assert [record.client_id for record in records] == ["", "", spa.client_id]


@proves("security-log")
def test_who_is_answered_no_more_is_told_of_once(service, caplog):
    with caplog.at_level(logging.INFO, "multinexo_oauth.security"):
        heard = heard_of(throttled, lambda: guess(service, 30))
    assert [(facts["what"], facts["client_id"]) for facts in heard] == [
        ("failures_by_client", service.client_id)
    ]
    assert len(caplog.records) < 50


@proves("throttled-failures")
def test_refused_attempts_do_not_grow_the_log(service, caplog):
    for _ in range(80):
        service.post(TOKEN, {"grant_type": "x"}, Authorization="Basic malformed")
    told = [record for record in caplog.records if record.name == "multinexo_oauth.security"]
    assert len(told) == 51  # fifty failures of an address, and that there were too many


@proves("throttled-owner")
def test_the_owner_sees_it_once_an_hour(owner, service):
    label = str(Event.Action.THROTTLED.label)
    assert label not in activity(owner, service)
    guess(service, 10)
    assert label not in activity(owner, service)
    guess(service, 5)
    guess(service, 15, ELSEWHERE)
    page = activity(owner, service)
    assert page.count(label) == 1
    assert "127.0.0.1" in page
    event = Event.objects.get(action=Event.Action.THROTTLED)
    Event.objects.filter(pk=event.pk).update(at=event.at - timedelta(hours=1))
    cache.clear()
    guess(service, 11)
    assert activity(owner, service).count(label) == 2


@proves("throttled-owner")
def test_guessing_at_clients_that_are_not_there_leaves_no_event(owner, service):
    service.client_id = "unknown"
    guess(service, 12)
    assert not Event.objects.filter(action=Event.Action.THROTTLED).exists()
