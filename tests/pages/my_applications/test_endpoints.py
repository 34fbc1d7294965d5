"""The addresses that a developer is shown are those that the server names itself, as far as the kind uses them."""

import html
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from pytest_django import Settings

from multinexo_oauth.models import Application
from tests.responses import ClientResponse

from .conftest import Developer

OPENID = "/auth/v1/.well-known/openid-configuration"
METADATA = "/.well-known/oauth-authorization-server/auth/v1"
ALWAYS = {"issuer", "token_endpoint", "revocation_endpoint"}
IN_BROWSER = ALWAYS | {"authorization_endpoint", "userinfo_endpoint", "end_session_endpoint"}
USED = {
    "web": IN_BROWSER,
    "spa": IN_BROWSER,
    "native": IN_BROWSER,
    "device": ALWAYS | {"device_authorization_endpoint", "userinfo_endpoint"},
    "service": ALWAYS,
}


def shown(page: ClientResponse) -> list[str]:
    """Return the addresses that the page lists, in order."""
    _before, listed = page.content.decode().split('id="endpoints"')
    return [html.unescape(code) for code in re.findall(r"<dd><code[^>]*>([^<]+)<", listed.split("</dl>")[0])]


def named(ana: Developer, path: str) -> dict[str, Any]:
    """Return what a discovery document says."""
    answer = ana.browser.get(path)
    assert answer.status_code == 200, path
    return dict(answer.json())


@pytest.mark.parametrize("kind", USED)
def test_a_new_application_is_shown_those_of_its_kind(ana: Developer, kind: str) -> None:
    listed = shown(ana.register(kind))
    document = named(ana, OPENID)
    assert set(listed) == {document[name] for name in USED[kind]} | {f"http://testserver{OPENID}"}
    assert shown(ana.open("application-credentials", Application.objects.get())) == listed


@pytest.mark.parametrize("kind", ["web", "device", "service"])
def test_a_site_without_openid_connect_shows_where_its_metadata_is(
    ana: Developer, kind: str, settings: Settings
) -> None:
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "SIGNING_KEYS": []}
    listed = shown(ana.register(kind))
    document = named(ana, METADATA)
    used = {document[name] for name in USED[kind] - {"userinfo_endpoint", "end_session_endpoint"}}
    assert set(listed) == used | {f"http://testserver{METADATA}"}


def test_they_are_under_the_issuer_that_the_site_names(ana: Developer, settings: Settings) -> None:
    issuer = "https://cuentas.example/auth/v1"
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "ISSUER": issuer, "SIGNING_KEYS": []}
    listed = shown(ana.register("web"))
    assert {urlsplit(address).netloc for address in listed} == {"cuentas.example"}
    assert f"https://cuentas.example{METADATA}" in listed
