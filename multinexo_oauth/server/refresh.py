"""Refresh tokens: each is good for one exchange, and its reuse ends the family (RFC 9700 section 4.14.2)."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from oauthlib.oauth2.rfc6749.errors import InvalidGrantError

from ..conf import conf
from ..models import Application, Consent, RefreshToken
from ..models.digest import digest
from .reuse import end_family
from .tokens import Lineage


def find(value: str, client: Application) -> RefreshToken:
    """Return a client's refresh token that may be exchanged now.

    Raises InvalidGrantError for every other; one that was replaced longer ago than the grace time ends its family.
    """
    token = (
        RefreshToken.objects.select_related("user")
        .filter(token_checksum=digest(value), application=client)
        .first()
    )
    if token is None or token.revoked is not None or not token.user.is_active:
        raise InvalidGrantError(description="The refresh token is unknown or revoked.")
    if token.replaced_at is not None and token.replaced_at <= _grace_start():
        end_family(token, client)
        raise InvalidGrantError(description="The refresh token has been used before.")
    if token.expires is not None and token.expires <= timezone.now():
        raise InvalidGrantError(description="The refresh token has expired.")
    token.application = client
    return token


def granted_scopes(token: RefreshToken) -> list[str]:
    """Return what the token may carry: what was granted, as far as consent and registration go now.

    Raises InvalidGrantError where nothing is left.
    """
    return still_granted(token.scope, token.user, token.application)


def still_granted(scope: str, user: Any, client: Application) -> list[str]:
    """Return the scopes of a grant that the person's consent and the client's allow-list still hold.

    Raises InvalidGrantError where none is left.
    """
    consent = Consent.objects.owned_by(user).for_client(client).first()
    allowed = set(client.scope_names).intersection(consent.scope_names if consent else ())
    kept = [name for name in scope.split() if name in allowed]
    if not kept:
        raise InvalidGrantError(description="The person has removed the consent.")
    return kept


def rotate(token: RefreshToken) -> Lineage:
    """Mark the token replaced, and end what came of an earlier exchange of it whose answer the client lost.

    Raises InvalidGrantError where it was revoked meanwhile.
    """
    now = timezone.now()
    exchangeable = Q(replaced_at=None) | Q(replaced_at__gt=_grace_start())
    replaced = RefreshToken.objects.filter(exchangeable, pk=token.pk, revoked=None).update(
        replaced_at=Coalesce(F("replaced_at"), now), updated=now
    )
    if not replaced:
        raise InvalidGrantError(description="The refresh token has been used before.")
    successors = RefreshToken.objects.filter(family=token.family, revoked=None, replaced_at=None)
    successors.update(revoked=now, updated=now)
    return Lineage(token.family, token.scope, token.expires)


def _grace_start() -> datetime:
    return timezone.now() - timedelta(seconds=conf.refresh_grace_seconds)
