"""Clients whose id is the URL of their metadata document (draft client-id-metadata-document)."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError
from django.http import HttpRequest
from django.utils import timezone
from oauth2_provider.settings import oauth2_settings
from oauthlib.oauth2.rfc6749.errors import OAuth2Error

from ... import redirect_uris
from ...conf import conf
from ...models import Application
from ...origin import UNKNOWN, Origin, counted_ip
from ...storage import cache_keys
from ..limits.attempts import CacheMayFail, Limit, default_cache
from . import registration
from .members import Members

log = logging.getLogger("multinexo_oauth.security")

MAX_LENGTH = 255  # of Application.client_id
# How long a known client works without its document, whose host may be down over a weekend.
STALE_FOR = timedelta(days=3)
# Bounds the log message, part of which comes from the document's host.
MAX_PROBLEM_LENGTH = 500


class NoDocument(Exception):
    """The URL has no valid document. The message is only logged."""


class Slots:
    """How many documents this process fetches at once."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.taken = 0

    @contextmanager
    def one(self) -> Iterator[None]:
        """Hold a slot. Raises NoDocument, rather than wait, where none is free."""
        limit = oauth2_settings.CIMD_MAX_CONCURRENT_FETCHES
        with self.lock:
            if limit and self.taken >= limit:
                raise NoDocument("Too many documents are being fetched.")
            self.taken += 1
        try:
            yield
        finally:
            with self.lock:
                self.taken -= 1


slots = Slots()


def is_document_address(client_id: str) -> bool:
    """Tell whether a client id may be a document's address (section 3): https, with a path, and nothing misleading."""
    if not client_id.startswith("https://") or len(client_id) > MAX_LENGTH:
        return False
    path = parts.path if (parts := redirect_uris.split(client_id)) else ""
    return bool(path) and not redirect_uris.problems(client_id, "web")


def with_fresh_document(client: Application | None) -> Application | None:
    """Return a client as its document says now, and every other client as it is.

    None where the site takes no documents, or where this one has not been had for too long.
    """
    if client is None or not client.has_document:
        return client
    if not conf.client_id_metadata_documents:
        return None
    # One request fetches the document. Others use the known data meanwhile, and for a while after a failure.
    if _expires_at(client) <= timezone.now() and _back_off(client.client_id) and not _learn(client):
        client = Application.objects.usable().filter(pk=client.pk).first()
    return client if client and _expires_at(client) > timezone.now() - STALE_FOR else None


def first_seen_by_document(request: HttpRequest, client_id: str) -> Application | None:
    """Return the client of a document that no request has named before, or None.

    Raises TooManyAttempts where the request's address has named too many.
    """
    if not conf.client_id_metadata_documents or not is_document_address(client_id):
        return None
    if _backed_off(client_id) or Application.objects.filter(client_id=client_id).exists():
        return None
    # Each is a request that this server makes for a stranger.
    Limit.named("client_id_document").take(request, counted_ip(request))
    client = Application(client_id=client_id, registration_source=Application.RegistrationSource.CIMD)
    try:
        return client if _learn(client, Origin.of_program(request)) else None
    except IntegrityError:  # another request has seen it first
        return Application.objects.usable().filter(client_id=client_id).first()


def _expires_at(client: Application) -> datetime:
    return client.cimd_expires_at or client.created


def _learn(client: Application, origin: Origin = UNKNOWN) -> bool:
    """Store what a client's document says. Return whether there is a good one."""
    try:
        metadata, expires_at = _document(client.client_id)
        if client.pk:
            registration.change(client, metadata, cimd_expires_at=expires_at)
        else:
            client.cimd_expires_at = expires_at
            registration.store(client, metadata, origin)
    except (NoDocument, OAuth2Error) as problem:
        extra = {"event": "client_id_document_refused", "client_id": client.client_id, "address": origin.ip}
        log.warning("A client id document is not good. %s", str(problem)[:MAX_PROBLEM_LENGTH], extra=extra)
        _back_off(client.client_id)
        return False
    return True


def _document(client_id: str) -> tuple[dict[str, Any], datetime]:
    """Return the metadata of a document and until when it is good. Raises NoDocument."""
    with slots.one():
        try:
            metadata, seconds = oauth2_settings.CIMD_METADATA_FETCHER().fetch(client_id)
            _check(metadata, client_id)
        except NoDocument:
            raise
        except Exception as error:  # whatever a site's own fetcher raises, the client is an unknown one
            raise NoDocument(f"{type(error).__name__}: {error}") from error
    public = metadata | {"token_endpoint_auth_method": "none"}
    return public, timezone.now() + timedelta(seconds=seconds)


def _check(metadata: dict[str, Any], client_id: str) -> None:
    """Raise NoDocument where it is another client's, or no public one's (sections 4 and 4.1)."""
    said = Members(metadata)
    if said.text("client_id") != client_id:
        raise NoDocument("Its client_id is another than its address.")
    if {"client_secret", "client_secret_expires_at"} & metadata.keys():
        raise NoDocument("It holds a secret.")
    if said.text("token_endpoint_auth_method") not in {"", "none"}:
        raise NoDocument("Its client is not public.")
    if "authorization_code" not in (said.texts("grant_types") or ["authorization_code"]):
        raise NoDocument("Its client does not use authorization codes.")


def _back_off(client_id: str) -> bool:
    """Prevent fetches of a document for a while. Return whether no pause was active; without a cache there is no
    pause.
    """
    with CacheMayFail():
        return default_cache().add(
            _backoff_key(client_id), True, oauth2_settings.CIMD_FAILURE_BACKOFF_SECONDS
        )
    return True


def _backed_off(client_id: str) -> bool:
    with CacheMayFail():
        return default_cache().get(_backoff_key(client_id)) is not None
    return False


def _backoff_key(client_id: str) -> str:
    return cache_keys.key("client_id_document", client_id)
