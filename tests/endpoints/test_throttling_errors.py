"""Limits where the cache is none, or fails, or the address is not what it seems."""

import logging
from typing import Any

import pytest
from django.core.cache.backends.base import BaseCache

from multinexo_oauth.models import DeviceGrant
from tests.conformance import proves
from tests.device import START, enter, start, started
from tests.oauth import FORM


class FailingCache(BaseCache):
    """A cache whose server is gone."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self.error = type(location, (Exception,), {})

    def _fail(self, *args: Any, **kwargs: Any) -> Any:
        raise self.error("the cache is down")

    add = get = set = touch = delete = incr = decr = get_or_set = _fail

    def clear(self) -> None:
        """Do nothing, so that a test can end."""


def failing(name: str) -> dict[str, Any]:
    backend = f"{FailingCache.__module__}.{FailingCache.__qualname__}"
    return {"default": {"BACKEND": backend, "LOCATION": name}}


DUMMY = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}


@pytest.mark.parametrize("caches", [DUMMY, failing("Gone")], ids=["none", "failing"])
@proves("throttled-cache")
def test_a_cache_that_counts_nothing_stops_nobody(limits, settings, person, service, device, caches):
    limits(
        token="1/min", device_authorization="1/min", failures_by_client="1/min", failures_by_address="1/min"
    )
    settings.CACHES = caches
    assert [service.token("client_credentials").status_code for _ in range(3)] == [200] * 3
    assert [start(device).status_code for _ in range(3)] == [200] * 3
    assert [enter(person.browser, "BBBB-BBBB").status_code for _ in range(7)] == [400] * 7
    assert enter(person.browser, started(device)["user_code"]).status_code == 200
    service.secret = "wrong"
    assert [service.token("client_credentials").status_code for _ in range(3)] == [401] * 3


@proves("throttled-cache")
def test_a_cache_that_fails_is_told_of_once(limits, settings, service, caplog):
    limits(token="1/min")
    settings.CACHES = failing("GoneOnce")
    with caplog.at_level(logging.ERROR, "multinexo_oauth"):
        for _ in range(3):
            service.token("client_credentials")
    (record,) = (record for record in caplog.records if "GoneOnce" in record.getMessage())
    assert record.name == "multinexo_oauth"


def began_at(client, **origin):
    """Let a device begin and return the address that it is said to have."""
    form = f"client_id={client.client_id}&scope=products:read"
    answer = client.http.post(START, form, content_type=FORM, **origin)
    return DeviceGrant.objects.latest("pk").address if answer.status_code == 200 else answer.status_code


@proves("throttled-address")
def test_a_forged_header_does_not_evade_the_limit(limits, device):
    limits(device_authorization="1/min")
    assert began_at(device, HTTP_X_FORWARDED_FOR="198.51.100.1") == "127.0.0.1"
    assert began_at(device, HTTP_X_FORWARDED_FOR="198.51.100.2") == 429


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "198.51.100.1", "127.0.0.1"),
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "203.0.113.9, 198.51.100.1", "198.51.100.1"),
        (2, "203.0.113.9, 198.51.100.1,10.0.0.1", "198.51.100.1"),
        (2, "198.51.100.1", "127.0.0.1"),
        (1, "unknown", "127.0.0.1"),
        (1, "", "127.0.0.1"),
        (1, "2001:DB8::0:1%eth0", "2001:db8::1"),
    ],
)
@proves("throttled-address")
def test_the_address_is_what_the_sites_own_proxies_saw(limits, settings, device, proxies, forwarded, address):
    limits(device_authorization="1/min")
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": proxies}
    assert began_at(device, HTTP_X_FORWARDED_FOR=forwarded) == address
    assert began_at(device, HTTP_X_FORWARDED_FOR=forwarded) == 429
    assert began_at(device, HTTP_X_FORWARDED_FOR="192.0.2.1,192.0.2.2,192.0.2.3") in (
        {429} if proxies == 0 else {"192.0.2.2", "192.0.2.3"}
    )


@proves("throttled-address")
def test_one_sender_has_all_of_its_ipv6_network(limits, device):
    limits(device_authorization="1/min")
    assert began_at(device, REMOTE_ADDR="2001:db8:0:1::1") == "2001:db8:0:1::1"
    assert began_at(device, REMOTE_ADDR="2001:db8:0:1:ffff::2") == 429
    assert began_at(device, REMOTE_ADDR="2001:db8:0:2::1") == "2001:db8:0:2::1"


@proves("throttled-address")
def test_an_ipv4_address_is_one_however_the_server_writes_it(limits, device):
    limits(device_authorization="1/min")
    assert began_at(device, REMOTE_ADDR="::ffff:203.0.113.7") == "203.0.113.7"
    assert began_at(device, REMOTE_ADDR="203.0.113.7") == 429
    assert began_at(device, REMOTE_ADDR="::ffff:203.0.113.8") == "203.0.113.8"


@pytest.mark.parametrize("address", ["", "unix:", "\x00", "300.1.1.1"])
@proves("throttled-address")
def test_a_server_without_remote_addr_breaks_nothing(limits, device, address):
    limits(device_authorization="1/min")
    assert began_at(device, REMOTE_ADDR=address) is None
    assert began_at(device, REMOTE_ADDR=address) == 429
