"""Refresh tokens: each is good for one exchange, and its reuse ends the family (RFC 9700 section 4.14.2)."""

from datetime import datetime, timedelta

from django.utils import timezone
from oauthlib.oauth2.rfc6749.errors import InvalidGrantError

from ..conf import conf
from ..models import Application, RefreshToken
from ..models.digest import digest
from .compiled import Compiled
from .reuse import end_family
from .tokens import Lineage, still_granted


class Reused(InvalidGrantError):
    """A refresh token was used twice. Whoever answers it ends the token's family, once no row of it is held."""

    def __init__(self, token: RefreshToken) -> None:
        super().__init__(description="The refresh token has been used before.")
        self.token = token


_TOKEN = Compiled(RefreshToken, "token_checksum", "application", related=["user"])


def find(value: str, client: Application) -> RefreshToken:
    """Return a client's refresh token that may be exchanged now.

    Raises InvalidGrantError for every other; one that was replaced longer ago than the grace time ends its family.
    """
    token = _TOKEN.first(digest(value), client.pk)
    if token is None or token.revoked is not None or not token.user.is_active:
        raise InvalidGrantError(description="The refresh token is unknown or revoked.")
    if _is_replayed(token):
        end_family(token, client)
        raise InvalidGrantError(description="The refresh token has been used before.")
    if token.expires is not None and token.expires <= timezone.now():
        raise InvalidGrantError(description="The refresh token has expired.")
    token.application = client
    return token


def granted_scopes(token: RefreshToken) -> list[str]:
    """Return what the token may carry. Raises InvalidGrantError where nothing is left of the grant."""
    return still_granted(token.scope, token.user, token.application)


def rotate(token: RefreshToken) -> Lineage:
    """Mark the token replaced. A client that lost the answer may ask again for a while, in place of what it lost.

    Raises InvalidGrantError where it was revoked meanwhile, Reused where that while is over or the answer was not lost.
    """
    now = timezone.now()
    # By its scope too, for the person may have withdrawn permissions meanwhile.
    unused = RefreshToken.objects.filter(pk=token.pk, scope=token.scope, revoked=None, replaced_at=None)
    if not unused.update(replaced_at=now, updated=now):
        _displace_successors(token)
    return Lineage(token.family, token.scope, token.resource, token.expires, token.auth_time)


def _displace_successors(token: RefreshToken) -> None:
    """Displace what came of an earlier exchange of the token, whose answer the client lost.

    Raises InvalidGrantError where it was revoked meanwhile, Reused where somebody has gone on from that answer: the
    client that asks again is then another one.
    """
    # One statement after the other: what an exchange that held the row left behind is seen by the next one alone.
    held = RefreshToken.objects.select_for_update().filter(pk=token.pk, revoked=None).first()
    if held is None or held.scope != token.scope:
        raise InvalidGrantError(description="The refresh token is unknown or revoked.")
    newer = RefreshToken.objects.select_for_update().filter(family=token.family, pk__gt=token.pk)
    successors = list(newer.order_by("pk"))
    if _is_replayed(held) or any(map(_was_exchanged, successors)):
        raise Reused(token)
    for successor in successors:
        # As if long ago: whoever still presents it is not the client that asked again.
        _replace(successor, successor.created - timedelta(days=1))


def _is_replayed(token: RefreshToken) -> bool:
    return token.replaced_at is not None and token.replaced_at <= _grace_start()


def _was_exchanged(token: RefreshToken) -> bool:
    """Tell whether a client has used the token, rather than asked for another in its place."""
    return token.replaced_at is not None and token.replaced_at >= token.created


def _replace(token: RefreshToken, when: datetime) -> None:
    if token.replaced_at is None:
        RefreshToken.objects.filter(pk=token.pk).update(replaced_at=when, updated=timezone.now())


def _grace_start() -> datetime:
    return timezone.now() - timedelta(seconds=conf.refresh_grace_seconds)
