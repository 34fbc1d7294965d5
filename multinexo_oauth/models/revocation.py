"""The one way in which codes and tokens end: by family, by consent, by person or by application."""

import uuid
from typing import Any

from django.db import transaction
from django.db.models import Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from .application import Application
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


def revoke_consent(user: Any, application: Application) -> int:
    """End every code and token that a person's consent to an application brought. Return how many tokens were live."""
    DeviceGrant.objects.filter(user=user, client_id=application.client_id).delete()
    return _revoke(Q(user=user, application=application))


def revoke_user(user: Any) -> int:
    """End every code and token of a person's, at whatever application. Return how many tokens were live."""
    DeviceGrant.objects.filter(user=user).delete()
    return _revoke(Q(user=user))


def revoke_application(application: Application) -> int:
    """End every code and token of an application. Return how many tokens were live."""
    DeviceGrant.objects.filter(client_id=application.client_id).delete()
    return _revoke(Q(application=application))


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
