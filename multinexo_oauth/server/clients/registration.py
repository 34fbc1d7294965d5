"""Clients that register themselves (RFC 7591) and change or end their registration (RFC 7592)."""

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.crypto import constant_time_compare

from ...announce import announce
from ...ending.applications import delete_application
from ...models import Application, ClientSecret, Event
from ...models.application import VOUCHED_FOR
from ...origin import UNKNOWN, Origin
from ...signals import client_registered
from ...storage.deadlock import survives_deadlocks
from ...storage.digest import digest
from ...storage.locks import Lock, hold
from .members import InvalidClientMetadata
from .metadata import ADDRESSES, apply_metadata

# What a registration writes; the rest of an application is staff's.
COLUMNS = (
    "kind",
    "client_type",
    "authorization_grant_type",
    "name",
    "redirect_uris",
    "post_logout_redirect_uris",
    "allowed_origins",
    "scopes",
    "default_scopes",
    "support_email",
    "token_endpoint_auth_method",
    *ADDRESSES.values(),
)
# The consent page shows these of a verified client, so staff must have reviewed them.
SHOWN = VOUCHED_FOR | {"support_email", *ADDRESSES.values()}


@dataclass(frozen=True)
class Registered:
    """A new client and its credentials, which are never available again. `secret` is None where it has none."""

    client: Application
    token: str
    secret: str | None


@transaction.atomic
def register(metadata: Mapping[str, Any], origin: Origin) -> Registered:
    """Store a new client as its metadata says. The origin's person is whose initial access token it brought, if any.

    Raises InvalidRedirectURI or InvalidClientMetadata.
    """
    token = secrets.token_urlsafe(32)
    client = Application(
        registration_source=Application.RegistrationSource.DCR, registration_token=digest(token)
    )
    _store(client, metadata, origin)
    secret = ClientSecret.issue(client, origin=origin)[1] if client.kind.has_secret else None
    return Registered(client, token, secret)


@transaction.atomic
def store(client: Application, metadata: Mapping[str, Any], origin: Origin) -> None:
    """Store a client that is known by its document, and announce it. Raises what `apply_metadata` raises."""
    _store(client, metadata, origin)


def _store(client: Application, metadata: Mapping[str, Any], origin: Origin) -> None:
    apply_metadata(metadata, client)
    client.save()
    source = client.registration_source
    Event.record(Event.Action.CREATED, application=client, origin=origin, source=source)
    extra = {
        "event": "client_registered",
        "client_id": client.client_id,
        "source": source,
        "address": origin.ip,
    }
    about = {"application": client, "source": source}
    told = partial(
        announce, client_registered, Application, "A client registered itself.", extra, logging.INFO, **about
    )
    transaction.on_commit(told)


def find_registered(client_id: str, token: str) -> Application | None:
    """Return the usable client that a registration access token manages, or None. One query."""
    source = Application.RegistrationSource.DCR
    client = Application.objects.usable().filter(client_id=client_id, registration_source=source).first()
    # Compared even without a client, so that an unknown client takes as long as a wrong token.
    same = constant_time_compare(client.registration_token if client else "", digest(token))
    return client if same else None


def is_secret(client: Application, secret: Any) -> bool:
    """Tell whether a value is one of the client's live secrets."""
    mine = ClientSecret.objects.live().filter(application=client)
    return isinstance(secret, str) and mine.matching(secret).exists()


@survives_deadlocks
@transaction.atomic
def change(
    client: Application,
    metadata: Mapping[str, Any],
    origin: Origin = UNKNOWN,
    cimd_expires_at: datetime | None = None,
) -> None:
    """Update a client from its metadata. It is locked and read again, because staff may have changed it meanwhile.

    A change of what staff vouched for ends the verification. Raises InvalidRedirectURI or InvalidClientMetadata.
    """
    if not _hold(client):
        raise InvalidClientMetadata(description="The client is gone.")
    client.refresh_from_db()
    before = {name: getattr(client, name) for name in COLUMNS}
    apply_metadata(metadata, client)
    client.cimd_expires_at = cimd_expires_at
    changed = [name for name in COLUMNS if getattr(client, name) != before[name]]
    columns = {*COLUMNS, "cimd_expires_at", "updated"}
    if SHOWN.intersection(changed):
        client.verified = False
        columns.add("verified")
    client.save(update_fields=columns)
    if changed:
        Event.record(Event.Action.CHANGED, application=client, origin=origin, fields=changed)


@survives_deadlocks
def remove(client: Application, origin: Origin) -> None:
    """End a client with every code, token and consent (RFC 7592 section 2.3)."""
    delete_application(client, origin)


def _hold(client: Application) -> bool:
    """Lock a client against other changes. Return whether it still exists and is usable."""
    return bool(hold(Application.objects.usable().filter(pk=client.pk), Lock.ALONE))
