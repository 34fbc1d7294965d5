"""OpenID Connect as an application's side sees it: what it fetches, reads and verifies."""

import json
from typing import Any

from django.http import HttpResponse
from django.test import Client
from jwcrypto.jwk import JWKSet
from jwcrypto.jwt import JWT

BASE = "/auth/v1"
DISCOVERY = f"{BASE}/.well-known/openid-configuration"
JWKS = f"{BASE}/.well-known/jwks.json"
USERINFO = f"{BASE}/userinfo/"
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


def userinfo(token: str | None, method: str = "GET", path: str = USERINFO, **headers: str) -> HttpResponse:
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    return Client().generic(method, path, headers=headers)
