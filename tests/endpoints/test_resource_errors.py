"""Resources that no token is given for (RFC 8707 section 2)."""

from typing import Any

import pytest

from multinexo_oauth.models import AccessToken, DeviceGrant, Grant
from tests import device as devices
from tests.conformance import proves
from tests.oauth import OAuthClient, Person, answered

UNKNOWN = [
    "https://elsewhere.example/",
    "http://testserver.evil.example/",
    "https://testserver/",
    "http://testserver:8000/",
    "http://testserver@evil.example/",
    "http://somebody@testserver/",
    "http://somebody:secret@testserver/",
    "http://testserver/#fragment",
    "/api/v1/products/",
    "testserver",
    "http://testserver:port/",
    "http://testserver/a b",
    "http://testserver/a\tb",
    " http://testserver/",
    "http://testserver\\@evil.example/",
    "http://testserver/../a",
    "http://testserver/a/%2E%2e/b",
    "http://testserver/a/..%2Fb",
    "http://testserver/a/..%5cb",
    "http://[::1",
    "ñ",
]
pytestmark = proves("resource-known")


@pytest.mark.parametrize("named", UNKNOWN)
def test_an_authorization_request_is_answered_with_invalid_target(
    person: Person, web: OAuthClient, named: str
) -> None:
    answer = answered(person.visit(web, resource=named))
    assert answer["error"] == "invalid_target"
    assert answer["state"] == "a state"


@pytest.mark.parametrize("named", UNKNOWN)
def test_so_is_a_token_request(service: OAuthClient, named: str) -> None:
    answer = service.token("client_credentials", resource=named)
    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_target"


def test_so_is_a_device(device: OAuthClient) -> None:
    answer = devices.start(device, resource="https://elsewhere.example/")
    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_target"


@pytest.mark.parametrize(
    "named", [["http://testserver/", "https://elsewhere.example/"], ["http://testserver/"] * 2]
)
def test_one_unknown_among_several_is_enough_and_a_repeated_one_is_none(
    service: OAuthClient, named: list[str]
) -> None:
    answer = service.token("client_credentials", resource=named)
    assert answer.status_code == (400 if len(set(named)) == 2 else 200)


def test_there_is_a_limit(service: OAuthClient) -> None:
    many = [f"http://testserver/{number}" for number in range(11)]
    assert service.token("client_credentials", resource=many).json()["error"] == "invalid_target"
    assert service.token("client_credentials", resource=many[1:]).status_code == 200


@proves("resource-narrowed")
@pytest.mark.parametrize(
    "named", ["http://testserver/", "http://testserver/api/v1", "http://testserver/api/v1/productsx"]
)
def test_an_exchange_asks_for_no_more_than_was_granted_and_keeps_the_code(
    person: Person, web: OAuthClient, named: str
) -> None:
    code = person.consent(web, resource="http://testserver/api/v1/products")
    assert web.exchange(code, resource=named).json()["error"] == "invalid_target"
    assert Grant.objects.get().redeemed_at is None
    assert web.exchange(code).status_code == 200


@proves("resource-narrowed")
def test_a_refresh_asks_for_no_more_than_was_granted_and_keeps_the_token(
    person: Person, web: OAuthClient
) -> None:
    tokens: dict[str, Any] = person.tokens(web, resource="http://testserver/api/v1/products/")
    products = "http://testserver/api/v1/products/"
    for named in ("http://testserver/", f"{products}../../", f"{products}%2e%2E/", f"{products}..%2f"):
        answer = web.refresh(tokens["refresh_token"], resource=named)
        assert answer.json()["error"] == "invalid_target"
    assert web.refresh(tokens["refresh_token"]).status_code == 200


@proves("resource-narrowed")
def test_a_device_asks_for_no_more_than_was_granted(person: Person, device: OAuthClient) -> None:
    codes = devices.started(device, resource="http://testserver/api/v1/products/")
    devices.let_in(person, codes["user_code"])
    form = {"device_code": codes["device_code"], "resource": "http://testserver/"}
    assert device.token(devices.GRANT_TYPE, **form).json()["error"] == "invalid_target"
    assert devices.poll(device, codes["device_code"]).status_code == 200


@proves("resource-bounded")
def test_an_overlong_one_is_refused_and_nothing_of_it_is_stored(
    person: Person, web: OAuthClient, device: OAuthClient, service: OAuthClient
) -> None:
    exact, overlong = (f"http://testserver/{'a' * (length - 18)}" for length in (512, 513))
    many = [exact[:-1] + str(number) for number in range(9)]
    refused = devices.start(device, resource=[*many, overlong])
    assert refused.json()["error"] == "invalid_target"
    assert service.token("client_credentials", resource=overlong).json()["error"] == "invalid_target"
    assert answered(person.visit(web, resource=overlong))["error"] == "invalid_target"
    assert not DeviceGrant.objects.exists()
    assert not AccessToken.objects.exists()
    assert devices.start(device, resource=[*many, exact]).status_code == 200
    assert len("".join(DeviceGrant.objects.get().resource)) == 10 * 512
