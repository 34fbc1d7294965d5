"""ID tokens (OpenID Connect Core section 2)."""

import base64
import hashlib
import time
from typing import Any, cast

from oauth2_provider.settings import oauth2_settings

from ...conf import conf
from ...models import Application
from ..grants.tokens import Issued
from . import claims, signing_keys


def add_id_token(issued: Issued, iss: str) -> dict[str, Any]:
    """Return a token answer, with an ID token where a person granted `openid` (OpenID Connect Core 3.1.3.3)."""
    scopes = issued.access_token.scope.expanded
    if "openid" not in scopes or issued.access_token.user is None or not signing_keys.enabled():
        return issued.answer
    about = claims.claims_of(issued.access_token.user, scopes) if conf.claims_in_id_token else {}
    told = about | _protocol_claims(issued, iss)
    return issued.answer | {"id_token": signing_keys.all_keys()[0].sign(told)}


def _protocol_claims(issued: Issued, iss: str) -> dict[str, Any]:
    now = int(time.time())
    client = cast("Application", issued.access_token.application)  # a token just issued has one
    told = {
        "iss": iss,
        "sub": claims.subject(issued.access_token.user),
        "aud": client.client_id,
        "iat": now,
        "exp": now + oauth2_settings.ID_TOKEN_EXPIRE_SECONDS,
        "at_hash": _half_hash(issued.answer["access_token"]),
    }
    # A refreshed one has no nonce (OpenID Connect Core section 12.2), and a device sends none.
    if issued.nonce:
        told["nonce"] = issued.nonce
    if issued.auth_time is not None:
        told["auth_time"] = int(issued.auth_time.timestamp())
    return told


def _half_hash(value: str) -> str:
    """Return the left half of a digest (OpenID Connect Core 3.1.3.6): SHA-256, as both signing algorithms use."""
    half = hashlib.sha256(value.encode()).digest()[:16]
    return base64.urlsafe_b64encode(half).rstrip(b"=").decode()
