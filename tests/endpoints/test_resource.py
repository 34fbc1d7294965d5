"""A client says which API it wants a token for (RFC 8707)."""

from collections.abc import Callable
from typing import Any

import pytest

from tests import device as devices
from tests.conformance import proves
from tests.oauth import OAuthClient, Person, Products, answered

SITE = "http://testserver"
PRODUCTS = f"{SITE}/api/v1/products/"
COMPANIES = f"{SITE}/api/v1/companies/"


@pytest.fixture(autouse=True)
def files(site: Callable[..., None]) -> str:
    """Another API, which takes this server's tokens."""
    site(RESOURCES=["https://files.example/"])
    return "https://files.example/"


@pytest.fixture
def audience(service: OAuthClient) -> Callable[[str], Any]:
    """Return what a resource server is told of a token's audience."""
    service.application.resource_server = True
    service.application.save()
    return lambda token: service.post("/auth/v1/introspect/", {"token": token}).json()["aud"]


@proves("resource-known", "introspection-audience")
@pytest.mark.parametrize(
    "named", [SITE, f"{SITE}/", PRODUCTS, "HTTP://TestServer/api", "https://files.example/a/b"]
)
def test_a_known_resource_becomes_the_tokens_audience(
    person: Person, web: OAuthClient, audience: Callable[[str], Any], named: str
) -> None:
    assert audience(person.tokens(web, resource=named)["access_token"]) == [named]


@proves("introspection-audience")
def test_a_token_that_names_none_is_for_the_sites_api(
    tokens: dict[str, Any], audience: Callable[[str], Any]
) -> None:
    assert audience(tokens["access_token"]) == SITE


@proves("resource-restricts")
def test_a_token_opens_the_api_it_names(person: Person, web: OAuthClient, products: Products) -> None:
    assert products.list(person.tokens(web, resource=SITE)["access_token"]).status_code == 200
    assert products.list(person.tokens(web, resource=PRODUCTS)["access_token"]).status_code == 200


@proves("resource-restricts")
def test_a_token_for_another_api_is_refused(
    person: Person, web: OAuthClient, products: Products, files: str
) -> None:
    for named in (files, COMPANIES):
        answer = products.list(person.tokens(web, resource=named)["access_token"])
        assert answer.status_code == 401
        assert 'error="invalid_token"' in answer["WWW-Authenticate"]


@proves("resource-repeated", "resource-narrowed")
def test_several_may_be_named_and_one_of_them_asked_for(
    person: Person, web: OAuthClient, products: Products, audience: Callable[[str], Any], files: str
) -> None:
    tokens = person.tokens(web, resource=[SITE, files])
    assert audience(tokens["access_token"]) == [SITE, files]
    assert products.list(tokens["access_token"]).status_code == 200
    narrowed = web.refresh(tokens["refresh_token"], resource=files).json()
    assert audience(narrowed["access_token"]) == [files]
    whole = web.refresh(narrowed["refresh_token"]).json()
    assert audience(whole["access_token"]) == [SITE, files]


@proves("resource-narrowed")
def test_the_exchange_may_ask_for_less(
    person: Person, web: OAuthClient, audience: Callable[[str], Any], files: str
) -> None:
    code = person.consent(web, resource=[SITE, files])
    tokens = web.exchange(code, resource=PRODUCTS).json()
    assert audience(tokens["access_token"]) == [PRODUCTS]
    assert audience(web.refresh(tokens["refresh_token"]).json()["access_token"]) == [SITE, files]


@proves("resource-narrowed")
def test_a_grant_for_everything_may_be_asked_for_one(
    person: Person, web: OAuthClient, audience: Callable[[str], Any], files: str
) -> None:
    tokens = web.exchange(person.consent(web), resource=files).json()
    assert audience(tokens["access_token"]) == [files]
    assert audience(web.refresh(tokens["refresh_token"]).json()["access_token"]) == SITE


@proves("resource-known")
def test_a_service_names_its_own(service: OAuthClient, audience: Callable[[str], Any], files: str) -> None:
    token = service.token("client_credentials", resource=files).json()["access_token"]
    assert audience(token) == [files]


@proves("resource-known", "resource-narrowed")
def test_a_device_names_its_own(
    person: Person, device: OAuthClient, audience: Callable[[str], Any], files: str
) -> None:
    codes = devices.started(device, resource=[SITE, files])
    devices.let_in(person, codes["user_code"])
    form = {"device_code": codes["device_code"], "resource": files}
    tokens = device.token(devices.GRANT_TYPE, **form).json()
    assert audience(tokens["access_token"]) == [files]
    assert audience(device.refresh(tokens["refresh_token"]).json()["access_token"]) == [SITE, files]


@proves("resource-restricts")
def test_an_api_on_another_host_of_the_site(
    person: Person, web: OAuthClient, site: Callable[..., None], settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["testserver", "api.example"]
    site(ISSUER="https://login.example/auth/v1", RESOURCES=["https://api.example"])
    tokens = person.tokens(web, resource="https://api.example")
    headers = {"Authorization": f"Bearer {tokens['access_token']}", "Host": "api.example"}
    assert web.http.get("/api/v1/products/", headers=headers, secure=True).status_code == 200
    headers["Host"] = "testserver"
    assert web.http.get("/api/v1/products/", headers=headers, secure=True).status_code == 401


@proves("resource-known")
def test_the_answer_of_a_stored_consent_keeps_to_the_resource(
    person: Person, web: OAuthClient, audience: Callable[[str], Any], files: str
) -> None:
    person.consent(web)
    code = answered(person.visit(web, resource=files))["code"]
    assert audience(web.exchange(code).json()["access_token"]) == [files]
