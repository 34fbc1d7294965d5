"""Which pages leave the page of a client that opened them in a popup its window, and which have the site's policy."""

import pytest
from django.test import Client

from tests.conformance import proves
from tests.oauth import AUTHORIZE

pytestmark = proves("pages-opener")
POLICY = "Cross-Origin-Opener-Policy"


@pytest.fixture(params=["same-origin", "same-origin-allow-popups", None])
def policy(request, settings):
    """What the site's SecurityMiddleware says."""
    settings.SECURE_CROSS_ORIGIN_OPENER_POLICY = request.param
    return request.param


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"prompt": "none"},
        {"response_mode": "form_post", "prompt": "none"},
        {"response_type": "token"},
        {"response_mode": "web_message"},
        {"redirect_uri": "https://evil.example/"},
        {"client_id": "unknown"},
    ],
)
def test_an_authorization_keeps_window_opener_whatever_its_result(policy, person, web, changes):
    for browser in (person.browser, Client()):
        assert browser.get(AUTHORIZE, web.request(**changes))[POLICY] == "unsafe-none"


def test_so_do_the_decision_and_the_way_back_to_the_client(policy, person, web):
    page = person.visit(web)
    assert person.decide(page)[POLICY] == "unsafe-none"
    assert person.visit(web)[POLICY] == "unsafe-none"


@pytest.mark.parametrize("path", ["/auth/v1/logout/", "/auth/v1/logout/?id_token_hint=x", "/cuentas/entrar/"])
def test_so_do_signing_in_and_out(policy, person, path):
    assert person.browser.get(path)[POLICY] == "unsafe-none"


def test_so_does_switching_the_account(policy, person):
    assert person.browser.post("/auth/v1/cambiar-cuenta/", {"next": AUTHORIZE})[POLICY] == "unsafe-none"


@pytest.mark.parametrize(
    "path", ["/auth/v1/mis-aplicaciones/", "/auth/v1/aplicaciones-conectadas/", "/auth/v1/device/"]
)
def test_a_page_that_no_client_opens_has_the_sites_policy(policy, person, path):
    answer = person.browser.get(path)
    assert answer.status_code == 200
    assert answer.get(POLICY) == policy
