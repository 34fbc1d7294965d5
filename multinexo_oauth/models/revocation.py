"""The one way in which codes and tokens end: by family, by consent, by person or by application."""

import uuid
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from .application import Application
from .event import Event
from .grant import DeviceGrant, Grant
from .token import AccessToken, RefreshToken


@transaction.atomic
def revoke_token(checksum: str, application: Application) -> None:
    """End the family of an application's access or refresh token, given as a digest. Nothing else has it: no error."""
    refresh_token, access_token = (
        model.objects.filter(token_checksum=checksum, application=application).values("family")
        for model in (RefreshToken, AccessToken)
    )
    # Held first: what an exchange that holds one of them leaves behind is then seen by the statements below.
    held = RefreshToken.objects.select_for_update().filter(
        family=Coalesce(Subquery(refresh_token), Subquery(access_token)), revoked=None
    )
    family = next(iter(held.order_by("pk").values_list("family", flat=True)), None)
    if family is not None:
        now = timezone.now()
        RefreshToken.objects.filter(family=family, revoked=None).update(revoked=now, updated=now)
    else:
        family = access_token.values_list("family", flat=True).first()
    if family is not None:
        AccessToken.objects.filter(family=family).delete()


def revoke_family(family: uuid.UUID) -> int:
    """End every token that descends from one grant. Return how many were live."""
    return _revoke(Q(family=family))


def revoke_consents(user: Any, applications: Collection[Application]) -> int:
    """End every code and token that a person's consent to applications brought. Return how many tokens were live."""
    client_ids = [application.client_id for application in applications]
    DeviceGrant.objects.filter(user=user, client_id__in=client_ids).delete()
    return _revoke(Q(user=user, application__in=applications))


@transaction.atomic
def revoke_scopes(user: Any, application: Application, names: Collection[str]) -> int:
    """End the codes and access tokens of a person's consent that carry any of the scopes, and narrow what stays.

    Return how many live access tokens ended. A refresh token that would carry nothing ends.
    """
    now = timezone.now()
    mine = Q(user=user, application=application)
    devices = DeviceGrant.objects.filter(user=user, client_id=application.client_id, redeemed_at=None)
    devices.filter(pk__in=_carrying(devices, names)).delete()
    # In the order of `_revoke`, and for its reasons.
    codes = Grant.objects.filter(mine, redeemed_at=None)
    codes.filter(pk__in=_carrying(codes, names)).update(redeemed_at=now, updated=now)
    refresh_tokens = RefreshToken.objects.filter(mine, revoked=None)
    while carrying := _carrying(refresh_tokens, names):
        for pk, scope in carrying.items():
            kept = " ".join(name for name in scope.split() if name not in names)
            row = refresh_tokens.filter(pk=pk)
            row.update(scope=kept, updated=now) if kept else row.update(revoked=now, updated=now)
    access_tokens = AccessToken.objects.filter(mine)
    access_tokens = access_tokens.filter(pk__in=_carrying(access_tokens, names))
    ended = access_tokens.filter(expires__gt=now).count()
    access_tokens.delete()
    return ended


def _carrying(rows: QuerySet[Any], names: Collection[str]) -> dict[int, str]:
    """Return the scope, by key, of the rows that carry any of the scopes, and hold them until the transaction ends."""
    found = rows.select_for_update().order_by("pk").values_list("pk", "scope")
    return {pk: scope for pk, scope in found if not set(names).isdisjoint(scope.split())}


def revoke_user(user: Any) -> int:
    """End every code and token of a person's, at whatever application. Return how many tokens were live."""
    DeviceGrant.objects.filter(user=user).delete()
    return _revoke(Q(user=user))


def revoke_application(application: Application) -> int:
    """End every code and token of an application. Return how many tokens were live."""
    DeviceGrant.objects.filter(client_id=application.client_id).delete()
    return _revoke(Q(application=application))


@transaction.atomic
def delete_application(
    application: Application, by: Any = None, address: str | None = None, **detail: Any
) -> int | None:
    """Delete an application with everything of its. Return how many tokens were live, or None where it was gone."""
    ended = end_and_hold(application)
    if ended is not None:
        Event.record(Event.Action.DELETED, application=application, actor=by, address=address, **detail)
        application.delete()
    return ended


def end_and_hold(owner: Any) -> int | None:
    """End every code and token of an application or a person, and let no other come while the transaction lasts.

    Return how many tokens were live, or None where the owner is gone.
    """
    # In this order, for an exchange holds its code or token, and to store what came of it needs the owner.
    ended = revoke_application(owner) if isinstance(owner, Application) else revoke_user(owner)
    held = type(owner)._base_manager.select_for_update().filter(pk=owner.pk)
    if held.values_list("pk").first() is None:
        return None
    # What was issued in between.
    mine = Q(application=owner) if isinstance(owner, Application) else Q(user=owner)
    AccessToken.objects.filter(mine).delete()
    return ended


@transaction.atomic
def _revoke(which: Q) -> int:
    now = timezone.now()
    # Codes first, then refresh tokens: whoever exchanges one meanwhile waits for its row and finds it ended.
    Grant.objects.filter(which, redeemed_at=None).update(redeemed_at=now, updated=now)
    refresh_tokens = RefreshToken.objects.filter(which, revoked=None)
    ended = refresh_tokens.live().count()
    while refresh_tokens.update(revoked=now, updated=now):
        pass  # again, for an exchange that held a row meanwhile has left its successor
    access_tokens = AccessToken.objects.filter(which)
    ended += access_tokens.filter(expires__gt=now).count()
    access_tokens.delete()
    return ended
