"""Client authentication (RFC 6749 section 2.3): one method per request, one query, no password hashing."""

import base64
import binascii
from datetime import timedelta
from typing import NamedTuple
from urllib.parse import unquote_plus

from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from oauthlib.oauth2.rfc6749.errors import InvalidClientError, InvalidRequestError

from ...models import Application, ClientSecret
from ...models.application_queryset import ApplicationQuerySet
from ...storage.digest import digest
from ..compiled import Compiled
from ..limits.attempts import TooManyAttempts
from ..limits.failures import BY_CLIENT, Attempt, tell_owner
from .document import with_fresh_document

LAST_USE_IS_NOTED_EVERY = timedelta(hours=1)
MAX_CLIENT_ID_LENGTH = 255

_SECRET = Compiled(
    ClientSecret, "digest", related=["application"], among=lambda secrets: secrets.filter(revoked_at=None)
)


class PresentedCredentials(NamedTuple):
    client_id: str
    secret: str | None


def authenticate_client(request: HttpRequest, params: QueryDict) -> Application:
    """Return the client that a request comes from: by its secret, or a public one by its id alone.

    Raises InvalidClientError, the same for an unknown client, a wrong secret and a revoked one, InvalidRequestError
    where two methods are used at once, and TooManyAttempts.
    """
    try:
        claimed = credentials(request, params)
    except InvalidClientError:
        Attempt(request).failed()
        raise
    try:
        return _verify(Attempt(request, *claimed))
    except TooManyAttempts as error:
        client = find_client(claimed.client_id) if error.began and error.what == BY_CLIENT else None
        if client is not None:
            tell_owner(client, request)
        raise


def _verify(attempt: Attempt) -> Application:
    attempt.check()
    client = (
        _by_id(attempt.client_id) if attempt.secret is None else _by_secret(attempt.client_id, attempt.secret)
    )
    if client is None:
        attempt.failed()
        raise InvalidClientError(description="Client authentication failed.")
    attempt.succeeded()
    return client


def credentials(request: HttpRequest, params: QueryDict) -> PresentedCredentials:
    """Return the credentials in the Authorization header or the body.

    Raises InvalidClientError for a malformed header and InvalidRequestError for two methods at once.
    """
    header = request.META.get("HTTP_AUTHORIZATION", "")
    client_id, secret = params.get("client_id"), params.get("client_secret")
    # Another scheme authenticates no client: programs leave an old access token there.
    if header.partition(" ")[0].lower() != "basic":
        if not client_id:
            raise InvalidClientError(description="Client authentication is missing.")
        return PresentedCredentials(client_id, secret or None)
    basic = _basic(header)
    if secret:
        raise InvalidRequestError(
            description="Authenticate by the Authorization header or by the body, not by both."
        )
    if client_id and client_id != basic.client_id:
        raise InvalidRequestError(
            description="The client_id differs from the one in the Authorization header."
        )
    return basic


def _basic(header: str) -> PresentedCredentials:
    """Read an HTTP Basic header; both halves are form-encoded first (RFC 6749 section 2.3.1)."""
    encoded = header.partition(" ")[2]
    try:
        decoded = base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise InvalidClientError(description="The Authorization header is malformed.") from error
    client_id, colon, secret = decoded.partition(":")
    if not colon:
        raise InvalidClientError(description="The Authorization header is malformed.")
    # Without a secret it names the client, as client_id in the body does.
    return PresentedCredentials(unquote_plus(client_id), unquote_plus(secret) or None)


def _by_id(client_id: str) -> Application | None:
    # An unknown document is not fetched here: its client cannot have a code or token yet.
    client = with_fresh_document(find_client(client_id))
    return client if client and not client.kind.has_secret else None


def find_client(client_id: str, among: ApplicationQuerySet[Application] | None = None) -> Application | None:
    """Return the usable application with an id, or None. Takes any text."""
    if len(client_id) > MAX_CLIENT_ID_LENGTH or not client_id.isascii() or "\x00" in client_id:
        return None
    clients = Application.objects.all() if among is None else among
    return clients.usable().filter(client_id=client_id).first()


def _by_secret(client_id: str, value: str) -> Application | None:
    """Look up the secret by its digest, with the same single query whether it is right or wrong."""
    secret = _SECRET.first(digest(value))
    if secret is None or secret.has_expired:
        return None
    client: Application = secret.application
    if not constant_time_compare(client.client_id, client_id) or client.is_suspended:
        return None
    if not client.kind.has_secret:
        return None
    _note_use(secret)
    return client


def _note_use(secret: ClientSecret) -> None:
    now = timezone.now()
    if secret.last_used_at is None or secret.last_used_at < now - LAST_USE_IS_NOTED_EVERY:
        ClientSecret.objects.filter(pk=secret.pk).update(last_used_at=now)
