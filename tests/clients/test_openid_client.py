"""npm's openid-client as a developer would use it: discovery, then every kind of application's way to its tokens."""

import time
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from pytest_django import Settings

from multinexo_oauth.models import DeviceGrant
from tests.clients.conftest import Site
from tests.clients.openid_client import OpenIDClient
from tests.clients.person import Person
from tests.conformance import proves
from tests.oauth import register

Run = Callable[..., OpenIDClient]
PRODUCT = {"name": "Mate", "sku": "M-1", "price": "1200.50", "stock": 3}
WHO = "openid profile email"
WEB = "https://web.example/callback"
LOOPBACK = "http://127.0.0.1:4321/callback"
PRIVATE_USE = "com.example.app:/callback"


@pytest.fixture
def connected(web_site: OpenIDClient, luis: Person) -> OpenIDClient:
    """The web application, once Luis has signed in and consented."""
    url = web_site.do("ask", scope=f"{WHO} products:write")
    web_site.do("receive", answer=luis.authorize(url))
    return web_site


@proves("openid-client-login")
@pytest.mark.parametrize(
    ("kind", "method", "redirect_uri"),
    [
        ("web", "client_secret_basic", WEB),
        ("web", "client_secret_post", WEB),
        ("spa", "none", WEB),
        ("native", "none", LOOPBACK),
        ("native", "none", PRIVATE_USE),
    ],
)
def test_a_visitor_logs_in(
    run: Run, developer: User, site: Site, luis: Person, kind: str, method: str, redirect_uri: str
) -> None:
    registration = register(developer, kind, redirect_uris=redirect_uri, scopes=WHO)
    application = run(registration, method)
    received = application.do("receive", answer=luis.authorize(application.do("ask", scope=WHO)))
    assert received["claims"]["iss"] == site.issuer
    assert received["claims"]["aud"] == registration.client_id
    assert received["claims"]["sub"] == str(User.objects.get(username="luis").pk)
    assert received["claims"]["email"] == "luis@example.com"
    assert received["scope"] == WHO


@proves("openid-client-login", "authorize-pkce-waived")
def test_a_visitor_logs_in_to_an_application_that_sends_neither_pkce_nor_a_nonce(
    run: Run, developer: User, luis: Person
) -> None:
    registration = register(developer, "web", redirect_uris=WEB, scopes=WHO, pkce_waived=True)
    application = run(registration, "client_secret_basic")
    url = application.do("ask", scope=WHO, pkce=False)
    received = application.do("receive", answer=luis.authorize(url))
    assert received["claims"]["email"] == "luis@example.com"
    assert "nonce" not in received["claims"]
    assert application.do("refresh")["scope"] == WHO


@proves("openid-client-max-age")
def test_the_time_of_login_is_told_to_who_asks_how_old_it_may_be(
    connected: OpenIDClient, luis: Person
) -> None:
    answer = luis.authorize(connected.do("ask", scope="openid", max_age=3600))
    assert "auth_time" in connected.do("receive", answer=answer)["claims"]


@proves("openid-client-logout")
def test_a_visitor_who_logs_out_is_signed_out_of_the_site(connected: OpenIDClient, luis: Person) -> None:
    goodbye = "https://web.example/goodbye"
    leaving = connected.do("sign_out", post_logout_redirect_uri=goodbye, state="a-state")
    assert luis.sign_out(leaving) == f"{goodbye}?state=a-state"
    assert luis.is_asked_to_sign_in(connected.do("ask", scope="openid"))


@proves("openid-client-userinfo")
def test_userinfo_is_of_the_person_who_logged_in(connected: OpenIDClient) -> None:
    subject = str(User.objects.get(username="luis").pk)
    assert connected.do("userinfo", subject=subject)["email"] == "luis@example.com"


@proves("openid-client-api")
def test_a_product_is_created_with_the_persons_permission(connected: OpenIDClient, site: Site) -> None:
    assert connected.do("create", url=site.products, product=PRODUCT)["name"] == "Mate"


@proves("openid-client-refresh")
def test_a_refreshed_token_belongs_to_the_same_person(connected: OpenIDClient, site: Site) -> None:
    renewed = connected.do("refresh")
    assert renewed["claims"]["sub"] == str(User.objects.get(username="luis").pk)
    assert connected.do("create", url=site.products, product=PRODUCT)["name"] == "Mate"
    assert connected.do("refresh")["refresh_token"] == renewed["refresh_token"]


@proves("openid-client-introspection", "openid-client-revocation")
@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
def test_introspection_tells_a_live_token_from_a_revoked_one(connected: OpenIDClient, kind: str) -> None:
    told = connected.do("introspect", kind=kind)
    assert told["active"]
    assert told["scope"] == f"{WHO} products:write"
    assert told["username"] == "luis"
    connected.do("revoke", kind=kind)
    assert connected.do("introspect", kind=kind) == {"active": False}


@proves("openid-client-device")
def test_a_device_waits_for_its_person(
    run: Run, developer: User, luis: Person, site: Site, settings: Settings
) -> None:
    settings.OAUTH2_PROVIDER = settings.OAUTH2_PROVIDER | {"DEVICE_FLOW_INTERVAL": 1}
    device = run(register(developer, "device", scopes=f"{WHO} products:write"), "none")
    shown = device.do("ask_as_device", scope=f"{WHO} products:write")
    device.begin("poll")
    while not DeviceGrant.objects.exclude(last_checked=None).exists():
        time.sleep(0.1)
    luis.let_in(shown["verification_uri_complete"])
    assert device.end()["claims"]["email"] == "luis@example.com"
    assert device.do("create", url=site.products, product=PRODUCT)["name"] == "Mate"
    assert device.do("refresh")["scope"] == f"{WHO} products:write"


@proves("openid-client-service")
@pytest.mark.parametrize(
    ("method", "algorithm"), [("client_secret_basic", "oidc"), ("client_secret_post", "oauth2")]
)
def test_a_service_acts_for_itself(
    run: Run, developer: User, site: Site, method: str, algorithm: str
) -> None:
    service = run(register(developer, "service"), method, algorithm)
    received = service.do("ask_for_itself", scope="products:write")
    assert "refresh_token" not in received
    assert service.do("create", url=site.products, product=PRODUCT)["name"] == "Mate"
