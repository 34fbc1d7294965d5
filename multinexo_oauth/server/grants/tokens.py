"""Storing issued tokens as digests, under one family."""

import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from ...models import AccessToken, Application, DeviceGrant, Grant, RefreshToken
from ...policy import policy
from ...scopes import Scopes
from ...storage.digest import digest
from ..bearer import last_use
from ..compiled import Insert, InsertUnderParent
from ..held import Held
from .remaining import remaining

_store_access_token = Insert(AccessToken)
_store_refresh_token = Insert(RefreshToken)
# A service's token has no consent, and its client is not locked; the insert itself checks that the client is
# unchanged.
_store_service_token = InsertUnderParent(
    AccessToken, "application", same=["scopes"], empty=["suspended_at", "deleted_at"]
)


@dataclass(frozen=True)
class Lineage:
    """Where a pair of tokens comes from.

    `scope` and `resource` are the whole grant's; no resource stands for all. `expires` is the family's end or None;
    `auth_time` is when the person who granted it had logged in, where that is known.
    """

    family: uuid.UUID
    scope: str
    resource: list[str]
    expires: datetime | None = None
    auth_time: datetime | None = None

    @classmethod
    def of_grant(cls, grant: Grant | DeviceGrant, held: Held) -> "Lineage":
        seconds = policy().refresh_token_seconds(held.client, grant.scope.names)
        expires = timezone.now() + timedelta(seconds=seconds) if seconds else None
        return cls(grant.family, lasting(grant.scope, held), grant.resource, expires, grant.auth_time)

    @classmethod
    def of_token(cls, token: RefreshToken, held: Held) -> "Lineage":
        scope = lasting(token.scope, held)
        return cls(token.family, scope, token.resource, token.expires, token.auth_time)


def lasting(scope: Scopes, held: Held) -> Scopes:
    """Return the scopes that a family keeps: those of the grant that the person has not withdrawn.

    The application or the catalogue may lack some of it now, and have it again when the family is used again.
    """
    kept = {*scope.gone, *(held.consent.covered if held.consent else ())}
    return Scopes.of(name for name in scope.names if name in kept)


@dataclass(frozen=True)
class Issued:
    """What the token endpoint issued: the access token's row and the answer that delivers it.

    `nonce` is the authorization request's, where there was one, and `auth_time` the lineage's.
    """

    access_token: AccessToken
    answer: dict[str, Any]
    nonce: str = ""
    auth_time: datetime | None = None


def random_value(request: Any, refresh_token: bool = False) -> str:
    """Return a new access or refresh token: 256 random bits, as oauthlib asks for them."""
    return secrets.token_urlsafe(32)


def save_refresh_token(value: str, client: Application, user: Any, lineage: Lineage) -> None:
    """Store a refresh token."""
    _store_refresh_token(
        RefreshToken(
            token_checksum=digest(value),
            application=client,
            user=user,
            family=lineage.family,
            scope=lineage.scope,
            resource=lineage.resource,
            expires=lineage.expires,
            auth_time=lineage.auth_time,
        )
    )


def save_access_token(
    token: Mapping[str, Any], client: Application, user: Any, lineage: Lineage, resource: list[str]
) -> AccessToken:
    """Store the access token of a token answer (RFC 6749 section 5.1) of oauthlib's. Return its row.

    `resource` is what the access token is for; none stands for everything. Raises ParentChanged for a token without a
    person where the client's permissions or state have changed since the client was read.
    """
    store = _store_access_token if user else _store_service_token
    return store(
        AccessToken(
            token_checksum=digest(token["access_token"]),
            application=client,
            user=user,
            family=lineage.family,
            scope=token["scope"],
            resource=resource,
            expires=timezone.now() + timedelta(seconds=token["expires_in"]),
        )
    )


def still_granted(scope: Scopes, held: Held) -> list[str]:
    """Return the scopes of a grant that the person's consent and the client's allow-list still hold.

    Records a use of the consent after the response. Raises InvalidGrantError with the reason if no scope is left.
    """
    kept = remaining(scope.names, held.client, held.consent)
    if held.consent is not None and last_use.is_due(held.consent.last_used_at):
        last_use.note(held.user.pk, held.client.pk)
    return kept
