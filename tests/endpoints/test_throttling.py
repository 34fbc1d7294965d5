"""How often a client may ask, and what it is told when it has asked too often."""

import logging
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from multinexo_oauth.signals import throttled
from tests.conformance import proves
from tests.device import poll, start, started
from tests.oauth import FORM, REVOKE, TOKEN, register

INTROSPECT = "/auth/v1/introspect/"
ASK = {
    "token": lambda service, device: service.token("client_credentials"),
    "introspection": lambda service, device: service.post(INTROSPECT, {"token": "x"}),
    "revocation": lambda service, device: service.revoke("x"),
    "device_authorization": lambda service, device: start(device),
}


def statuses(ask, times):
    return [ask().status_code for _ in range(times)]


@pytest.mark.parametrize("endpoint", ASK)
@proves("throttled-requests", "throttled-answer")
def test_one_request_too_many_is_told_when_to_come_again(limits, service, device, endpoint):
    limits(**{endpoint: "2/min"})
    assert statuses(lambda: ASK[endpoint](service, device), 2) == [200, 200]
    answer = ASK[endpoint](service, device)
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 60
    assert answer["Retry-After"] in answer.json()["error_description"]
    assert answer.json()["error"] == "temporarily_unavailable"
    assert answer["Content-Type"] == "application/json"
    assert answer["Cache-Control"] == "no-store"


@proves("throttled-requests")
def test_each_endpoint_has_a_limit_of_its_own(limits, service):
    limits(token="1/min", introspection="1/min")
    assert statuses(lambda: service.token("client_credentials"), 2) == [200, 429]
    assert service.post(INTROSPECT, {"token": "x"}).status_code == 200


@proves("throttled-requests")
def test_the_limit_ends_with_its_time(limits, service, monkeypatch):
    limits(token="1/10min")
    assert statuses(lambda: service.token("client_credentials"), 2) == [200, 429]
    soon = timezone.now() + timedelta(minutes=10, seconds=1)
    monkeypatch.setattr("time.time", soon.timestamp)
    assert statuses(lambda: service.token("client_credentials"), 2) == [200, 429]


@proves("throttled-requests")
def test_a_client_with_a_secret_counts_wherever_it_calls_from(limits, owner, service):
    limits(token="1/min")
    assert service.token("client_credentials").status_code == 200
    service.http.defaults["REMOTE_ADDR"] = "203.0.113.7"
    assert service.token("client_credentials").status_code == 429
    other = register(owner, "service", name="Otra")
    assert other.token("client_credentials").status_code == 200


@proves("throttled-strangers")
def test_who_names_a_public_client_counts_by_address(limits, spa, native):
    limits(token="2/min")
    assert [spa.refresh("x").status_code, native.refresh("x").status_code] == [400, 400]
    assert spa.refresh("x").status_code == 429
    spa.http.defaults["REMOTE_ADDR"] = "203.0.113.7"
    assert spa.refresh("x").status_code == 400


@proves("throttled-strangers")
def test_requests_that_fail_to_authenticate_use_nothing_up(limits, service):
    limits(token="1/min")
    right, service.secret = service.secret, "wrong"
    assert statuses(lambda: service.token("client_credentials"), 3) == [401] * 3
    service.secret = right
    assert service.token("client_credentials").status_code == 200


@proves("throttled-poll")
def test_a_device_that_polls_too_often_is_told_to_slow_down(limits, device):
    code = started(device)["device_code"]
    limits(token="1/min")
    assert poll(device, code).json()["error"] == "authorization_pending"
    answer = poll(device, code)
    assert (answer.status_code, answer.json()["error"]) == (429, "slow_down")
    assert int(answer["Retry-After"]) > 0


@proves("throttled-answer")
def test_a_page_of_the_client_can_read_the_answer(limits, spa):
    limits(token="1/min")
    form = urlencode({"grant_type": "refresh_token", "refresh_token": "x", "client_id": spa.client_id})

    def ask(origin):
        return spa.http.post(TOKEN, form, content_type=FORM, headers={"Origin": origin})

    ask("https://spa.example")
    answer = ask("https://spa.example")
    assert answer.status_code == 429
    assert answer["Access-Control-Allow-Origin"] == "https://spa.example"
    assert answer["Access-Control-Expose-Headers"] == "Retry-After"
    assert "Origin" in answer["Vary"]
    assert "Access-Control-Allow-Origin" not in ask("https://other.example")


@proves("throttled-settings")
def test_a_limit_can_be_switched_off(limits, service):
    limits(token=None)
    assert set(statuses(lambda: service.token("client_credentials"), 10)) == {200}


@proves("throttled-settings")
def test_all_limits_can_be_switched_off(site, service):
    site(THROTTLES=None)
    service.secret = "wrong"
    assert set(statuses(lambda: service.token("client_credentials"), 20)) == {401}


@proves("throttled-settings")
def test_a_site_that_sets_nothing_has_limits(limits, site, device):
    limits()
    site(THROTTLES={})
    assert statuses(lambda: start(device), 61) == [200] * 60 + [429]


@proves("security-log")
def test_it_is_logged_and_announced_once_each_time(limits, service, caplog):
    limits(token="1/min")
    heard = []

    def hear(what, client_id, **kwargs):
        heard.append((what, client_id))

    throttled.connect(hear)
    with caplog.at_level(logging.WARNING, "multinexo_oauth.security"):
        statuses(lambda: service.token("client_credentials"), 5)
    throttled.disconnect(hear)
    assert heard == [("token", service.client_id)]
    (record,) = (record for record in caplog.records if record.name == "multinexo_oauth.security")
    assert (record.event, record.what) == ("throttled", "token")
    assert (record.client_id, record.address) == (service.client_id, "127.0.0.1")
    assert service.secret not in repr(vars(record))


@proves("throttled-requests")
def test_revocation_is_the_same_without_its_slash(limits, service):
    limits(revocation="1/min")
    assert service.post(REVOKE, {"token": "x"}).status_code == 200
    assert service.post(REVOKE.rstrip("/"), {"token": "x"}).status_code == 429
