"""What npm's openid-client reports where the person, the server or the library itself says no."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from pytest_django import Settings

from multinexo_oauth.models import Grant
from tests.clients.conftest import Site
from tests.clients.openid_client import OpenIDClient, Problem
from tests.clients.person import Person
from tests.conformance import proves
from tests.device import after_expiry
from tests.oauth import OAuthClient, register

Run = Callable[..., OpenIDClient]
PRODUCT = {"name": "Mate", "sku": "M-1", "price": "1200.50", "stock": 3}
WEB = "https://web.example/callback"


@pytest.fixture
def answer(web_site: OpenIDClient, luis: Person) -> str:
    """What the site sent back once Luis consented to the least."""
    return luis.authorize(web_site.do("ask", scope="openid"))


@pytest.fixture
def device(run: Run, developer: User, settings: Settings) -> OpenIDClient:
    settings.OAUTH2_PROVIDER = settings.OAUTH2_PROVIDER | {"DEVICE_FLOW_INTERVAL": 1}
    return run(register(developer, "device"), "none")


@proves("openid-client-refusals")
def test_a_person_who_refuses_is_not_logged_in(web_site: OpenIDClient, luis: Person) -> None:
    refusal = luis.refuse(web_site.do("ask", scope="openid"))
    with pytest.raises(Problem, match="access_denied"):
        web_site.do("receive", answer=refusal)


@proves("openid-client-refusals")
def test_nobody_is_asked_to_log_in_where_no_page_may_be_shown(web_site: OpenIDClient, luis: Person) -> None:
    refusal = luis.authorize(web_site.do("ask", scope="openid", prompt="none"))
    with pytest.raises(Problem, match="login_required"):
        web_site.do("receive", answer=refusal)


@proves("openid-client-max-age")
@pytest.mark.usefixtures("answer")
def test_a_login_that_is_too_old_does_not_do(web_site: OpenIDClient, luis: Person) -> None:
    refusal = luis.authorize(web_site.do("ask", scope="openid", prompt="none", max_age=0))
    with pytest.raises(Problem, match="login_required"):
        web_site.do("receive", answer=refusal)


@proves("openid-client-iss")
@pytest.mark.parametrize(
    ("tamper", "problem"),
    [
        (lambda answer: answer.replace("state=", "state=x"), 'unexpected "state"'),
        (lambda answer: answer.replace("iss=http", "iss=https"), r'unexpected "iss"'),
        (lambda answer: answer.partition("&iss=")[0], r'"iss" \(issuer\) missing'),
    ],
    ids=["state", "another iss", "no iss"],
)
def test_a_tampered_answer_logs_nobody_in(
    web_site: OpenIDClient, answer: str, tamper: Callable[[str], str], problem: str
) -> None:
    with pytest.raises(Problem, match=problem):
        web_site.do("receive", answer=tamper(answer))
    assert web_site.do("receive", answer=answer)["claims"]  # nothing else was wrong with it


@proves("openid-client-code")
def test_an_expired_code_is_refused(web_site: OpenIDClient, answer: str) -> None:
    Grant.objects.update(expires=timezone.now())
    with pytest.raises(Problem, match="invalid_grant"):
        web_site.do("receive", answer=answer)


@proves("openid-client-code")
def test_a_code_is_good_once_and_its_reuse_ends_the_tokens(
    web_site: OpenIDClient, answer: str, site: Site
) -> None:
    subject = web_site.do("receive", answer=answer)["claims"]["sub"]
    with pytest.raises(Problem, match="invalid_grant"):
        web_site.do("receive", answer=answer)
    # A callback that came twice within the grace time costs nothing.
    assert web_site.do("userinfo", subject=subject)["sub"] == subject
    Grant.objects.exclude(redeemed_at=None).update(redeemed_at=timezone.now() - timedelta(seconds=11))
    with pytest.raises(Problem, match="invalid_grant"):
        web_site.do("receive", answer=answer)
    with pytest.raises(Problem, match="invalid_token"):
        web_site.do("userinfo", subject=subject)


@proves("openid-client-revocation")
@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
def test_a_revoked_token_opens_nothing(web_site: OpenIDClient, answer: str, site: Site, kind: str) -> None:
    subject = web_site.do("receive", answer=answer)["claims"]["sub"]
    web_site.do("revoke", kind=kind)
    for step in ({"step": "userinfo", "subject": subject}, {"step": "create", "url": site.products}):
        with pytest.raises(Problem, match="invalid_token"):
            web_site.do(**step, product=PRODUCT)
    with pytest.raises(Problem, match="invalid_grant"):
        web_site.do("refresh")


@proves("openid-client-api")
def test_a_permission_that_was_not_granted_is_named_as_lacking(
    web_site: OpenIDClient, answer: str, site: Site
) -> None:
    web_site.do("receive", answer=answer)
    with pytest.raises(Problem, match="insufficient_scope"):
        web_site.do("create", url=site.products, product=PRODUCT)


@proves("openid-client-service")
@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_a_wrong_secret_is_refused(run: Run, developer: User, method: str) -> None:
    registration = register(developer, "service")
    service = run(OAuthClient(registration.application, "not the secret"), method)
    with pytest.raises(Problem, match="invalid_client"):
        service.do("ask_for_itself", scope="products:write")


@proves("openid-client-introspection")
def test_an_application_without_a_secret_may_not_introspect(run: Run, developer: User, luis: Person) -> None:
    page = run(register(developer, "spa", redirect_uris=WEB, scopes="openid"), "none")
    page.do("receive", answer=luis.authorize(page.do("ask", scope="openid")))
    with pytest.raises(Problem, match="invalid_client"):
        page.do("introspect", kind="access_token")


@proves("openid-client-device")
def test_a_device_is_told_that_its_person_refused(device: OpenIDClient, luis: Person) -> None:
    luis.turn_away(device.do("ask_as_device", scope="products:read")["verification_uri_complete"])
    with pytest.raises(Problem, match="access_denied"):
        device.do("poll")


@proves("openid-client-device")
def test_a_device_is_told_that_nobody_came(device: OpenIDClient) -> None:
    device.do("ask_as_device", scope="products:read")
    after_expiry()
    with pytest.raises(Problem, match="expired_token"):
        device.do("poll")
