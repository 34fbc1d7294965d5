"""Authorization codes: issued after consent, redeemed once by the client (RFC 6749 section 4.1)."""

import logging
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NoReturn, cast

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from oauth2_provider.settings import oauth2_settings
from oauthlib.oauth2.rfc6749.errors import InvalidGrantError, MissingCodeVerifierError, OAuth2Error

from ...announce import announce
from ...conf import conf
from ...models import Application, Grant
from ...scopes import Scopes
from ...signals import code_issued
from ...storage.digest import digest
from ..compiled import Compiled
from ..grants.reuse import end_family
from .pkce import PKCE_VALUE, s256
from .request import AuthorizationRequest

_GRANT = Compiled(Grant, "code", "application")


def issue_code(
    asked: AuthorizationRequest, user: Any, scopes: Iterable[str], auth_time: datetime | None = None
) -> str:
    """Store a new code for a person's consent to the scopes, as a digest. Return its value.

    `auth_time` is when the person logged in, where that is known.
    """
    code = secrets.token_urlsafe(32)
    granted = list(scopes)
    Grant.objects.create(
        code=digest(code),
        application=asked.client,
        user=user,
        scope=Scopes.of(granted),
        redirect_uri=asked.redirect_uri,
        redirect_uri_sent=asked.redirect_uri_sent,
        code_challenge=asked.code_challenge,
        code_challenge_method=Grant.CODE_CHALLENGE_S256,
        nonce=asked.nonce,
        resource=list(asked.resource),
        auth_time=auth_time,
        expires=timezone.now() + timedelta(seconds=oauth2_settings.AUTHORIZATION_CODE_EXPIRE_SECONDS),
    )
    transaction.on_commit(partial(_tell, asked.client, user, granted))
    return code


def _tell(client: Application, user: Any, scopes: list[str]) -> None:
    extra = {
        "event": "code_issued",
        "client_id": client.client_id,
        "user_id": user.pk,
        "detail": {"scopes": scopes},
    }
    about = {"application": client, "user": user, "scopes": scopes}
    announce(code_issued, Grant, "An authorization code was issued.", extra, logging.INFO, **about)


def find_code(code: str, client: Application, redirect_uri: str | None, verifier: str | None) -> Grant:
    """Return the grant of a client's code, which is not redeemed yet.

    Raises InvalidGrantError for an invalid code and MissingCodeVerifierError for a missing verifier. A used code ends
    its family, unless its own client sent it twice within the grace time.
    """
    grant = _GRANT.first(digest(code), client.pk)
    if grant is None or grant.is_expired():
        raise InvalidGrantError(description="The code is unknown or has expired.")
    problem = _mismatch(grant, redirect_uri, verifier)
    if grant.redeemed_at is not None:
        _refuse_again(grant, client, is_twin=problem is None)
    if problem is not None:
        raise problem
    return grant


def _mismatch(grant: Grant, redirect_uri: str | None, verifier: str | None) -> OAuth2Error | None:
    """Return the error if the token request does not match the authorization request, or None."""
    if redirect_uri != grant.redirect_uri and (redirect_uri is not None or grant.redirect_uri_sent):
        return InvalidGrantError(description="The redirect_uri differs from the authorization request's.")
    if not grant.code_challenge:
        told = "A code_verifier was sent for a code that was asked for without a code_challenge."
        return InvalidGrantError(description=told) if verifier else None
    if not verifier:
        return MissingCodeVerifierError(
            description="Missing code_verifier: the code was asked for with PKCE."
        )
    if not PKCE_VALUE.fullmatch(verifier):
        return InvalidGrantError(description="A code_verifier is 43 to 128 unreserved characters.")
    if not constant_time_compare(s256(verifier), grant.code_challenge):
        return InvalidGrantError(description="The code_verifier is not that of the code_challenge.")
    return None


def redeem_code(grant: Grant, client: Application) -> None:
    """Mark the code used. Raises InvalidGrantError for all but one of several requests at once."""
    now = timezone.now()
    if Grant.objects.filter(pk=grant.pk, redeemed_at=None).update(redeemed_at=now, updated=now):
        return
    found = Grant.objects.filter(pk=grant.pk).first()
    if found is None:
        raise InvalidGrantError(description="The code is unknown or has expired.")
    _refuse_again(found, client, is_twin=True)


def _refuse_again(grant: Grant, client: Application, *, is_twin: bool) -> NoReturn:
    """Refuse a code that was redeemed, and end its family (RFC 6749 section 4.1.2).

    A twin is a second request with the right verifier, such as a callback that a browser sent twice. Within the grace
    time it ends nothing. Raises InvalidGrantError.
    """
    age = timezone.now() - cast("datetime", grant.redeemed_at)
    if not is_twin or age >= timedelta(seconds=conf.refresh_grace_seconds):
        end_family(grant, client)
    raise InvalidGrantError(description="The code has been used before.")
