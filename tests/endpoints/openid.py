"""OpenID Connect as an application's side sees it: what it fetches, reads and verifies."""

import json
import re
import time
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from jwcrypto.jwk import JWKSet
from jwcrypto.jwt import JWT

from tests.responses import ClientResponse

BASE = "/auth/v1"
DISCOVERY = f"{BASE}/.well-known/openid-configuration"
JWKS = f"{BASE}/.well-known/jwks.json"
USERINFO = f"{BASE}/userinfo/"
LOGIN = "/cuentas/entrar/"
ISSUER = f"http://testserver{BASE}"
SCOPES = "openid profile email"


def published_keys() -> JWKSet:
    answer = Client().get(JWKS)
    assert answer.status_code == 200
    return JWKSet.from_json(answer.content.decode())


def verified(id_token: str, client_id: str, keys: JWKSet | None = None) -> dict[str, Any]:
    """Return an ID token's claims once its signature, issuer, audience and lifetime are found good."""
    expected = {"iss": ISSUER, "aud": client_id, "exp": None, "iat": None, "sub": None}
    token = JWT(jwt=id_token, key=keys or published_keys(), algs=["RS256", "ES256"], check_claims=expected)
    return json.loads(token.claims)


def userinfo(token: str | None, method: str = "GET", path: str = USERINFO, **headers: str) -> ClientResponse:
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    return Client().generic(method, path, headers=headers)


def sign_in(browser: Client, address: str, username: str = "luis") -> ClientResponse:
    """Fill in the sign-in page at an address that the site sent the browser to, and follow where it leads."""
    assert urlsplit(address).path == LOGIN
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', browser.get(address).content.decode())[1]
    credentials = {"username": username, "password": f"secret-of-{username}", "csrfmiddlewaretoken": token}
    answer = browser.post(address, credentials)
    assert answer.status_code == 302, answer.content.decode()
    return browser.get(answer["Location"])


def press(browser: Client, page: ClientResponse) -> ClientResponse:
    """Press the button of the page that asks to sign in again. Return the answer, which leads to the sign-in page."""
    html = page.content.decode()
    action = re.search(r'<form method="post" action="([^"]+)"', html)[1]
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)"', html)
    return browser.post(action, {name: unescape(value) for name, value in fields})


def passes(monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    """Let time pass for logins and what is compared with them."""
    later = time.time() + seconds
    monkeypatch.setattr("time.time", lambda: later)
