"""The one way in which codes and tokens end: by family, by consent, by person or by application.

Rows are taken in the order of `locks`. A code that ends before it was redeemed is deleted, so that it is unknown
afterwards and never taken for one that was used twice.
"""

import uuid
from collections.abc import Collection
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from ..storage import token_cache
from ..storage.locks import Lock, hold, hold_row
from .application import Application
from .event import Event
from .grant import DeviceGrant, Grant
from .token import AccessToken, RefreshToken

# How many rows of a table one transaction ends.
AT_ONCE = 1000


class Lineage(NamedTuple):
    """What a token descends from, and whose it is; nobody's where an application acts for itself."""

    family: uuid.UUID
    user_id: Any
    application_id: int


@transaction.atomic
def revoke_token(checksum: str, application: Application) -> Lineage | None:
    """End the family of an application's access or refresh token, given as a digest (RFC 7009 section 2.1).

    Return what ended, or None where nothing did: the token is unknown, another application's or had ended.
    """
    found = _lineage(token_checksum=checksum, application=application)
    if found is None:
        return None
    _hold_consent(found)
    return found if _end(Q(family=found.family)) else None


@transaction.atomic
def revoke_family(family: uuid.UUID) -> int:
    """End every token that descends from one grant. Return how many were live."""
    found = _lineage(family=family)
    if found is None:
        return 0
    _hold_consent(found)
    return _revoke(Q(family=family))


def _lineage(**which: Any) -> Lineage | None:
    refresh_tokens, access_tokens = (
        model.objects.order_by().filter(**which).values_list(*Lineage._fields)
        for model in (RefreshToken, AccessToken)
    )
    return next((Lineage(*found) for found in refresh_tokens.union(access_tokens)), None)


def _hold_consent(lineage: Lineage) -> None:
    from .consent import Consent

    if lineage.user_id is not None:
        consents = Consent.objects.filter(user=lineage.user_id, application=lineage.application_id)
        hold(consents, Lock.ALONE)


@transaction.atomic
def revoke_consents(user: Any, applications: Collection[Application]) -> int:
    """End every code and token that a person's consent to applications brought. Return how many tokens were live.

    The caller holds the consents.
    """
    client_ids = [application.client_id for application in applications]
    return _revoke(Q(user=user, application__in=applications), Q(user=user, client_id__in=client_ids))


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
        kept = " ".join(name for name in scope.split() if name not in names)
        row = refresh_tokens.filter(pk=pk)
        row.update(scope=kept, updated=now) if kept else row.update(revoked=now, updated=now)
    access_tokens = AccessToken.objects.filter(mine)
    access_tokens = access_tokens.filter(pk__in=_carrying(access_tokens, names))
    ended = access_tokens.unexpired().count()
    access_tokens.delete()
    return ended


def _carrying(rows: QuerySet[Any], names: Collection[str]) -> dict[int, str]:
    """Return the scope, by key, of the rows that carry any of the scopes, and hold them until the transaction ends."""
    found = rows.select_for_update().order_by("pk").values_list("pk", "scope")
    return {pk: scope for pk, scope in found if not set(names).isdisjoint(scope.split())}


@transaction.atomic
def revoke_user(user: Any) -> int:
    """End every code and token of a person's, at whatever application. Return how many tokens were live."""
    hold_row(user, Lock.ALONE)
    return _revoke(Q(user=user), Q(user=user))


@transaction.atomic
def revoke_application(application: Application) -> int:
    """End every code and token of an application. Return how many tokens were live.

    Everything has ended once the transaction is committed. Where there are many tokens, those up to the newest of now
    are refused by their number, and `sweep` deletes their rows.
    """
    hold_row(application, Lock.GONE)
    mine = Q(application=application)
    ended = application.live_tokens()
    Grant.objects.filter(mine, redeemed_at=None).delete()
    DeviceGrant.objects.filter(client_id=application.client_id).delete()
    if _are_many(RefreshToken.objects.filter(mine, revoked=None), AccessToken.objects.filter(mine)):
        token_cache.bury_owner("application", application.pk)
        Application._base_manager.filter(pk=application.pk).update(
            refresh_tokens_ended_through=_newest(RefreshToken),
            access_tokens_ended_through=_newest(AccessToken),
        )
    else:
        _end(mine)
    return ended


def _are_many(*rows: QuerySet[Any]) -> bool:
    """Tell whether there are too many rows of a table to be ended in one request."""
    return any(len(found.order_by().values_list("pk")[:AT_ONCE]) == AT_ONCE for found in rows)


def _newest(model: type[AccessToken | RefreshToken]) -> int:
    return model._base_manager.aggregate(newest=Max("pk"))["newest"] or 0


@transaction.atomic
def sweep(application: Application) -> bool:
    """Delete a bounded number of the tokens that `revoke_application` has ended by their number.

    Tell whether any is left.
    """
    through = {"refresh_tokens_ended_through": RefreshToken, "access_tokens_ended_through": AccessToken}
    ended = Application._base_manager.values(*through).get(pk=application.pk)
    deleted = 0
    for column, model in through.items():
        rows = model._default_manager.filter(application=application, pk__lte=ended[column])
        deleted += rows.filter(pk__in=_first(rows)).delete()[0]
    if not deleted:
        # Only what was swept: another ending may have come in between.
        Application._base_manager.filter(pk=application.pk, **ended).update(**dict.fromkeys(ended, 0))
    return bool(deleted)


def _first(rows: QuerySet[Any]) -> list[Any]:
    return list(rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])


@transaction.atomic
def delete_application(
    application: Application, by: Any = None, address: str | None = None, **detail: Any
) -> int | None:
    """Delete an application with everything of its. Return how many tokens were live, or None where it was gone.

    One with many rows is gone for everybody once the transaction is committed; `cleartokens` deletes the rows.
    """
    if not hold(Application.objects.filter(pk=application.pk), Lock.GONE):
        return None
    ended = application.live_tokens()
    Event.record(Event.Action.DELETED, application=application, actor=by, address=address, **detail)
    if _are_many(*_rows_of(application)):
        DeviceGrant.objects.filter(client_id=application.client_id).delete()
        application.leave()
    else:
        application.delete()
    return ended


def _rows_of(application: Application) -> list[QuerySet[Any]]:
    """Return what belongs to an application, in the order in which it is taken."""
    from .consent import Consent

    models = (Consent, Grant, RefreshToken, AccessToken)
    return [model._default_manager.filter(application=application) for model in models]


@transaction.atomic
def end_application(application: Application) -> None:
    """End everything of an application that is about to be deleted, and let nothing come meanwhile."""
    hold_row(application, Lock.GONE)
    consents, codes, *tokens = _rows_of(application)
    devices = DeviceGrant.objects.filter(client_id=application.client_id)
    for rows in (consents, codes, devices, *tokens):
        rows.delete()


@transaction.atomic
def delete_some(application: Application) -> bool:
    """Delete a bounded number of the rows of an application that was left. Tell whether any is left."""
    some = [(rows, _first(rows)) for rows in _rows_of(application)]
    for rows, keys in some:
        rows.filter(pk__in=keys).delete()
    return any(keys for _rows, keys in some)


@transaction.atomic
def end_person(user: Any) -> list[Application]:
    """End everything of a person who is about to be deleted, and let nothing come meanwhile.

    Return the applications of theirs that are not suspended, held.
    """
    from .consent import Consent

    mine = Application.objects.owned_by(user)
    hold(mine, Lock.ALONE)
    hold_row(user, Lock.GONE)
    hold(Consent.objects.filter(user=user), Lock.ALONE)
    Consent.objects.filter(user=user).delete()
    _revoke(Q(user=user), Q(user=user))
    return list(mine.usable())


def _revoke(which: Q, devices: Q | None = None) -> int:
    """End codes, device requests and tokens; none is issued meanwhile. Return how many tokens were live."""
    Grant.objects.filter(which, redeemed_at=None).delete()
    if devices is not None:
        DeviceGrant.objects.filter(devices).delete()
    ended = (
        RefreshToken.objects.filter(which).live().count()
        + AccessToken.objects.filter(which).unexpired().count()
    )
    _end(which)
    return ended


def _end(which: Q) -> int:
    """End tokens. Return how many rows that touched."""
    now = timezone.now()
    revoked = RefreshToken.objects.filter(which, revoked=None).update(revoked=now, updated=now)
    deleted, _by_model = AccessToken.objects.filter(which).delete()
    return revoked + deleted
