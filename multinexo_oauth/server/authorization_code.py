"""Authorization codes: issued to a consenting person's browser, redeemed once by the client (RFC 6749 section 4.1)."""

import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from oauth2_provider.settings import oauth2_settings
from oauthlib.oauth2.rfc6749.errors import InvalidGrantError

from ..models import Application, Grant
from ..models.digest import digest
from .compiled import Compiled
from .reuse import end_family

if TYPE_CHECKING:
    from .authorization_request import AuthorizationRequest

# RFC 7636 sections 4.1 and 4.2: verifier and challenge are 43 to 128 unreserved characters.
PKCE_VALUE = re.compile(r"[A-Za-z0-9\-._~]{43,128}")

_GRANT = Compiled(Grant, "code", "application", related=["user"])


def issue(
    asked: "AuthorizationRequest", user: Any, scopes: Iterable[str], auth_time: datetime | None = None
) -> str:
    """Store a new code for a person's consent to the scopes, as a digest. Return its value.

    `auth_time` is when the person logged in, where that is known.
    """
    code = secrets.token_urlsafe(32)
    Grant.objects.create(
        code=digest(code),
        application=asked.client,
        user=user,
        scope=" ".join(scopes),
        redirect_uri=asked.redirect_uri,
        redirect_uri_sent=asked.redirect_uri_sent,
        code_challenge=asked.code_challenge,
        code_challenge_method=Grant.CODE_CHALLENGE_S256,
        nonce=asked.nonce,
        resource=list(asked.resource),
        auth_time=auth_time,
        expires=timezone.now() + timedelta(seconds=oauth2_settings.AUTHORIZATION_CODE_EXPIRE_SECONDS),
    )
    return code


def find(code: str, client: Application, redirect_uri: str | None, verifier: str | None) -> Grant:
    """Return the grant that a client's code stands for, still to be redeemed.

    Raises InvalidGrantError for every code that is not good now; a code seen before ends its family.
    """
    grant = _GRANT.first(digest(code), client.pk)
    if grant is None or grant.is_expired() or not grant.user.is_active:
        raise InvalidGrantError(description="The code is unknown or has expired.")
    if grant.redeemed_at is not None:
        end_family(grant, client)
        raise InvalidGrantError(description="The code has been used before.")
    if redirect_uri != grant.redirect_uri and (redirect_uri is not None or grant.redirect_uri_sent):
        raise InvalidGrantError(description="The redirect_uri differs from the authorization request's.")
    if verifier and not PKCE_VALUE.fullmatch(verifier):
        raise InvalidGrantError(description="A code_verifier is 43 to 128 unreserved characters.")
    return grant


def redeem(grant: Grant) -> None:
    """Mark the code used. Raises InvalidGrantError for all but one of several requests at once."""
    now = timezone.now()
    if not Grant.objects.filter(pk=grant.pk, redeemed_at=None).update(redeemed_at=now, updated=now):
        raise InvalidGrantError(description="The code has been used before.")
