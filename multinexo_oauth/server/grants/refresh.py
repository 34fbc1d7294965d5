"""Refresh tokens (RFC 6749 section 6).

A confidential client keeps its refresh token, which is bound to its secret (RFC 9700 section 2.2.2). A public client's
is replaced at each exchange, and the reuse of a replaced one ends the family (section 4.14.2). The token that replaces
another is derived from it, so that a client whose answer was lost gets the same one again for a short while, though the
database holds digests alone.
"""

import base64
import secrets
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.views.decorators.debug import sensitive_variables
from oauthlib.oauth2.rfc6749.errors import InvalidGrantError

from ...conf import conf
from ...models import Application, RefreshToken
from ...storage.digest import digest
from ..compiled import Compiled
from ..held import Held
from . import tokens
from .reuse import end_family
from .tokens import Lineage

SALT = "multinexo_oauth.refresh_token.successor"

_TOKEN = Compiled(RefreshToken, "token_checksum", "application")


def find_refresh_token(value: str, client: Application) -> RefreshToken:
    """Return a client's refresh token that may be exchanged now.

    Raises InvalidGrantError for every other; one that was replaced longer ago than the grace time ends its family.
    """
    token = _TOKEN.first(digest(value), client.pk)
    if token is None or token.revoked is not None or token.pk <= client.refresh_tokens_ended_through:
        raise _unknown()
    if token.is_past:
        raise _expired()
    # A replaced token may be idle while its family is in use.
    _refuse_reuse(token, client)
    if token.is_idle:
        raise _expired()
    return token


class Exchanged(NamedTuple):
    """The refresh token of an answer, and what it comes from."""

    value: str
    lineage: Lineage


@sensitive_variables()
def exchange_refresh_token(value: str, token: RefreshToken, held: Held) -> Exchanged:
    """Record the use of a refresh token, and replace it if the client's tokens rotate.

    Raises InvalidGrantError where it ended or was replaced too long ago since it was read.
    """
    if token.pk <= held.client.refresh_tokens_ended_through:
        raise _unknown()
    lineage = Lineage.of_token(token, held)
    if not rotates(held.client):
        if _mark(token, last_used_at=timezone.now()):
            return Exchanged(value, lineage)
    else:
        salt = secrets.token_urlsafe(32)
        if _mark(token, replaced_at=timezone.now(), successor_salt=salt):
            successor = _derived(value, salt, settings.SECRET_KEY)
            tokens.save_refresh_token(successor, held.client, held.user, lineage)
            return Exchanged(successor, lineage)
    return Exchanged(_successor_again(value, token, held.client), lineage)


def rotates(client: Application) -> bool:
    """Tell whether the client's refresh tokens are replaced at each exchange."""
    return conf.refresh_rotation == "all" or not client.kind.has_secret


def _mark(token: RefreshToken, **changes: object) -> bool:
    """Update the row if it is neither revoked nor replaced. Tell whether it was updated."""
    rows = RefreshToken.objects.filter(pk=token.pk, revoked=None, replaced_at=None)
    return bool(rows.update(updated=timezone.now(), **changes))


@sensitive_variables()
def _successor_again(value: str, token: RefreshToken, client: Application) -> str:
    """Return what replaced a token within the grace time: the same value as in the answer that was lost."""
    token.refresh_from_db()
    if token.revoked is not None:
        raise _unknown()
    _refuse_reuse(token, client)
    family = RefreshToken.objects.filter(family=token.family)
    # Derived under an older key where the site has changed its SECRET_KEY in between.
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        successor = _derived(value, token.successor_salt, key)
        if family.filter(token_checksum=digest(successor)).exists():
            return successor
    raise InvalidGrantError(description="The refresh token has been used before.")


@sensitive_variables()
def _derived(value: str, salt: str, key: str | bytes) -> str:
    mac = salted_hmac(SALT, f"{salt}:{value}", secret=key, algorithm="sha256")
    return base64.urlsafe_b64encode(mac.digest()).rstrip(b"=").decode()


def _refuse_reuse(token: RefreshToken, client: Application) -> None:
    """Raise InvalidGrantError for a token that was replaced as long ago as the grace time or longer; end its family."""
    grace = timedelta(seconds=conf.refresh_grace_seconds)
    if token.replaced_at is not None and timezone.now() - token.replaced_at >= grace:
        end_family(token, client)
        raise InvalidGrantError(description="The refresh token has been used before.")


def _expired() -> InvalidGrantError:
    return InvalidGrantError(description="The refresh token has expired.")


def _unknown() -> InvalidGrantError:
    return InvalidGrantError(description="The refresh token is unknown or revoked.")
