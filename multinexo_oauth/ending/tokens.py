"""Ending codes and tokens: of a family, or of a person or application as a whole.

Rows are locked in the order that `storage.locks` gives. A code that ends before it was redeemed is deleted: afterwards
it is unknown, and cannot be mistaken for one that was used twice.
"""

import uuid
from collections.abc import Collection
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from ..models import AccessToken, Application, Consent, DeviceGrant, Grant, RefreshToken
from ..models.token import count_live
from ..scopes import Scopes
from ..storage.locks import Lock, hold


class FoundFamily(NamedTuple):
    """A token's family, person and application; no person if the application acts for itself."""

    family: uuid.UUID
    user_id: Any
    application_id: int


@transaction.atomic
def revoke_token(checksum: str, application: Application) -> FoundFamily | None:
    """End the family of an application's access or refresh token, given as a digest (RFC 7009 section 2.1).

    Return what ended, or None if nothing did: the token is unknown, belongs to another application or had ended before.
    """
    found = _lineage(token_checksum=checksum, application=application)
    if found is None:
        return None
    _hold_consent(found)
    return found if end_tokens(Q(family=found.family)) else None


@transaction.atomic
def revoke_family(family: uuid.UUID) -> int:
    """End every token that descends from one grant. Return how many were live."""
    found = _lineage(family=family)
    if found is None:
        return 0
    _hold_consent(found)
    return end_all(Q(family=family))


def _lineage(**which: Any) -> FoundFamily | None:
    refresh_tokens, access_tokens = (
        model.objects.order_by().filter(**which).values_list(*FoundFamily._fields)
        for model in (RefreshToken, AccessToken)
    )
    return next((FoundFamily(*found) for found in refresh_tokens.union(access_tokens)), None)


def _hold_consent(lineage: FoundFamily) -> None:
    if lineage.user_id is not None:
        consents = Consent.objects.filter(user=lineage.user_id, application=lineage.application_id)
        hold(consents, Lock.ALONE)


@transaction.atomic
def revoke_scopes(user: Any, application: Application, names: Collection[str]) -> int:
    """End the codes and access tokens of a person's consent that carry any of the scopes, and narrow what stays.

    Return how many live access tokens ended. A refresh token that would carry nothing ends. The caller holds the
    consent, so nothing is issued on it meanwhile.
    """
    now = timezone.now()
    mine = Q(user=user, application=application)
    codes = Grant.objects.filter(mine, redeemed_at=None)
    codes.filter(pk__in=_carrying(codes, names)).delete()
    devices = DeviceGrant.objects.filter(user=user, client_id=application.client_id, redeemed_at=None)
    devices.filter(pk__in=_carrying(devices, names)).delete()
    refresh_tokens = RefreshToken.objects.filter(mine, revoked=None)
    for pk, scope in _carrying(refresh_tokens, names).items():
        kept = scope.without(names)
        row = refresh_tokens.filter(pk=pk)
        row.update(scope=kept, updated=now) if kept else row.update(revoked=now, updated=now)
    access_tokens = AccessToken.objects.filter(mine)
    access_tokens = access_tokens.filter(pk__in=_carrying(access_tokens, names))
    ended = access_tokens.unexpired().count()
    access_tokens.delete()
    return ended


def _carrying(rows: QuerySet[Any], names: Collection[str]) -> dict[int, Scopes]:
    """Return the scope, by key, of the rows that carry any of the scopes, and hold them until the transaction ends."""
    found = rows.select_for_update().order_by("pk").values_list("pk", "scope")
    carried = {pk: Scopes(scope) for pk, scope in found}
    return {pk: scope for pk, scope in carried.items() if scope.holds_any(names)}


def end_all(which: Q, devices: Q | None = None) -> int:
    """End codes, device requests and tokens; none is issued meanwhile. Return how many tokens were live."""
    Grant.objects.filter(which, redeemed_at=None).delete()
    if devices is not None:
        DeviceGrant.objects.filter(devices).delete()
    ended = count_live(which)
    end_tokens(which)
    return ended


def end_tokens(which: Q) -> int:
    """End tokens. Return how many rows that touched."""
    now = timezone.now()
    revoked = RefreshToken.objects.filter(which, revoked=None).update(revoked=now, updated=now)
    deleted, _by_model = AccessToken.objects.filter(which).delete()
    return revoked + deleted
