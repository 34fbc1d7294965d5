"""The one way in which codes and tokens end: by family, by consent, by person or by application."""

import uuid
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from .application import Application
from .grant import DeviceGrant, Grant
from .token import AccessToken, RefreshToken


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
