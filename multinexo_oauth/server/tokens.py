"""Storing what a token answer delivers: digests, under one family."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from ..conf import conf
from ..models import AccessToken, Application, RefreshToken
from ..models.digest import digest


@dataclass(frozen=True)
class Lineage:
    """Where a pair of tokens comes from. `scope` is the whole grant's, `expires` the family's end or None."""

    family: uuid.UUID
    scope: str
    expires: datetime | None = None

    @classmethod
    def of_grant(cls, family: uuid.UUID, scope: str) -> "Lineage":
        seconds = conf.refresh_lifetime_seconds
        return cls(family, scope, timezone.now() + timedelta(seconds=seconds) if seconds else None)


@dataclass(frozen=True)
class Issued:
    """What the token endpoint issued: the access token's row and the answer that delivers it.

    `nonce` and `auth_time` are those of the authorization request, where there was one.
    """

    access_token: AccessToken
    answer: dict[str, Any]
    nonce: str = ""
    auth_time: datetime | None = None


def save(token: Mapping[str, Any], client: Application, user: Any, lineage: Lineage) -> AccessToken:
    """Store a token answer (RFC 6749 section 5.1) of oauthlib's. Return the access token's row."""
    if "refresh_token" in token:
        RefreshToken.objects.create(
            token_checksum=digest(token["refresh_token"]),
            application=client,
            user=user,
            family=lineage.family,
            scope=lineage.scope,
            expires=lineage.expires,
        )
    return AccessToken.objects.create(
        token_checksum=digest(token["access_token"]),
        application=client,
        user=user,
        family=lineage.family,
        scope=token["scope"],
        expires=timezone.now() + timedelta(seconds=token["expires_in"]),
    )
