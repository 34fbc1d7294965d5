"""Authorization of a device that has no browser: asked for, answered by a person elsewhere, polled (RFC 8628)."""

import logging
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.dispatch import Signal
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.views.decorators.debug import sensitive_variables
from oauth2_provider.settings import oauth2_settings
from oauthlib.common import Request
from oauthlib.oauth2.rfc6749.errors import InvalidGrantError
from oauthlib.oauth2.rfc6749.tokens import BearerToken
from oauthlib.oauth2.rfc8628.errors import (
    AccessDenied,
    AuthorizationPendingError,
    ExpiredTokenError,
    SlowDownError,
)

from ...announce import announce
from ...models import Application, Consent, DeviceGrant, Event
from ...models.kind import DEVICE_CODE
from ...origin import Origin
from ...policy import policy
from ...scopes import Scopes
from ...signals import device_authorized, device_denied, device_requested
from ...storage.digest import digest
from ..held import Held, hold_parties
from ..resource import narrowed
from . import tokens

LIFETIME_SECONDS = 900
# RFC 8628 section 6.1: consonants alone read alike everywhere and spell no word; 20 ** 8 is more than 2 ** 34.
ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"
USER_CODE = re.compile(f"[{ALPHABET}]{{8}}")
NOT_IN_A_CODE = re.compile(r"[\s_\-‐-―−]+")
SLOW_DOWN_SECONDS = 5


@dataclass(frozen=True)
class Started:
    """The two codes in the clear, which only this answer holds."""

    device_code: str
    user_code: str
    interval: int


def start(client: Application, scopes: Iterable[str], resource: list[str], origin: Origin) -> Started:
    """Store a device's request for the scopes. Return its codes, of which digests are kept."""
    device_code = secrets.token_urlsafe(32)
    asked = {
        "device_code": digest(device_code),
        "client_id": client.client_id,
        "scope": Scopes.of(scopes),
        "resource": resource,
        "interval": oauth2_settings.DEVICE_FLOW_INTERVAL,
        "expires": timezone.now() + timedelta(seconds=LIFETIME_SECONDS),
        "address": origin.ip or None,
        "agent": origin.agent,
    }
    created = False
    while not created:  # another device may hold the same user code
        user_code = "".join(secrets.choice(ALPHABET) for _ in range(8))
        grant, created = DeviceGrant.objects.get_or_create(
            user_code=_user_code_digest(user_code), defaults=asked
        )
    _tell(device_requested, "A device asked to be let in.", grant, client)
    return Started(device_code, displayed_code(user_code), grant.interval)


def displayed_code(user_code: str) -> str:
    """Return a user code as people see it."""
    return f"{user_code[:4]}-{user_code[4:]}"


def normalized_code(typed: str) -> str:
    """Return what a person typed without what does not matter: case, spaces and dashes."""
    return NOT_IN_A_CODE.sub("", typed).upper()


@sensitive_variables()
def find_pending(typed: str) -> DeviceGrant | None:
    """Return the request that still waits for an answer under a user code, or None. Takes any text."""
    return _under(typed, DeviceGrant.objects.pending())


@sensitive_variables()
def find_answered(typed: str, user: Any) -> DeviceGrant | None:
    """Return the request under a user code that a person has answered, and whose answer still holds, or None."""
    grant = _under(typed, DeviceGrant.objects.filter(user=user, expires__gt=timezone.now()))
    if grant is None or grant.status == DeviceGrant.DENIED:
        return grant
    consents = Consent.objects.owned_by(user).filter(application__client_id=grant.client_id)
    return grant if consents.exists() else None


@sensitive_variables()
def _under(typed: str, grants: QuerySet[DeviceGrant]) -> DeviceGrant | None:
    user_code = normalized_code(typed)
    if not USER_CODE.fullmatch(user_code):
        return None
    return grants.filter(user_code=_user_code_digest(user_code)).first()


def approve(
    grant: DeviceGrant,
    held: Held,
    scopes: Iterable[str],
    origin: Origin,
    auth_time: datetime | None,
) -> None:
    """Record a person's yes to the scopes, unless the request has been answered or has expired.

    `held` is client and person, held for a decision; `auth_time` is when the person logged in, where that is known.
    """
    granted = list(scopes)
    user, client = held.user, held.client
    if not _answer(grant, DeviceGrant.AUTHORIZED, user, scope=Scopes.of(granted), auth_time=auth_time):
        return
    Consent.record(user, client, granted, origin, held.consent, grant)
    Event.record(
        Event.Action.DEVICE_AUTHORIZED,
        application=client,
        origin=origin.by(user),
        device={"address": grant.address, "agent": grant.agent},
    )
    about = {"grant": grant, "application": client, "user": user, "scopes": granted}
    tell = partial(
        device_authorized.send_robust, sender=DeviceGrant, address=origin.ip, agent=origin.agent, **about
    )
    transaction.on_commit(tell)


def deny(grant: DeviceGrant, client: Application, user: Any) -> None:
    """Record a person's no, unless the request has been answered or has expired."""
    if _answer(grant, DeviceGrant.DENIED, user):
        _tell(device_denied, "A person refused a device.", grant, client, user=user)


def _tell(signal: Signal, message: str, grant: DeviceGrant, client: Application, **about: Any) -> None:
    """Log what became of a device's request, and send the signal."""
    user = about.get("user")
    extra = {
        "event": "device_denied" if user else "device_requested",
        "client_id": client.client_id,
        "user_id": user.pk if user else None,
        "detail": {"scopes": grant.scope.names},
    }
    announce(signal, DeviceGrant, message, extra, logging.INFO, grant=grant, application=client, **about)


def redeem(device_code: str, client: Application, resource: list[str]) -> tokens.Issued:
    """Exchange a device code for tokens, once. `resource` is what the access token is to be for, or none.

    Raises InvalidGrantError, InvalidTarget, or the errors of RFC 8628 section 3.5.
    """
    grant = _polled(device_code, client)
    resource = narrowed(resource, grant.resource)
    with transaction.atomic():
        held = hold_parties(client, grant.user_id)
        scopes = tokens.still_granted(grant.scope, held)
        if not DeviceGrant.objects.live().filter(pk=grant.pk).update(redeemed_at=timezone.now()):
            raise InvalidGrantError(description="The device code has been used before.")
        token = _token(held.client, scopes)
        lineage = tokens.Lineage.of_grant(grant, held)
        tokens.save_refresh_token(token["refresh_token"], held.client, held.user, lineage)
        saved = tokens.save_access_token(token, held.client, held.user, lineage, resource)
        return tokens.Issued(saved, token, auth_time=lineage.auth_time)


def _polled(device_code: str, client: Application) -> DeviceGrant:
    """Return the client's grant that a person has said yes to and nobody has redeemed."""
    grants = DeviceGrant.objects.filter(client_id=client.client_id, device_code=digest(device_code))
    grant = grants.first()
    now = timezone.now()
    if grant is None or grant.redeemed_at is not None:
        raise InvalidGrantError(description="The device code is unknown or has been used before.")
    if grant.expires <= now:
        raise ExpiredTokenError(description="The device code has expired; ask for another one.")
    if grant.status == DeviceGrant.DENIED:
        raise AccessDenied(description="The person refused.")
    if grant.status != DeviceGrant.AUTHORIZED:
        _wait(grant, now)
    return grant


def _wait(grant: DeviceGrant, now: datetime) -> None:
    """Note the poll and tell the device to go on, slower where it did not wait (RFC 8628 section 3.5)."""
    polled = DeviceGrant.objects.filter(pk=grant.pk)
    if grant.last_checked is None or grant.last_checked + timedelta(seconds=grant.interval) <= now:
        polled.update(last_checked=now)
        raise AuthorizationPendingError(description="The person has not answered yet.")
    polled.update(last_checked=now, interval=F("interval") + SLOW_DOWN_SECONDS)
    raise SlowDownError(description=f"Wait {SLOW_DOWN_SECONDS} seconds longer between polls from now on.")


def _token(client: Application, scopes: list[str]) -> dict[str, Any]:
    """Return a token answer made as oauthlib makes every other one, by django-oauth-toolkit's settings."""
    configured = oauth2_settings.server_kwargs
    maker = BearerToken(
        token_generator=configured["token_generator"],
        expires_in=policy().access_token_seconds(client, DEVICE_CODE, scopes),
        refresh_token_generator=configured["refresh_token_generator"],
    )
    request = Request("")
    request.scopes = scopes
    token: dict[str, Any] = maker.create_token(request, refresh_token=True)
    return token


def _answer(grant: DeviceGrant, status: str, user: Any, **changes: Any) -> bool:
    return bool(DeviceGrant.objects.pending().filter(pk=grant.pk).update(status=status, user=user, **changes))


def _user_code_digest(user_code: str) -> str:
    # Keyed, unlike the digests of longer codes: all user codes could be tried in seconds.
    return salted_hmac("multinexo_oauth.user_code", user_code, algorithm="sha256").hexdigest()
